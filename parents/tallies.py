"""Counts that lead to nobody: answers to a quiz, and why families leave. Which family answered is never kept."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class LeavingReason(StrEnum):
    """What a family that left may tap; `LEFT` counts all that left, with a reason or without."""

    LEFT = "left"
    TOO_MANY = "many"
    CHILD_LEFT = "moved"
    NOT_USEFUL = "use"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class QuizTally:
    """How often a question was answered in a language, and how often rightly. `question` counts from 1."""

    page: str
    question: int
    lang: str
    answers: int
    right: int


@dataclass(frozen=True, kw_only=True)
class LeavingTally:
    """How many families gave a reason in a month, which is its first day."""

    month: date
    reason: LeavingReason
    families: int


class TallyStore(Protocol):
    """The counts of one school. Nothing in it says who, or on which day."""

    def answered(self, *, page: str, question: int, lang: str, right: bool) -> None:
        """Count one answer."""

    def quizzes(self) -> tuple[QuizTally, ...]:
        """Every count, by page and question."""

    def left(self, *, month: date, reason: LeavingReason) -> None:
        """Count one reason."""

    def leavings(self) -> tuple[LeavingTally, ...]:
        """Every count, the oldest month first."""


def month_of(day: date) -> date:
    """The first day of a day's month: a day would come too close to a family."""
    return day.replace(day=1)
