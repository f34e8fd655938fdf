"""What is told ahead: a class's lesson on the morning of it, and the week's assembly to whoever leads it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from curriculum import NothingPlannedError, Planned, ProgressStore, next_for, standing
from lessons.assemblies import NoAssemblyError, assembly_of_the_week
from lessons.library import title_of
from pages import Shelf
from school.calendar import ONE_DAY, Calendar
from school.notices import Lane, Notice, Outbox, To
from school.people import SchoolClass
from school.school import School

# A lesson is told so long before it begins, and an assembly on the last school day before its week.
BEFORE = timedelta(hours=1)
LESSON_AHEAD, ASSEMBLY_AHEAD = "lesson-ahead", "assembly-ahead"


def tell_lessons(
    *,
    school: School,
    plan: Sequence[Planned],
    shelf: Shelf,
    progress: ProgressStore,
    outbox: Outbox,
    on: date,
) -> int:
    """Leave a notice for every teacher whose class has its lesson today; how many. None on a day off.

    It comes an hour before the slot, not in quiet hours, and not once the lesson has begun. Telling twice stores once.
    The caller commits.
    """
    if not school.calendar.is_school_day(on):
        return 0
    return sum(
        _tell_teachers(klass, school=school, plan=plan, shelf=shelf, progress=progress, outbox=outbox, on=on)
        for klass in school.classes
        if klass.slot is not None and klass.slot.weekday == on.weekday()
    )


def _tell_teachers(
    klass: SchoolClass,
    *,
    school: School,
    plan: Sequence[Planned],
    shelf: Shelf,
    progress: ProgressStore,
    outbox: Outbox,
    on: date,
) -> int:
    away = school.away(on)
    teachers = [person for person in school.people if klass.id in person.classes and person.id not in away]
    now = standing(klass, progress=progress, calendar=school.calendar, on=on)
    try:
        position = next_for(klass, now, school=school, plan=plan, on=on)
    except NothingPlannedError:
        return 0
    begins = _begins(klass, school.calendar, on)
    told = position.joined or (position.planned,)
    values = {"class": klass.name, "title": "; ".join(title_of(entry.lesson, shelf=shelf) for entry in told)}
    return sum(
        outbox.leave(
            Notice(
                key=f"ahead:{klass.id}:{on}:{teacher.id}",
                to=To.PERSON,
                recipient=teacher.id,
                page=LESSON_AHEAD,
                values=values,
                lane=Lane.REPLIES,
                due=school.calendar.next_open(begins - BEFORE),
                not_after=begins,
            )
        )
        for teacher in teachers
    )


def _begins(klass: SchoolClass, calendar: Calendar, on: date) -> datetime:
    if klass.slot is None:
        raise LookupError(klass.id)
    return calendar.at(on, klass.slot.at)


def tell_assembly(*, school: School, shelf: Shelf, outbox: Outbox, on: date) -> int:
    """Leave next week's assembly for whoever leads assemblies, on the last school day before it; how many notices.

    None where nobody does, or where the calendar knows of no day to come. The caller commits.
    """
    calendar = school.calendar
    if not school.assemblies_by or not calendar.is_school_day(on):
        return 0
    coming = _next_school_day(calendar, on)
    if coming is None or coming.isocalendar()[:2] == on.isocalendar()[:2]:
        return 0
    try:
        page, _ = assembly_of_the_week(shelf=shelf, calendar=calendar, on=coming)
    except NoAssemblyError:
        return 0
    values = {"title": page.front.title, "week": str(calendar.school_week(coming))}
    return sum(
        outbox.leave(
            Notice(
                key=f"assembly:{coming}:{person}",
                to=To.PERSON,
                recipient=person,
                page=ASSEMBLY_AHEAD,
                values=values,
                lane=Lane.REPLIES,
                due=calendar.next_open(calendar.at(on, calendar.open_from)),
                not_after=calendar.at(coming, calendar.open_until),
            )
        )
        for person in school.assemblies_by
    )


def _next_school_day(calendar: Calendar, on: date) -> date | None:
    last = calendar.half_terms[-1].last if calendar.half_terms else on
    day = on + ONE_DAY
    while day <= last:
        if calendar.is_school_day(day):
            return day
        day += ONE_DAY
    return None
