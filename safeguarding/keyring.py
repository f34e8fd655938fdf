"""What hangs on a recipient's pair of keys: the second factor, the printed recovery key, and wrapped keys to reports.

The store keeps and moves them; it opens nothing without somebody's private half. Whoever calls a function that writes
commits, and writes the log: what is over is over because the log says so, under the mark that each wrap carries.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from safeguarding.concerns import Recipient, WrappedKey
from safeguarding.logbook import Act
from safeguarding.receipts import ALPHABET, READ_AS
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

RECOVERY_LENGTH = 20
_BETWEEN = re.compile(r"[\s\u2010-\u2015-]+")


class WrongRecoveryKeyError(Refusal):
    """What was typed as a recovery key opens nothing, or was used before."""

    text = Text(
        "That recovery key doesn't open anything. Please check each letter and number against the newest sheet. "
        "Each sheet works once."
    )


class CodeRefusedError(Refusal):
    """A code of an authenticator that is wrong, too old, or was used before."""

    text = Text("That code isn't right. Please wait until the app shows the next one, and type that.")


@dataclass(frozen=True, kw_only=True)
class SecondFactor:
    """The secret of somebody's authenticator app, under their private half.

    `last_step` is the last time step (RFC 6238, half a minute each) whose code was taken: no code works twice.
    """

    person: str
    key_id: UUID
    mark: str
    sealed: bytes
    last_step: int


@dataclass(frozen=True, kw_only=True)
class RecoveryWrap:
    """Somebody's private half under the recovery key that was printed for them; `mark` stands on the sheet."""

    person: str
    key_id: UUID
    mark: str
    salt: bytes
    wrapped: bytes


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What became of the wrapped keys that hung on older pairs: how many moved, how many could not be opened."""

    moved: int
    stuck: int
    left: int


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A report, and who holds a wrapped key to it that they can open. `reserve` may not use theirs yet.

    A key under a pair that its owner has no passphrase to any more counts for nothing: they are `shut_out`.
    """

    concern_id: UUID
    reference: str
    readers: frozenset[str]
    reserve: frozenset[str]
    shut_out: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """A wrapped key of somebody who has no safeguarding role any more."""

    concern_id: UUID
    person: str


class KeyStore(Protocol):
    """One school's pairs, second factors and recovery keys, and the wrapped keys as such."""

    def spent(self, mark: str) -> bool:
        """Whether the log says that the wrap with this mark is over: put back into the database, it is not taken."""

    def standing(self, act: Act, person: str) -> str:
        """The mark of the last wrap that somebody made by such an act; empty where there is none, or it is over.

        The log is asked, so that a row that was taken away or put back in the database changes nothing.
        """

    def newest(self, person: str) -> WrappedKey | None:
        """The pair that somebody signs in with and that reports are sealed to."""

    def replace_wrap(self, new: WrappedKey, *, instead_of: WrappedKey) -> bool:
        """The same pair under another passphrase; False, and nothing changed, where it is not the old wrap any more."""

    def succeed(self, new: WrappedKey, *, older: WrappedKey, half: SecretKey, now: datetime) -> bool:
        """A new pair, and the older one's private half under it, its passphrase's wrap destroyed.

        False, and nothing changed, where the older pair is not the newest any more. Else nothing is sealed to the older
        pair from then on.
        """

    def move(self, person: str, *, key: SecretKey, after: UUID | None, limit: int) -> tuple[Moved, UUID | None]:
        """Wrap so many keys that hang on older pairs to the newest; and after which report to go on, None at the end.

        `key` is the newest private half. One that cannot be opened stays where it is.
        """

    def move_copies(self, person: str, *, key: SecretKey, skip: int, limit: int) -> tuple[int, int]:
        """As `move`, for what is sealed to one person each: a register's entries, halves of who wrote.

        How many moved and how many stay as they are, of at most `limit` after the first `skip`.
        """

    def hanging(self, person: str) -> int:
        """How many wrapped keys hang on older pairs that open with the newest."""

    def second_factor(self, person: str) -> SecondFactor | None:
        """What was set up, if anything."""

    def keep_second_factor(self, second: SecondFactor, *, now: datetime) -> None:
        """Instead of any other of the person's."""

    def take_step(self, second: SecondFactor, *, step: int) -> bool:
        """Use a time step up; False where it, or a later one, was used, or it is another second factor by now."""

    def drop_second_factor(self, person: str) -> str:
        """Its mark; empty where there was none."""

    def recovery(self, person: str) -> RecoveryWrap | None:
        """The one to the newest pair."""

    def keep_recovery(self, wrap: RecoveryWrap, *, now: datetime) -> None:
        """Instead of any other to that pair."""

    def use_recovery(self, wrap: RecoveryWrap) -> bool:
        """Destroy it; False where it is gone: of two uses at one time, one finds nothing."""

    def give(self, concern_id: UUID, *, by: str, key: SecretKey, to: Recipient, rung: int) -> bool:
        """Wrap a report's key for somebody, with one's own; they may read at once. False where they could already.

        Raises NotForYouError where `by` cannot open it.
        """

    def holding(self, concern_id: UUID) -> Holding | None:
        """Who can open a report; None where there is none."""

    def open_holdings(self) -> tuple[Holding, ...]:
        """Of every report that is neither a draft nor over."""

    def left_behind(self, staying: Collection[str], *, limit: int) -> tuple[LeftBehind, ...]:
        """Wrapped keys of people who are not among `staying`, and that are not the last ones that open their report."""

    def last_ones(self, staying: Collection[str]) -> tuple[LeftBehind, ...]:
        """Those of open reports that nobody else can open."""

    def let_in(self, concern_id: UUID, people: Collection[str]) -> None:
        """Who held a key in reserve may use it."""

    def destroy_wraps(self, left: LeftBehind) -> None:
        """All of a person's to a report."""

    def destroy_spare_copies(self, staying: Collection[str]) -> int:
        """Copies for one person who is not among `staying`, where somebody who is holds one of the same; how many."""

    def destroy_pairs(self, *, staying: Collection[str], before: datetime) -> tuple[WrappedKey, ...]:
        """Pairs on which nothing hangs: older ones, succeeded before then, and all of people who left; which they were.

        With a pair go its second factor and its recovery key.
        """


def typed_recovery(typed: Sensitive) -> str:
    """A recovery key as somebody typed it, in its one spelling. Raises WrongRecoveryKeyError."""
    letters = _BETWEEN.sub("", typed.reveal()).upper().translate(READ_AS)
    if len(letters) != RECOVERY_LENGTH or any(letter not in ALPHABET for letter in letters):
        raise WrongRecoveryKeyError
    return letters
