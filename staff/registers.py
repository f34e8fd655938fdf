"""The registers that a school keeps: its devices, its risks, its other policies. An entry, and what happened to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.people import Person, Role
from school.words import Refusal, Text

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


def may_keep(person: Person, register: Register) -> bool:
    """Whether somebody may add to a register, and change it."""
    return person.holds(*KEEPERS[register])


def entry_for(entry_id: UUID | None, *, person: Person, registers: RegisterStore) -> Entry:
    """One that they may change. Raises NoSuchEntryError."""
    entry = registers.one(entry_id) if entry_id else None
    if entry is None or not may_keep(person, entry.register):
        raise NoSuchEntryError
    return entry
