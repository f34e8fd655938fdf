"""Families: a chat that subscribes, what it consented to, and the store of both. No names, ever."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.people import YearGroup
from school.words import Refusal, Text


class FamilyState(StrEnum):
    """Whether they may be written to, and if not, why."""

    ACTIVE = "active"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


class Frequency(StrEnum):
    """How much a family hears: all that goes out, or the newsletter alone."""

    EVERYTHING = "everything"
    NEWSLETTER = "newsletter"


class Event(StrEnum):
    """What happened to a family's consent."""

    JOINED = "joined"
    CHILD = "child"
    LANGUAGE = "language"
    CLASS_LEFT = "class_left"
    YEARS = "years"
    FREQUENCY = "frequency"
    LEFT = "left"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A link that a school hands out. `code` is 8 characters and travels inside a signed deep link.

    `class_id` is empty for news of the whole school, and for an invitation to an event, which says whose it is.
    """

    code: str
    class_id: str
    created: datetime
    revoked: datetime | None = None
    event_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Family:
    """One chat with one adult. `classes` are ids, and `years` are for who follows no class alone.

    With neither, it takes the news of the whole school.
    """

    id: UUID
    via: str
    address: str
    lang: str
    classes: tuple[str, ...]
    state: FamilyState
    joined: datetime
    years: tuple[YearGroup, ...] = ()
    frequency: Frequency = Frequency.EVERYTHING


@dataclass(frozen=True, kw_only=True)
class Alike:
    """So many families that are alike in all that decides what they get. `family` stands for them, with no address.

    `late`: they joined after the instant that was asked for.
    """

    family: Family
    number: int
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class ConsentEvent:
    """One line of the consent log, which is only ever added to. `wording` is the page and version that was shown.

    `detail` is what was chosen: the id of a class joined or left, codes of year groups with commas, a frequency, or
    the school's own code of a child.
    """

    family: UUID
    event: Event
    wording: str
    lang: str
    source: str
    when: datetime
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message to a family, as the ledger has it: what is asked for with all that is kept about somebody."""

    page: str
    part: str
    via: str
    state: str
    due: datetime
    external_id: str
    key: str
    values: Mapping[str, str]


class ForgottenChatError(Refusal):
    """A chat that asked to be forgotten was about to be kept again, by something else than a tap of its own."""

    text = Text("This chat asked to be forgotten. It is only kept again when somebody in it joins again with a link.")


class FamilyStore(Protocol):
    """Families of one school."""

    def invitation(self, code: str) -> Invitation | None:
        """The invitation with this code, revoked or not."""

    def invitation_for(self, class_id: str, *, event_id: str = "") -> Invitation | None:
        """The newest invitation of a class, or to an event, that is not revoked."""

    def add_invitation(self, invitation: Invitation) -> None:
        """Keep a new one."""

    def revoke(self, class_id: str, *, now: datetime, event_id: str = "") -> int:
        """Take back every invitation of a class, or to an event; how many. Whoever joined with one stays."""

    def by_address(self, *, via: str, address: str) -> Family | None:
        """The family behind a chat."""

    def get(self, family_id: UUID) -> Family | None:
        """By our own id."""

    def get_many(self, family_ids: Collection[UUID]) -> Mapping[UUID, Family]:
        """Those of them that there are, by id."""

    def save(self, family: Family) -> None:
        """Add it, or keep its new state; one that is not active loses every child. Raises ForgottenChatError."""

    def moved(self, *, via: str, old: str, new: str) -> None:
        """The platform gave a chat another address. One that is to stay forgotten is forgotten there too."""

    def sent(self, family_id: UUID) -> tuple[Sent, ...]:
        """What the ledger has for a family, oldest first."""

    def erase(self, family_id: UUID, *, now: datetime) -> bool:
        """Destroy all that leads to a family but a keyed hash of its address; False where there is none.

        What was sent is still counted, for nobody.
        """

    def forgotten(self, *, via: str, address: str) -> bool:
        """Whether a chat was erased, and did not join again."""

    def remember(self, *, via: str, address: str) -> None:
        """It joins again: it may be kept."""

    def note(self, event: ConsentEvent) -> None:
        """Add to the consent log."""

    def events(self, family_id: UUID) -> tuple[ConsentEvent, ...]:
        """A family's consent log, oldest first."""

    def active(self) -> Iterator[Family]:
        """Everybody who may be written to."""

    def audience(self, *, after: UUID | None, until: datetime, limit: int) -> Sequence[Family]:
        """The next so many who may be written to and had joined by an instant, in the order of their ids."""

    def alike(self, *, joined_by: datetime | None = None) -> Sequence[Alike]:
        """Every family that is kept, of whatever state, counted with those that are like it."""

    def audience_size(self, *, until: datetime) -> int:
        """How many who may be written to had joined by an instant."""
