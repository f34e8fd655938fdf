"""What somebody does with a register: add, change, review and end, each written into the trail and as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from school.evidence import Evidence, EvidenceBook
from school.people import Person
from school.words import Refusal, Text
from staff.duties import note_of
from staff.registers import Did, Entry, Happening, NewId, NoSuchEntryError, Register, RegisterStore, may_keep

# More than so many are no register that a school reads through.
MOST_ENTRIES = 500
CLAUSES: Mapping[Register, str] = {Register.DEVICE: "C48", Register.RISK: "C58", Register.POLICY: "C1"}


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """What was typed about an entry, looked at and found good."""

    title: str
    fields: Mapping[str, str]
    holder: str = ""
    due: date | None = None


class ChangedMeanwhileError(Refusal):
    """Somebody else changed it first."""

    text = Text("Somebody changed this a moment before you. Look again, and then go on: what you typed is still here.")


class TitleTakenError(Refusal):
    """It is there already."""

    text = Text("“{title}” is in the register already. Open it there and change it, or give this one another name.")


class RegisterFullError(Refusal):
    """The register is full."""

    text = Text("The register holds {most} entries, and is full. End some that the school doesn't need any more.")


class NothingToReviewError(Refusal):
    """A device has no review of its own."""

    text = Text("Devices are looked over together: choose “I have looked them over” on the list.")


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
