"""Web addresses as staff write them down: the part that says which page it is, and nothing of who looked at it."""

import re
from dataclasses import dataclass

from school.words import Refusal, Text

LONGEST = 300
# RFC 3986, section 3, less what the house does not keep: names and passwords. A path may be in any script.
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>[^\s/?#@:\\<>\"]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^\s?#<>\"\\^`{|}]*)?(?P<rest>[?#]\S*)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_USUAL = {"http": "80", "https": "443"}


class NoAddressError(Refusal):
    """What was given is no address of a web page."""

    text = Text(
        "That is no address of a web page. It looks like https://www.example.org/maps, and has no name or password in "
        "it."
    )


class LongAddressError(Refusal):
    """An address of more characters than are kept."""

    text = Text("That address is too long: {length} characters, and there is room for {most}. Give the site's page.")


@dataclass(frozen=True)
class Tidied:
    """Scheme, host and path; `cut` says that something stood after them, which may name a person and is not kept."""

    address: str
    cut: bool


def tidied(typed: str) -> Tidied:
    """An address as it is kept; https where nothing is said. Raises NoAddressError or LongAddressError."""
    found = _ADDRESS.fullmatch(typed.strip())
    if found is None or not found["host"]:
        raise NoAddressError
    scheme, port = (found["scheme"] or "https").lower(), found["port"]
    host = _host(found["host"])
    if port == _USUAL[scheme]:
        port = None
    if port is not None and not 1 <= int(port) <= 65535:
        raise NoAddressError
    address = f"{scheme}://{host}{f':{port}' if port else ''}{found['path'] or '/'}"
    if len(address) > LONGEST:
        raise LongAddressError(length=len(address), most=LONGEST)
    return Tidied(address, cut=bool(found["rest"] and len(found["rest"]) > 1))


def _host(typed: str) -> str:
    """A name of at least two parts, as name servers know it. Raises NoAddressError."""
    try:
        host = typed.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise NoAddressError from error
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or labels[-1].isdecimal() or not all(map(_LABEL.fullmatch, labels)):
        raise NoAddressError
    return host


def short_address(address: str, most: int = 60) -> str:
    """What of an address is read in a line: without https://, www. and a last slash."""
    _, _, rest = address.partition("://")
    shown = rest.removeprefix("www.").removesuffix("/")
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def same_page(one: str, other: str) -> bool:
    """Whether two addresses lead a pupil to the same page, however they are spelt."""
    return short_address(one, LONGEST) == short_address(other, LONGEST)


def never_a_link(address: str) -> str:
    """An address that nobody opens by a slip of the finger: no programme makes a link of it."""
    return address.replace("://", " ", 1).replace(".", "[.]")
