"""The registers that a school keeps: its devices, its risks, its other policies. An entry, and what happened to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.evidence import Evidence, EvidenceBook
from school.people import Person, Role
from school.words import Refusal, Text
from staff.duties import note_of

# More than so many are no register that a school reads through.
MOST_ENTRIES = 500
NewId = Callable[[datetime], UUID]


class Register(StrEnum):
    """Which register an entry stands in."""

    DEVICE = "device"
    RISK = "risk"
    POLICY = "policy"


class Did(StrEnum):
    """What happened to an entry. LEFT: whoever had it, or owned it, is no longer in the school file."""

    ADDED = "added"
    CHANGED = "changed"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    OUT = "out"
    OFF_SITE = "off_site"
    BACK = "back"
    LOST = "lost"
    LEFT = "left"


# Who adds, changes, reviews and ends entries.
KEEPERS: Mapping[Register, frozenset[Role]] = {
    Register.DEVICE: frozenset({Role.TECHNICIAN, Role.HEAD, Role.ESAFETY_LEAD}),
    Register.RISK: frozenset({Role.HEAD, Role.ESAFETY_LEAD, Role.DSL, Role.DEPUTY_DSL}),
    Register.POLICY: frozenset({Role.HEAD, Role.ESAFETY_LEAD, Role.DSL, Role.DEPUTY_DSL, Role.CHAIR_OF_GOVERNORS}),
}
CLAUSES: Mapping[Register, str] = {Register.DEVICE: "C48", Register.RISK: "C58", Register.POLICY: "C1"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry. `holder` is the id of whoever has a device, or owns a risk or a policy; empty for nobody.

    `fields` are what its register asks beside the title. `due` is the day of the next review, None for a device.
    `stage` is how often somebody was told of that review; `version` grows with every change.
    """

    id: UUID
    register: Register
    title: str
    made: datetime
    made_by: str
    fields: Mapping[str, str] = field(default_factory=dict)
    holder: str = ""
    due: date | None = None
    version: int = 1
    stage: int = 0
    closed: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What somebody did with an entry; `by` is empty where nobody did it, as when a colleague left."""

    id: UUID
    entry: UUID
    at: datetime
    by: str
    did: Did
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """What was typed about an entry, looked at and found good."""

    title: str
    fields: Mapping[str, str]
    holder: str = ""
    due: date | None = None


class RegisterStore(Protocol):
    """Where a school's registers are kept. The caller commits. What is closed is found by nobody."""

    def add(self, entry: Entry) -> None:
        """A new one."""

    def one(self, entry_id: UUID) -> Entry | None:
        """One by its id."""

    def open(self, register: Register) -> tuple[Entry, ...]:
        """Those of a register, the oldest first."""

    def change(self, entry: Entry, *, was: int) -> bool:
        """It is so now; False where its version is not `was` any more: somebody else was quicker."""

    def tell(self, entry_ids: Sequence[UUID], *, stage: int) -> None:
        """Somebody was told of them so often."""

    def note(self, happening: Happening) -> None:
        """What happened to one."""

    def trail(self, entry_id: UUID, *, limit: int) -> tuple[Happening, ...]:
        """What happened to one, the newest first."""


class NoSuchEntryError(Refusal):
    """There is none by that id, or it is for other eyes."""

    text = Text("That isn't in the register any more, or it is for a colleague to change. Look at the list again.")


class ChangedMeanwhileError(Refusal):
    """Somebody else changed it first."""

    text = Text("Somebody changed this a moment before you. Look at it again; what you typed is still here.")


class TitleTakenError(Refusal):
    """It is there already."""

    text = Text("“{title}” is in the register already. Open it there and change it, or give this one another name.")


class RegisterFullError(Refusal):
    """The register is full."""

    text = Text("The register holds {most} entries, and is full. End some that the school doesn't need any more.")


class NothingToReviewError(Refusal):
    """A device has no review of its own."""

    text = Text("Devices are looked over together: choose “I have looked them over” on the list.")


def may_keep(person: Person, register: Register) -> bool:
    """Whether somebody may add to a register, and change it."""
    return person.holds(*KEEPERS[register])


def entry_for(entry_id: UUID | None, *, person: Person, registers: RegisterStore) -> Entry:
    """One that they may change. Raises NoSuchEntryError."""
    entry = registers.one(entry_id) if entry_id else None
    if entry is None or not may_keep(person, entry.register):
        raise NoSuchEntryError
    return entry


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Whoever acts on a register, with what they write in; `on` is the school's day. The caller commits."""

    person: Person
    registers: RegisterStore
    evidence: EvidenceBook
    new_id: NewId
    on: date
    now: datetime

    def add(self, register: Register, drafted: Drafted, *, taken: Sequence[str] | None = None) -> Entry:
        """A new entry; `taken` are the titles that are there, where the caller knows.

        Raises NoSuchEntryError, TitleTakenError or RegisterFullError.
        """
        if not may_keep(self.person, register):
            raise NoSuchEntryError
        there = [each.title for each in self.registers.open(register)] if taken is None else taken
        if len(there) >= MOST_ENTRIES:
            raise RegisterFullError(most=MOST_ENTRIES)
        if same_title(drafted.title, there):
            raise TitleTakenError(title=drafted.title[:80])
        entry = Entry(
            id=self.new_id(self.now),
            register=register,
            title=drafted.title,
            fields=drafted.fields,
            holder=drafted.holder,
            due=drafted.due,
            made=self.now,
            made_by=self.person.id,
        )
        self.registers.add(entry)
        self.tell(entry, Did.ADDED)
        return entry

    def change(self, entry: Entry, drafted: Drafted, *, was: int) -> Entry:
        """What was typed stands instead; `was` is the version that was looked at.

        Raises TitleTakenError or ChangedMeanwhileError.
        """
        others = [each.title for each in self.registers.open(entry.register) if each.id != entry.id]
        if same_title(drafted.title, others):
            raise TitleTakenError(title=drafted.title[:80])
        # Where a device is, and who has it, is not the form's to say.
        kept = {**entry.fields, **drafted.fields}
        holder = entry.holder if entry.register is Register.DEVICE else drafted.holder
        stage = entry.stage if drafted.due == entry.due and holder == entry.holder else 0
        new = replace(entry, title=drafted.title, fields=kept, holder=holder, due=drafted.due, stage=stage)
        return self.keep(new, Did.CHANGED, was=was)

    def review(self, entry: Entry, *, note: str, was: int) -> Entry:
        """Looked at again, today; the next time is in a year. A policy is approved anew by it.

        Raises NothingToReviewError, LongNoteError or ChangedMeanwhileError.
        """
        if entry.due is None:
            raise NothingToReviewError
        anew = {"approved": self.on.isoformat()} if entry.register is Register.POLICY else {}
        new = replace(entry, fields={**entry.fields, **anew}, due=in_a_year(self.on), stage=0)
        return self.keep(new, Did.REVIEWED, was=was, note=note)

    def close(self, entry: Entry, *, note: str, was: int) -> None:
        """It ends, and its trail stays. Raises LongNoteError or ChangedMeanwhileError."""
        self.keep(replace(entry, closed=self.now, holder=""), Did.CLOSED, was=was, note=note)

    def keep(self, entry: Entry, did: Did, *, was: int, note: str = "") -> Entry:
        """It is so now, and what was done is written down. Raises LongNoteError or ChangedMeanwhileError."""
        said = note_of(note)
        if not self.registers.change(entry, was=was):
            raise ChangedMeanwhileError
        self.tell(entry, did, note=said)
        return replace(entry, version=was + 1)

    def tell(self, entry: Entry, did: Did, *, note: str = "") -> None:
        """Into the trail, and as evidence: of what was typed, a device's label and a policy's area, and no more."""
        happening = Happening(
            id=self.new_id(self.now), entry=entry.id, at=self.now, by=self.person.id, did=did, note=note
        )
        self.registers.note(happening)
        self.prove(CLAUSES[entry.register], entry.register, f"{_named(entry)}: {did}")
        if did is Did.OFF_SITE:
            why = "encrypted" if entry.fields.get("encrypted") == "yes" else "nothing personal on it"
            self.prove("C44", entry.register, f"{entry.title}: off site, {why}")

    def prove(self, clause: str, what: str, said: str) -> None:
        """One act for a clause."""
        kind = f"register.{what}"
        self.evidence.write(Evidence(clause=clause, kind=kind, when=self.now, what=said, by=self.person.id))


def _named(entry: Entry) -> str:
    fields = entry.fields
    return {
        Register.DEVICE: entry.title,
        Register.RISK: f"a risk of {fields.get('likelihood')} times {fields.get('impact')}",
        Register.POLICY: f"the policy on {fields.get('area')}",
    }[entry.register]


def same_title(title: str, there: Sequence[str]) -> bool:
    """Whether it is there, whatever the capitals and spaces."""
    return " ".join(title.split()).casefold() in {" ".join(each.split()).casefold() for each in there}


def in_a_year(day: date) -> date:
    """The same day of the next year; 28 February after a 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
