"""Copies for one person, of whatever kind: what hangs on a pair of keys, and how it moves to a newer one."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table

from bot.storage.scoped import Scoped
from bot.storage.sealed_tables import vault_identity_half, vault_lowlevel_copy, vault_uncovering_copy
from bot.storage.sealing import CannotOpenError, copy_again
from safeguarding import Recipient
from school.sensitive import SecretKey

TABLES: tuple[Table, ...] = (vault_lowlevel_copy, vault_identity_half, vault_uncovering_copy)


def hangs_on(scoped: Scoped, key_id: UUID) -> bool:
    """Whether any copy is sealed to this pair: destroyed now, it would take the copy with it."""
    return any(scoped.first(scoped.select(table).where(table.c.key_id == key_id).limit(1)) for table in TABLES)


def move_copies(
    scoped: Scoped, *, halves: Sequence[SecretKey], to: Recipient, skip: int = 0, limit: int | None = None
) -> tuple[int, int]:
    """Seal a person's copies to their newest pair, by whichever older half opens each; how many moved, how many stay.

    At most `limit` are looked at, after the first `skip`: those of a chunk before that stayed.
    """
    rows = [
        (table, row)
        for table in TABLES
        for row in scoped.all(
            scoped.select(table)
            .where(table.c.person == to.person, table.c.key_id != to.key_id)
            .order_by(*table.primary_key.columns)
        )
    ]
    looked_at = rows[skip : None if limit is None else skip + limit]
    moved = sum(_moved(scoped, table, row, halves=halves, to=to) for table, row in looked_at)
    return moved, len(looked_at) - moved


def _moved(scoped: Scoped, table: Table, row: Row[Any], *, halves: Sequence[SecretKey], to: Recipient) -> bool:
    here = [table.c[column.name] == row._mapping[column.name] for column in table.primary_key.columns]  # noqa: SLF001
    for half in halves:
        try:
            sealed = copy_again(row.sealed, key=half, public=to.public)
        except CannotOpenError:
            continue
        scoped.add_once(table, {**row._mapping, "key_id": to.key_id, "sealed": sealed})  # noqa: SLF001
        scoped.run(scoped.delete(table).where(*here))
        return True
    return False


def destroy_spare_copies(scoped: Scoped, *, staying: Collection[str], usable: Collection[UUID]) -> int:
    """Copies of people who left, where somebody who stays can open one of the same; how many. A last one is kept.

    A request to find out who wrote ends by itself within a day, and its copies with it.
    """
    return sum(
        _spared(scoped, table, same, staying=staying, usable=usable)
        for table, same in (
            (vault_lowlevel_copy, ("entry_id",)),
            (vault_identity_half, ("concern_id", "about", "half")),
        )
    )


def _spared(
    scoped: Scoped, table: Table, same: Sequence[str], *, staying: Collection[str], usable: Collection[UUID]
) -> int:
    columns = [*table.primary_key.columns, table.c.person, *(table.c[name] for name in same)]
    rows = scoped.all(scoped.select(table, *dict.fromkeys(columns)))

    def of(row: Row[Any]) -> tuple[Any, ...]:
        return tuple(row._mapping[name] for name in same)  # noqa: SLF001

    safe = {of(row) for row in rows if row.person in staying and row.key_id in usable}
    gone = [row for row in rows if row.person not in staying and of(row) in safe]
    for row in gone:
        here = [table.c[column.name] == row._mapping[column.name] for column in table.primary_key.columns]  # noqa: SLF001
        scoped.run(scoped.delete(table).where(*here))
    return len(gone)
