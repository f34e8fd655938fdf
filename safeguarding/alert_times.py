"""When an alert was, as its system wrote it down."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

# Day first, as in the United Kingdom; month first only where a file cannot be read otherwise.
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%Y/%m/%d")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%b %d %Y", "%B %d %Y", "%Y/%m/%d")
CLOCKS = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H.%M")
_ZONE = re.compile(r"\s*\(?(?:GMT|UTC|Z)\)?$", re.IGNORECASE)
_SUMMER = re.compile(r"\s*\(?(?:BST)\)?$", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)


def by_month(said: Iterable[str], *, zone: ZoneInfo) -> bool:
    """Whether a file has the month before the day: only where it can all be read so, and some of it not otherwise."""
    given = [each for each in said if each]
    by_day = [when(each, zone=zone) for each in given]
    return None in by_day and None not in [when(each, zone=zone, month_first=True) for each in given]


def when(said: str, *, zone: ZoneInfo, month_first: bool = False) -> datetime | None:
    """The moment, None where it cannot be read. Without a zone of its own it is by the school's clock."""
    plain = " ".join(said.replace(",", " ").split())
    if not plain:
        return None
    at = _iso(plain) or _spelt(plain, MONTH_FIRST if month_first else DAY_FIRST, zone) or _letter(plain)
    if at is None:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _iso(said: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d", said):
        return None
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


def _spelt(said: str, days: Iterable[str], zone: ZoneInfo) -> datetime | None:
    plain = _WEEKDAY.sub("", _SUMMER.sub("", _ZONE.sub("", said)))
    # A date of three words, or of one, and then the clock.
    words = plain.split(" ")
    cut = 3 if len(words) > 2 and not any(mark in words[0] for mark in "/-.") else 1
    date, clock = _read(" ".join(words[:cut]), days), _read(" ".join(words[cut:]) or "00:00", CLOCKS)
    if date is None or clock is None:
        return None
    return datetime.combine(date.date(), clock.time(), tzinfo=ZoneInfo("UTC") if _ZONE.search(said) else zone)


def _read(said: str, forms: Iterable[str]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(said, form)  # noqa: DTZ007 - half of a time, put together above
        except ValueError:
            continue
    return None


def _letter(said: str) -> datetime | None:
    """As the head of an e-mail says it (RFC 5322)."""
    try:
        return parsedate_to_datetime(said)
    except (TypeError, ValueError, IndexError):
        return None
