"""Recipients' pairs as rows: which is the newest, and which older ones open with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.halves import CannotUnwrapError, taken_out
from bot.storage.scoped import Scoped
from bot.storage.tables import vault_key
from safeguarding import WrappedKey
from school.sensitive import SecretKey


def wrapped_key(row: Row[Any]) -> WrappedKey:
    """A pair of which the private half is under a passphrase."""
    told = {"public": row.public, "salt": row.salt, "wrapped": row.wrapped, "mark": row.mark}
    return WrappedKey(person=row.person, key_id=row.id, **told)


def key_row(key: WrappedKey, *, now: datetime) -> dict[str, Any]:
    """As it is kept."""
    told = {"public": key.public, "salt": key.salt, "wrapped": key.wrapped, "mark": key.mark}
    return {"id": key.key_id, "person": key.person, "created": now, **told}


def newest_first(scoped: Scoped, person: str | None = None) -> Sequence[Row[Any]]:
    """Every pair of somebody's, or of everybody's, retired or not."""
    every = scoped.select(vault_key)
    theirs = every if person is None else every.where(vault_key.c.person == person)
    return scoped.all(theirs.order_by(vault_key.c.created.desc(), vault_key.c.id.desc()))


def live(rows: Sequence[Row[Any]]) -> Mapping[UUID, str]:
    """Pairs that their owners can open, with whose they are: the newest of each, and what lies under it.

    An older pair that lies under nothing was left behind with a passphrase that its owner has lost.
    """
    found: dict[UUID, str] = {}
    for row in rows:
        newest = row.retired is None and row.person not in found.values()
        if newest or (row.retired is not None and found.get(row.under) == row.person):
            found[row.id] = row.person
    return found


def ring(scoped: Scoped, person: str, key: SecretKey) -> Sequence[SecretKey]:
    """The newest private half, and every older one of the person's that lies under it, one beneath the other."""
    halves = [key]
    for row in newest_first(scoped, person):
        if row.retired is None:
            continue
        for newer in halves:
            try:
                halves.append(taken_out(row.wrapped, public=row.public, newer=newer))
            except CannotUnwrapError:
                continue
            break
    return halves
