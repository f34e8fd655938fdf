"""Codes by which adults act for one child. A code is known by a keyed hash alone."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.child_tables import family_code
from bot.storage.scoped import Scoped
from parents import FamilyCode


class SqlChildren:
    """Implements ChildStore. `keys` are kept outside the database: the first marks a code, any knows it."""

    def __init__(self, scoped: Scoped, keys: Sequence[bytes]) -> None:
        self._scoped = scoped
        self._keys = keys

    def add(self, made: FamilyCode, *, code: str) -> bool:
        """See ChildStore."""
        return self._scoped.add_once(family_code, self._values(made, code))

    def add_many(self, made: Sequence[tuple[FamilyCode, str]]) -> frozenset[UUID]:
        """See ChildStore."""
        self._scoped.add_many(family_code, [self._values(each, code) for each, code in made])
        # Asked for in a second statement: rows that tell of themselves one by one take twice as long.
        ids = self._scoped.select(family_code, family_code.c.id).where(
            family_code.c.id.in_([one.id for one, _ in made])
        )
        return frozenset(row.id for row in self._scoped.all(ids))

    def by_code(self, code: str) -> FamilyCode | None:
        """See ChildStore."""
        row = self._scoped.first(self._scoped.select(family_code).where(family_code.c.mark.in_(self._marks(code))))
        return _code(row) if row else None

    def of_pupil(self, pupil: str) -> tuple[FamilyCode, ...]:
        """See ChildStore."""
        return self._found(family_code.c.pupil == pupil)

    def of_pupils(self, pupils: Sequence[str]) -> tuple[FamilyCode, ...]:
        """See ChildStore."""
        return self._found(family_code.c.pupil.in_(pupils))

    def listed(self, class_id: str = "") -> tuple[FamilyCode, ...]:
        """See ChildStore."""
        return self._found(*([family_code.c.class_id == class_id] if class_id else []))

    def of_family(self, family_id: UUID) -> tuple[FamilyCode, ...]:
        """See ChildStore."""
        return tuple(sorted(self._found(family_code.c.family_id == family_id), key=lambda each: (each.used, each.id)))

    def use(self, code_id: UUID, *, family_id: UUID, now: datetime) -> bool:
        """See ChildStore."""
        free = self._scoped.update(family_code).where(
            family_code.c.id == code_id, family_code.c.used.is_(None), family_code.c.withdrawn.is_(None)
        )
        bound = free.values(used=now, family_id=family_id).returning(family_code.c.id)
        return self._scoped.first(bound) is not None

    def withdraw(self, pupil: str, *, adult: int, now: datetime) -> int:
        """See ChildStore."""
        theirs = self._scoped.update(family_code).where(
            family_code.c.pupil == pupil, family_code.c.adult == adult, family_code.c.withdrawn.is_(None)
        )
        return len(self._scoped.all(theirs.values(withdrawn=now).returning(family_code.c.id)))

    def drop(self, pupil: str) -> int:
        """See ChildStore."""
        gone = self._scoped.delete(family_code).where(family_code.c.pupil == pupil)
        return len(self._scoped.all(gone.returning(family_code.c.id)))

    def move(self, pupil: str, *, class_id: str) -> int:
        """See ChildStore."""
        elsewhere = self._scoped.update(family_code).where(
            family_code.c.pupil == pupil, family_code.c.class_id != class_id
        )
        return len(self._scoped.all(elsewhere.values(class_id=class_id).returning(family_code.c.id)))

    def _found(self, *where: Any) -> tuple[FamilyCode, ...]:
        found = self._scoped.select(family_code).where(*where)
        ordered = found.order_by(family_code.c.pupil, family_code.c.adult, family_code.c.made, family_code.c.id)
        return tuple(_code(row) for row in self._scoped.all(ordered))

    def _values(self, made: FamilyCode, code: str) -> dict[str, Any]:
        return {
            "id": made.id,
            "pupil": made.pupil,
            "class_id": made.class_id,
            "adult": made.adult,
            "mark": self._mark(self._keys[0], code),
            "made": made.made,
            "used": made.used,
            "family_id": made.family,
            "withdrawn": made.withdrawn,
            "left": made.left,
        }

    def _marks(self, code: str) -> list[str]:
        return [self._mark(key, code) for key in self._keys]

    def _mark(self, key: bytes, code: str) -> str:
        said = b"\0".join((b"a family code", self._scoped.school.encode(), code.encode()))
        return hmac.digest(key, said, "sha256").hex()


def end_bindings(scoped: Scoped, family_id: UUID, *, erase: bool = False) -> None:
    """A chat that has left acts for no child any more; an erased one is not even known to have."""
    theirs = scoped.update(family_code).where(family_code.c.family_id == family_id)
    scoped.run(theirs.values(left=True, family_id=None) if erase else theirs.values(left=True))


def _code(row: Row[Any]) -> FamilyCode:
    return FamilyCode(
        id=row.id,
        pupil=row.pupil,
        class_id=row.class_id,
        adult=row.adult,
        made=row.made,
        used=row.used,
        family=row.family_id,
        withdrawn=row.withdrawn,
        left=row.left,
    )
