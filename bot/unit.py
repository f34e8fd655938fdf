"""Unit: every room's store and the outbox of one school, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from bot.wire import NotNowError
from curriculum import EditionStore, ProgressStore
from parents import AnswerStore, ApprovalBook, ChildStore, EventStore, FamilyStore, PendingStore, TallyStore
from safeguarding import (
    ConcernStore,
    Drafts,
    IdentityStore,
    KeyStore,
    LowLevelStore,
    Receipt,
    RecoveryWrap,
    SecondFactor,
    WrappedKey,
)
from school.evidence import EvidenceBook
from school.notices import Chats, Header, Lane, Mailings, MailingState, Outbox
from school.sensitive import SecretKey, Sensitive
from staff import (
    DutyStore,
    FindStore,
    LearningBook,
    PolicyStore,
    QuestionStore,
    RegisterStore,
    ReleaseStore,
    RequestStore,
    SiteStore,
)

# How long is kept what no room decides about; the data-protection map says the same.
INBOX_KEPT = timedelta(days=90)
CONVERSATION_KEPT = timedelta(days=7)
PACING_KEPT = timedelta(days=1)


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

    def forget(self, *, before: datetime, limit: int) -> int:
        """Delete up to so many of those that arrived before, oldest first; how many there were. The caller commits."""

    def forget_chat(self, *, via: str, address: str) -> None:
        """Take a chat's number out of the ids of its messages; a platform's own number for what came stays."""


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

    def forget(self, *, before: datetime, limit: int) -> int:
        """End up to so many that nobody has touched since; how many there were. The caller commits."""


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
    mailing: str = ""


@dataclass(frozen=True, kw_only=True)
class MailingProgress:
    """One mailing and its accounts: `candidates` is the sum of `states`, whenever one looks."""

    header: Header
    states: Mapping[str, int]

    @property
    def pending(self) -> int:
        """Still to be sent, or being sent."""
        return sum(self.states.get(state, 0) for state in ("planned", "claimed", "sending"))

    @property
    def balanced(self) -> bool:
        """The accounting identity: every candidate is in exactly one state."""
        return self.header.candidates == sum(self.states.values())


class MailingBook(Mailings, Protocol):
    """The mailings of a school, for the rooms that lay them down and for the people who hold them."""

    def standings(self, *, limit: int) -> tuple[Header, ...]:
        """The newest due first."""

    def unlaid(self, prefix: str) -> tuple[Header, ...]:
        """Those whose id begins so that have not been laid down to the end, of whatever state; the next due first."""

    def begun(self, prefix: str) -> tuple[Header, ...]:
        """Those whose id begins so, whose audience was frozen, and that nobody cancelled; oldest due first."""

    def set_state(self, campaign: str, state: MailingState, *, now: datetime, to_come: bool = False) -> int:
        """Pause, resume or cancel every unfinished mailing of a campaign or page, or the one of that id; how many.

        `to_come`: it is a campaign that has steps to come, which will be as it is though nothing of it has begun.
        """

    def state_of(self, campaign: str) -> MailingState:
        """How a campaign as a whole stands, which its steps to come will be: running, paused or cancelled."""


@dataclass(frozen=True, kw_only=True)
class Late:
    """News that is too late for `count` of its recipients, those that are still to be skipped among them."""

    page: str
    mailing: str
    count: int


class DeliveryBook(Protocol):
    """The ledger as staff see it, and what they are told of it."""

    def counts(self) -> DeliveryCounts:
        """How many in each state."""

    def lines(self, *, limit: int, state: str | None = None) -> tuple[DeliveryLine, ...]:
        """The newest due first."""

    def doubtful(self, *, limit: int) -> tuple[DeliveryLine, ...]:
        """Those that may or may not have gone out, and that nobody has decided on yet; oldest first."""

    def decide(self, delivery_id: str, *, again: bool, now: datetime) -> bool:
        """A person's decision on a doubtful one: send it again, or leave it. False where it is doubtful no more."""

    def paused(self) -> datetime | None:
        """Since when nothing of this school goes out but safeguarding, by the school's clock; None where all does."""

    def pause(self, *, since: datetime | None) -> None:
        """Hold everything but safeguarding; None lets it go on."""

    def expire(self, *, now: datetime, limit: int) -> tuple[int, tuple[Late, ...]]:
        """Skip what is planned and too late, so many at most; how many that was, and of what.

        In the transaction in which whoever answers for it is told, so that no crash can come between the two.
        """

    def forget_pacing(self, *, before: datetime, limit: int) -> int:
        """Delete up to so many pacing keys that nobody has used since; how many. The caller commits."""

    def progress(self, *, limit: int) -> tuple["MailingProgress", ...]:
        """Mailings with what has become of their deliveries, the newest due first."""


class Schedules(Protocol):
    """Whose turn a round is: one row a school and round.

    It is advanced in the transaction that does the round's work, or the last of it; or before the work, by a round that
    comes again soon and goes on with whatever was left.
    """

    def know(self, schedule_id: str, *, now: datetime) -> None:
        """See to it that there is such a row; a new one is due at once."""

    def take(
        self,
        schedule_id: str,
        *,
        now: datetime,
        following: Callable[[datetime], datetime],
        furthest: timedelta,
    ) -> datetime | None:
        """The slot that is due, moved on to the one after `now`; None where none is, or another process has it.

        A slot further off than `furthest` is due as well: the clock was moved back since it was set.
        """

    def hold(self, schedule_id: str, *, now: datetime, furthest: timedelta) -> datetime | None:
        """The slot that is due, kept from other processes until the commit and still due after it; None as `take`."""


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
        """A fresh receipt; about a tenth of a second where none was expected."""

    def unheld(self) -> Receipt:
        """A receipt that nobody gets, for what has no sender. At once: no slow hash leads to it."""

    def expect(self, school: str) -> None:
        """A report may be coming: have a receipt ready. Returns at once."""

    def lookup(self, school: str, typed: Sensitive) -> bytes:
        """What finds the row of a typed receipt. Raises UnknownReceiptError."""

    def halves(self, school: str, typed: Sensitive) -> tuple[bytes, SecretKey]:
        """What finds the row of a typed receipt, and what opens it for its holder. Raises UnknownReceiptError."""

    def sender(self, school: str, *, via: str, address: str) -> str:
        """A keyed hash that recognises a sender's own drafts and nothing else."""

    def reference(self) -> str:
        """A random public reference, such as LP-7KQ4-M2."""

    def pair(self, *, person: str, key_id: UUID, passphrase: Sensitive) -> WrappedKey:
        """A fresh pair for a recipient, wrapped by a passphrase."""

    def unlock(self, keys: Sequence[WrappedKey], passphrase: Sensitive) -> SecretKey:
        """The private half of the newest key. Raises Refusal on a wrong passphrase."""

    def rewrap(self, key: WrappedKey, half: SecretKey, *, passphrase: Sensitive) -> WrappedKey:
        """The same pair under another passphrase, with a mark of its own."""

    def recovery(self, key: WrappedKey, half: SecretKey) -> tuple[Sensitive, RecoveryWrap]:
        """A fresh recovery key as it is printed, and the private half under it."""

    def recover(self, wrap: RecoveryWrap | None, typed: Sensitive) -> SecretKey:
        """The private half. Raises WrongRecoveryKeyError, slowly, also where there is no wrap."""

    def seal_second(self, secret: Sensitive, *, key: WrappedKey, half: SecretKey) -> SecondFactor:
        """The secret of an authenticator under the private half."""

    def open_second(self, second: SecondFactor, *, half: SecretKey) -> Sensitive:
        """The secret. Raises CodeRefusedError where it does not open."""


class Unit(Protocol):
    """One school's stores in one transaction. Rooms get a store; the desk commits."""

    school: str
    inbox: Inbox
    outbox: Outbox
    mailings: MailingBook
    approvals: ApprovalBook
    evidence: EvidenceBook
    progress: ProgressStore
    editions: EditionStore
    families: FamilyStore
    children: ChildStore
    answers: AnswerStore
    events: EventStore
    concerns: ConcernStore
    drafts: Drafts
    chats: Chats
    register: LowLevelStore
    registers: RegisterStore
    identities: IdentityStore
    sites: SiteStore
    finds: FindStore
    duties: DutyStore
    releases: ReleaseStore
    requests: RequestStore
    learning: LearningBook
    policies: PolicyStore
    questions: QuestionStore
    pendings: PendingStore
    conversations: Conversations
    deliveries: DeliveryBook
    enrolments: Enrolments
    keyring: KeyStore
    schedules: Schedules
    tallies: TallyStore

    def commit(self) -> None:
        """Make it so. Leaving the unit without it undoes everything."""


class Units(Protocol):
    """Opens units. Tenancy lives here: a unit sees one school and no other."""

    def write(self, school: str, *, correlation: str = "") -> AbstractContextManager[Unit]:
        """A writing transaction; on SQLite there is one at a time. `correlation` marks what is kept in it."""

    def read(self, school: str) -> AbstractContextManager[Unit]:
        """A reading transaction; it never waits for a writer."""

    def wipe(self) -> bool:
        """Take what was destroyed lately out of the database's own files as well; whether that was done now.

        False where there was nothing to do, or somebody was in the way: then the next call tries again. Never inside a
        unit.
        """

    def schedules_due(self, now: datetime, *, furthest: Mapping[str, timedelta]) -> Sequence[tuple[str, str]]:
        """School and round of every slot that is due; the one look over all schools, and it takes none."""
