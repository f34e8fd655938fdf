"""Where a class stands on a day: what it has had this school year, and what its children had the year before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from curriculum.position import Next, Planned, next_lesson
from curriculum.progress import ProgressStore, Taught
from school.calendar import Calendar
from school.people import SchoolClass, YearGroup
from school.school import School


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`year` is whose lessons the class has this school year; `turn` is for records.

    `before` is what its children had last school year, in the classes in which they were then. Where the school's file
    does not say where they were, nothing is known of it.
    """

    year: YearGroup
    this_year: tuple[Taught, ...]
    before: tuple[Taught, ...] = ()
    turn: int = 0


def standing(klass: SchoolClass, *, progress: ProgressStore, calendar: Calendar, on: date) -> Standing:
    """A class on a day. What the room's children of other years had is none of its own."""
    began = calendar.year_began(on)
    # Last year's terms are no longer in the school's file: in Scotland a year begins in August, elsewhere in September.
    last = date(began.year - 1, 8, 1)
    own = progress.taught(klass.id)
    before = [
        entry
        for former in klass.moved_up_from
        for entry in progress.taught(former)
        if last <= calendar.today(entry.when) < began
    ]
    return Standing(
        year=klass.year_in(began),
        this_year=tuple(entry for entry in own if calendar.today(entry.when) >= began),
        before=tuple(sorted(before, key=lambda entry: (entry.when, entry.turn))),
        turn=len(own),
    )


def next_for(klass: SchoolClass, now: Standing, *, school: School, plan: Sequence[Planned], on: date) -> Next:
    """What is next for a class that stands so, by its school's calendar and its way to catch up.

    In a holiday it is what the half-term to come has. Raises NothingPlannedError.
    """
    half_term = school.calendar.half_term_for_planning(on)
    return next_lesson(
        plan,
        taught=now.this_year,
        half_term=half_term.id if half_term else "",
        year=now.year,
        class_name=klass.name,
        catch_up=school.catch_up,
    )
