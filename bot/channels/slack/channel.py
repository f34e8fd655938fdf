"""A school's Slack: ties client, listeners, sender and routes together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute

from bot.channels.slack import http
from bot.channels.slack.answers import Answers
from bot.channels.slack.languages import Languages
from bot.channels.slack.listeners import PATIENCE_SECONDS, Listeners
from bot.channels.slack.quiet import library_logger
from bot.channels.slack.reading import Reader
from bot.channels.slack.send import SlackSender, error_of
from bot.channels.slack.tasks import Tasks
from bot.clock import Clock, ahead
from bot.tokens import Signer
from bot.wire import Choice, FrontDesk, Pace, Unpaced
from school.words import Refusal, Text

API_URL = "https://slack.com/api/"
CALL_SECONDS, CONNECT_SECONDS, DRAIN_SECONDS = 10, 15, 10
UNPACED = Unpaced()
# docs.slack.dev/reference/methods/auth.test, errors
_WRONG_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
_WRONG_KIND = frozenset({"not_allowed_token_type", "missing_scope", "no_permission"})


class SlackUnreachableError(Refusal):
    """Slack, or what stands in for it, does not answer."""

    text = Text("Slack can't be reached at {url}. Please check the network, and LOLLIPOP_SLACK_API_URL if it is set.")


class SlackTokenError(Refusal):
    """Slack does not know a token."""

    text = Text("Slack refused {setting} ({reason}). Please copy the token again from api.slack.com/apps.")


@dataclass(frozen=True, kw_only=True)
class SlackSettings:
    """What a school gives to connect: an app token for Socket Mode, a signing secret for HTTP mode, or both.

    `web_form` is the public address of the form that needs no account, where the school's pages have one.
    """

    bot_token: str = field(repr=False)
    api_url: str = API_URL
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    web_form: str = ""


class SlackChannel:
    """One school's Slack, from start to stop. `start` may be tried again after it has raised."""

    def __init__(
        self,
        settings: SlackSettings,
        school: str,
        desk: FrontDesk,
        signer: Signer,
        clock: Clock,
        *,
        pace: Pace = UNPACED,
        patience: float = PATIENCE_SECONDS,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Build it; nothing goes out before `start`. `clock` is the machine's: it dates signatures.

        `ahead` is by how much Slack's clock was ahead of ours at the last hello that reached it.
        `pace` gives answers their turn, `patience` is the seconds to wait before an acknowledgement, `pause` how a 429
        is waited for.
        """
        self._settings = settings
        self._school = school
        self._signer = signer
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._known: AuthorizeResult | None = None
        self.ahead: timedelta | None = None
        self._tasks = Tasks()
        self._client = self._new_client(settings.bot_token)
        self.sender = SlackSender(self._client, self._mint, lambda: self._team, pause)
        self.languages = languages = Languages(self._client, self._tasks, clock)
        reader = Reader(school, self._read_token, lambda: uuid4().hex, languages.of)
        answers = Answers(
            self._client, self._mint, languages.of, self.sender.pacing_keys, pace, pause, settings.web_form
        )
        self._app = self._new_app()
        Listeners(desk, reader, answers, self._tasks, patience=patience).attach(self._app)

    async def start(self) -> None:
        """Say hello to Slack, and listen. Raises SlackTokenError or SlackUnreachableError; then nothing is running."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
            self._client.session = self._session
        try:
            await self._say_hello()
            if self._settings.app_token:
                await self._connect(self._settings.app_token)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Finish what is in hand, listen no more, and hang up."""
        self._known = None
        # First, so that what is in hand is acknowledged over the line it came by.
        await self._tasks.drain(seconds=DRAIN_SECONDS)
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
            self._socket = None
        await self._tasks.drain(seconds=DRAIN_SECONDS)
        if self._session is not None:
            await self._session.close()

    @property
    def healthy(self) -> bool:
        """Whether Slack knows us, and can reach us where it does so by Socket Mode."""
        if self._known is None or self._settings.app_token is None:
            return self._known is not None
        session = self._socket.client.current_session if self._socket else None
        return session is not None and not session.closed

    def routes(self) -> list[BaseRoute]:
        """The route of HTTP mode; none without a signing secret."""
        if not self._settings.signing_secret:
            return []
        return http.routes(self._app, open_=lambda: self._known is not None)

    async def drained(self) -> None:
        """Wait until every answer begun so far has been shown."""
        await self._tasks.drain(seconds=DRAIN_SECONDS)

    @property
    def _team(self) -> str:
        return (self._known.team_id if self._known else None) or self._school

    def _mint(self, choice: Choice) -> str:
        return self._signer.button(choice.verb, choice.args, on=self._clock.now().date())

    def _read_token(self, token: str) -> tuple[str, dict[str, str]]:
        return self._signer.read_button(token, on=self._clock.now().date())

    async def greet(self) -> None:
        """Try both tokens and hang up without having listened. Raises as `start`."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS)) as session:
            self._client.session = session
            await self._say_hello()
            self._known = None
            if self._settings.app_token:
                await self._socket_address(self._settings.app_token)

    def _new_client(self, token: str | None) -> AsyncWebClient:
        client = AsyncWebClient(
            token=token,
            base_url=self._settings.api_url.rstrip("/") + "/",
            timeout=CALL_SECONDS,
            logger=library_logger(),
            # The library would send again after a broken connection, though the first may have been taken.
            retry_handlers=[],
        )
        if urlsplit(self._settings.api_url).hostname in {"127.0.0.1", "::1", "localhost"}:
            client.proxy = None
        return client

    def _new_app(self) -> AsyncApp:
        async def authorise() -> AuthorizeResult:
            """What auth.test said at the start: no payload waits for a call of ours."""
            return self._known or AuthorizeResult(enterprise_id=None, team_id=None)

        return AsyncApp(
            name="lollipop.slack.bolt",
            logger=library_logger(),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            signing_secret=self._settings.signing_secret or "",
            client=self._new_client(None),  # without a token, or Bolt would ask auth.test inside a payload's 3 seconds
            authorize=authorise,
        )

    async def _say_hello(self) -> None:
        try:
            hello = await self._client.auth_test()
            self._compare_clocks(hello)
        except Exception as error:
            if isinstance(error, SlackApiError):
                self._compare_clocks(error.response)
            raise self._why(error, "LOLLIPOP_SLACK_BOT_TOKEN") from error
        self._known = AuthorizeResult(
            enterprise_id=hello.get("enterprise_id"),
            team_id=hello.get("team_id"),
            bot_id=hello.get("bot_id"),
            bot_user_id=hello.get("user_id"),
            bot_token=self._settings.bot_token,
        )

    def _compare_clocks(self, answer: Any) -> None:
        """Of any of Slack's answers, a refusal too; a test's double may have no headers."""
        headers = getattr(answer, "headers", None) or {}
        self.ahead = ahead({name.lower(): value for name, value in headers.items()}.get("date"), self._clock)

    async def _socket_address(self, app_token: str) -> str:
        try:
            return str((await self._client.apps_connections_open(app_token=app_token))["url"])
        except Exception as error:
            raise self._why(error, "LOLLIPOP_SLACK_APP_TOKEN") from error

    async def _connect(self, app_token: str) -> None:
        address = await self._socket_address(app_token)
        self._socket = AsyncSocketModeHandler(
            self._app,
            app_token,
            logger=library_logger(),
            web_client=self._client,
        )
        self._socket.client.proxy = self._client.proxy
        self._socket.client.wss_uri = address
        try:
            # The library tries for ever; the caller should know that it has not come through.
            await asyncio.wait_for(self._socket.connect_async(), CONNECT_SECONDS)  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            raise SlackUnreachableError(url=self._settings.api_url) from error

    def _why(self, error: Exception, setting: str) -> Refusal:
        reason = error_of(error) if isinstance(error, SlackApiError) else ""
        if reason in _WRONG_TOKEN | _WRONG_KIND:
            return SlackTokenError(setting=setting, reason=reason)
        return SlackUnreachableError(url=self._settings.api_url)
