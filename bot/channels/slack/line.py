"""The line to Slack: clients for its Web API, what its refusals mean, and the one connection of Socket Mode."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.exchange import Exchange
from bot.channels.slack.quiet import library_logger
from bot.channels.slack.send import error_of
from bot.wire import IDLE_SECONDS
from school.words import Refusal, Text

CALL_SECONDS, CONNECT_SECONDS = 10, 15
# docs.slack.dev/reference/methods/auth.test, errors
_WRONG_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
_WRONG_KIND = frozenset({"not_allowed_token_type", "missing_scope", "no_permission"})


class SlackUnreachableError(Refusal):
    """Slack, or what stands in for it, does not answer."""

    text = Text("Slack can't be reached at {url}. Please check the network, and LOLLIPOP_SLACK_API_URL if it is set.")


class SlackTokenError(Refusal):
    """Slack does not know a token."""

    text = Text("Slack refused {setting} ({reason}). Please copy the token again from api.slack.com/apps.")


def new_client(api_url: str, token: str | None) -> AsyncWebClient:
    """A client; whoever made it gives it a session."""
    client = AsyncWebClient(
        token=token,
        base_url=api_url.rstrip("/") + "/",
        timeout=CALL_SECONDS,
        logger=library_logger(),
        # The library would send again after a broken connection, though the first may have been taken.
        retry_handlers=[],
    )
    if urlsplit(api_url).hostname in {"127.0.0.1", "::1", "localhost"}:
        client.proxy = None
    return client


def new_session() -> aiohttp.ClientSession:
    """What every call goes through, response addresses too: the library would open one for each."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
        timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CALL_SECONDS / 2),
    )


def why(error: Exception, *, setting: str, api_url: str) -> Refusal:
    """What went wrong with a call, in a sentence."""
    reason = error_of(error) if isinstance(error, SlackApiError) else ""
    if reason in _WRONG_TOKEN | _WRONG_KIND:
        return SlackTokenError(setting=setting, reason=reason)
    return SlackUnreachableError(url=api_url)


class Line:
    """An app's one connection of Socket Mode, for as long as one of its workspaces holds it.

    `setting` is the name of the setting that its token came from.
    """

    def __init__(self, *, api_url: str, app_token: str, setting: str) -> None:
        self.exchange = Exchange()
        self._api_url = api_url
        self._app_token = app_token
        self._setting = setting
        self._holders: set[str] = set()
        self._one_at_a_time = asyncio.Lock()
        self._client = new_client(api_url, None)
        self._socket: AsyncSocketModeHandler | None = None

    @property
    def healthy(self) -> bool:
        """Whether Slack can reach us."""
        session = self._socket.client.current_session if self._socket else None
        return session is not None and not session.closed

    async def hold(self, school: str) -> None:
        """Connect, unless another school holds it. Raises SlackTokenError or SlackUnreachableError; then it is free."""
        async with self._one_at_a_time:
            if self._socket is None:
                self._client.session = new_session()
                try:
                    await self._connect()
                except BaseException:
                    await self._hang_up()
                    raise
            self._holders.add(school)

    async def let_go(self, school: str) -> None:
        """Hang up, unless another school holds it."""
        async with self._one_at_a_time:
            self._holders.discard(school)
            if not self._holders:
                await self._hang_up()

    async def try_token(self) -> None:
        """Ask for an address and do not go there. Raises as `hold`."""
        async with new_session() as session:
            self._client.session = session
            await self._address()

    async def _address(self) -> str:
        try:
            return str((await self._client.apps_connections_open(app_token=self._app_token))["url"])
        except Exception as error:
            raise why(error, setting=self._setting, api_url=self._api_url) from error

    async def _connect(self) -> None:
        address = await self._address()
        self._socket = AsyncSocketModeHandler(
            self.exchange,  # type: ignore[arg-type]
            self._app_token,
            logger=library_logger(),
            web_client=self._client,
        )
        self._socket.client.proxy = self._client.proxy
        self._socket.client.wss_uri = address
        try:
            # The library tries for ever; the caller should know that it has not come through.
            await asyncio.wait_for(self._socket.connect_async(), CONNECT_SECONDS)  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            raise SlackUnreachableError(url=self._api_url) from error

    async def _hang_up(self) -> None:
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
            self._socket = None
        if self._client.session is not None:
            await self._client.session.close()
