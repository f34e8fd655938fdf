"""Schedules: the row that decides which process takes a slot."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from bot.storage.clockwork_tables import schedule
from bot.storage.scoped import Scoped


class SqlSchedules:
    """One row a school and round. The caller does the round's work and commits."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def know(self, schedule_id: str, *, now: datetime) -> None:
        """See Schedules."""
        self._scoped.add_once(schedule, {"id": schedule_id, "next_run": now})

    def take(
        self,
        schedule_id: str,
        *,
        now: datetime,
        following: Callable[[datetime], datetime],
        furthest: timedelta,
    ) -> datetime | None:
        """See Schedules."""
        slot = self.hold(schedule_id, now=now, furthest=furthest)
        if slot is not None:
            moved = self._scoped.update(schedule).where(schedule.c.id == schedule_id)
            self._scoped.run(moved.values(next_run=following(now)))
        return slot

    def hold(self, schedule_id: str, *, now: datetime, furthest: timedelta) -> datetime | None:
        """See Schedules."""
        due = (
            self._scoped.select(schedule, schedule.c.next_run)
            .where(_due(schedule_id, now, furthest))
            .with_for_update(skip_locked=True)
        )
        row = self._scoped.first(due)
        slot: datetime | None = None if row is None else row.next_run
        return slot


def due_everywhere(
    connection: Connection, now: datetime, *, furthest: Mapping[str, timedelta]
) -> list[tuple[str, str]]:
    """School and round of every slot that is due, in one statement."""
    due = select(schedule.c.school_id, schedule.c.id).where(
        or_(*(_due(name, now, far) for name, far in furthest.items()))
    )
    return [(row[0], row[1]) for row in connection.execute(due.order_by(schedule.c.next_run)).all()]


def _due(schedule_id: str, now: datetime, furthest: timedelta) -> ColumnElement[bool]:
    """Come, or so far off that the clock must have been moved back since it was set."""
    come = or_(schedule.c.next_run <= now, schedule.c.next_run > now + furthest)
    return and_(schedule.c.id == schedule_id, come)
