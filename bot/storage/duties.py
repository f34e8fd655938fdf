"""What staff are asked for, and what they said."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists

from bot.storage.duty_tables import duty as table
from bot.storage.scoped import Scoped
from staff import Duty, DutyState, Sort

WAITS = (DutyState.OPEN.value, DutyState.WRONG.value)


class SqlDuties:
    """Implements DutyStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def lay(self, duty: Duty) -> bool:
        """See DutyStore."""
        values = {
            "id": duty.id,
            "sort": duty.sort.value,
            "subject": duty.subject,
            "version": duty.version,
            "period": duty.period,
            "person": duty.person,
            "laid": duty.laid,
            "due": duty.due,
            "said": duty.said.value,
            "said_at": duty.said_at,
            "said_by": duty.said_by,
            "note": duty.note,
            "stage": duty.stage,
            "step": duty.step,
            "right": duty.right,
        }
        return self._scoped.add_once(table, values) or self._lay_again(duty)

    def _lay_again(self, duty: Duty) -> bool:
        mine = (table.c[name] == getattr(duty, name) for name in ("subject", "version", "period", "person"))
        found = self._scoped.select(table, table.c.id).where(table.c.sort == duty.sort.value, *mine)
        row = self._scoped.first(found.where(table.c.said == DutyState.DROPPED.value))
        return row is not None and self.lay_again(row.id, laid=duty.laid, due=duty.due)

    def one(self, duty_id: UUID) -> Duty | None:
        """See DutyStore."""
        row = self._scoped.first(self._scoped.select(table).where(table.c.id == duty_id))
        return _duty(row) if row else None

    def waiting(self, *, person: str | None = None) -> tuple[Duty, ...]:
        """See DutyStore."""
        found = self._scoped.select(table).where(table.c.said.in_(WAITS))
        if person is not None:
            found = found.where(table.c.person == person)
        return tuple(map(_duty, self._scoped.all(found.order_by(table.c.due, table.c.id))))

    def of(self, sort: Sort, *, subject: str | None = None, since: datetime | None = None) -> tuple[Duty, ...]:
        """See DutyStore."""
        found = self._scoped.select(table).where(table.c.sort == sort.value)
        if subject is not None:
            found = found.where(table.c.subject == subject)
        if since is not None:
            found = found.where(table.c.laid >= since)
        return tuple(map(_duty, self._scoped.all(found.order_by(table.c.laid.desc(), table.c.id.desc()))))

    def lay_again(self, duty_id: UUID, *, laid: datetime, due: date) -> bool:
        """See DutyStore."""
        dropped = self._scoped.update(table).where(table.c.id == duty_id, table.c.said == DutyState.DROPPED.value)
        fresh = {"said": DutyState.OPEN.value, "said_at": None, "said_by": "", "note": ""}
        anew = dropped.values(laid=laid, due=due, stage=0, step=0, right=0, **fresh)
        return self._scoped.first(anew.returning(table.c.id)) is not None

    def answer(
        self, duty_id: UUID, *, said: DutyState, by: str, note: str, now: datetime, was: DutyState | None = None
    ) -> bool:
        """See DutyStore."""
        same = WAITS if was is None else tuple({was.value} & set(WAITS))
        waits = self._scoped.update(table).where(table.c.id == duty_id, table.c.said.in_(same))
        done = waits.values(said=said.value, said_by=by, said_at=now, note=note)
        return self._scoped.first(done.returning(table.c.id)) is not None

    def move(self, duty_id: UUID, *, was: int, step: int, right: int) -> bool:
        """See DutyStore."""
        here = self._scoped.update(table).where(table.c.id == duty_id, table.c.step == was)
        return self._scoped.first(here.values(step=step, right=right).returning(table.c.id)) is not None

    def tell(self, duty_ids: Sequence[UUID], *, stage: int) -> None:
        """See DutyStore."""
        self._scoped.run(self._scoped.update(table).where(table.c.id.in_(duty_ids)).values(stage=stage))

    def hand(self, duty_id: UUID, *, person: str) -> bool:
        """See DutyStore."""
        theirs = table.alias()
        same = (theirs.c[name] == table.c[name] for name in ("school_id", "sort", "subject", "version", "period"))
        has = exists().where(*same, theirs.c.person == person)
        moved = self._scoped.update(table).where(table.c.id == duty_id, table.c.said.in_(WAITS), ~has)
        return self._scoped.first(moved.values(person=person, stage=0).returning(table.c.id)) is not None


def _duty(row: Row[Any]) -> Duty:
    return Duty(
        id=row.id,
        sort=Sort(row.sort),
        subject=row.subject,
        version=row.version,
        period=row.period,
        person=row.person,
        laid=row.laid,
        due=row.due,
        said=DutyState(row.said),
        said_at=row.said_at,
        said_by=row.said_by,
        note=row.note,
        stage=row.stage,
        step=row.step,
        right=row.right,
    )
