"""What a class has been taught: an append-only list, from which its position follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Protocol


class Outcome(StrEnum):
    """What a teacher says of a lesson. REVISITED: one of its questions was asked again some time after.

    Beside lessons stand KNEW and KNOWS, a set of questions on a strand before its first lesson and after its last, and
    SIGNED, an agreement: the one count of its `hands` is how many names are on the sheet, with none where nobody said.
    """

    TAUGHT = "taught"
    PARTLY = "partly"
    NOT_TODAY = "not_today"
    REVISITED = "revisited"
    KNEW = "knew"
    KNOWS = "knows"
    SIGNED = "signed"


# What is no lesson's own turn: a lesson that waits is not moved on by it.
ASIDES = frozenset({Outcome.REVISITED, Outcome.KNEW, Outcome.KNOWS, Outcome.SIGNED})


@dataclass(frozen=True)
class Hands:
    """Hands counted for each option of one quiz question, in the options' order; `right` is the index from 0."""

    counts: tuple[int, ...]
    right: int

    @property
    def secure(self) -> float | None:
        """The share of hands for the right option, 0 to 1; None where no hand went up."""
        return self.sure / self.all if self.all else None

    @property
    def sure(self) -> int:
        """How many hands went up for the right option."""
        return self.counts[self.right]

    @property
    def all(self) -> int:
        """How many hands went up."""
        return sum(self.counts)


@dataclass(frozen=True, kw_only=True)
class Taught:
    """One lesson with one class. `turn` counts the class's entries from 0: two taps on one button are one turn.

    `hands` are in the order of the lesson's questions; a question that was not asked has no hands. `content_hash` is
    that of the edition it was taught from; empty in entries from before anybody wrote it down.
    """

    class_id: str
    turn: int
    lesson: str
    version: int
    strand: str
    outcome: Outcome
    hands: tuple[Hands, ...]
    by: str
    when: datetime
    content_hash: str = ""


class ProgressStore(Protocol):
    """What each class has been taught."""

    def taught(self, class_id: str) -> tuple[Taught, ...]:
        """A class's entries, by turn."""

    def record(self, taught: Taught) -> bool:
        """Add an entry; False where that turn of the class is already taken."""


def shares(lesson: str, taught: Iterable[Taught]) -> tuple[float | None, ...]:
    """The share of right hands for each question of a lesson, 0 to 1, as it was counted last; None where it never was.

    A lesson that was taught once more is counted anew.
    """
    known: list[float | None] = []
    for entry in taught:
        if entry.lesson != lesson or entry.outcome not in {Outcome.TAUGHT, Outcome.REVISITED}:
            continue
        now = [hands.secure for hands in entry.hands]
        if entry.outcome is Outcome.TAUGHT:
            known = now
        else:
            known = [
                fresh if fresh is not None else earlier for fresh, earlier in zip_longest(now, known, fillvalue=None)
            ]
    return tuple(known)
