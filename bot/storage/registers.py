"""The registers of devices, risks and other policies. What was closed stays as a record, and is listed nowhere."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.register_tables import register_entry as table
from bot.storage.register_tables import register_note as notes
from bot.storage.scoped import Scoped
from staff import Did, Entry, Happening, Register


class SqlRegisters:
    """Implements RegisterStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def add(self, entry: Entry) -> None:
        """See RegisterStore."""
        values = {
            "id": entry.id,
            "register": entry.register.value,
            "title": entry.title,
            "fields": dict(entry.fields),
            "holder": entry.holder,
            "due": entry.due,
            "version": entry.version,
            "stage": entry.stage,
            "made": entry.made,
            "made_by": entry.made_by,
            "closed": entry.closed,
        }
        self._scoped.add(table, values)

    def one(self, entry_id: UUID) -> Entry | None:
        """See RegisterStore."""
        row = self._scoped.first(self._scoped.select(table).where(table.c.id == entry_id, table.c.closed.is_(None)))
        return _entry(row) if row else None

    def open(self, register: Register) -> tuple[Entry, ...]:
        """See RegisterStore."""
        found = self._scoped.select(table).where(table.c.register == register.value, table.c.closed.is_(None))
        return tuple(map(_entry, self._scoped.all(found.order_by(table.c.made, table.c.id))))

    def change(self, entry: Entry, *, was: int) -> bool:
        """See RegisterStore."""
        here = self._scoped.update(table).where(
            table.c.id == entry.id, table.c.version == was, table.c.closed.is_(None)
        )
        changed = here.values(
            title=entry.title,
            fields=dict(entry.fields),
            holder=entry.holder,
            due=entry.due,
            stage=entry.stage,
            closed=entry.closed,
            version=was + 1,
        )
        return self._scoped.first(changed.returning(table.c.id)) is not None

    def tell(self, entry_ids: Sequence[UUID], *, stage: int) -> None:
        """See RegisterStore."""
        self._scoped.run(self._scoped.update(table).where(table.c.id.in_(entry_ids)).values(stage=stage))

    def note(self, happening: Happening) -> None:
        """See RegisterStore."""
        values = {
            "id": happening.id,
            "entry_id": happening.entry,
            "at": happening.at,
            "by": happening.by,
            "did": happening.did.value,
            "note": happening.note,
        }
        self._scoped.add(notes, values)

    def trail(self, entry_id: UUID, *, limit: int) -> tuple[Happening, ...]:
        """See RegisterStore."""
        theirs = self._scoped.select(notes).where(notes.c.entry_id == entry_id)
        rows = self._scoped.all(theirs.order_by(notes.c.at.desc(), notes.c.id.desc()).limit(limit))
        return tuple(
            Happening(id=row.id, entry=row.entry_id, at=row.at, by=row.by, did=Did(row.did), note=row.note)
            for row in rows
        )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        register=Register(row.register),
        title=row.title,
        fields=row.fields,
        holder=row.holder,
        due=row.due,
        version=row.version,
        stage=row.stage,
        made=row.made,
        made_by=row.made_by,
        closed=row.closed,
    )
