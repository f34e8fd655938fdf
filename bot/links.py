"""Whether a link still answers: a look at each address from outside, as anybody on the open web has it.

An address was typed by somebody, so it may lead anywhere: nothing but public addresses is ever asked, on the way of a
redirect too, no cookie is kept, and of an answer nothing but its status is read. A filter's own page in a page's place
looks like an answer: this says that something is there, never that it is fit for a child.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Protocol

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

IPAddress = IPv4Address | IPv6Address
Allowed = Callable[[IPAddress], bool]

SECONDS = 10.0  # for one request, from the name's look-up to the answer's head
AT_ONCE = 8
AT_ONE_HOST = 2
REDIRECTS = 3
WHO = "Lollipop link check (a school looks whether its links still answer)"
# Addresses that carry an IPv4 address inside: RFC 6052, section 2.1.
_TRANSLATED = IPv6Network("64:ff9b::/96")
# There, but not for a program (RFC 9110, sections 15.5.2 and 15.5.4; RFC 6585, section 4; RFC 7725).
_KEEPS_OUT = frozenset({401, 403, 407, 429, 451})
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
# Sent on for good: whoever keeps the address should write down the new one (RFC 9110, sections 15.4.2 and 15.4.9).
_FOR_GOOD = frozenset({301, 308})
_GONE = frozenset({404, 410})


class Verdict(StrEnum):
    """What became of a look. KEEPS_OUT: something is there and does not answer programs; a person has to look.

    GONE: the site says that there is no such page. FAILS: the site answers that it is out of order. SILENT: no such
    name, nobody listens, no safe connection, or not in time. IN_CIRCLES: sent on more than three times. NOT_ASKED: no
    web address, or one that leads into a private network.
    """

    ANSWERS = "answers"
    KEEPS_OUT = "keeps_out"
    GONE = "gone"
    FAILS = "fails"
    SILENT = "silent"
    IN_CIRCLES = "in_circles"
    NOT_ASKED = "not_asked"

    @property
    def dead(self) -> bool:
        """Whether whoever uses the link should know that it leads nowhere just now."""
        return self not in {Verdict.ANSWERS, Verdict.KEEPS_OUT}


@dataclass(frozen=True)
class Seen:
    """What a look has shown. `moved_to` is where the page has moved to for good; empty where it has not."""

    verdict: Verdict
    moved_to: str = ""


class LinkCheck(Protocol):
    """How a look is had; tests hand in one that goes nowhere."""

    async def __call__(self, addresses: Collection[str]) -> Mapping[str, Verdict]:
        """A verdict for every address."""


class _KeptAwayError(OSError):
    """A name leads to an address that is not asked."""


def public(address: IPAddress) -> bool:
    """Whether an address is one of the open internet, whatever it is wrapped in."""
    inner: IPv4Address | None = None
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return all(each.is_global and not each.is_multicast for each in (address, *([inner] if inner else [])))


async def look(
    addresses: Collection[str], *, allowed: Allowed = public, seconds: float = SECONDS
) -> dict[str, Verdict]:
    """Ask every address once, a few at a time; a verdict for each, in their order. Raises nothing that is anticipated.

    `allowed` says which addresses of the network may be asked; tests allow a server of their own. An address whose
    verdict is SILENT may be well: where none at all answers, look at one's own line first.
    """
    seen = await see(addresses, allowed=allowed, seconds=seconds)
    return {address: each.verdict for address, each in seen.items()}


async def see(
    addresses: Collection[str],
    *,
    allowed: Allowed = public,
    seconds: float = SECONDS,
    at_one_host: int = AT_ONE_HOST,
) -> dict[str, Seen]:
    """As `look`, with where each has moved to; at most `at_one_host` at a time of one host."""
    turn = asyncio.Semaphore(AT_ONCE)
    async with _session(allowed, seconds, at_one_host) as session:

        async def ask(address: str) -> Seen:
            async with turn:
                return await _one(session, address, allowed)

        asked = list(dict.fromkeys(addresses))
        return dict(zip(asked, await asyncio.gather(*map(ask, asked)), strict=True))


def _session(allowed: Allowed, seconds: float, at_one_host: int) -> aiohttp.ClientSession:
    """Without the environment's proxies: whoever looks names up for us would not be held to public addresses."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=_Guarded(allowed), limit=AT_ONCE, limit_per_host=at_one_host),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=seconds),
        headers={"User-Agent": WHO},
        trust_env=False,
    )


class _Guarded(AbstractResolver):
    """Names as the system knows them, less what is not allowed: what was checked is what is connected to."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._names = DefaultResolver()

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """See AbstractResolver. Raises OSError where nothing is left."""
        found = await self._names.resolve(host, port, family)  # type: ignore[arg-type]
        kept = [each for each in found if self._allowed(ip_address(each["host"].partition("%")[0]))]
        if not kept:
            raise _KeptAwayError
        return kept

    async def close(self) -> None:
        """See AbstractResolver."""
        await self._names.close()


async def _one(session: aiohttp.ClientSession, address: str, allowed: Allowed) -> Seen:
    try:
        return await _follow(session, URL(address), allowed)
    except aiohttp.ClientConnectorError as error:
        return Seen(Verdict.NOT_ASKED if isinstance(error.os_error, _KeptAwayError) else Verdict.SILENT)
    except (aiohttp.InvalidURL, ValueError):
        return Seen(Verdict.NOT_ASKED)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Seen(Verdict.SILENT)


async def _follow(session: aiohttp.ClientSession, url: URL, allowed: Allowed) -> Seen:
    """Ourselves, for each address on the way is held to the same rule."""
    moved_to, for_good = "", True
    for _ in range(REDIRECTS + 1):
        if not _may_be_asked(url, allowed):
            return Seen(Verdict.NOT_ASKED)
        status, onward = await _ask(session, url)
        if status not in _REDIRECTED or not onward:
            return Seen(_verdict(status), moved_to)
        url = url.join(URL(onward))
        for_good = for_good and status in _FOR_GOOD
        moved_to = str(url) if for_good else moved_to
    return Seen(Verdict.IN_CIRCLES)


def _may_be_asked(url: URL, allowed: Allowed) -> bool:
    """A web address with no password in it. A number for a host is held to the rule here: no name is looked up."""
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.password:
        return False
    with contextlib.suppress(ValueError):
        return allowed(ip_address(url.host.partition("%")[0]))
    return True


async def _ask(session: aiohttp.ClientSession, url: URL) -> tuple[int, str]:
    """The status, and where it sends on. The body is not read: it is hung up on.

    By GET, as a pupil's browser asks: many a site answers a HEAD with something else.
    """
    async with session.get(url, allow_redirects=False) as response:
        onward = response.headers.get("Location", "")
        response.close()
        return response.status, onward


def _verdict(status: int) -> Verdict:
    if status in _KEEPS_OUT:
        return Verdict.KEEPS_OUT
    if status in _GONE:
        return Verdict.GONE
    return Verdict.FAILS if status >= 400 else Verdict.ANSWERS
