"""Revisits: a question of a lesson that was taught, asked again after a week, a half-term and a year.

Two minutes each, and chosen by the class's own hands. Recall that is spaced out is kept longer than recall that is
massed, and a gap that grows suits what is to be kept for long (Cepeda and others, "Distributed practice in verbal
recall tasks", Psychological Bulletin 132, 2006; known from summaries).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from curriculum.covered import SECURE
from curriculum.progress import Outcome, Taught, shares
from school.calendar import BeyondTheCalendarError, Calendar
from school.words import Text


class Gap(StrEnum):
    """How long after it was taught, or asked last."""

    WEEK = "week"
    HALF_TERM = "half_term"
    YEAR = "year"


DAYS = {Gap.WEEK: 7, Gap.HALF_TERM: 42, Gap.YEAR: 365}
GAPS = tuple(Gap)
# Weak answers bring a question back after a week; the third time running it moves on, for a teacher has other means.
MOST_WEEKS = 3
# So many at the start of one lesson: more would be a lesson of its own.
A_DAY = 2

WHY: dict[Gap, Text] = {
    Gap.WEEK: Text("{name} had this about a week ago, and not everybody was sure yet."),
    Gap.HALF_TERM: Text("{name} had this about half a term ago. Asking again now helps it to last."),
    Gap.YEAR: Text("{name} had this about a year ago. Is it still there?"),
}


@dataclass(frozen=True, kw_only=True)
class Revisit:
    """One question of one lesson, to be asked on a school day or any after it.

    `question` counts from 0. `share` is that of right hands when it was asked last, 0 to 1, or None.
    """

    lesson: str
    question: int
    gap: Gap
    due: date
    share: float | None


def revisits(taught: Sequence[Taught], *, calendar: Calendar) -> tuple[Revisit, ...]:
    """The next revisit of each lesson that was taught, by its day, which is a school day.

    None of a lesson that was asked through, nor beyond the end of the calendar. `taught` is in the order in which it
    happened.
    """
    lessons = dict.fromkeys(entry.lesson for entry in taught if entry.outcome is Outcome.TAUGHT)
    found = (_next([entry for entry in taught if entry.lesson == lesson], calendar) for lesson in lessons)
    return tuple(sorted((each for each in found if each), key=lambda each: (each.due, each.lesson)))


def comes_back(lesson: str, taught: Sequence[Taught], *, calendar: Calendar) -> Revisit | None:
    """The next revisit of one lesson; None where there is none. `taught` is in the order in which it happened."""
    return next((each for each in revisits(taught, calendar=calendar) if each.lesson == lesson), None)


def due_today(taught: Sequence[Taught], *, calendar: Calendar, on: date, most: int = A_DAY) -> tuple[Revisit, ...]:
    """What a class may be asked on a day: the least sure first, then what has waited longest. None on a day off."""
    if not calendar.is_school_day(on):
        return ()
    due = [each for each in revisits(taught, calendar=calendar) if each.due <= on]
    return tuple(
        sorted(due, key=lambda each: (0.5 if each.share is None else each.share, each.due, each.lesson))[:most]
    )


def _next(entries: Sequence[Taught], calendar: Calendar) -> Revisit | None:
    """Entries are of one lesson."""
    place, weeks, asked, last = 0, 0, -1, None
    for entry in entries:
        if entry.outcome is Outcome.TAUGHT:
            known = [share for hands in entry.hands if (share := hands.secure) is not None]
            # What everybody knew on the day need not come back within the week.
            place, weeks, asked = (1 if known and min(known) >= SECURE else 0), 0, -1
        elif entry.outcome is Outcome.REVISITED and last is not None:
            asked, share = _asked(entry)
            if share is None or share >= SECURE:
                place, weeks = place + 1, 0
            elif weeks + 1 < MOST_WEEKS:
                place, weeks = GAPS.index(Gap.WEEK), weeks + 1
            else:
                place, weeks = max(place, GAPS.index(Gap.WEEK)) + 1, 0
        else:
            continue
        last = calendar.today(entry.when)
    if last is None or place >= len(GAPS):
        return None
    try:
        due = calendar.next_school_day(last + timedelta(days=DAYS[GAPS[place]]))
    except BeyondTheCalendarError:
        return None
    question, share = _question(shares(entries[0].lesson, entries), asked)
    return Revisit(lesson=entries[0].lesson, question=question, gap=GAPS[place], due=due, share=share)


def _asked(entry: Taught) -> tuple[int, float | None]:
    """The question that a revisit asked, and its share; -1 where no hand went up."""
    return next(((n, share) for n, hands in enumerate(entry.hands) if (share := hands.secure) is not None), (-1, None))


def _question(known: Sequence[float | None], asked: int) -> tuple[int, float | None]:
    """The one that the fewest were sure of; of those that enough were, another than was asked last."""
    if not known:
        return 0, None
    chosen = min(range(len(known)), key=lambda n: (min(_sure(known[n]), SECURE), n == asked, n))
    return chosen, known[chosen]


def _sure(share: float | None) -> float:
    """What was never counted stands in the middle."""
    return 0.5 if share is None else share
