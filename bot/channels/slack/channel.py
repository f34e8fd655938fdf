"""A school's Slack: ties client, listeners, sender and routes together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from starlette.routing import BaseRoute

from bot.channels.slack import http
from bot.channels.slack.answers import Answers
from bot.channels.slack.exchange import Exchange
from bot.channels.slack.languages import Languages
from bot.channels.slack.line import Line, SlackTokenError, SlackUnreachableError, new_client, new_session, why
from bot.channels.slack.listeners import PATIENCE_SECONDS, Listeners
from bot.channels.slack.quiet import library_logger
from bot.channels.slack.reading import Reader
from bot.channels.slack.send import SlackSender
from bot.channels.slack.tasks import Tasks
from bot.clock import Clock, ahead
from bot.tokens import Signer
from bot.wire import Choice, FrontDesk, Pace, Unpaced

__all__ = ["API_URL", "UNPACED", "SlackChannel", "SlackSettings", "SlackTokenError", "SlackUnreachableError"]

API_URL = "https://slack.com/api/"
DRAIN_SECONDS = 10
UNPACED = Unpaced()


@dataclass(frozen=True, kw_only=True)
class SlackSettings:
    """What a school gives to connect: an app token for Socket Mode, a signing secret for HTTP mode, or both.

    `web_form` is the public address of the form that needs no account, where the school's pages have one. `paths` are
    where Slack may post in HTTP mode. `bot_setting` and `app_setting` say which settings the tokens came from.
    """

    bot_token: str = field(repr=False)
    api_url: str = API_URL
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    web_form: str = ""
    paths: tuple[str, ...] = (http.PATH,)
    bot_setting: str = "LOLLIPOP_SLACK_BOT_TOKEN"
    app_setting: str = "LOLLIPOP_SLACK_APP_TOKEN"

    def line(self) -> Line | None:
        """The connection of Socket Mode, where there is to be one."""
        if self.app_token is None:
            return None
        return Line(api_url=self.api_url, app_token=self.app_token, setting=self.app_setting)


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
        line: Line | None = None,
        posts: Exchange | None = None,
        patience: float = PATIENCE_SECONDS,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Build it; nothing goes out before `start`. `clock` is the machine's: it dates signatures.

        `ahead` is by how much Slack's clock was ahead of ours at the last hello that reached it.
        `pace` gives answers their turn, `patience` is the seconds to wait before an acknowledgement, `pause` how a 429
        is waited for. `line` and `posts` are given where schools share one app: all its payloads come in there.
        """
        self._settings = settings
        self.school = school
        self._signer = signer
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._known: AuthorizeResult | None = None
        self.ahead: timedelta | None = None
        self._tasks = Tasks()
        self._client = new_client(settings.api_url, settings.bot_token)
        self.team = ""
        self.sender = SlackSender(self._client, self._mint, lambda: self.team or school, pause)
        self.languages = languages = Languages(self._client, self._tasks, clock)
        reader = Reader(school, self._read_token, lambda: uuid4().hex, languages.of)
        answers = Answers(
            self._client, self._mint, languages.of, self.sender.pacing_keys, pace, pause, settings.web_form
        )
        self.app = self._new_app()
        Listeners(desk, reader, answers, self._tasks, patience=patience).attach(self.app)
        self._shares_posts = posts is not None
        self._posts = posts or Exchange()
        self._posts.join(self)
        self._line = line or settings.line()
        if self._line is not None:
            self._line.exchange.join(self)

    async def start(self, *, listen: bool = True) -> None:
        """Say hello to Slack, and listen. Raises SlackTokenError or SlackUnreachableError; then nothing is running.

        Without `listen` it only sends.
        """
        if self._session is None or self._session.closed:
            # One for every call, response addresses too: the library would open one, and its connections, for each.
            self._session = self._client.session = self.app.client.session = new_session()
        try:
            await self._say_hello()
            self._posts.check_team(self)
            if self._line is not None and listen:
                self._line.exchange.check_team(self)
                await self._line.hold(self.school)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Finish what is in hand, listen no more, and hang up."""
        self._known = None
        # First, so that what is in hand is acknowledged over the line it came by.
        await self._tasks.drain(seconds=DRAIN_SECONDS)
        if self._line is not None:
            await self._line.let_go(self.school)
        await self._tasks.drain(seconds=DRAIN_SECONDS)
        if self._session is not None:
            await self._session.close()

    @property
    def healthy(self) -> bool:
        """Whether Slack knows us, and can reach us where it does so by Socket Mode."""
        return self.is_open and (self._line is None or self._line.healthy)

    @property
    def is_open(self) -> bool:
        """Whether it has said hello, and has not been stopped since."""
        return self._known is not None

    @property
    def signing_secret(self) -> str:
        """What Slack signs its posts with; empty where none come."""
        return self._settings.signing_secret or ""

    def routes(self) -> list[BaseRoute]:
        """The routes of HTTP mode; none without a signing secret, nor where all of an app's posts come in together."""
        if not self._settings.signing_secret or self._shares_posts:
            return []
        return [
            route
            for path in self._settings.paths
            for route in http.routes(self._posts, path=path, open_=lambda: self.is_open)
        ]

    async def drained(self) -> None:
        """Wait until every answer begun so far has been shown."""
        await self._tasks.drain(seconds=DRAIN_SECONDS)

    def _mint(self, choice: Choice) -> str:
        return self._signer.button(choice.verb, choice.args, on=self._clock.now().date())

    def _read_token(self, token: str) -> tuple[str, dict[str, str]]:
        return self._signer.read_button(token, on=self._clock.now().date())

    async def greet(self) -> None:
        """Try both tokens and hang up without having listened. Raises as `start`."""
        async with new_session() as session:
            self._client.session = session
            await self._say_hello()
            self._known = None
        if self._line is not None:
            await self._line.try_token()

    def _new_app(self) -> AsyncApp:
        async def authorise() -> AuthorizeResult:
            """What auth.test said at the start: no payload waits for a call of ours."""
            return self._known or AuthorizeResult(enterprise_id=None, team_id=None)

        return AsyncApp(
            name="lollipop.slack.bolt",
            logger=library_logger(),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            signing_secret=self.signing_secret,
            client=new_client(
                self._settings.api_url, None
            ),  # without a token, or Bolt would ask auth.test inside a payload's 3 seconds
            authorize=authorise,
        )

    async def _say_hello(self) -> None:
        try:
            hello = await self._client.auth_test()
            self._compare_clocks(hello)
        except Exception as error:
            if isinstance(error, SlackApiError):
                self._compare_clocks(error.response)
            raise why(error, setting=self._settings.bot_setting, api_url=self._settings.api_url) from error
        self.team = hello.get("team_id") or ""
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
