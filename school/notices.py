"""Notices: what other people have to be told, left in the outbox in the transaction that caused it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.sensitive import Sensitive


class Lane(StrEnum):
    """Who goes first. Safeguarding before replies before bulk."""

    SAFEGUARDING = "safeguarding"
    REPLIES = "replies"
    BULK = "bulk"


class To(StrEnum):
    """What kind of recipient an id belongs to."""

    PERSON = "person"
    FAMILY = "family"
    CLASS = "class"
    # A chat of whoever reported: the id is a random mark, and nobody may connect the chat with the report.
    CHAT = "chat"
    # An e-mail address that somebody typed and that has not said yes: the id is that of the row that waits.
    PENDING = "pending"
    # Whoever provides the school's filter, at the e-mail address that the school file has for faults.
    PROVIDER = "provider"


class Doubt(StrEnum):
    """What to do with a notice that may or may not have gone out when a process died."""

    LEAVE = "leave"  # stays unknown until a person decides: newsletters
    REPEAT = "repeat"  # goes again, marked as perhaps a repeat: safeguarding


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One page for one recipient.

    `key` is unique in a school: leaving the same notice twice stores it once. `page` is a page's id and `part` the
    section of it, empty for the whole. `values` fill the page's placeholders and may hold nothing that a lock screen
    should not show. `due` and `not_after` are instants in UTC; None is now, and never too late.
    """

    key: str
    to: To
    recipient: str
    page: str
    part: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    lane: Lane = Lane.REPLIES
    due: datetime | None = None
    not_after: datetime | None = None
    doubt: Doubt = Doubt.LEAVE
    via: str = ""


class Outbox(Protocol):
    """Where rooms leave notices. The caller commits."""

    def leave(self, notice: Notice) -> bool:
        """Keep it for delivery; False if its key is already there."""

    def withdraw(self, *, to: To, recipient: str, page: str = "") -> int:
        """Skip everything not yet sent to a recipient, or what is of one page; how many that was."""


@dataclass(frozen=True, kw_only=True)
class Chat:
    """Where somebody wrote from, and in which language they read. `via` is a platform, `address` its own."""

    via: str
    address: Sensitive
    lang: str = "en"


class Chats(Protocol):
    """Chats that a message is on its way to. Each is sealed, under a random mark, and forgotten once it is told."""

    def keep(self, chat: Chat) -> str:
        """The mark that a notice to it has for its recipient. The caller commits."""

    def find(self, mark: str) -> Chat | None:
        """The chat; None where it was forgotten, or was not sealed by this server."""

    def lock(self, chat: Chat, *, place: str) -> Sensitive:
        """Sealed by this server, for whoever seals it once more to others: each of the two alone opens nothing."""

    def unlock(self, locked: Sensitive, *, place: str) -> Chat | None:
        """What was locked in that place; None where this server did not lock it there."""

    def forget_told(self) -> int:
        """Forget those that nothing is on its way to any more; how many. The caller commits."""


class MailingState(StrEnum):
    """FINISHED: nothing of it is pending any more. A pause holds what is not yet being sent; CANCELLED ends it."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """One page for many families: a newsletter's issue, or one step of a campaign.

    `id` is unique in a school and begins the key of each of its deliveries. People pause and cancel by `campaign`.
    `due` and `not_after` are instants in UTC; `joined_by` leaves out families that came later, None nobody. `to` (staff
    are a PERSON each), `part` and `values` are a notice's; they stand in its deliveries and not in its header, so that
    whoever lays it knows them.
    """

    id: str
    campaign: str
    page: str
    due: datetime
    not_after: datetime | None = None
    joined_by: datetime | None = None
    to: To = To.FAMILY
    part: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Header:
    """How far a mailing's audience has been laid down.

    It is frozen at an instant: whoever joins later is not in it. `upto` is the last family looked at, and everybody up
    to there is either a candidate, with a row in the ledger, or excluded. `expected` were there when it was frozen.
    """

    mailing: Mailing
    state: MailingState
    frozen: datetime | None
    upto: UUID | None
    expected: int
    candidates: int
    excluded: int
    laid: bool


@dataclass(frozen=True, kw_only=True)
class CampaignAccount:
    """What became of a campaign among families: messages sent, families reached, and the mailings that any went of."""

    sent: int
    families: int
    mailings: frozenset[str]


class Mailings(Protocol):
    """The frozen headers of one school's mailings. The caller commits."""

    def open(self, mailing: Mailing, *, now: datetime) -> Header:
        """Its header, new where there was none: paused or cancelled where its campaign as a whole is."""

    def to_lay(self, prefix: str, *, now: datetime) -> Sequence[Header]:
        """Those whose id begins so, that run, are due and have not been laid down to the end."""

    def freeze(self, mailing: Mailing, *, expected: int, now: datetime) -> Header:
        """Fix the audience, once: those who are there now."""

    def lay(
        self,
        mailing: Mailing,
        recipients: Sequence[tuple[UUID | str, str]],
        *,
        excluded: int,
        after: UUID | None,
        upto: UUID | None,
        done: bool,
    ) -> None:
        """Lay down one chunk: a delivery for each recipient (an id and a channel), and how far we are, together.

        `after` is the header's `upto` from which the chunk was looked for: where it has moved on, nothing is laid. A
        channel that is empty is the one that the recipient is reached by.
        """

    def had(self, prefix: str, *, besides: str, to: To, among: Sequence[str]) -> frozenset[str]:
        """The ids `among` these to whom a mailing whose id begins so went, is on its way or may have gone, but for one.

        It is asked for each chunk of an audience, and so of that chunk alone.
        """

    def account(self, campaign: str) -> CampaignAccount:
        """What became of it until now."""
