"""Numbers about families: how many in each language, channel and class, what reached them, and why some leave.

Never who read what. A group of fewer than five families is not told apart from an empty one but by being named, so that
nobody finds one family in a number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from parents.families import Family
from parents.tallies import LeavingReason, LeavingTally, QuizTally
from school.school import School

SMALLEST_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Group:
    """So many of something; `number` is None where it is from one to four."""

    name: str
    number: int | None


@dataclass(frozen=True, kw_only=True)
class QuizResult:
    """Answers to one question in every language; `right` in per cent. Both are None with fewer than five answers."""

    page: str
    question: int
    answers: int | None
    right: int | None


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """How many families left in the month that begins on `month`, and the reasons that some of them gave."""

    month: date
    families: int | None
    reasons: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What a school may know of its families as a whole."""

    families: int | None
    by_language: tuple[Group, ...]
    by_channel: tuple[Group, ...]
    by_class: tuple[Group, ...]
    quizzes: tuple[QuizResult, ...]
    leaving: tuple[Leaving, ...]


def numbers_of(
    *,
    school: School,
    families: Iterable[Family],
    quizzes: Sequence[QuizTally],
    leavings: Sequence[LeavingTally],
) -> Numbers:
    """The numbers of a school; `families` are those that get the news. One in two classes counts in both."""
    languages: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    total = 0
    for family in families:
        total += 1
        languages[family.lang] += 1
        channels[family.via] += 1
        classes.update(family.classes)
    return Numbers(
        families=_shown(total),
        by_language=_groups(languages),
        by_channel=_groups(channels),
        by_class=tuple(Group(name=klass.id, number=_shown(classes[klass.id])) for klass in school.classes),
        quizzes=tuple(_results(quizzes)),
        leaving=tuple(_leaving(leavings)),
    )


def _shown(number: int) -> int | None:
    return None if 0 < number < SMALLEST_SHOWN else number


def _groups(counts: Mapping[str, int]) -> tuple[Group, ...]:
    """By name: an order by size would tell more of the small ones than their number does."""
    return tuple(Group(name=name, number=_shown(counts[name])) for name in sorted(counts))


def _results(quizzes: Sequence[QuizTally]) -> Iterable[QuizResult]:
    answers: Counter[tuple[str, int]] = Counter()
    right: Counter[tuple[str, int]] = Counter()
    for each in quizzes:
        answers[each.page, each.question] += each.answers
        right[each.page, each.question] += each.right
    for (page, question), number in sorted(answers.items()):
        shown = _shown(number)
        share = round(100 * right[page, question] / number) if shown else None
        yield QuizResult(page=page, question=question, answers=shown, right=share)


def _leaving(leavings: Sequence[LeavingTally]) -> Iterable[Leaving]:
    for month, tallies in groupby(sorted(leavings, key=lambda each: each.month), key=lambda each: each.month):
        counts = {each.reason: each.families for each in tallies}
        yield Leaving(
            month=month,
            families=_shown(counts.pop(LeavingReason.LEFT, 0)),
            reasons=_groups({reason.value: number for reason, number in counts.items()}),
        )
