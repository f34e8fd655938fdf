"""Nudges: whoever leads on e-safety is told, once a week and at a calm hour, of lessons that wait."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from curriculum import CoverageMap
from school.calendar import Calendar
from school.notices import Notice, Outbox, To
from school.people import Role
from school.school import School

PAGE = "coverage-gaps"
# When registers are done and the first lesson has begun: nobody is at the door, and the week can still be changed.
CALM = time(9, 30)
# More than so many are not read in a message; the map has them all.
MOST = 6


def calm_hour(calendar: Calendar, *, now: datetime) -> datetime | None:
    """When somebody may be told something today that can wait; None where not today, or not before CALM has come.

    On the first school day of a week, while there are staff and nobody is to be left in peace.
    """
    return calm_day(calendar, now=now) if calendar.is_first_of_week(calendar.today(now)) else None


def calm_day(calendar: Calendar, *, now: datetime) -> datetime | None:
    """As calm_hour, on any school day."""
    day = calendar.today(now)
    if not calendar.is_school_day(day) or now < calendar.at(day, CALM):
        return None
    hour = calendar.next_open(max(now, calendar.at(day, calendar.open_from)))
    return hour if hour < calendar.at(day, calendar.open_until) else None


def tell_of_gaps(
    coverage: CoverageMap, *, strands: Mapping[str, str], school: School, outbox: Outbox, now: datetime
) -> int:
    """Leave a notice where lessons wait; how many were left. Not more than one a person and week. The caller commits.

    `strands` are their names by their ids. It goes to the e-safety leads who are there today, or else to the head; it
    names classes and strands, and nobody in them. At any other hour than a calm one nothing is left.
    """
    due = calm_hour(school.calendar, now=now)
    # A school that has not begun is behind in everything, and knows it.
    if due is None or not coverage.gaps or not coverage.begun:
        return 0
    day = school.calendar.today(due)
    year, week, weekday = day.isocalendar()
    closing = school.calendar.at(day + timedelta(days=5 - weekday), school.calendar.open_until)
    return sum(
        outbox.leave(
            Notice(
                key=f"{PAGE}:{year}-W{week:02}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=PAGE,
                part=_part(coverage),
                values=_values(coverage, strands),
                due=due,
                not_after=closing,
            )
        )
        for person in school.first_present(Role.ESAFETY_LEAD, Role.HEAD, on=day)
    )


def _part(coverage: CoverageMap) -> str:
    if coverage.behind and coverage.missed:
        return "both"
    return "classes" if coverage.behind else "strands"


def _values(coverage: CoverageMap, strands: Mapping[str, str]) -> Mapping[str, str]:
    classes = [
        f"{each.name} ({each.lessons}: {', '.join(strands[strand] for strand in each.strands)})"
        for each in coverage.behind
    ]
    missed = [strands[each.strand] for each in coverage.missed]
    return {"classes": _listed(classes), "strands": _listed(missed)}


def _listed(names: list[str]) -> str:
    more = len(names) - MOST
    return "; ".join([*names[:MOST], *([f"and {more} more"] if more > 0 else [])])
