"""What staff need: how sure each is of eight topics, once a year and without names, and the plan that follows."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from school.evidence import EvidenceBook
from school.people import Person
from school.school import School
from school.words import Refusal, Text
from staff.checks import Rhythm, last_day, period_of
from staff.duties import Duty, DutyState, DutyStore, Sort, answer_duty
from staff.learning_book import LearningBook, SureCount
from staff.policy import CONTENT, PolicyFault
from staff.questions import ADVISERS
from staff.training import MODULE_DAYS, Module, learners, new_duty, staff_of

NEEDS, PLAN = "needs-audit", "needs-plan"
AUDIT = "C22"
# The survey is asked in January, so that there are two terms to act on it in; school days to answer in.
MONTH, DAYS = 1, 15
# From 1, not sure, to 4, very sure; from SURE on somebody is sure.
MOST_SURE, SURE = 4, 3
# Fewer answers than these are told to nobody: with a few, colleagues could guess whose each is.
SMALLEST_SHOWN = 5
PLANNED = 3


class Topic(BaseModel):
    """One question of the survey, and the module that helps with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z-]{1,38}$")
    ask: str = Field(max_length=150)
    module: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: tuple[Topic, ...]


@cache
def all_topics(path: Path = CONTENT / "needs.toml") -> tuple[Topic, ...]:
    """The survey's questions in their order. Raises PolicyFault."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text("utf-8"))).topic
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        msg = f"{path}: {error}"
        raise PolicyFault(msg) from error


class NotAnsweredError(Refusal):
    """A question of the survey was left out, or has an answer that is none of the four."""

    text = Text("Please choose one of the four answers for each topic. What you chose is still here.")


class NoPlanError(Refusal):
    """Too few have answered, or it was accepted already."""

    text = Text("There is no plan to accept just now. Look again when the survey is over.")


@dataclass(frozen=True, kw_only=True)
class Warmth:
    """How sure the staff are of one topic: of so many `answers`, how many are `sure`."""

    topic: Topic
    answers: int
    sure: int

    @property
    def percent(self) -> int:
        """Of a hundred, in tens: no single answer shows in it."""
        return round(10 * self.sure / self.answers) * 10 if self.answers else 0


@dataclass(frozen=True, kw_only=True)
class Needs:
    """The survey of a school year: how many answered and of how many; `warmth` by topic once it may be shown."""

    period: str
    asked: int
    answered: int
    warmth: tuple[Warmth, ...]

    @property
    def least(self) -> tuple[Topic, ...]:
        """The topics that people are least sure of, the least first."""
        return tuple(each.topic for each in sorted(self.warmth, key=lambda each: each.sure / each.answers)[:PLANNED])


def lay_survey(*, school: School, duties: DutyStore, new_id: Callable[[datetime], UUID], now: datetime) -> int:
    """Ask everybody on the staff once a school year, from January on; and whoever leads for a plan as it is over.

    How many were asked; nothing on a day off. The caller commits.
    """
    calendar, on = school.calendar, school.calendar.today(now)
    period = period_of(Rhythm.YEARLY, on=on, calendar=calendar, month=MONTH)
    if period is None or on < period.first or not calendar.is_school_day(on):
        return 0
    asked = {each.person for each in _asked(period.id, duties)}
    due, laid = last_day(DAYS, on=on, calendar=calendar), 0

    def lay(subject: str, person: Person) -> int:
        return duties.lay(
            Duty(
                id=new_id(now),
                sort=Sort.SURVEY,
                subject=subject,
                period=period.id,
                person=person.id,
                laid=now,
                due=due,
            )
        )

    for person in staff_of(school):
        laid += lay(NEEDS, person) if person.id not in asked else 0
    plans = duties.of(Sort.SURVEY, subject=PLAN)
    planned = any(each.period == period.id and each.said is not DutyState.DROPPED for each in plans)
    if not planned and _is_over(period.id, duties=duties, on=on):
        leads = school.first_present(*ADVISERS, on=on)
        laid += lay(PLAN, leads[0]) if leads else 0
    return laid


def _asked(period: str, duties: DutyStore, subject: str = NEEDS) -> tuple[Duty, ...]:
    found = duties.of(Sort.SURVEY, subject=subject)
    return tuple(each for each in found if each.period == period and each.said is not DutyState.DROPPED)


def _is_over(period: str, *, duties: DutyStore, on: date) -> bool:
    """Whether enough have answered, and everybody has or had their time."""
    asked = _asked(period, duties)
    waits = [each for each in asked if each.waits]
    enough = len(asked) - len(waits) >= SMALLEST_SHOWN
    return enough and (not waits or on > max(each.due for each in waits))


def answer_survey(
    duty: Duty,
    *,
    said: Mapping[str, str],
    person: Person,
    duties: DutyStore,
    book: LearningBook,
    evidence: EvidenceBook,
    now: datetime,
) -> None:
    """Count an answer to each topic, and keep of the person that they answered. The caller commits.

    Raises NotAnsweredError, and DoneAlreadyError as answer_duty.
    """
    known = {str(sure): sure for sure in range(1, MOST_SURE + 1)}
    sure = {topic.id: known.get(said.get(topic.id, "")) for topic in all_topics()}
    if None in sure.values():
        raise NotAnsweredError
    # First, so that a second tap counts nothing.
    answer_duty(
        duty,
        said=DutyState.DONE,
        note="",
        clauses=(AUDIT,),
        person=person,
        duties=duties,
        evidence=evidence,
        now=now,
    )
    for topic, chosen in sure.items():
        if chosen is not None:
            book.count(period=duty.period, topic=topic, sure=chosen)


def needs_of(period: str, *, duties: DutyStore, book: LearningBook, on: date) -> Needs:
    """How the survey of a school year stands. Nothing by topic before it is over, or from fewer than five."""
    asked = _asked(period, duties)
    answered = sum(not each.waits for each in asked)
    over = _is_over(period, duties=duties, on=on)
    warmth = _warmth(book.counts(period=period)) if over else ()
    return Needs(period=period, asked=len(asked), answered=answered, warmth=warmth)


def _warmth(counts: Sequence[SureCount]) -> tuple[Warmth, ...]:
    found = []
    for topic in all_topics():
        here = [each for each in counts if each.topic == topic.id]
        answers = sum(each.answers for each in here)
        if answers >= SMALLEST_SHOWN:
            sure = sum(each.answers for each in here if each.sure >= SURE)
            found.append(Warmth(topic=topic, answers=answers, sure=sure))
    return tuple(found)


def accept_plan(
    duty: Duty,
    modules: Sequence[Module],
    *,
    school: School,
    person: Person,
    duties: DutyStore,
    book: LearningBook,
    evidence: EvidenceBook,
    new_id: Callable[[datetime], UUID],
    now: datetime,
) -> int:
    """Bring forward the modules of the three topics that people are least sure of; how many were asked of somebody.

    Whoever has done one this school year already is asked once more, under a period of its own. The caller commits.
    Raises NoPlanError, and DoneAlreadyError as answer_duty.
    """
    on = school.calendar.today(now)
    standing = needs_of(duty.period, duties=duties, book=book, on=on)
    if not standing.least:
        raise NoPlanError
    wanted = [topic.module for topic in standing.least]
    chosen = [module for module in modules if module.id in wanted]
    answer_duty(
        duty,
        said=DutyState.DONE,
        note="",
        clauses=(AUDIT,),
        person=person,
        duties=duties,
        evidence=evidence,
        now=now,
    )
    due, laid = last_day(MODULE_DAYS, on=on, calendar=school.calendar), 0
    waiting = {(each.person, each.subject) for each in duties.waiting()}
    for module in chosen:
        had = {each.person for each in duties.of(Sort.MODULE, subject=module.id) if each.period == duty.period}
        for learner in learners(module.front, school=school):
            if (learner.id, module.id) in waiting:
                continue
            period = f"{duty.period}-again" if learner.id in had else duty.period
            again = new_duty(Sort.MODULE, module, period=period, person=learner.id, due=due, id=new_id(now), now=now)
            laid += duties.lay(again)
    return laid
