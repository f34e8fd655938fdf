"""Reminders: one tap of whoever minds a roll, and nobody hears of it more than once a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from school.calendar import BeyondTheCalendarError
from school.notices import Notice, Outbox, To
from school.people import Person
from school.school import School
from staff.signing import SignSheet
from staff.training import RollLine

SIGNS, MODULES = "signs-waiting", "training-reminder"


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """Who is reminded and on which day, who is already, who is away, and whom no message reaches."""

    day: date
    told: tuple[Person, ...] = ()
    already: tuple[Person, ...] = ()
    away: tuple[Person, ...] = ()
    beyond: tuple[Person, ...] = ()


def remind_signers(sheets: Sequence[SignSheet], *, school: School, outbox: Outbox, now: datetime) -> Reminded:
    """Leave a notice for each who has not signed, with all that waits for them. The caller commits."""
    waiting = ((line.person, sheet.document.title) for sheet in sheets for line in sheet.waiting)
    return _remind(SIGNS, "documents", waiting, school=school, outbox=outbox, now=now)


def remind_learners(lines: Iterable[RollLine], *, school: School, outbox: Outbox, now: datetime) -> Reminded:
    """Leave a notice for each who has a module open, with all of theirs and nobody else's. The caller commits."""
    waiting = ((person, line.module.title) for line in lines for person in line.open)
    return _remind(MODULES, "modules", waiting, school=school, outbox=outbox, now=now)


def _remind(
    page: str,
    value: str,
    waiting: Iterable[tuple[Person, str]],
    *,
    school: School,
    outbox: Outbox,
    now: datetime,
) -> Reminded:
    """It goes when there are staff in school. Whoever is away hears nothing, and whoever is not on Slack can't."""
    due = _when(school, now)
    day = school.calendar.today(due)
    titles: Mapping[str, list[str]] = defaultdict(list)
    for person, title in waiting:
        titles[person.id].append(title)
    away = school.away(day)
    found: dict[str, list[Person]] = {"told": [], "already": [], "away": [], "beyond": []}
    for person in (each for each in school.people if each.id in titles):
        if not person.slack:
            found["beyond"].append(person)
        elif person.id in away:
            found["away"].append(person)
        else:
            notice = Notice(
                key=f"{page}:{day}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=page,
                values={value: "; ".join(titles[person.id])},
                due=due,
            )
            found["told" if outbox.leave(notice) else "already"].append(person)
    return Reminded(day=day, **{name: tuple(people) for name, people in found.items()})


def _when(school: School, now: datetime) -> datetime:
    """The next moment with staff in school; at once after the calendar's end, for then nobody knows."""
    try:
        return school.calendar.next_staffed(now)
    except BeyondTheCalendarError:
        return now
