"""Duties: what one member of staff is asked for, by when, and what they said. Checks, signatures and training alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.evidence import Evidence, EvidenceBook
from school.people import Person, Role
from school.school import School
from school.words import Refusal, Text

# Whoever sees to it that duties are done, and may answer for somebody who is away.
MINDERS = frozenset({Role.HEAD, Role.ESAFETY_LEAD})
NOTE_LENGTH = 300


class Sort(StrEnum):
    """What is asked for: that something was looked at, a signature, or a module of training; a month's scenario.

    SURVEY asks how sure somebody is, and of a lead what follows from it; MEETING whether somebody was at one.
    """

    CHECK = "check"
    SIGN = "sign"
    MODULE = "module"
    SCENARIO = "scenario"
    SURVEY = "survey"
    MEETING = "meeting"


class DutyState(StrEnum):
    """OPEN: nothing yet. WRONG: something is wrong and not put right yet. DROPPED: whoever it was for has left.

    ASIDE: it doesn't concern the school, and the note says why.
    """

    OPEN = "open"
    DONE = "done"
    WRONG = "wrong"
    DROPPED = "dropped"
    ASIDE = "aside"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One of them. `subject` is a check's id or a page's, `version` the page's (0 for a check), `period` its time.

    A person has one duty for a subject, version and period. `due` is the last day on which it is in time; `stage` is
    how often somebody was told of it. `step` and `right` are how far a module has come: steps read, answers right.
    """

    id: UUID
    sort: Sort
    subject: str
    period: str
    person: str
    laid: datetime
    due: date
    version: int = 0
    said: DutyState = DutyState.OPEN
    said_at: datetime | None = None
    said_by: str = ""
    note: str = ""
    stage: int = 0
    step: int = 0
    right: int = 0

    @property
    def waits(self) -> bool:
        """Whether anybody still has to do something."""
        return self.said in {DutyState.OPEN, DutyState.WRONG}


class DutyStore(Protocol):
    """Where a school's duties are kept. The caller commits."""

    def lay(self, duty: Duty) -> bool:
        """A new one; False where the person has it already. One of theirs that was dropped waits anew."""

    def one(self, duty_id: UUID) -> Duty | None:
        """One by its id."""

    def waiting(self, *, person: str | None = None) -> tuple[Duty, ...]:
        """Those that wait, of one person or of everybody, the first due on top."""

    def of(self, sort: Sort, *, subject: str | None = None, since: datetime | None = None) -> tuple[Duty, ...]:
        """Every one of a sort, of one subject or of all, laid since an instant; whatever became of it, newest first."""

    def lay_again(self, duty_id: UUID, *, laid: datetime, due: date) -> bool:
        """One that was dropped waits anew, from its beginning; False where it was not dropped."""

    def answer(
        self, duty_id: UUID, *, said: DutyState, by: str, note: str, now: datetime, was: DutyState | None = None
    ) -> bool:
        """What was said; False where it does not wait any more, or is not as it `was`: somebody answered meanwhile."""

    def move(self, duty_id: UUID, *, was: int, step: int, right: int) -> bool:
        """How far a module has come; False where it was at another step than `was`: somebody tapped twice."""

    def tell(self, duty_ids: Sequence[UUID], *, stage: int) -> None:
        """Somebody was told of them so often."""

    def hand(self, duty_id: UUID, *, person: str) -> bool:
        """It is somebody else's now; False where it does not wait, or they have it already."""


class NoSuchDutyError(Refusal):
    """There is none by that id, or it is somebody else's."""

    text = Text("That isn't yours to answer, or it isn't there any more. Look at your list again.")


class DoneAlreadyError(Refusal):
    """It does not wait any more."""

    text = Text("This was answered already. Look at your list for what still waits.")


class WrongMeanwhileError(Refusal):
    """It was open when they looked, and a colleague says by now that something is wrong."""

    text = Text(
        "A colleague has said meanwhile that something is wrong. Is it put right? What you wrote is still here."
    )


class NoteMissingError(Refusal):
    """Something is wrong, and it is not said what."""

    text = Text("Say in a few words what is wrong, so that somebody can put it right. Nothing is lost.")


class ReasonMissingError(Refusal):
    """It is said not to concern the school, and not why."""

    text = Text("Say in a few words why it doesn't concern your school. Nothing is lost.")


class LongNoteError(Refusal):
    """The note is too long."""

    text = Text("A note has room for {most} characters. Please make it shorter; what you wrote is still here.")


def note_of(typed: str) -> str:
    """A note in one line. Raises LongNoteError."""
    note = " ".join(typed.split())
    if len(note) > NOTE_LENGTH:
        raise LongNoteError(most=NOTE_LENGTH)
    return note


def duty_for(duty_id: UUID | None, *, person: Person, school: School, duties: DutyStore, on: date) -> Duty:
    """One that they may answer: their own, or any for whoever minds them that day. Raises NoSuchDutyError."""
    duty = duties.one(duty_id) if duty_id else None
    if duty is None or (duty.person != person.id and not minds(person, school=school, on=on)):
        raise NoSuchDutyError
    return duty


def minders(school: School, *, on: date) -> tuple[Person, ...]:
    """Whoever sees to others' duties on a day: the minders who are in, or else whoever leads on safeguarding."""
    found = {person.id: person for role in sorted(MINDERS) for person in school.present(role, on=on)}
    return tuple(found.values()) or school.first_present(Role.DSL, Role.DEPUTY_DSL, on=on)


def minds(person: Person, *, school: School, on: date) -> bool:
    """Whether somebody sees to others' duties on a day: by office always, or as they stand in."""
    return person.holds(*MINDERS) or person.id in {each.id for each in minders(school, on=on)}


def answer_duty(
    duty: Duty,
    *,
    said: DutyState,
    note: str,
    clauses: Sequence[str],
    person: Person,
    duties: DutyStore,
    evidence: EvidenceBook,
    now: datetime,
) -> Duty:
    """Write down what was said, and the evidence for each clause; the duty as it is now. The caller commits.

    That something is wrong is evidence too: somebody looked. The note stands in no evidence. Raises NoteMissingError,
    ReasonMissingError, LongNoteError or DoneAlreadyError.
    """
    typed = note_of(note)
    if said is DutyState.WRONG and not typed:
        raise NoteMissingError
    if said is DutyState.ASIDE and not typed:
        raise ReasonMissingError
    # What was wrong is still read when it is put right.
    kept = " / ".join(filter(None, (duty.note, typed)))
    if not duty.waits or not duties.answer(duty.id, said=said, by=person.id, note=kept, now=now, was=duty.said):
        raise DoneAlreadyError
    words = {
        DutyState.WRONG: "something is wrong",
        DutyState.DONE: "put right" if duty.said is DutyState.WRONG else "done",
        DutyState.ASIDE: "does not concern us",
    }
    what = f"{duty.subject}, {duty.period}: {words.get(said, said.value)}"
    for clause in clauses:
        evidence.write(Evidence(clause=clause, kind=f"{duty.sort}.{said}", when=now, what=what, by=person.id))
    return replace(duty, said=said, said_at=now, said_by=person.id, note=kept)
