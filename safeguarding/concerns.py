"""A concern and the store that keeps it sealed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from safeguarding.receipts import Receipt
from safeguarding.routing import About
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text


class NothingToSendError(Refusal):
    """A report without a word in it."""

    text = Text("There are no words yet. Please write a little about what happened, in any way you like.")


class TooLongError(Refusal):
    """More than fits in one report."""

    text = Text(
        "That is more than we can take in one go ({length} characters; the most is {most}). Please send it in parts."
    )


class NotForYouError(Refusal):
    """A concern that does not exist, or that the asker holds no key to: the two look alike on purpose."""

    text = Text("There is no concern with that reference that you can open.")


class State(StrEnum):
    """Where a concern stands.

    A draft is kept sealed until its sender passes it on or its time is up; until then nobody can open it, by any key.
    """

    DRAFT = "draft"
    NEW = "new"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody's public half. Intake holds nothing more."""

    person: str
    key_id: UUID
    public: bytes


@dataclass(frozen=True, kw_only=True)
class WrappedKey:
    """A recipient's pair with the private half wrapped by their passphrase (Argon2id); `salt` is 16 bytes."""

    person: str
    key_id: UUID
    public: bytes
    salt: bytes
    wrapped: bytes


@dataclass(frozen=True, kw_only=True)
class NewConcern:
    """A concern about to be sealed. `id` is assigned beforehand: the seal binds it.

    `reference` is random and public: all that a notice may carry. `sent_from` recognises the sender's own draft and is
    a keyed hash, never an address; empty once passed on.
    """

    id: UUID
    reference: str
    about: About
    via: str
    state: State
    received: datetime
    urgent: bool
    words: Sensitive
    details: tuple[tuple[str, str], ...] = ()
    routed: tuple[Recipient, ...]
    receipt: Receipt
    sent_from: str = ""
    destroy_after: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A concern without its words. `acknowledged_by` is empty where nobody has, or where nobody wrote down who."""

    id: UUID
    reference: str
    state: State
    received: datetime
    urgent: bool
    readers: tuple[str, ...]
    opened: datetime | None = None
    acknowledged: datetime | None = None
    acknowledged_by: str = ""
    destroy_after: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A concern with its words, for the page that shows them."""

    concern: Concern
    about: About
    via: str
    words: Sensitive
    details: tuple[tuple[str, str], ...]


class ConcernStore(Protocol):
    """Seals on the way in; opens only with a recipient's key."""

    def recipients(self, people: Sequence[str]) -> tuple[Recipient, ...]:
        """The public halves of those who have a key; the newest of each."""

    def wrapped_keys(self, person: str) -> tuple[WrappedKey, ...]:
        """A person's own keys, newest first, for unlocking with their passphrase."""

    def add_key(self, key: WrappedKey, *, now: datetime) -> None:
        """Keep a new pair."""

    def add(self, concern: NewConcern) -> None:
        """Seal and keep."""

    def by_reference(self, reference: str) -> Concern | None:
        """Without its words."""

    def by_receipt(self, lookup: bytes) -> Concern | None:
        """Without its words."""

    def draft_of(self, sent_from: str) -> Concern | None:
        """The newest draft from a sender."""

    def hand_over(self, concern_id: UUID, *, about: About, to: Collection[str]) -> bool:
        """Make a draft a new concern that `to` alone can read; False, and nothing changed, where it is none any more.

        Every other person's wrapped key is destroyed, and `about` is sealed for those who stay. The sender's mark and
        the draft's end are forgotten. Raises ValueError where none of `to` has a wrapped key: it would be lost.
        """

    def mark(self, concern_id: UUID, *, state: State, by: str, now: datetime) -> None:
        """A new state; the first time of each is kept, and who acknowledged. A draft stays one."""

    def destroy(self, concern_id: UUID) -> bool:
        """A draft: wrapped keys first, then the rest. False, and nothing changed, where it is none any more."""

    def for_reader(self, person: str) -> tuple[Concern, ...]:
        """Those with a wrapped key for the person, drafts left out, newest first."""

    def open(self, concern_id: UUID, *, person: str, key: SecretKey) -> Opened:
        """Unwrap and open. Raises NotForYouError where the person holds no key to it, and for everybody's drafts."""

    def note_reading(self, concern_id: UUID, *, person: str, now: datetime) -> None:
        """Reading is itself recorded."""

    def stale_drafts(self, now: datetime) -> tuple[Concern, ...]:
        """Drafts whose time is up."""
