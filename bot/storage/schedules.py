"""Schedules: the row that decides which process takes a slot."""

from collections.abc import Callable
from datetime import datetime

from bot.storage.scoped import Scoped
from bot.storage.tables import schedule


class SqlSchedules:
    """One row a school and round. The caller does the round's work and commits both together."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def take(self, schedule_id: str, *, now: datetime, following: Callable[[datetime], datetime]) -> datetime | None:
        """The slot that is due, moved on to the one after `now`; None where none is, or another process has it.

        `following` gives the first slot after an instant. A schedule never seen before is due at once.
        """
        self._scoped.add_once(schedule, {"id": schedule_id, "next_run": now})
        due = (
            self._scoped.select(schedule, schedule.c.next_run)
            .where(schedule.c.id == schedule_id, schedule.c.next_run <= now)
            .with_for_update(skip_locked=True)
        )
        row = self._scoped.first(due)
        if row is None:
            return None
        slot: datetime = row.next_run
        moved = self._scoped.update(schedule).where(schedule.c.id == schedule_id)
        self._scoped.run(moved.values(next_run=following(now)))
        return slot
