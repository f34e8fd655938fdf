"""Reminders to sign: one tap of whoever minds the roll, and nobody hears of it more than once a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from school.calendar import BeyondTheCalendarError
from school.notices import Notice, Outbox, To
from school.people import Person
from school.school import School
from staff.signing import SignSheet

PAGE = "signs-waiting"


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """Who is reminded and on which day, who is already, who is away, and whom no message reaches."""

    day: date
    told: tuple[Person, ...] = ()
    already: tuple[Person, ...] = ()
    away: tuple[Person, ...] = ()
    beyond: tuple[Person, ...] = ()


def remind_signers(sheets: Sequence[SignSheet], *, school: School, outbox: Outbox, now: datetime) -> Reminded:
    """Leave a notice for each who has not signed, with all that waits for them. The caller commits.

    It goes when there are staff in school. Whoever is away hears nothing, and whoever is not on Slack can't.
    """
    due = _when(school, now)
    day = school.calendar.today(due)
    away = school.away(day)
    waiting: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.waiting:
            waiting[line.person.id].append(sheet.document.title)
    found: dict[str, list[Person]] = {"told": [], "already": [], "away": [], "beyond": []}
    for person in (each for each in school.people if each.id in waiting):
        if not person.slack:
            found["beyond"].append(person)
        elif person.id in away:
            found["away"].append(person)
        else:
            notice = Notice(
                key=f"{PAGE}:{day}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=PAGE,
                values={"documents": "; ".join(waiting[person.id])},
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
