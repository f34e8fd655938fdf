"""What somebody who leads on e-safety learns outside of school: a log of their own."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from school.evidence import Evidence, EvidenceBook
from school.people import Person
from school.words import Refusal, Text
from staff.days import day_typed
from staff.learning_book import CpdEntry, LearningBook

CPD = "C24"
WHAT_LENGTH = 200
MOST_MINUTES = 40 * 60
# What is older belongs to another year's log.
OLDEST = timedelta(days=730)


class NothingSaidError(Refusal):
    """It does not say what was learnt."""

    text = Text("Say in a few words what it was, such as “Webinar on AI and images”. What you typed is still here.")


class LongCpdError(Refusal):
    """Too many characters."""

    text = Text("There is room for {most} characters. Please make it shorter; what you typed is still here.")


class NoDayError(Refusal):
    """Not a day, one to come, or one long past."""

    text = Text("Write the day as 24/11/2026. It may be today or up to two years ago.")


class NoMinutesError(Refusal):
    """Not a number of minutes."""

    text = Text("Write how many minutes it took, as a whole number such as 90.")


def log_cpd(
    *,
    what: str,
    day: str,
    minutes: str,
    person: Person,
    book: LearningBook,
    evidence: EvidenceBook,
    on: date,
    new_id: Callable[[datetime], UUID],
    now: datetime,
) -> CpdEntry:
    """Keep an entry, and the evidence for it; its words stand in no evidence. The caller commits.

    Raises NothingSaidError, LongCpdError, NoDayError or NoMinutesError.
    """
    said = " ".join(what.split())
    if not said:
        raise NothingSaidError
    if len(said) > WHAT_LENGTH:
        raise LongCpdError(most=WHAT_LENGTH)
    took = minutes.strip()
    if not re.fullmatch(r"[0-9]{1,4}", took) or not 1 <= int(took) <= MOST_MINUTES:
        raise NoMinutesError
    entry = CpdEntry(id=new_id(now), person=person.id, day=_day(day, on=on), minutes=int(took), what=said, at=now)
    book.log(entry)
    evidence.write(
        Evidence(clause=CPD, kind="cpd.logged", when=now, what=f"{entry.minutes} minutes, {entry.day}", by=person.id)
    )
    return entry


def _day(typed: str, *, on: date) -> date:
    day = day_typed(typed)
    if day is None or not on - OLDEST <= day <= on:
        raise NoDayError
    return day
