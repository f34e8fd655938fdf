"""Addresses that wait for a tap in a letter."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func

from bot.storage.pending_tables import email_pending as table
from bot.storage.scoped import Scoped
from parents import Pending


class SqlPendings:
    """Implements PendingStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def add(self, pending: Pending) -> None:
        """See PendingStore."""
        values = {
            "id": pending.id,
            "address": pending.address,
            "lang": pending.lang,
            "code": pending.code,
            "asked": pending.asked,
        }
        self._scoped.add(table, values)

    def get(self, pending_id: UUID) -> Pending | None:
        """See PendingStore."""
        row = self._scoped.first(self._scoped.select(table).where(table.c.id == pending_id))
        return _pending(row) if row else None

    def since(self, when: datetime, *, address: str) -> int:
        """See PendingStore."""
        lately = self._scoped.select(table, func.count().label("number"))
        row = self._scoped.first(lately.where(table.c.address == address, table.c.asked > when))
        return int(row.number) if row else 0

    def forget(self, address: str) -> None:
        """See PendingStore."""
        self._scoped.run(self._scoped.delete(table).where(table.c.address == address))

    def forget_old(self, *, before: datetime, limit: int) -> int:
        """See PendingStore."""
        oldest = self._scoped.select(table, table.c.id).where(table.c.asked < before).order_by(table.c.asked)
        ids = [row.id for row in self._scoped.all(oldest.limit(limit))]
        if ids:
            self._scoped.run(self._scoped.delete(table).where(table.c.id.in_(ids)))
        return len(ids)


def _pending(row: Row[Any]) -> Pending:
    return Pending(id=row.id, address=row.address, lang=row.lang, code=row.code, asked=row.asked)
