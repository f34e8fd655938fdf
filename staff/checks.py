"""The calendar of checks: what is looked at how often, by whom, and for which clauses. Data, and pure arithmetic."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from school.calendar import BeyondTheCalendarError, Calendar
from school.events import EventKind, SchoolEvent
from school.people import Person, Role
from school.school import School
from staff.duties import Duty, DutyState, DutyStore, Sort
from staff.policy import CONTENT, PolicyFault

# Nobody finds more than so many new checks of a day in their list, whenever a school begins.
A_DAY = 2
EVENT = "event-"


class Rhythm(StrEnum):
    """How often: once in each of these; EVENT: before each of the school's events; ONCE: from a day on."""

    MONTHLY = "monthly"
    HALF_TERMLY = "half-termly"
    TERMLY = "termly"
    YEARLY = "yearly"
    EVENT = "event"
    ONCE = "once"


class Check(BaseModel):
    """One check. `who` is the role that is asked, and `else_who` whoever is asked where nobody has it or is in.

    `everybody` asks each member of staff for themselves. `steps` are what to look at; `month` is the month in which a
    yearly one begins, `events` are the kinds of event that one goes before, `start` is the day from which one that is
    asked once is. `within` is the number of school days to answer in. `note` says whether a note may be written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,38}$")
    title: str = Field(max_length=70)
    ask: str = Field(max_length=300)
    steps: tuple[str, ...] = Field(default=(), max_length=8)
    clauses: tuple[str, ...] = Field(min_length=1)
    who: Role = Role.STAFF
    else_who: tuple[Role, ...] = (Role.ESAFETY_LEAD, Role.HEAD)
    everybody: bool = False
    rhythm: Rhythm
    month: int = Field(default=9, ge=1, le=12)
    events: tuple[EventKind, ...] = ()
    start: date | None = None
    within: int = Field(default=10, ge=1, le=40)
    note: bool = True

    @model_validator(mode="after")
    def _before_something(self) -> Self:
        if (self.rhythm is Rhythm.EVENT) != bool(self.events):
            msg = "events: name the kinds of event where the rhythm is event, and nowhere else"
            raise ValueError(msg)
        if (self.rhythm is Rhythm.ONCE) != (self.start is not None):
            msg = "start: give the first day where the rhythm is once, and nowhere else"
            raise ValueError(msg)
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    check: tuple[Check, ...]


def load_checks(path: Path = CONTENT / "checks.toml") -> tuple[Check, ...]:
    """Every check in the file's order. Raises PolicyFault with every fault."""
    try:
        checks = _File.model_validate(tomllib.loads(path.read_text("utf-8"))).check
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: {error}"
        raise PolicyFault(msg) from error
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise PolicyFault("\n".join(lines)) from error
    twice = sorted({check.id for check in checks if [other.id for other in checks].count(check.id) > 1})
    if twice:
        msg = f"{path}: these checks are there twice: {', '.join(twice)}"
        raise PolicyFault(msg)
    return checks


@cache
def all_checks() -> tuple[Check, ...]:
    """As load_checks, read once."""
    return load_checks()


@dataclass(frozen=True, kw_only=True)
class Period:
    """When a duty is for: `id` such as `2026-autumn`; asked from `first` on, and by `last` where that is known."""

    id: str
    first: date
    last: date | None = None


def period_of(rhythm: Rhythm, *, on: date, calendar: Calendar, month: int = 9) -> Period | None:
    """The one that a day is in; None in a holiday where a rhythm goes by terms."""
    began = calendar.year_began(on)
    if rhythm is Rhythm.YEARLY:
        # A month before that of the year's beginning is next spring's or summer's.
        return Period(id=str(began.year), first=date(began.year + (month < began.month), month, 1))
    if rhythm is Rhythm.MONTHLY:
        return Period(id=f"{on:%Y-%m}", first=on.replace(day=1))
    half = calendar.half_term(on)
    if half is None:
        return None
    if rhythm is Rhythm.HALF_TERMLY:
        return Period(id=f"{began.year}-{half.id}", first=half.first)
    term = half.id.partition("-")[0]
    firsts = [
        each.first
        for each in calendar.half_terms
        if each.id.partition("-")[0] == term and calendar.year_began(each.first) == began
    ]
    return Period(id=f"{began.year}-{term}", first=min(firsts))


def event_period(event: SchoolEvent) -> str:
    """The period of what is looked at before an event."""
    return f"{EVENT}{event.id}"[:40]


def periods_on(check: Check, *, school: School, on: date) -> tuple[Period, ...]:
    """Those in which a check is to be asked on a day: one, or one for each event that comes within its school days."""
    calendar = school.calendar
    if check.start is not None:
        return (Period(id=Rhythm.ONCE.value, first=check.start),) if check.start <= on else ()
    if check.rhythm is not Rhythm.EVENT:
        period = period_of(check.rhythm, on=on, calendar=calendar, month=check.month)
        return () if period is None or on < period.first else (period,)
    coming = (each for each in school.events if each.kind in check.events and not each.cancelled and each.day >= on)
    periods = (
        Period(id=event_period(each), first=calendar.add_school_days(each.day, -check.within), last=each.day)
        for each in coming
    )
    return tuple(each for each in periods if each.first <= on)


def asked_for(check: Check, *, school: School, on: date) -> tuple[Person, ...]:
    """Who is asked: one holder of the role who is in, or else whoever stands in; everybody where each is asked."""
    if check.everybody:
        return tuple(person for person in school.people if person.on_staff)
    way = (check.who, *check.else_who)
    held = next((people for role in way if (people := school.holders(role))), ())
    return (school.first_present(*way, on=on) or held)[:1]


def lay_checks(
    checks: Iterable[Check],
    *,
    school: School,
    duties: DutyStore,
    new_id: Callable[[datetime], UUID],
    now: datetime,
) -> int:
    """Lay down what is due to be asked today, once a period; how many. Nothing on a day off. The caller commits."""
    calendar, on = school.calendar, school.calendar.today(now)
    if not calendar.is_school_day(on):
        return 0
    laid: dict[str, int] = {}
    for check in checks:
        for period in periods_on(check, school=school, on=on):
            theirs = (each for each in duties.of(Sort.CHECK, subject=check.id) if each.period == period.id)
            had = {each.person for each in theirs if each.said is not DutyState.DROPPED}
            # Somebody has it already: whoever holds the role may have changed since.
            if had and not check.everybody:
                continue
            due = period.last or last_day(check.within, on=on, calendar=calendar)
            for person in asked_for(check, school=school, on=on):
                # What comes before an event can't wait for another day.
                if person.id in had or (laid.get(person.id, 0) >= A_DAY and period.last is None):
                    continue
                duty = Duty(
                    id=new_id(now),
                    sort=Sort.CHECK,
                    subject=check.id,
                    period=period.id,
                    person=person.id,
                    laid=now,
                    due=due,
                )
                laid[person.id] = laid.get(person.id, 0) + duties.lay(duty)
    return sum(laid.values())


def drop_unasked(checks: Iterable[Check], *, school: School, duties: DutyStore, now: datetime) -> int:
    """Drop what waits for a check that nobody asks for any more, or for an event that is off; how much.

    What somebody said is wrong stays until it is put right. The caller commits.
    """
    asked = {check.id for check in checks}
    held = {event_period(each) for each in school.events if not each.cancelled}
    gone = 0
    for duty in duties.waiting():
        is_off = duty.period.startswith(EVENT) and duty.period not in held
        if duty.sort is Sort.CHECK and duty.said is DutyState.OPEN and (duty.subject not in asked or is_off):
            gone += duties.answer(duty.id, said=DutyState.DROPPED, by="", note=duty.note, now=now)
    return gone


def look_after_leavers(checks: Iterable[Check], *, school: School, duties: DutyStore, now: datetime) -> int:
    """What waits for somebody who has left goes to whoever is asked now, or is dropped; how much. Caller commits."""
    by_id = {check.id: check for check in checks if not check.everybody}
    on, gone = school.calendar.today(now), 0
    for duty in duties.waiting():
        if school.person(duty.person) is not None:
            continue
        gone += 1
        check = by_id.get(duty.subject) if duty.sort is Sort.CHECK else None
        heirs = asked_for(check, school=school, on=on) if check else ()
        if not heirs or not duties.hand(duty.id, person=heirs[0].id):
            duties.answer(duty.id, said=DutyState.DROPPED, by="", note=duty.note, now=now)
    return gone


def last_day(within: int, *, on: date, calendar: Calendar) -> date:
    """So many school days after a day; the calendar's last where it ends before."""
    try:
        return calendar.add_school_days(on, within)
    except BeyondTheCalendarError:
        return max((each.last for each in calendar.half_terms), default=on)


def still_wrong(checks: Iterable[Check], *, duties: DutyStore) -> frozenset[str]:
    """The clauses of those checks of which something is wrong and not put right yet."""
    of = {check.id: check.clauses for check in checks}
    waiting = (each for each in duties.waiting() if each.said is DutyState.WRONG and each.sort is Sort.CHECK)
    return frozenset(clause for duty in waiting for clause in of.get(duty.subject, ()))
