"""Unit: every room's store and the outbox of one school, in one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.wire import NotNowError
from curriculum import ProgressStore
from parents import FamilyStore
from safeguarding import ConcernStore, Receipt, WrappedKey
from school.evidence import EvidenceBook
from school.notices import Lane, Outbox
from school.sensitive import SecretKey, Sensitive


class StorageFault(NotNowError):  # noqa: N818 - its kinds are errors; this is what they have in common
    """The database could not do it: locked, full, gone or of another version. The desk never takes it for an answer."""


class Inbox(Protocol):
    """What has already been handled. Ids, time and outcome; never a body."""

    def first_time(self, *, via: str, transport_id: str | None, semantic_id: str | None, now: datetime) -> bool:
        """Note an arrival; False where either id is already there."""

    def unanswered(self, *, via: str, transport_id: str | None, semantic_id: str | None) -> bool:
        """Whether an arrival was handled, and nobody can say that its answer went out."""

    def answered(self, *, via: str, transport_id: str | None, semantic_id: str | None, now: datetime) -> None:
        """Its answer is with whoever acted, or none was due. The caller commits."""

    def failed(self, *, via: str, transport_id: str, now: datetime) -> int:
        """Count a failure of handling, in its own transaction; how many there have been."""

    def park(self, *, via: str, transport_id: str, now: datetime) -> None:
        """Give up on an arrival: kept as parked, without its words."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """Where somebody stands in a flow of several messages. `held` never contains a person's own words."""

    flow: str
    step: str
    held: Mapping[str, str]
    touched: datetime


class Conversations(Protocol):
    """One conversation for each address of a channel."""

    def current(self, *, via: str, address: str) -> Conversation | None:
        """Where they stand, if anywhere."""

    def keep(self, *, via: str, address: str, conversation: Conversation) -> None:
        """They stand here now."""

    def end(self, *, via: str, address: str) -> None:
        """They stand nowhere."""


@dataclass(frozen=True, kw_only=True)
class DeliveryCounts:
    """How many deliveries are in each state; `by_channel` the same by channel."""

    states: Mapping[str, int]
    by_channel: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """One line for the staff's list: no words, no names. `to` is a kind of recipient, a space and an id."""

    id: str
    page: str
    lane: Lane
    to: str
    channel: str
    state: str
    due: datetime
    reason: str


class DeliveryBook(Protocol):
    """The ledger as staff see it."""

    def counts(self) -> DeliveryCounts:
        """How many in each state."""

    def lines(self, *, limit: int, state: str | None = None) -> tuple[DeliveryLine, ...]:
        """The newest due first."""


class Enrolments(Protocol):
    """One-time codes with which a new recipient sets a passphrase. Kept as hashes."""

    def invite(self, *, code: Sensitive, person: str, now: datetime) -> None:
        """Keep a code for somebody; it holds for 14 days."""

    def use(self, *, code: Sensitive, now: datetime) -> str | None:
        """Whose code it is, once; None where it is unknown, used or too old."""

    def open_until(self, *, person: str, now: datetime) -> datetime | None:
        """When somebody's newest unused code ends; None where they have none that still holds."""


class Vault(Protocol):
    """The slow and the secret: key derivations and random marks, all of it outside any transaction."""

    def receipt(self, school: str) -> Receipt:
        """A fresh receipt; about a tenth of a second."""

    def lookup(self, school: str, typed: Sensitive) -> bytes:
        """What finds the row of a typed receipt. Raises UnknownReceiptError."""

    def sender(self, school: str, *, via: str, address: str) -> str:
        """A keyed hash that recognises a sender's own drafts and nothing else."""

    def reference(self) -> str:
        """A random public reference, such as LP-7KQ4-M2."""

    def pair(self, *, person: str, key_id: UUID, passphrase: Sensitive) -> WrappedKey:
        """A fresh pair for a recipient, wrapped by a passphrase."""

    def unlock(self, keys: Sequence[WrappedKey], passphrase: Sensitive) -> SecretKey:
        """The private half of the newest key. Raises Refusal on a wrong passphrase."""


class Unit(Protocol):
    """One school's stores in one transaction. Rooms get a store; the desk commits."""

    school: str
    inbox: Inbox
    outbox: Outbox
    evidence: EvidenceBook
    progress: ProgressStore
    families: FamilyStore
    concerns: ConcernStore
    conversations: Conversations
    deliveries: DeliveryBook
    enrolments: Enrolments

    def commit(self) -> None:
        """Make it so. Leaving the unit without it undoes everything."""


class Units(Protocol):
    """Opens units. Tenancy lives here: a unit sees one school and no other."""

    def write(self, school: str) -> AbstractContextManager[Unit]:
        """A writing transaction; on SQLite there is one at a time."""

    def read(self, school: str) -> AbstractContextManager[Unit]:
        """A reading transaction; it never waits for a writer."""
