"""The two clocks. The school's may be moved in the demo; the machine's never."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells an instant in UTC."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""


@dataclass(frozen=True)
class MachineClock:
    """The machine's own clock: leases, pacing, signatures, sessions. Nobody moves it."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that looks


# A difference that a question's own way explains; below it one machine's figures would only tremble.
NOTHING_MUCH = timedelta(milliseconds=50)


@dataclass
class SharedClock:
    """This machine's clock, set by the database server's where several processes share one.

    Leases and pacing are instants in rows that every process reads: two machines whose clocks differ would send too
    fast, or take a living process for dead. It does not look by itself; `align` does, and is called now and then.
    """

    machine: Clock
    told: Callable[[], datetime | None]
    skew: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self.machine.now() + self.skew

    def align(self) -> None:
        """Ask the server once. Where there is none to ask, nothing changes. Raises what asking raises."""
        before = self.machine.now()
        told = self.told()
        if told is not None:
            found = told - before - (self.machine.now() - before) / 2
            self.skew = found if abs(found) > NOTHING_MUCH else timedelta(0)


def ahead(date_header: object, clock: Clock) -> timedelta | None:
    """By how much whoever sent this `Date` (RFC 9110) is ahead of our clock, to the second; None without one."""
    try:
        told = parsedate_to_datetime(str(date_header))
    except ValueError:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)) - clock.now()


@dataclass
class SchoolClock:
    """The school's clock: due dates, quiet hours, escalations. Runs with the machine's, plus an offset.

    The offset is kept in a file, so that a demo goes on where it stopped; a school in earnest has no such file.
    """

    machine: Clock
    offset: timedelta = timedelta(0)
    kept_in: Path | None = None

    def __post_init__(self) -> None:
        if self.kept_in and self.kept_in.exists():
            self.offset = timedelta(seconds=float(self.kept_in.read_text("utf-8")))

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self.machine.now() + self.offset

    def move_to(self, instant: datetime) -> None:
        """Show this instant from now on."""
        self.offset = instant.astimezone(UTC) - self.machine.now()
        if self.kept_in:
            self.kept_in.write_text(str(self.offset.total_seconds()), "utf-8")


@dataclass
class SetClock:
    """A clock that stands where it was set: what tests hand in."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def move_to(self, instant: datetime) -> None:
        """Show this instant from now on."""
        self.instant = instant
