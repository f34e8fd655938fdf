"""Figures for governors: how many reports, how soon they were opened, how long they took. No words, no categories.

They are read from the log, which outlives the reports.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from safeguarding.logbook import Act, LogRow, Outcome
from school.calendar import Calendar

_CAME = {Act.RECEIVED.value, Act.PASSED_ON.value}
_OVER = {Act.HANDED_OVER.value, Act.CLOSED.value}
_OPEN_AGAIN = {Act.REOPENED.value, Act.ADDED.value}


@dataclass(frozen=True, kw_only=True)
class Span:
    """When a report came, was first opened by a person and was over; None for what has not been."""

    received: datetime
    opened: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one half-term or of all. Times are in minutes of the clock, nights and holidays included.

    A time is None where nothing was opened, or is over. Those without “longest” are medians.
    """

    received: int
    unopened: int
    open: int
    over: int
    minutes_to_open: float | None
    longest_to_open: float | None
    minutes_to_close: float | None


def spans(rows: Iterable[LogRow]) -> tuple[Span, ...]:
    """What the log tells of each report, in the order in which they came. Drafts that nobody passed on are none."""
    found: dict[str, Span] = {}
    for row in rows:
        if row.outcome != Outcome.DONE or not row.subject:
            continue
        span = found.get(row.subject)
        if row.act in _CAME and span is None:
            found[row.subject] = Span(received=row.at)
        elif span is not None and row.act == Act.READ and span.opened is None:
            found[row.subject] = replace(span, opened=row.at)
        elif span is not None and row.act in _OVER:
            found[row.subject] = replace(span, ended=row.at)
        elif span is not None and row.act in _OPEN_AGAIN:
            found[row.subject] = replace(span, ended=None)
    return tuple(found.values())


def figures(reports: Iterable[Span]) -> Figures:
    """All of them together."""
    all_of_them = list(reports)
    to_open = [_minutes(span.received, span.opened) for span in all_of_them if span.opened]
    to_close = [_minutes(span.received, span.ended) for span in all_of_them if span.ended]
    unopened = sum(span.opened is None for span in all_of_them)
    return Figures(
        received=len(all_of_them),
        unopened=unopened,
        open=len(all_of_them) - unopened - len(to_close),
        over=len(to_close),
        minutes_to_open=round(median(to_open), 1) if to_open else None,
        longest_to_open=round(max(to_open), 1) if to_open else None,
        minutes_to_close=round(median(to_close), 1) if to_close else None,
    )


def by_half_term(reports: Iterable[Span], *, calendar: Calendar) -> Mapping[str, Figures]:
    """By half-term, such as `autumn-1`, in the calendar's order; a holiday counts to the half-term that follows it."""
    found: dict[str, list[Span]] = {half.id: [] for half in calendar.half_terms}
    for span in reports:
        half = calendar.half_term_for_planning(calendar.today(span.received))
        found.setdefault(half.id if half else "", []).append(span)
    return {half: figures(each) for half, each in found.items() if each}


def _minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60
