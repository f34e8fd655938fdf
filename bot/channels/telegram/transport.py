"""python-telegram-bot's requests over aiohttp.

Its default, httpx, gets slower the more is sent at once (encode/httpx#3215, open); `BaseRequest` is the library's own
seam for another. See docs/decisions/0014.
"""

import contextlib
import io
import json
from collections.abc import Callable
from typing import Any, Final, final
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.wire import IDLE_SECONDS

CONNECT_SECONDS: Final = 5.0  # this, and the next three, are HTTPXRequest's own
READ_SECONDS: Final = 5.0
POOL_SECONDS: Final = 1.0
UPLOAD_SECONDS: Final = 20.0
JSON_HEADERS: Final = {"Content-Type": "application/json"}
LOOPBACK: Final = ("127.", "::1", "localhost")
# There was no connection yet, or its TLS or its proxy's CONNECT was refused: no byte of a message was written.
_BEFORE_THE_FIRST_BYTE: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientConnectorCertificateError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,  # waiting for a free connection counts as connecting
    aiohttp.InvalidURL,
    aiohttp.ServerFingerprintMismatch,
)

Dated = Callable[[str | None], None]
Seconds = Any  # float | None, or the library's DefaultValue, which it does not export


class NeverLeftError(Exception):
    """The request did not leave this machine."""


class InDoubtError(Exception):
    """The request may have been read and carried out."""


class Encoded(RequestData):  # type: ignore[misc]  # final for type checkers; a request reads its properties only
    """A JSON body that is encoded already."""

    __slots__ = ("_body",)

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    @property
    def json_payload(self) -> bytes:
        """The body as it is."""
        return self._body


@final
class AiohttpRequest(BaseRequest):
    """One session and one pool of `at_once` connections, from `initialize` to `shutdown`; both may come again.

    Raises TimedOut and NetworkError as HTTPXRequest does. Their cause is NeverLeftError or InDoubtError, and neither
    says more than the name of aiohttp's error: aiohttp's own texts hold the address, and with it the bot's token.
    """

    __slots__ = ("_at_once", "_connect", "_dated", "_pool", "_proxies", "_read", "_session", "_upload")

    def __init__(
        self,
        *,
        at_once: int,
        connect_seconds: float | None = CONNECT_SECONDS,
        read_seconds: float | None = READ_SECONDS,
        pool_seconds: float | None = POOL_SECONDS,
        upload_seconds: float | None = UPLOAD_SECONDS,
        dated: Dated | None = None,
    ) -> None:
        """None waits for ever. `pool_seconds` is the wait for a free connection, `upload_seconds` for a whole file.

        `dated` is told the Date header of every answer, a refusal's too; None where it has none.
        """
        self._at_once = at_once
        self._connect = connect_seconds
        self._read = read_seconds
        self._pool = pool_seconds
        self._upload = upload_seconds
        self._dated = dated
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[tuple[str, str | None], dict[str, Any]] = {}

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer where a call does not say."""
        return self._read

    async def initialize(self) -> None:
        """Open the session, in the loop that will use it."""
        if self._session is not None and not self._session.closed:
            return
        self._proxies.clear()  # a school that has changed its environment's proxies starts the channel again
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._at_once, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See BaseRequest.do_request. Raises TimedOut or NetworkError.

        aiohttp has no time-out for writing, and a JSON body never waits to be written: it is smaller than the socket's
        buffer. For an upload, `write_timeout` is the most that the whole of it may take.
        """
        if self._session is None:
            raise NetworkError("The connection to Telegram is closed.") from NeverLeftError("closed")
        uploading = request_data is not None and request_data.contains_files
        timeout = self._timeout(
            read=_either(read_timeout, self._read),
            connect=_either(connect_timeout, self._connect),
            pool=_either(pool_timeout, self._pool),
            upload=_either(write_timeout, self._upload) if uploading else None,
        )
        try:
            target = URL(url)
            async with self._session.request(
                method,
                target,
                data=_body(request_data),
                headers=None if uploading or request_data is None else JSON_HEADERS,
                timeout=timeout,
                allow_redirects=False,  # as httpx; a message must not be posted a second time, to wherever it may be
                **self._proxy(target),
            ) as response:
                if self._dated is not None:
                    self._dated(response.headers.get("Date"))
                return response.status, await response.read()
        except Exception as error:  # noqa: BLE001 - the library would put the text of any other into its own
            failed, cause = _failure(error)
        # Raised out here, so that aiohttp's error is not even the context of ours.
        raise failed from cause

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. The library's own writes one that it cannot read into the log, and it may hold words."""
        answer: Any = None
        with contextlib.suppress(ValueError):
            answer = json.loads(payload.decode("utf-8", "replace"))
        if not isinstance(answer, dict) or (answer.get("ok") and "result" not in answer):
            raise TelegramError("Invalid server response")
        return answer

    def _timeout(
        self, *, read: float | None, connect: float | None, pool: float | None, upload: float | None
    ) -> aiohttp.ClientTimeout:
        connected = None if pool is None or connect is None else pool + connect
        parts = (connected, upload, read)
        total = None if None in parts else sum(part for part in parts if part is not None)
        return aiohttp.ClientTimeout(total=total, connect=connected, sock_connect=connect, sock_read=read)

    def _proxy(self, url: URL) -> dict[str, Any]:
        """What aiohttp is told of a proxy; none to this very machine, whatever the environment says."""
        key = (url.scheme, url.host)
        if key not in self._proxies:
            self._proxies[key] = proxy_for(url)
        return self._proxies[key]


def proxy_for(url: URL) -> dict[str, Any]:
    """The environment's proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, less NO_PROXY) as arguments of aiohttp's.

    aiohttp reads a name and a password out of the proxy's address. Raises aiohttp.InvalidURL for one that
    it does not speak to, such as socks5: going round it would not do.
    """
    host, proxies = url.host or "", getproxies()
    named = proxies.get(url.scheme) or proxies.get("all")
    if not named or host.startswith(LOOPBACK) or proxy_bypass(host):
        return {}
    proxy = URL(named if "://" in named else f"http://{named}")
    if proxy.scheme not in {"http", "https"}:
        raise aiohttp.InvalidURL(proxy.scheme)
    return {"proxy": proxy}


def _either(given: Seconds, ours: float | None) -> float | None:
    if given is BaseRequest.DEFAULT_NONE:
        return ours
    seconds: float | None = given
    return seconds


def _body(data: RequestData | None) -> bytes | aiohttp.FormData | None:
    if data is None or not data.contains_files:
        return data.json_payload if data is not None else None
    # Names as they are: the Bot API's server does not undo a percent-encoding, and a parent would see it.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        # As a file: bytes are written in one go, which holds up everything else; aiohttp warns of a megabyte.
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=kind)
    return form


def _failure(error: Exception) -> tuple[NetworkError, Exception]:
    """The library's error and its cause; neither repeats a text of aiohttp's."""
    name = f"aiohttp.{type(error).__name__}"
    left = not isinstance(error, _BEFORE_THE_FIRST_BYTE)
    cause = InDoubtError(name) if left else NeverLeftError(name)
    return (TimedOut() if isinstance(error, TimeoutError) else NetworkError(name)), cause
