"""Counts that lead to nobody."""

from datetime import date

from bot.storage.scoped import Scoped
from bot.storage.tally_tables import leaving_tally, quiz_tally
from parents import LeavingReason, LeavingTally, QuizTally


class SqlTallies:
    """Implements TallyStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def answered(self, *, page: str, question: int, lang: str, right: bool) -> None:
        """See TallyStore."""
        key = {"page": page, "question": question, "lang": lang}
        self._scoped.add_once(quiz_tally, {**key, "answers": 0, "right": 0})
        counted = self._scoped.update(quiz_tally).values(
            answers=quiz_tally.c.answers + 1, right=quiz_tally.c.right + int(right)
        )
        self._scoped.run(counted.where(*(quiz_tally.c[name] == value for name, value in key.items())))

    def quizzes(self) -> tuple[QuizTally, ...]:
        """See TallyStore."""
        ordered = self._scoped.select(quiz_tally).order_by(quiz_tally.c.page, quiz_tally.c.question, quiz_tally.c.lang)
        return tuple(
            QuizTally(page=row.page, question=row.question, lang=row.lang, answers=row.answers, right=row.right)
            for row in self._scoped.all(ordered)
        )

    def left(self, *, month: date, reason: LeavingReason) -> None:
        """See TallyStore."""
        key = {"month": month, "reason": reason.value}
        self._scoped.add_once(leaving_tally, {**key, "families": 0})
        counted = self._scoped.update(leaving_tally).values(families=leaving_tally.c.families + 1)
        self._scoped.run(counted.where(*(leaving_tally.c[name] == value for name, value in key.items())))

    def leavings(self) -> tuple[LeavingTally, ...]:
        """See TallyStore."""
        ordered = self._scoped.select(leaving_tally).order_by(leaving_tally.c.month, leaving_tally.c.reason)
        return tuple(
            LeavingTally(month=row.month, reason=LeavingReason(row.reason), families=row.families)
            for row in self._scoped.all(ordered)
        )
