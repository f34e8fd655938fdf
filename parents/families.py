"""Families: a chat that subscribes, what it consented to, and the store of both. No names, ever."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class FamilyState(StrEnum):
    """Whether they may be written to, and if not, why."""

    ACTIVE = "active"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


class Event(StrEnum):
    """What happened to a family's consent."""

    JOINED = "joined"
    LANGUAGE = "language"
    LEFT = "left"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A link that a school hands out. `code` is 8 characters and travels inside a signed deep link.

    `class_id` is empty for news of the whole school.
    """

    code: str
    class_id: str
    created: datetime
    revoked: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Family:
    """One chat with one adult. `classes` are ids; an empty tuple takes the news of the whole school."""

    id: UUID
    via: str
    address: str
    lang: str
    classes: tuple[str, ...]
    state: FamilyState
    joined: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentEvent:
    """One line of the consent log, which is only ever added to. `wording` is the page and version that was shown."""

    family: UUID
    event: Event
    wording: str
    lang: str
    source: str
    when: datetime


class FamilyStore(Protocol):
    """Families of one school."""

    def invitation(self, code: str) -> Invitation | None:
        """The invitation with this code, revoked or not."""

    def invitation_for(self, class_id: str) -> Invitation | None:
        """The newest invitation of a class that is not revoked."""

    def add_invitation(self, invitation: Invitation) -> None:
        """Keep a new one."""

    def by_address(self, *, via: str, address: str) -> Family | None:
        """The family behind a chat."""

    def get(self, family_id: UUID) -> Family | None:
        """By our own id."""

    def get_many(self, family_ids: Collection[UUID]) -> Mapping[UUID, Family]:
        """Those of them that there are, by id."""

    def save(self, family: Family) -> None:
        """Add it, or keep its new state."""

    def moved(self, *, via: str, old: str, new: str) -> None:
        """The platform gave a chat another address."""

    def note(self, event: ConsentEvent) -> None:
        """Add to the consent log."""

    def events(self, family_id: UUID) -> tuple[ConsentEvent, ...]:
        """A family's consent log, oldest first."""

    def active(self) -> Iterator[Family]:
        """Everybody who may be written to."""

    def audience(self, *, after: UUID | None, until: datetime, limit: int) -> Sequence[Family]:
        """The next so many who may be written to and had joined by an instant, in the order of their ids."""

    def audience_size(self, *, until: datetime) -> int:
        """How many who may be written to had joined by an instant."""
