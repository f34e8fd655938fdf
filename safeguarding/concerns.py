"""A concern and the store that keeps it sealed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from safeguarding.guards import Identity
from safeguarding.logbook import LogBook
from safeguarding.receipts import Receipt
from safeguarding.routing import About
from school.notices import Chat
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


class NoPlaceError(Refusal):
    """A report of old, which nothing can be added to."""

    text = Text("Nothing can be added to this report: it is from before that was possible. Please write a new one.")


class State(StrEnum):
    """Where a concern stands.

    A draft is kept sealed until its sender passes it on or its time is up; until then nobody can open it, by any key.
    From new to acknowledged it is open; referred is with a service outside as well; transferred and closed are ends.
    """

    DRAFT = "draft"
    NEW = "new"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    REFERRED = "referred"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


NO_RUNGS: Mapping[str, int] = MappingProxyType({})
ENDS = frozenset({State.TRANSFERRED, State.CLOSED})


class EntryKind(StrEnum):
    """What is added to a concern after it was sealed. A note is for the readers alone; the first two are a dialogue.

    CHAT is where its sender wants to hear that an answer waits, or nothing where they do not any more: it is shown to
    nobody. TOPIC is what its sender says it is about.
    """

    FROM_SENDER = "from sender"
    TO_SENDER = "to sender"
    NOTE = "note"
    CHAT = "chat"
    TOPIC = "topic"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something added. `author` is a person's id, or empty for the sender; `number` counts from 1.

    `words` are None where the row was changed since, or stands where it was not put: the rest is read all the same.
    """

    number: int
    kind: EntryKind
    author: str
    at: datetime
    words: Sensitive | None


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody's public half. Intake holds nothing more."""

    person: str
    key_id: UUID
    public: bytes


# Who holds the first half of the key to a sender's identity, and who the second.
Guards = tuple[tuple[Recipient, ...], tuple[Recipient, ...]]


@dataclass(frozen=True, kw_only=True)
class WrappedKey:
    """A recipient's pair with the private half wrapped by their passphrase (Argon2id); `salt` is 16 bytes.

    `mark` is the wrap's own, and empty for a wrap from before there were marks.
    """

    person: str
    key_id: UUID
    public: bytes
    salt: bytes
    wrapped: bytes
    mark: str = ""

    @property
    def log_mark(self) -> str:
        """What the log calls the wrap."""
        return self.mark or f"PW-{self.key_id.hex[-12:]}"


@dataclass(frozen=True, kw_only=True)
class NewConcern:
    """A concern about to be sealed. `id` is assigned beforehand: the seal binds it.

    `reference` is random and public: all that a notice may carry. `sent_from` recognises the sender's own draft and is
    a keyed hash, never an address; empty once passed on. `reserve` hold keys that they may not use until they are told,
    which they are from `watch_at` on, rung by rung, where nobody has opened it; `rungs` is each person's, by id.
    `alert_mark` recognises an alert that comes again; those of one import share a `batch`.
    `guards` are those of the sender's `identity`, by every answer that may still be given.
    `flood`: more came at once than people send.
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
    reserve: tuple[Recipient, ...] = ()
    rungs: Mapping[str, int] = field(default_factory=dict)
    watch_at: datetime | None = None
    watch_rung: int = 0
    receipt: Receipt
    sent_from: str = ""
    destroy_after: datetime | None = None
    alert_mark: str = ""
    batch: UUID | None = None
    identity: Identity | None = None
    guards: Mapping[About, Guards] = field(default_factory=dict)
    flood: bool = False


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A concern without its words. `acknowledged_by` is empty where nobody has, or where nobody wrote down who.

    `reserve` are those who hold a key and may not use it yet; `ladder` is all of them by rung, by id.
    """

    id: UUID
    reference: str
    state: State
    received: datetime
    urgent: bool
    readers: tuple[str, ...]
    reserve: tuple[str, ...] = ()
    ladder: tuple[tuple[str, ...], ...] = ()
    assigned: str = ""
    watch_at: datetime | None = None
    watch_rung: int = 0
    opened: datetime | None = None
    acknowledged: datetime | None = None
    acknowledged_by: str = ""
    close_asked_by: str = ""
    ended: datetime | None = None
    destroy_after: datetime | None = None
    flood: bool = False
    batch: UUID | None = None

    @property
    def held(self) -> bool:
        """Whether it lies apart, to be sorted: it came in a flood, and no sign of danger stood in it."""
        return self.flood and not self.urgent


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A concern with its words, for the page that shows them."""

    concern: Concern
    about: About
    via: str
    words: Sensitive
    details: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...] = ()


class ConcernStore(Protocol):
    """Seals on the way in; opens only with a recipient's key. `log` is written by whoever acts, in the same commit."""

    log: LogBook

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

    def hand_over(
        self,
        concern_id: UUID,
        *,
        about: About,
        to: Collection[str],
        rungs: Mapping[str, int] = NO_RUNGS,
        reserve: Collection[str] = (),
        watch_at: datetime | None = None,
        watch_rung: int = 0,
    ) -> bool:
        """Make a draft a new concern that `to` alone can read; False, and nothing changed, where it is none any more.

        `reserve` keep keys that they may not use yet; `rungs` is each person's. Every other person's wrapped key is
        destroyed, and `about` is sealed for those who stay. The sender's mark and the draft's end are forgotten. Raises
        ValueError where none of `to` has a wrapped key: it would be lost.
        """

    def mark(self, concern_id: UUID, *, state: State, by: str, now: datetime) -> None:
        """A new state; the first time of each is kept, and who acknowledged. A draft stays one."""

    def destroy(self, concern_id: UUID) -> bool:
        """A draft, or what was handed over or closed: wrapped keys first, then the rest.

        False, and nothing changed, where it is none of these any more.
        """

    def for_reader(self, person: str) -> tuple[Concern, ...]:
        """Those with a wrapped key for the person, drafts left out, newest first."""

    def open(self, concern_id: UUID, *, person: str, key: SecretKey) -> Opened:
        """Unwrap and open. Raises NotForYouError where the person holds no key to it, and for everybody's drafts."""

    def chat_of(self, concern_id: UUID, *, person: str, key: SecretKey) -> Sensitive | None:
        """Where its sender wants to hear of an answer, as the server locked it. Raises NotForYouError as `open`."""

    def chat_by_receipt(self, concern_id: UUID, *, wrapping: SecretKey) -> Sensitive | None:
        """The same, for whoever holds the receipt. Raises NotForYouError, also for drafts."""

    def open_by_receipt(self, concern_id: UUID, *, wrapping: SecretKey) -> tuple[Entry, ...]:
        """The dialogue, for whoever holds the receipt: notes are left out. Raises NotForYouError, also for drafts."""

    def add_entry(self, concern_id: UUID, *, kind: EntryKind, author: str, words: Sensitive, now: datetime) -> int:
        """Seal and add, without being able to read; its number. Raises NoPlaceError where an old concern has none."""

    def assign(self, concern_id: UUID, *, to: str) -> None:
        """Who deals with it; empty for nobody."""

    def ask_to_close(self, concern_id: UUID, *, by: str) -> None:
        """Who says that it is nothing. Any change of state forgets it."""

    def over(self, *, since: datetime) -> tuple[Concern, ...]:
        """Those that came to their end by then, and are there still."""

    def flood_waits(self, person: str, *, urgent: bool) -> int:
        """How many that came in a flood nobody has opened, of those that somebody may read now."""

    def flood_due(self, *, urgent: bool) -> datetime | None:
        """When the next people are told of those that came in a flood; None where none of them waits."""

    def watched(self, now: datetime) -> tuple[Concern, ...]:
        """New concerns of which the next people are to be told now."""

    def watch(self, *concern_ids: UUID, rung: int, at: datetime | None, let_in: Collection[str]) -> None:
        """Go up a rung: `let_in` may use the keys they hold in reserve. `at` is when the next is due; None: never."""

    def known_alerts(self, marks: Sequence[str]) -> tuple[str, ...]:
        """Those of the marks that an alert has which is here. Nobody else adds one until the commit."""

    def hurry(self, concern_id: UUID, *, at: datetime) -> None:
        """One that nobody has opened is urgent after all: the next are told at an instant, then by the clock."""

    def note_reading(self, concern_id: UUID, *, person: str, now: datetime) -> None:
        """Reading is itself recorded."""

    def stale_drafts(self, now: datetime) -> tuple[Concern, ...]:
        """Drafts whose time is up. One that goes by itself has none, however late the rounds are."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A draft that waits for its sender's word. `goes_at`: without one it is handed over by itself from then on.

    `kept_back`: its sender has said that it is not to go; it stays a draft until its day is over.
    """

    id: UUID
    reference: str
    goes_at: datetime | None = None
    kept_back: bool = False


class Drafts(Protocol):
    """Which drafts go by themselves, and where their sender is told so. Nothing of it outlives the draft."""

    def of(self, sent_from: str) -> tuple[Waiting, ...]:
        """Every draft of a sender, oldest first; nobody else decides on one of them before the commit."""

    def due(self, now: datetime) -> tuple[str, ...]:
        """The marks of senders of whom a draft goes by itself now."""

    def go(self, concern_id: UUID, *, at: datetime, chat: Chat) -> None:
        """It goes by itself at an instant, unless its sender says no."""

    def keep_back(self, concern_id: UUID) -> None:
        """It does not, and where its sender wrote from is forgotten."""

    def goes_at(self, concern_id: UUID) -> datetime | None:
        """When one goes by itself; None where it waits for a yes."""

    def chat(self, concern_id: UUID) -> Chat | None:
        """Where the sender of one that goes by itself wrote from."""
