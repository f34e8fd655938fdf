"""Logs: one JSON object a line, with fields from an allow-list, and no words of anybody's.

A library's record keeps its name, level and place in the code; its text is written only for the few loggers that never
carry a message, a form or a query. An exception is written as its class and the places it passed, never its message.
Whatever starts uvicorn hands it `log_config=None`, so that its records come here too.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

OURS = ("bot", "curriculum", "lessons", "pages", "parents", "safeguarding", "school", "staff")
# Libraries whose text is about themselves. Everything else is named without its text: httpx logs addresses with tokens,
# telegram and slack_sdk log whole requests, sqlalchemy logs bound values.
TEXT_FROM: Final[Mapping[str, int]] = {
    "uvicorn.error": logging.INFO,
    "alembic": logging.INFO,
    "apscheduler": logging.WARNING,
}
FRAMES = 8
SHORTEST_SECRET = 6
HIDDEN = "[hidden]"

_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # core.telegram.org/bots/api#authorizing-your-bot; in an address the colon may be percent-encoded.
    (re.compile(r"\d{3,14}(?::|%3[Aa])[A-Za-z0-9_-]{30,}"), HIDDEN),
    # docs.slack.dev/authentication/tokens
    (re.compile(r"\b(?:xox[a-z]|xapp|xwfp)(?:\.[a-z0-9]+)?-[A-Za-z0-9-]+"), HIDDEN),
    (
        re.compile(r"(?i)((?:proxy-)?authorization['\"]?\s*[:=,]\s*(?:b?['\"])?)(?:(?:bearer|basic)\s+)?[^\s'\",;)]+"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)(secret-token['\"]?\s*[:=,]\s*(?:b?['\"])?)[^\s'\",;)]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(://)[^\s/@'\"]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(https?://[^\s?'\"]+|\s/[^\s?'\"]*)\?[^\s'\"]*"), rf"\1?{HIDDEN}"),
)
_SECRETS: Final[set[str]] = set()
_LOGGER: Final = logging.getLogger("bot")


def scrub(secret: str) -> None:
    """Never write this string from now on; shorter than six characters it would hide too much and is left alone."""
    if len(secret) >= SHORTEST_SECRET:
        _SECRETS.add(secret)


def scrubbed(text: str) -> str:
    """The text without tokens, authorisation headers, addresses' queries and registered secrets."""
    for secret in sorted(_SECRETS, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


class Scrubber(logging.Filter):
    """Sits on a handler, not on a logger, because records from child loggers pass a parent's filters by."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub the record in place, its traceback too; it always passes."""
        if not hasattr(record, "template"):
            record.template = str(record.msg)
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):
            text = str(record.msg)
        record.msg, record.args = scrubbed(text), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = scrubbed("".join(traceback.format_exception(*record.exc_info)).rstrip())
        if record.stack_info:
            record.stack_info = scrubbed(record.stack_info)
        return True


class Allowed(logging.Filter):
    """Lets libraries through from WARNING; below it only where DEBUG was asked for, and then without their text."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._libraries_from = logging.DEBUG if level <= logging.DEBUG else logging.WARNING

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written at all."""
        return record.levelno >= min(self._libraries_from, _text_from(record.name))


class JsonLines(logging.Formatter):
    """One record as one JSON object of allow-listed fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, str | int | float] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, Mapping):
            line |= fields
        else:
            line |= _from_library(record)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = " < ".join(_places(record.exc_info[2])) or str(line.get("where", ""))
        return scrubbed(json.dumps(line, ensure_ascii=False))


def log(
    event: str,
    *,
    level: int = logging.INFO,
    correlation: str = "",
    school: str = "",
    via: str = "",
    verb: str = "",
    outcome: str = "",
    duration_ms: float | None = None,
    state: str = "",
    count: int | None = None,
    error: BaseException | None = None,
    where: str = "",
) -> None:
    """Write one event. `outcome` is one of our own words or sentences; of an `error` only class and places are kept."""
    given: dict[str, str | int | float | None] = {
        "event": event,
        "correlation": correlation,
        "school": school,
        "via": via,
        "verb": verb,
        "outcome": outcome,
        "duration_ms": None if duration_ms is None else round(duration_ms, 1),
        "state": state,
        "count": count,
        "error": type(error).__name__ if error else "",
        "where": where or (" < ".join(_places(error.__traceback__)) if error else ""),
    }
    fields = {name: value for name, value in given.items() if value not in {"", None}}
    _LOGGER.log(level, event, extra={"fields": fields})


def configure(level: int, stream: TextIO) -> None:
    """Write everything from this level on to the stream. Called again, it replaces what it had set up."""
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if isinstance(handler.formatter, JsonLines):
            root.removeHandler(handler)
    ours = logging.StreamHandler(stream)
    ours.setFormatter(JsonLines())
    ours.addFilter(Allowed(level))
    root.addHandler(ours)
    for handler in root.handlers:
        if not any(isinstance(each, Scrubber) for each in handler.filters):
            handler.addFilter(Scrubber())
    root.setLevel(level)


def _is(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def _text_from(name: str) -> int:
    """The level from which a logger's text is written; above every level where it never is."""
    if any(_is(name, ours) for ours in OURS):
        return logging.NOTSET
    return next((level for prefix, level in TEXT_FROM.items() if _is(name, prefix)), logging.CRITICAL + 1)


def _from_library(record: logging.LogRecord) -> dict[str, str | int | float]:
    line: dict[str, str | int | float] = {"event": record.name, "where": f"{record.module}:{record.lineno}"}
    if any(_is(record.name, ours) for ours in OURS):
        # Only the template: a value that somebody put in might be somebody's words.
        line["outcome"] = str(getattr(record, "template", record.msg))
    elif record.levelno >= _text_from(record.name):
        line["outcome"] = record.getMessage()
    return line


def _places(trace: TracebackType | None) -> Iterator[str]:
    """The innermost frames first, as module and line: no path of this machine, no value."""
    frames = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]
    yield from reversed(frames[-FRAMES:])
