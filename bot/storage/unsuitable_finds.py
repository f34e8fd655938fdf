"""What turned up on a screen in a lesson: answers to choose from, an address, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.scoped import Scoped
from bot.storage.staff_tables import unsuitable_find as table
from school.people import YearGroup
from staff import Dealt, Device, Find, Kind, Seen, When


class SqlFinds:
    """Implements FindStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def add(self, find: Find) -> None:
        """See FindStore."""
        values = {
            "id": find.id,
            "reference": find.reference,
            "at": find.at,
            "by": find.by,
            "kind": find.kind.value,
            "address": find.address,
            "device": find.device.value,
            "mark": find.mark,
            "happened": find.when.value,
            "year": find.year.number if find.year else None,
            "seen": find.seen.value,
            "upset": find.upset.value,
            "dealt": find.dealt.value if find.dealt else "",
            "dealt_by": find.dealt_by,
            "dealt_at": find.dealt_at,
        }
        self._scoped.add(table, values)

    def by_reference(self, reference: str) -> Find | None:
        """See FindStore."""
        row = self._scoped.first(self._scoped.select(table).where(table.c.reference == reference))
        return _find(row) if row else None

    def newest(self, *, limit: int) -> tuple[Find, ...]:
        """See FindStore."""
        open_first = (table.c.dealt_at.is_not(None), table.c.at.desc(), table.c.id.desc())
        rows = self._scoped.all(self._scoped.select(table).order_by(*open_first).limit(limit))
        return tuple(map(_find, rows))

    def deal(self, find_id: UUID, *, how: Dealt, by: str, now: datetime) -> bool:
        """See FindStore."""
        still_open = self._scoped.update(table).where(table.c.id == find_id, table.c.dealt_at.is_(None))
        dealt = still_open.values(dealt=how.value, dealt_by=by, dealt_at=now)
        return self._scoped.first(dealt.returning(table.c.id)) is not None


def _find(row: Row[Any]) -> Find:
    return Find(
        id=row.id,
        reference=row.reference,
        at=row.at,
        by=row.by,
        kind=Kind(row.kind),
        device=Device(row.device),
        when=When(row.happened),
        seen=Seen(row.seen),
        upset=Seen(row.upset),
        address=row.address,
        mark=row.mark,
        year=None if row.year is None else YearGroup(row.year),
        dealt=Dealt(row.dealt) if row.dealt else None,
        dealt_by=row.dealt_by,
        dealt_at=row.dealt_at,
    )
