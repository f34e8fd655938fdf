"""Whether a link still answers, asked of a server that says what it was told to; private networks are never asked."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest

from bot.links import Verdict, look, public
from tests.channels.http_double import Server, http, listening


def here(address: object) -> bool:
    """Only this very machine."""
    return str(address) == "127.0.0.1"


def sent_on(to: str) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: %b\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\n\r\n" % to.encode()


@asynccontextmanager
async def serving(*answers: bytes | None) -> AsyncIterator[Server]:
    async with listening() as server:
        server.answers.extend(answers)
        yield server


async def verdict(address: str, *, seconds: float = 5.0) -> Verdict:
    return (await look([address], allowed=here, seconds=seconds))[address]


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (200, Verdict.ANSWERS),
        (204, Verdict.ANSWERS),
        (403, Verdict.KEEPS_OUT),
        (429, Verdict.KEEPS_OUT),
        (404, Verdict.GONE),
        (410, Verdict.GONE),
        (500, Verdict.FAILS),
        (503, Verdict.FAILS),
    ],
)
async def test_a_status_says_whether_anything_is_there(status: int, found: Verdict) -> None:
    async with serving(http(status, b"")) as server:
        assert await verdict(server.url + "/page") is found


async def test_nothing_of_a_visitor_travels_along_and_no_cookie_is_kept() -> None:
    async with serving() as server:
        server.answers.extend([sent_on(server.url + "/there"), http(200, b"")])

        assert await verdict(server.url + "/here") is Verdict.ANSWERS

    assert [heard.target for heard in server.heard] == ["/here", "/there"]
    assert not any({"cookie", "referer", "authorization"} & heard.headers.keys() for heard in server.heard)


async def test_a_site_that_sends_on_and_on_goes_in_circles() -> None:
    async with serving() as server:
        server.always = sent_on("/again")

        assert await verdict(server.url) is Verdict.IN_CIRCLES

        assert len(server.heard) == 4


async def test_a_site_that_sends_into_a_private_network_is_not_followed() -> None:
    for onward in ("http://10.0.0.1/", "http://169.254.169.254/latest", "file:///etc/passwd", "http://[::1]/"):
        async with serving(sent_on(onward)) as server:
            assert await verdict(server.url) is Verdict.NOT_ASKED


async def test_a_name_that_leads_into_a_private_network_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def private(*asked: object, **more: object) -> object:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.1", 80))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", private)

    assert await look(["http://rebound.example/"]) == {"http://rebound.example/": Verdict.NOT_ASKED}


async def test_a_name_that_is_not_in_the_directory_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*asked: object, **more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)

    assert await verdict("https://gone.example/") is Verdict.SILENT


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://2130706433/", "http://127.1/", "http://[::ffff:127.0.0.1]/", "ftp://example.org/"],
)
async def test_what_is_no_public_web_address_is_not_asked(address: str) -> None:
    assert (await look([address]))[address] is Verdict.NOT_ASKED


@pytest.mark.parametrize("address", ["http://user:secret@127.0.0.1/", "", "not an address", "http://", "http://[::"])
async def test_what_nobody_should_have_typed_is_not_asked(address: str) -> None:
    assert await verdict(address) is Verdict.NOT_ASKED


async def test_a_server_that_hangs_up_or_never_answers_is_silent() -> None:
    async with serving(None, None) as server:
        assert await verdict(server.url) is Verdict.SILENT
    async with listening() as server:
        server.answers.append(asyncio.Event())  # type: ignore[arg-type]
        assert await verdict(server.url, seconds=0.05) is Verdict.SILENT


async def test_each_address_is_asked_once_and_one_s_trouble_is_not_another_s() -> None:
    async with serving() as server:
        found = await look([server.url, "http://10.1.1.1/", server.url], allowed=here)

    assert found == {server.url: Verdict.ANSWERS, "http://10.1.1.1/": Verdict.NOT_ASKED}
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:a00:1::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_what_counts_as_the_open_internet(address: str, open_to_all: bool) -> None:
    assert public(ip_address(address)) is open_to_all
