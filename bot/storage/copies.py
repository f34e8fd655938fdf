"""Copies for one person, of whatever kind: what hangs on a pair of keys, and how it moves to a newer one."""

from collections.abc import Sequence
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


def move_copies(scoped: Scoped, *, halves: Sequence[SecretKey], to: Recipient) -> int:
    """Seal a person's copies to their newest pair, by whichever older half opens each; how many stay as they were."""
    return sum(
        not _moved(scoped, table, row, halves=halves, to=to)
        for table in TABLES
        for row in scoped.all(scoped.select(table).where(table.c.person == to.person, table.c.key_id != to.key_id))
    )


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
