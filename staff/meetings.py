"""Meetings at which the policy is talked about: who was there, and who read about it afterwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pages import Shelf
from school.evidence import Evidence, EvidenceBook
from school.people import Person
from school.school import School
from school.words import Refusal, Text
from staff.checks import last_day
from staff.duties import Duty, DutyState, DutyStore, Sort, answer_duty
from staff.training import staff_of

TALKED = "C25"
# The pages that say what is talked about, by the kind of meeting.
INSET, STAFF_MEETING = "inset", "staff-meeting"
KINDS = (INSET, STAFF_MEETING)
# School days to say so in, and how old a meeting may be when its roll is opened.
DAYS, OLDEST = 5, timedelta(days=60)
# What stands in the answer of whoever was away and read about it.
READ = "read afterwards"


class NoSuchMeetingError(Refusal):
    """A day that cannot be, or a kind that there is not."""

    text = Text("Choose the kind of meeting, and write its day as 24/11/2026: today, or up to two months ago.")


class OpenAlreadyError(Refusal):
    """Its roll is open."""

    text = Text("The roll of that meeting is open already. It stands in the list.")


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One with its roll. `there` and `read` are how many said so; `open` is who has said nothing."""

    kind: str
    day: date
    there: int
    read: int
    open: tuple[Person, ...]


def open_roll(
    kind: str,
    *,
    day: date,
    school: School,
    shelf: Shelf,
    person: Person,
    duties: DutyStore,
    evidence: EvidenceBook,
    new_id: Callable[[datetime], UUID],
    now: datetime,
) -> int:
    """Ask all staff whether they were there; how many. That it took place is evidence. The caller commits.

    Raises NoSuchMeetingError or OpenAlreadyError.
    """
    on = school.calendar.today(now)
    if kind not in KINDS or not on - OLDEST <= day <= on:
        raise NoSuchMeetingError
    if any(each.period == day.isoformat() for each in duties.of(Sort.MEETING, subject=kind)):
        raise OpenAlreadyError
    version, due = shelf.get(kind, "en").version, last_day(DAYS, on=on, calendar=school.calendar)
    laid = 0
    for each in staff_of(school):
        duty = Duty(
            id=new_id(now),
            sort=Sort.MEETING,
            subject=kind,
            version=version,
            period=day.isoformat(),
            person=each.id,
            laid=now,
            due=due,
        )
        laid += duties.lay(duty)
    what = f"{kind}, {day.isoformat()}: roll opened for {laid}"
    evidence.write(Evidence(clause=TALKED, kind="meeting.opened", when=now, what=what, by=person.id))
    return laid


def say_there(
    duty: Duty,
    *,
    there: bool,
    person: Person,
    duties: DutyStore,
    evidence: EvidenceBook,
    now: datetime,
) -> Duty:
    """They were there, or were away and have read it since. The caller commits. Raises DoneAlreadyError."""
    return answer_duty(
        duty,
        said=DutyState.DONE,
        note="" if there else READ,
        clauses=(TALKED,),
        person=person,
        duties=duties,
        evidence=evidence,
        now=now,
    )


def meetings_of(*, school: School, duties: DutyStore, limit: int) -> tuple[Meeting, ...]:
    """The newest on top; nobody who has left."""
    found: dict[tuple[str, str], list[Duty]] = {}
    for duty in duties.of(Sort.MEETING):
        if duty.said is not DutyState.DROPPED:
            found.setdefault((duty.period, duty.subject), []).append(duty)
    newest = sorted(found, reverse=True)[:limit]
    return tuple(_meeting(kind, period, found[period, kind], school) for period, kind in newest)


def _meeting(kind: str, period: str, asked: Iterable[Duty], school: School) -> Meeting:
    theirs = list(asked)
    done = [each for each in theirs if each.said is DutyState.DONE]
    waits = sorted(each.person for each in theirs if each.waits)
    return Meeting(
        kind=kind,
        day=date.fromisoformat(period),
        there=sum(each.note != READ for each in done),
        read=sum(each.note == READ for each in done),
        open=tuple(person for each in waits if (person := school.person(each))),
    )
