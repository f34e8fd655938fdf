"""Slots: when a round is due next. Pure arithmetic on given instants; the row that is advanced is the store's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from school.calendar import Calendar

Following = Callable[[datetime], datetime]


@dataclass(frozen=True)
class Every:
    """So often, at whole multiples of it: whoever missed some does the one that is due, and no flood of them."""

    period: timedelta

    def following(self, now: datetime, calendar: Calendar) -> datetime:  # noqa: ARG002 - as Daily has it
        """The first slot after an instant."""
        seconds = self.period.total_seconds()
        return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)


@dataclass(frozen=True)
class Daily:
    """Once a day at a time on the school's wall: once too on the nights when that time is skipped or comes twice."""

    at: time

    def following(self, now: datetime, calendar: Calendar) -> datetime:
        """The first slot after an instant."""
        day = calendar.today(now)
        while (slot := calendar.at(day, self.at)) <= now:
            day += timedelta(days=1)
        return slot


Slots = Every | Daily
