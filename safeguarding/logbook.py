"""The log of the vault: who did what to which report, chained so that no row can be changed, removed or moved unseen.

Each row's mark is a hash of the row and of the mark before it. That makes it tamper-evident and no more: whoever can
write every row can also make a new chain, so the newest mark is told to the head each day, outside the database.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

# What stands before the first row.
BEGINNING = bytes(32)
SENDER, LOLLIPOP = "sender", "lollipop"


class Act(StrEnum):
    """What can be done to a report or with a key. The words are stored: they may be added to and never changed."""

    RECEIVED = "received"
    HELD = "held"
    PASSED_ON = "passed on"
    WENT = "went by itself"
    KEPT_BACK = "kept back by the sender"
    TOPIC_SAID = "sender said what it is about"
    CHAT_GIVEN = "sender wants to be told"
    CHAT_TAKEN = "sender wants no more to be told"
    TOLD = "sender told of an answer"
    DESTROYED = "destroyed"
    SIGNED_IN = "signed in"
    LISTED = "listed"
    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    ASKED = "asked with a receipt"
    ESCALATED = "escalated"
    ALARMED = "nobody reached"
    REPLIED = "replied"
    ADDED = "added by the sender"
    NOTED = "noted"
    ASSIGNED = "assigned"
    REFERRED = "referred"
    CLOSE_ASKED = "asked to close"
    CLOSED = "closed"
    REOPENED = "reopened"
    HANDED_OVER = "handed over"
    EXPORTED = "exported"
    BROUGHT_IN = "brought in"
    KEY_MADE = "key made"
    UNLOCKED = "passphrase right"
    CODE_GIVEN = "code given"
    SECOND_FACTOR_SET = "second factor set up"
    SECOND_FACTOR_RESET = "second factor reset"
    RECOVERY_MADE = "recovery key made"
    RECOVERY_REPLACED = "recovery key replaced"
    RECOVERED = "recovery key used"
    PASSPHRASE_CHANGED = "passphrase changed"  # noqa: S105 - what was done, not what was typed
    KEY_REPLACED = "key replaced"
    KEY_DESTROYED = "key destroyed"
    SHARED = "shared"
    LET_IN = "let in"
    KEY_LEFT = "key of a leaver destroyed"
    LAST_KEY = "last key kept"
    MEDIA_REFUSED = "media refused"
    LOW_LEVEL = "low-level logged"
    REGISTER_OPENED = "register opened"
    ALLEGED = "made an allegation"
    IDENTITY_ASKED = "asked who wrote"
    IDENTITY_REFUSED = "refused to say who wrote"
    IDENTITY_ENDED = "asked in vain who wrote"
    UNCOVERED = "uncovered who wrote"
    IDENTITY_SEEN = "saw who wrote"


# After one of these the wrap whose mark is the row's subject is over, whatever stands in the database.
WRAP_ENDS = frozenset(
    {
        *(Act.SECOND_FACTOR_RESET, Act.RECOVERY_REPLACED, Act.RECOVERED, Act.PASSPHRASE_CHANGED),
        *(Act.KEY_REPLACED, Act.KEY_DESTROYED),
    }
)


class Outcome(StrEnum):
    """Whether it was done."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """One thing that was done, or refused. `actor` is a person's id, SENDER or LOLLIPOP.

    `subject` is a reference, the mark of a wrap, or empty. `number` counts from 1 in each school. No words, no names,
    no addresses.
    """

    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    outcome: str
    mark: bytes


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where the log ends: how many rows, and the newest one's mark."""

    number: int
    mark: bytes


class LogBook(Protocol):
    """One school's log, in the transaction of what it tells of."""

    def write(self, act: Act, *, actor: str, now: datetime, subject: str = "", outcome: Outcome = Outcome.DONE) -> None:
        """Add a row."""

    def head(self) -> Head:
        """Where it ends by its own account."""

    def rows(self, *, after: int, limit: int) -> Sequence[LogRow]:
        """So many rows after a number, in order."""

    def of(self, subject: str) -> Sequence[LogRow]:
        """Everything about one report, in order."""


def mark_of(row: LogRow, *, school: str, previous: bytes) -> bytes:
    """SHA-256 over the mark before and every part of the row, each with its length before it."""
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (school, str(row.number), at, row.actor, row.act, row.subject, row.outcome)
    told = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hashlib.sha256(previous + told).digest()


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The first row at which the chain does not hold."""

    number: int


def first_break(
    rows: Iterable[LogRow],
    *,
    school: str,
    head: Head,
    anchors: Sequence[Head] = (),
) -> Broken | None:
    """The first row that was changed, removed, moved or put in; None where the chain holds to its head.

    `anchors` are heads that were written down outside: what was cut off at the end, head and all, shows by them alone.
    """
    previous, number = BEGINNING, 0
    told = {anchor.number: anchor.mark for anchor in anchors}
    for row in rows:
        if row.number != number + 1 or row.mark != mark_of(row, school=school, previous=previous):
            return Broken(number=number + 1)
        previous, number = row.mark, row.number
        if told.pop(number, previous) != previous:
            return Broken(number=number)
    if (number, previous) != (head.number, head.mark if head.number else BEGINNING):
        return Broken(number=number + 1)
    return Broken(number=number + 1) if any(anchor for anchor in told if anchor) else None


def spelt(mark: bytes) -> str:
    """A mark as a person writes it down: 64 hexadecimal digits in groups of eight."""
    digits = mark.hex()
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
