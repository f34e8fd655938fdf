"""Recipients' pairs, second factors and recovery keys, and the wrapped keys as such: moved, given, destroyed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.copies import destroy_spare_copies, hangs_on, move_copies
from bot.storage.halves import put_under
from bot.storage.key_tables import vault_recovery, vault_second
from bot.storage.pairs import key_row, live, newest_first, ring, wrapped_key
from bot.storage.scoped import Scoped
from bot.storage.sealing import CannotOpenError, content_key_of, wrap_again
from bot.storage.tables import vault_concern, vault_key, vault_log, vault_wrap
from safeguarding import (
    ENDS,
    WRAP_ENDS,
    Act,
    Holding,
    LeftBehind,
    Moved,
    NotForYouError,
    Outcome,
    Recipient,
    RecoveryWrap,
    SecondFactor,
    State,
    WrappedKey,
)
from school.sensitive import SecretKey

OVER_OR_DRAFT = [State.DRAFT.value, *(state.value for state in ENDS)]


class SqlKeyring:
    """Implements KeyStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def spent(self, mark: str) -> bool:
        """See KeyStore."""
        ended = self._scoped.select(vault_log, vault_log.c.number).where(
            vault_log.c.subject == mark,
            vault_log.c.act.in_([act.value for act in WRAP_ENDS]),
            vault_log.c.outcome == Outcome.DONE.value,
        )
        return self._scoped.first(ended.limit(1)) is not None

    def standing(self, act: Act, person: str) -> str:
        """See KeyStore."""
        made = self._scoped.select(vault_log, vault_log.c.subject).where(
            vault_log.c.actor == person, vault_log.c.act == act.value, vault_log.c.outcome == Outcome.DONE.value
        )
        row = self._scoped.first(made.order_by(vault_log.c.number.desc()).limit(1))
        return "" if row is None or self.spent(row.subject) else str(row.subject)

    def newest(self, person: str) -> WrappedKey | None:
        """See KeyStore."""
        rows = (row for row in newest_first(self._scoped, person) if row.retired is None)
        return next((wrapped_key(row) for row in rows), None)

    def replace_wrap(self, new: WrappedKey, *, instead_of: WrappedKey) -> bool:
        """See KeyStore."""
        values = {"salt": new.salt, "wrapped": new.wrapped, "mark": new.mark}
        return self._as_it_was(instead_of, **values)

    def succeed(self, new: WrappedKey, *, older: WrappedKey, half: SecretKey, now: datetime) -> bool:
        """See KeyStore."""
        newest = self.newest(new.person)
        if newest is None or newest.key_id != older.key_id:
            return False
        under = put_under(half, newer_public=new.public)
        values = {"salt": b"", "wrapped": under, "mark": "", "retired": now, "under": new.key_id}
        if not self._as_it_was(older, **values):
            return False
        self._scoped.add(vault_key, key_row(new, now=now))
        return True

    def _as_it_was(self, key: WrappedKey, **values: Any) -> bool:
        """Change a pair's row, unless somebody else has: the wrap itself is compared."""
        here = self._scoped.update(vault_key).where(
            vault_key.c.id == key.key_id,
            vault_key.c.person == key.person,
            vault_key.c.wrapped == key.wrapped,
            vault_key.c.retired.is_(None),
        )
        return self._scoped.first(here.values(**values).returning(vault_key.c.id)) is not None

    def move(self, person: str, *, key: SecretKey, after: UUID | None, limit: int) -> tuple[Moved, UUID | None]:
        """See KeyStore."""
        newest = self.newest(person)
        if newest is None:
            return Moved(moved=0, stuck=0, left=0), None
        there = self._hanging(person)
        rows = self._scoped.all(
            (there if after is None else there.where(vault_wrap.c.concern_id > after))
            .order_by(vault_wrap.c.concern_id)
            .limit(limit)
        )
        halves = ring(self._scoped, person, key)
        moved = sum(self._move(row, halves=halves, to=newest) for row in rows)
        left = self.hanging(person)
        following = rows[-1].concern_id if len(rows) == limit else None
        return Moved(moved=moved, stuck=len(rows) - moved, left=left), following

    def _move(self, row: Row[Any], *, halves: Sequence[SecretKey], to: WrappedKey) -> bool:
        try:
            content_key, about = content_key_of([row.wrapped], halves=halves)
        except CannotOpenError:
            return False
        wrapped = wrap_again(content_key, about, public=to.public)
        values = {"concern_id": row.concern_id, "key_id": to.key_id, "person": row.person, "wrapped": wrapped}
        standing = {"reserve": row.reserve, "rung": row.rung}
        if not self._scoped.add_once(vault_wrap, {**values, **standing}) and not row.reserve:
            self.let_in(row.concern_id, [row.person])
        self._scoped.run(
            self._scoped.delete(vault_wrap).where(
                vault_wrap.c.concern_id == row.concern_id, vault_wrap.c.key_id == row.key_id
            )
        )
        return True

    def move_copies(self, person: str, *, key: SecretKey, skip: int, limit: int) -> tuple[int, int]:
        """See KeyStore."""
        newest = self.newest(person)
        if newest is None:
            return 0, 0
        to = Recipient(person=person, key_id=newest.key_id, public=newest.public)
        return move_copies(self._scoped, halves=ring(self._scoped, person, key)[1:], to=to, skip=skip, limit=limit)

    def _hanging(self, person: str) -> Any:
        usable = [*live(newest_first(self._scoped, person))]
        newest = self.newest(person)
        older = [each for each in usable if newest is None or each != newest.key_id]
        return self._scoped.select(vault_wrap).where(vault_wrap.c.person == person, vault_wrap.c.key_id.in_(older))

    def hanging(self, person: str) -> int:
        """See KeyStore."""
        return len(self._scoped.all(self._hanging(person)))

    def second_factor(self, person: str) -> SecondFactor | None:
        """See KeyStore."""
        row = self._scoped.first(self._scoped.select(vault_second).where(vault_second.c.person == person))
        if row is None:
            return None
        told = {"mark": row.mark, "sealed": row.sealed, "last_step": row.last_step}
        return SecondFactor(person=row.person, key_id=row.key_id, **told)

    def keep_second_factor(self, second: SecondFactor, *, now: datetime) -> None:
        """See KeyStore."""
        self.drop_second_factor(second.person)
        told = {"mark": second.mark, "sealed": second.sealed, "last_step": second.last_step}
        self._scoped.add(vault_second, {"person": second.person, "key_id": second.key_id, "made": now, **told})

    def take_step(self, second: SecondFactor, *, step: int) -> bool:
        """See KeyStore."""
        here = self._scoped.update(vault_second).where(
            vault_second.c.person == second.person,
            vault_second.c.mark == second.mark,
            vault_second.c.last_step < step,
        )
        return self._scoped.first(here.values(last_step=step).returning(vault_second.c.mark)) is not None

    def drop_second_factor(self, person: str) -> str:
        """See KeyStore."""
        theirs = self._scoped.delete(vault_second).where(vault_second.c.person == person)
        row = self._scoped.first(theirs.returning(vault_second.c.mark))
        return str(row.mark) if row else ""

    def recovery(self, person: str) -> RecoveryWrap | None:
        """See KeyStore."""
        newest = self.newest(person)
        if newest is None:
            return None
        theirs = self._scoped.select(vault_recovery).where(
            vault_recovery.c.key_id == newest.key_id, vault_recovery.c.person == person
        )
        row = self._scoped.first(theirs)
        if row is None:
            return None
        told = {"mark": row.mark, "salt": row.salt, "wrapped": row.wrapped}
        return RecoveryWrap(person=row.person, key_id=row.key_id, **told)

    def keep_recovery(self, wrap: RecoveryWrap, *, now: datetime) -> None:
        """See KeyStore."""
        self._scoped.run(self._scoped.delete(vault_recovery).where(vault_recovery.c.key_id == wrap.key_id))
        told = {"mark": wrap.mark, "salt": wrap.salt, "wrapped": wrap.wrapped, "made": now}
        self._scoped.add(vault_recovery, {"person": wrap.person, "key_id": wrap.key_id, **told})

    def use_recovery(self, wrap: RecoveryWrap) -> bool:
        """See KeyStore."""
        it = self._scoped.delete(vault_recovery).where(
            vault_recovery.c.key_id == wrap.key_id, vault_recovery.c.mark == wrap.mark
        )
        return self._scoped.first(it.returning(vault_recovery.c.mark)) is not None

    def give(self, concern_id: UUID, *, by: str, key: SecretKey, to: Recipient, rung: int) -> bool:
        """See KeyStore."""
        holding = self.holding(concern_id)
        here = vault_wrap.c.concern_id == concern_id
        own = self._scoped.select(vault_wrap, vault_wrap.c.wrapped).where(
            here, vault_wrap.c.person == by, ~vault_wrap.c.reserve
        )
        if holding is None:
            raise NotForYouError
        try:
            wraps = [row.wrapped for row in self._scoped.all(own)]
            content_key, about = content_key_of(wraps, halves=ring(self._scoped, by, key))
        except CannotOpenError as error:
            raise NotForYouError from error
        if to.person in holding.readers:
            return False
        # What they hold already is in reserve, or hangs on a pair that they can open no more.
        self._scoped.run(self._scoped.delete(vault_wrap).where(here, vault_wrap.c.person == to.person))
        wrapped = wrap_again(content_key, about, public=to.public)
        values = {"concern_id": concern_id, "key_id": to.key_id, "person": to.person, "wrapped": wrapped}
        self._scoped.add(vault_wrap, {**values, "reserve": False, "rung": rung})
        return True

    def holding(self, concern_id: UUID) -> Holding | None:
        """See KeyStore."""
        found = self._holdings(vault_concern.c.id == concern_id, vault_concern.c.state != State.DRAFT.value)
        return found[0] if found else None

    def open_holdings(self) -> tuple[Holding, ...]:
        """See KeyStore."""
        return self._holdings(vault_concern.c.state.not_in(OVER_OR_DRAFT))

    def _holdings(self, *where: Any) -> tuple[Holding, ...]:
        concerns = self._scoped.select(vault_concern, vault_concern.c.id, vault_concern.c.reference).where(*where)
        rows = self._scoped.all(concerns.order_by(vault_concern.c.received))
        usable = live(newest_first(self._scoped))
        here = vault_wrap.c.concern_id.in_([row.id for row in rows])
        held: dict[UUID, list[Row[Any]]] = {row.id: [] for row in rows}
        for wrap in self._scoped.all(self._scoped.select(vault_wrap).where(here)):
            held[wrap.concern_id].append(wrap)
        return tuple(_holding(row, held[row.id], usable=usable) for row in rows)

    def left_behind(self, staying: Collection[str], *, limit: int) -> tuple[LeftBehind, ...]:
        """See KeyStore."""
        gone = self._of_leavers(staying).where(vault_wrap.c.concern_id.in_(self._safe(staying)))
        rows = self._scoped.all(gone.order_by(vault_wrap.c.concern_id, vault_wrap.c.person).limit(limit))
        return tuple(LeftBehind(concern_id=row.concern_id, person=row.person) for row in rows)

    def last_ones(self, staying: Collection[str]) -> tuple[LeftBehind, ...]:
        """See KeyStore."""
        is_open = self._scoped.select(vault_concern, vault_concern.c.id).where(
            vault_concern.c.state.not_in(OVER_OR_DRAFT)
        )
        last = self._of_leavers(staying).where(
            vault_wrap.c.concern_id.in_(is_open), vault_wrap.c.concern_id.not_in(self._safe(staying))
        )
        rows = self._scoped.all(last.order_by(vault_wrap.c.concern_id, vault_wrap.c.person))
        return tuple(LeftBehind(concern_id=row.concern_id, person=row.person) for row in rows)

    def _of_leavers(self, staying: Collection[str]) -> Any:
        columns = (vault_wrap.c.concern_id, vault_wrap.c.person)
        return self._scoped.select(vault_wrap, *columns).where(vault_wrap.c.person.not_in([*staying])).distinct()

    def _safe(self, staying: Collection[str]) -> Any:
        """Reports that somebody who stays can open."""
        usable = [key_id for key_id, person in live(newest_first(self._scoped)).items() if person in staying]
        theirs = self._scoped.select(vault_wrap, vault_wrap.c.concern_id).where(vault_wrap.c.key_id.in_(usable))
        return theirs.correlate(None)

    def let_in(self, concern_id: UUID, people: Collection[str]) -> None:
        """See KeyStore."""
        theirs = self._scoped.update(vault_wrap).where(
            vault_wrap.c.concern_id == concern_id, vault_wrap.c.person.in_([*people])
        )
        self._scoped.run(theirs.values(reserve=False))

    def destroy_wraps(self, left: LeftBehind) -> None:
        """See KeyStore."""
        theirs = self._scoped.delete(vault_wrap).where(
            vault_wrap.c.concern_id == left.concern_id, vault_wrap.c.person == left.person
        )
        self._scoped.run(theirs)

    def destroy_spare_copies(self, staying: Collection[str]) -> int:
        """See KeyStore."""
        return destroy_spare_copies(self._scoped, staying=staying, usable=live(newest_first(self._scoped)))

    def destroy_pairs(self, *, staying: Collection[str], before: datetime) -> tuple[WrappedKey, ...]:
        """See KeyStore. The row is held while it is looked at, so that no report is sealed to it meanwhile."""
        rows = newest_first(self._scoped)
        newest = {row.person: row for row in reversed(rows) if row.retired is None}
        gone = []
        for row in reversed(rows):
            mine = newest.get(row.person)
            older = mine is not None and row.id != mine.id and mine.created <= before
            if not (older or row.person not in staying):
                continue
            held = self._scoped.select(vault_key).where(vault_key.c.id == row.id).with_for_update()
            self._scoped.all(held)
            hangs = self._scoped.select(vault_wrap, vault_wrap.c.person).where(vault_wrap.c.key_id == row.id)
            under = self._scoped.select(vault_key, vault_key.c.id).where(vault_key.c.under == row.id)
            if self._scoped.first(hangs.limit(1)) or self._scoped.first(under.limit(1)):
                continue
            if hangs_on(self._scoped, row.id):
                continue
            for table in (vault_second, vault_recovery):
                self._scoped.run(self._scoped.delete(table).where(table.c.key_id == row.id))
            self._scoped.run(self._scoped.delete(vault_key).where(vault_key.c.id == row.id))
            gone.append(wrapped_key(row))
        return tuple(gone)


def _holding(row: Row[Any], wraps: Sequence[Row[Any]], *, usable: Collection[UUID]) -> Holding:
    able = [wrap for wrap in wraps if wrap.key_id in usable]
    readers = frozenset(wrap.person for wrap in able if not wrap.reserve)
    reserve = frozenset(wrap.person for wrap in able) - readers
    shut_out = frozenset(wrap.person for wrap in wraps) - readers - reserve
    told = {"readers": readers, "reserve": reserve, "shut_out": shut_out}
    return Holding(concern_id=row.id, reference=row.reference, **told)
