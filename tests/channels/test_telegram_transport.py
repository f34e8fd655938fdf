"""python-telegram-bot over our transport: the same errors as over its own, and no token in any of them."""

import asyncio
import contextlib
import io
import logging
import socket
import time
import traceback
from datetime import timedelta

import pytest
from http_double import MESSAGE, Server, http, listening, refused, said
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram_double import TOKEN, talking
from yarl import URL

from bot.channels.telegram.transport import AiohttpRequest, InDoubtError, NeverLeftError, proxy_for

SECRET = TOKEN.partition(":")[2]
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


async def failure(bot: Bot) -> TelegramError:
    with pytest.raises(TelegramError) as failed:
        await bot.send_message(501, "Good morning, Amina")
    return failed.value


def everything_said(error: BaseException | None) -> str:
    """Its text, its repr and those of all that stands behind it."""
    words = []
    while error is not None:
        words += [str(error), repr(error), repr(error.args), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return "\n".join(words)


async def test_aminas_message_goes_out_as_json_and_comes_back_as_one() -> None:
    async with listening() as server, talking(server.url) as bot:
        message = await bot.send_message(501, "Good morning, Amina")

    assert message.message_id == MESSAGE["message_id"]
    assert server.heard[0].target == f"/bot{TOKEN}/sendMessage"
    assert server.heard[0].headers["content-type"] == "application/json"
    assert server.heard[0].json == {"chat_id": "501", "text": "Good morning, Amina"}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refused(400, "Bad Request: chat not found"), BadRequest),
        (refused(404, "Not Found"), InvalidToken),
        (refused(401, "Unauthorized"), InvalidToken),
        (refused(409, "Conflict: terminated by other getUpdates request"), Conflict),
        (refused(502, "Bad Gateway"), NetworkError),
        (http(500, b"<html>Internal Server Error"), NetworkError),
        (http(200, b"<html>Sign in to the school's network"), TelegramError),
        (http(200, {"ok": True}), TelegramError),
        (http(302, b""), NetworkError),
    ],
)
async def test_an_answer_is_the_same_error_as_over_the_librarys_own_transport(answer: bytes, kind: type) -> None:
    async with listening() as server, talking(server.url) as bot:
        server.answers.append(answer)

        error = await failure(bot)

    assert type(error) is kind
    assert not isinstance(error.__cause__, NeverLeftError)
    assert len(server.heard) == 1


async def test_a_wait_and_a_move_are_handed_on_with_their_numbers() -> None:
    async with listening() as server, talking(server.url) as bot:
        server.answers.append(refused(429, "Too Many Requests: retry after 9", retry_after=9))
        server.answers.append(refused(400, "Bad Request: upgraded", migrate_to_chat_id=-100500))

        waiting, moved = await failure(bot), await failure(bot)

    assert isinstance(waiting, RetryAfter)
    assert waiting.retry_after == timedelta(seconds=9)
    assert isinstance(moved, ChatMigrated)
    assert moved.new_chat_id == -100500


async def test_a_refused_connection_never_left() -> None:
    async with talking(nowhere()) as bot:
        error = await failure(bot)

    assert type(error) is NetworkError
    assert isinstance(error.__cause__, NeverLeftError)


def nowhere() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


async def test_a_name_that_is_not_in_the_directory_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*asked: object, **more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    async with talking("http://telegram.example") as bot:
        error = await failure(bot)

    assert isinstance(error.__cause__, NeverLeftError)


async def test_a_connection_that_breaks_after_it_was_taken_is_in_doubt_and_nothing_is_sent_twice() -> None:
    async with listening() as server, talking(server.url) as bot:
        server.answers.append(None)

        error = await failure(bot)

    assert type(error) is NetworkError
    assert isinstance(error.__cause__, InDoubtError)
    assert len(server.heard) == 1


async def test_a_kept_connection_that_breaks_is_in_doubt_too_and_nothing_is_sent_twice() -> None:
    async with listening() as server, talking(server.url) as bot:
        await bot.send_message(501, "The first")
        server.answers.append(None)

        error = await failure(bot)

    assert isinstance(error.__cause__, InDoubtError)
    assert [heard.line for heard in server.heard] == [1, 1]


@pytest.mark.parametrize(("rested", "lines"), [(1.0, [1, 1]), (4.5, [1, 2])])
async def test_a_connection_that_a_server_may_be_closing_just_now_is_not_used_again(
    rested: float, lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many hang up after five idle seconds; what goes out at that very moment is lost, and in doubt."""
    async with listening() as server, talking(server.url) as bot:
        await bot.send_message(501, "The first")
        later = time.monotonic() + rested
        monkeypatch.setattr("aiohttp.connector.monotonic", lambda: later)

        await bot.send_message(501, "The second")

    assert [heard.line for heard in server.heard] == lines


async def test_an_answer_that_does_not_come_is_a_time_out_in_doubt() -> None:
    async with listening() as server, talking(server.url, read_seconds=0.05) as bot:
        never = asyncio.Event()
        server.answers.append(never)

        error = await failure(bot)
        never.set()

    assert type(error) is TimedOut
    assert isinstance(error.__cause__, InDoubtError)
    assert len(server.heard) == 1


async def test_a_call_may_ask_for_a_time_of_its_own() -> None:
    async with listening() as server, talking(server.url, read_seconds=None) as bot:
        never = asyncio.Event()
        server.answers.append(never)

        with pytest.raises(TimedOut):
            await bot.send_message(501, "Good morning", read_timeout=0.05)
        never.set()


async def test_waiting_in_vain_for_a_connection_of_the_pool_never_left() -> None:
    async with listening() as server, talking(server.url, at_once=1, pool_seconds=0.02, connect_seconds=0.03) as bot:
        first = asyncio.Event()
        server.answers.append(first)
        holding = asyncio.create_task(bot.send_message(501, "The first"))
        await asyncio.wait_for(server.hearing.wait(), 5)

        error = await failure(bot)
        first.set()
        await holding

    assert type(error) is TimedOut
    assert isinstance(error.__cause__, NeverLeftError)
    assert len(server.heard) == 1


async def test_no_more_connections_than_were_asked_for_and_each_is_used_again() -> None:
    async with listening() as server, talking(server.url) as bot:
        await asyncio.gather(*(bot.send_message(501, "Good morning") for _ in range(20)))

    assert server.lines == server.most_at_once == 2


async def test_a_closed_transport_sends_nothing_and_can_be_opened_again() -> None:
    async with listening() as server, talking(server.url) as bot:
        await bot.request.shutdown()
        await bot.request.shutdown()

        error = await failure(bot)
        await bot.request.initialize()
        await bot.request.initialize()
        await bot.send_message(501, "Good morning")

    assert isinstance(error.__cause__, NeverLeftError)
    assert len(server.heard) == 1


async def test_a_poster_is_uploaded_under_its_own_name() -> None:
    async with listening() as server, talking(server.url) as bot:
        await bot.send_document(501, io.BytesIO(b"%PDF the poster"), filename="Plakát – “6B”.pdf", caption="The poster")

    (heard,) = server.heard
    assert heard.headers["content-type"].startswith("multipart/form-data")
    assert b"%PDF the poster" in heard.body
    assert "Plakát – “6B”.pdf".encode() in heard.body
    assert b'name="caption"\r\n\r\nThe poster' in heard.body
    assert b'name="chat_id"\r\n\r\n501' in heard.body


async def test_an_upload_that_is_not_taken_in_time_is_in_doubt() -> None:
    taken: list[asyncio.StreamWriter] = []

    async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)
        writer.transport.pause_reading()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with (
        server,
        talking(url, upload_seconds=0.02, read_seconds=0.02, pool_seconds=0.02, connect_seconds=0.2) as bot,
    ):
        with pytest.raises(TimedOut) as failed:
            await bot.send_document(501, b"x" * 20_000_000, filename="film.mp4", write_timeout=0.01)
        taken[0].transport.abort()
        with contextlib.suppress(ConnectionError):
            await taken[0].wait_closed()

    assert isinstance(failed.value.__cause__, InDoubtError)


async def test_a_file_is_fetched() -> None:
    async with listening() as server, talking(server.url) as bot:
        server.answers.append(http(200, b"the bytes of a photo"))

        assert await bot.request.retrieve(f"{server.url}/file/bot{TOKEN}/photo.jpg") == b"the bytes of a photo"

    assert "content-type" not in server.heard[0].headers


class Keeps(logging.Handler):
    """Keeps every record as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("Set Bot API"):
            return  # the library's Bot writes its address when it is built; bot.logs never writes that logger's text
        self.lines.append(logging.Formatter().format(record))


@pytest.fixture
def written() -> list[str]:
    """Whatever any logger writes at DEBUG, nothing taken out of it."""
    root, keeps = logging.getLogger(), Keeps()
    level = root.level
    root.addHandler(keeps)
    root.setLevel(logging.DEBUG)
    yield keeps.lines
    root.removeHandler(keeps)
    root.setLevel(level)


async def trouble(server: Server) -> list[TelegramError]:
    """Every way of failing that there is."""
    never = asyncio.Event()
    errors: list[TelegramError] = []
    async with talking(server.url, read_seconds=0.05, at_once=1, pool_seconds=0.01, connect_seconds=0.01) as bot:
        for answer in (None, never, http(500, b"<html>"), http(200, b"<html>"), refused(404, "Not Found"), b"\x00\r\n"):
            server.answers.append(answer)
            errors.append(await failure(bot))
        server.answers.append(asyncio.Event())
        holding = asyncio.create_task(failure(bot))
        errors += [await failure(bot), await holding]
        await bot.request.shutdown()
        errors.append(await failure(bot))
    for url in (nowhere(), "nothing://at.all", "http://"):
        async with talking(url) as bot:
            errors.append(await failure(bot))
    return errors


async def test_the_token_is_in_no_log_line_no_text_and_no_repr(written: list[str]) -> None:
    asyncio.get_running_loop().set_debug(True)

    async with listening() as server:
        errors = await trouble(server)

    assert len(errors) == 12
    assert all(SECRET not in everything_said(error) for error in errors)
    assert all(SECRET not in line for line in written)
    assert written, "the library says what it calls"
    assert SECRET not in repr(AiohttpRequest(at_once=1))


async def test_telegrams_words_are_not_written_where_they_cannot_be_read(written: list[str]) -> None:
    async with listening() as server, talking(server.url) as bot:
        server.answers.append(http(200, b"a child's own words"))
        await failure(bot)

    assert not any("own words" in line for line in written)


async def test_a_schools_proxy_is_used_with_its_password_and_hears_the_whole_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening() as server:
        monkeypatch.setenv("HTTP_PROXY", server.url.replace("http://", "http://school:pa%20ss@"))
        async with talking("http://telegram.example") as bot:
            await bot.send_message(501, "Good morning")

    (heard,) = server.heard
    assert heard.target == f"http://telegram.example/bot{TOKEN}/sendMessage"
    assert heard.headers["proxy-authorization"] == "Basic c2Nob29sOnBhIHNz"


async def test_a_proxy_that_will_not_let_us_through_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening() as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
        server.answers.append(http(407, b"who are you?"))
        async with talking("https://telegram.example") as bot:
            error = await failure(bot)

    assert isinstance(error.__cause__, NeverLeftError)
    assert SECRET not in everything_said(error)
    assert server.heard[0].target == "telegram.example:443"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.0.0.5"])
def test_no_proxy_stands_between_us_and_this_machine(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")

    assert proxy_for(URL(f"http://{host}:8000/")) == {}
    assert proxy_for(URL("https://api.telegram.org/"))["proxy"] == URL("http://proxy.example:3128")


def test_a_host_that_the_school_excepts_is_gone_to_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "telegram.org")

    assert proxy_for(URL("https://api.telegram.org/")) == {}
    assert proxy_for(URL("https://elsewhere.example/"))["proxy"] == URL("http://proxy.example:3128")


async def test_a_proxy_that_aiohttp_does_not_speak_to_is_not_gone_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy.example:1080")
    async with talking("https://telegram.example") as bot:
        error = await failure(bot)

    assert isinstance(error.__cause__, NeverLeftError)


async def test_updates_come_over_a_connection_of_their_own() -> None:
    async with listening() as server, talking(server.url) as bot:
        server.answers.append(said([]))
        await bot.raw_updates(offset=None, timeout_seconds=0)
        await bot.send_message(501, "Good morning")

    assert [heard.line for heard in server.heard] == [1, 2]
