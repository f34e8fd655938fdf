"""The vault's log, as rows: appended under the school's own row, so that two writers never share a number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.storage.scoped import Scoped
from bot.storage.tables import vault_log, vault_school
from safeguarding import BEGINNING, Act, Head, LogRow, Outcome, mark_of


class SqlLogBook:
    """Implements LogBook."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def write(self, act: Act, *, actor: str, now: datetime, subject: str = "", outcome: Outcome = Outcome.DONE) -> None:
        """See LogBook. Counting up holds the row until the commit, which is what puts two writers in order."""
        counted = self._scoped.update(vault_school).values(log_number=vault_school.c.log_number + 1)
        at = self._scoped.first(counted.returning(vault_school.c.log_number, vault_school.c.log_mark))
        if at is None:
            raise LookupError(self._scoped.school)
        told = {"number": at.log_number, "at": now, "actor": actor, "act": act.value, "subject": subject}
        row = LogRow(**told, outcome=outcome.value, mark=b"")
        mark = mark_of(row, school=self._scoped.school, previous=at.log_mark or BEGINNING)
        self._scoped.add(vault_log, {**told, "outcome": outcome.value, "mark": mark})
        self._scoped.run(self._scoped.update(vault_school).values(log_mark=mark))

    def head(self) -> Head:
        """See LogBook."""
        row = self._scoped.first(self._scoped.select(vault_school, vault_school.c.log_number, vault_school.c.log_mark))
        return Head(number=row.log_number, mark=row.log_mark or BEGINNING) if row else Head(number=0, mark=BEGINNING)

    def rows(self, *, after: int, limit: int) -> Sequence[LogRow]:
        """See LogBook."""
        later = self._scoped.select(vault_log).where(vault_log.c.number > after)
        return self._rows(later.order_by(vault_log.c.number).limit(limit))

    def of(self, subject: str) -> Sequence[LogRow]:
        """See LogBook."""
        about = self._scoped.select(vault_log).where(vault_log.c.subject == subject)
        return self._rows(about.order_by(vault_log.c.number))

    def _rows(self, statement: Any) -> Sequence[LogRow]:
        return [_row(row) for row in self._scoped.all(statement)]


def _row(row: Row[Any]) -> LogRow:
    return LogRow(
        number=row.number,
        at=row.at,
        actor=row.actor,
        act=row.act,
        subject=row.subject,
        outcome=row.outcome,
        mark=row.mark,
    )
