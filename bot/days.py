"""Days and times of day as a language writes them."""

from contextlib import suppress
from datetime import date, time

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

from school.words import Text

# Where a time is not known yet.
NO_TIME = Text("we'll tell you the time")


def day_in(day: date, lang: str) -> str:
    """A day in full, as its language (BCP 47) writes it: “Tuesday, 15 December 2026” in British English."""
    return format_date(day, "full", locale=_locale(lang))


def time_in(clock: str, lang: str) -> str:
    """A time such as `14:00` as its language writes it; empty where there is none."""
    return format_time(time.fromisoformat(clock), "short", locale=_locale(lang)) if clock else ""


def _locale(lang: str) -> Locale:
    primary = lang.replace("_", "-").partition("-")[0].lower()
    with suppress(UnknownLocaleError, ValueError):
        return Locale.parse("en_GB" if primary == "en" else primary)
    return Locale.parse("en_GB")
