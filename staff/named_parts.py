"""The role register: who has each named part, who stands in, and an alarm where nobody does, or one person alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from school.notices import Notice, Outbox, To
from school.people import Person, Role
from school.school import School
from staff.approving import seats_for, vacant
from staff.nudges import calm_day

PAGE = "roles-vacant"
DATA_PROTECTION = "data_protection"
# The offices that a school's safety hangs on, in the order in which they are read.
NAMED_PARTS = (*(Role.HEAD, Role.CHAIR_OF_GOVERNORS, Role.DSL, Role.DEPUTY_DSL, Role.ESAFETY_LEAD, Role.TECHNICIAN),)
# In plain words, for whoever is told.
CALLED: Mapping[str, str] = {
    Role.HEAD: "the head",
    Role.CHAIR_OF_GOVERNORS: "the chair of governors",
    Role.DSL: "the safeguarding lead",
    Role.DEPUTY_DSL: "the deputy safeguarding lead",
    Role.ESAFETY_LEAD: "the e-safety lead",
    Role.TECHNICIAN: "the technician",
    "unblock": "a yes to unblocking a site",
    "install": "a yes to a program",
    "research": "a yes to a research topic",
}
# Where one person alone is too few: safeguarding and what is technical.
NEVER_ALONE = frozenset({Role.DSL, Role.ESAFETY_LEAD, Role.TECHNICIAN})
APPROVALS = ("unblock", "install", "research")


class Alarm(StrEnum):
    """VACANT: nobody has the part. ALONE: one person has it, and nobody stands in."""

    VACANT = "vacant"
    ALONE = "alone"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A named part, by a role's name, `data_protection`, or the kind of request that its people say yes to."""

    id: str
    holders: tuple[Person, ...]
    deputies: tuple[Person, ...] = ()
    alarm: Alarm | None = None


def role_register(school: School, *, on: date) -> tuple[Part, ...]:
    """Every part as the school file has it; whoever is away on the day still has theirs."""
    return (*(_office(role, school) for role in NAMED_PARTS), _data_protection(school), *_approvals(school, on))


def alarms(school: School, *, on: date) -> tuple[Part, ...]:
    """Those parts that somebody has to be found for."""
    return tuple(part for part in role_register(school, on=on) if part.alarm)


def _office(role: Role, school: School) -> Part:
    held = school.holders(role)
    stand_ins = school.holders(Role.DEPUTY_DSL) if role is Role.DSL else _named(school, role)
    deputies = tuple(each for each in stand_ins if each not in held)
    alarm = None
    if not held:
        alarm = Alarm.VACANT
    elif role in NEVER_ALONE and len({*_ids(held), *_ids(deputies)}) == 1:
        alarm = Alarm.ALONE
    return Part(id=role.value, holders=held, deputies=deputies, alarm=alarm)


def _named(school: School, role: Role) -> tuple[Person, ...]:
    ids = school.approvers.deputies.get(role, ())
    return tuple(person for each in ids if (person := school.person(each)) is not None)


def _ids(people: tuple[Person, ...]) -> frozenset[str]:
    return frozenset(person.id for person in people)


def _data_protection(school: School) -> Part:
    """No alarm: it may well be somebody outside, and Lollipop knows only of whom the file names."""
    person = school.person(school.data_protection)
    return Part(id=DATA_PROTECTION, holders=(person,) if person else ())


def _approvals(school: School, on: date) -> Iterator[Part]:
    """Whose yes each kind of request needs; vacant where it could not get them all."""
    for kind in APPROVALS:
        roles: tuple[Role, ...] = getattr(school.approvers, kind)
        seats = seats_for([(role,) for role in roles], asked_by="", school=school, on=on)
        held = {person.id: person for role in roles for person in school.holders(role)}
        stand_ins = {person.id: person for role in roles for person in _named(school, role) if person.id not in held}
        alarm = Alarm.VACANT if vacant(seats) else None
        yield Part(id=kind, holders=tuple(held.values()), deputies=tuple(stand_ins.values()), alarm=alarm)


def tell_of_vacancies(*, school: School, outbox: Outbox, now: datetime) -> int:
    """Tell the head which parts are vacant or held alone, once a term for the same ones; how many were told.

    Nothing at any other hour than a calm one. The caller commits.
    """
    due = calm_day(school.calendar, now=now)
    if due is None:
        return 0
    day = school.calendar.today(due)
    found = alarms(school, on=day)
    if not found:
        return 0
    half = school.calendar.half_term(day)
    term = f"{school.calendar.year_began(day).year}-{half.id.partition('-')[0] if half else ''}"
    which = sha256(",".join(f"{part.id}.{part.alarm}" for part in found).encode()).hexdigest()[:12]
    parts = "; ".join(said_alarm(part) for part in found)
    return sum(
        outbox.leave(
            Notice(
                key=f"{PAGE}:{term}:{which}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=PAGE,
                values={"parts": parts},
                due=due,
            )
        )
        for person in school.first_present(Role.HEAD, Role.DSL, Role.CHAIR_OF_GOVERNORS, on=day)
    )


def said_alarm(part: Part) -> str:
    """A part that somebody has to be found for, in plain words."""
    why = "nobody" if part.alarm is Alarm.VACANT else f"{part.holders[0].name} alone"
    return f"{CALLED[part.id]} ({why})"
