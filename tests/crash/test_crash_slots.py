"""A month of newsletters and three processes on one PostgreSQL, one of them killed with -9 in the middle of a round.

The school's clock is handed to all three: 22 weekdays at 16:00, and the minute after.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import SetClock
from bot.scheduling.rounds import CHUNK, NEWS_AT
from bot.storage.tables import delivery, evidence, inbox
from bot.unit import INBOX_KEPT
from tests.crash.child import Told
from tests.crash.kills import DEAD_SECONDS, FORKS, Child, until
from tests.crash.office import SCHOOL, Office, as_seen, office
from tests.crash.rounds import go_rounds

OCTOBER = [date(2026, 10, 1) + timedelta(days=number) for number in range(31)]
DAYS = [day for day in OCTOBER if day.weekday() < 5]
# Its Sunday before is the one on which the clocks go back.
KILLED_ON = date(2026, 10, 26)
ROUND_THE_KILL = [day for day in DAYS if abs(day - KILLED_ON) <= timedelta(days=3)]
JOINED = datetime(2026, 9, 1, tzinfo=UTC)
MINUTE, FAMILIES, ROUND_SECONDS = timedelta(minutes=1), 5, 20.0


def slot(day: date) -> datetime:
    return SCHOOL.calendar.at(day, NEWS_AT)


class Looking:
    """One of the three, and the line by which it is told the time."""

    def __init__(self, name: str, *, url: str, folder: Path, days: Sequence[date]) -> None:
        told = Told(
            name=name,
            database=as_seen(url, name),
            folder=str(folder),
            server="",
            paced=False,
            alone=False,
            lease_seconds=0.0,
        )
        self._line, theirs = FORKS.Pipe()
        self.child = Child(told, does=go_rounds, given=(theirs, days))

    def told(self, now: datetime, *, stand_still_at: str = "", time: int = 0) -> None:
        self._line.send((now, stand_still_at, time))

    def been(self) -> int:
        """How much it did, once it is back from its round."""
        assert self._line.poll(ROUND_SECONDS), f"{self.child.told.name} did not come back"
        return self._line.recv()

    def stands_still(self) -> bool:
        return any(word == "paused" for word, _, _ in self.child.facts())

    def fired(self) -> list[str]:
        return [about for word, _, about in self.child.facts() if word == "fired"]


@contextmanager
def three(url: str, folder: Path, days: Sequence[date]) -> Iterator[list[Looking]]:
    living = [Looking(f"rounds-{number}", url=url, folder=folder, days=days) for number in range(3)]
    try:
        yield living
    finally:
        for each in living:
            each.child.kill()


def go(looking: Sequence[Looking], now: datetime) -> None:
    """All at once, as tickers that strike together."""
    for each in looking:
        each.told(now)
    for each in looking:
        each.been()


def arrive(school: Office, day: date, count: int) -> None:
    """What came in so long ago that it is not to be kept any longer on that day."""
    long_ago = slot(day) - INBOX_KEPT - MINUTE
    with school.units.write(SCHOOL.id) as unit:
        for number in range(count):
            unit.inbox.first_time(via="slack", transport_id=f"{day}-{number}", semantic_id=None, now=long_ago)
        unit.commit()


def counted(school: Office, what) -> dict[str, int]:
    with school.engines.reading() as connection:
        return dict(connection.execute(select(what, func.count()).group_by(what)).all())


@dataclass(frozen=True, kw_only=True)
class Month:
    """Some days of it, and three who go the rounds; one of them stands still at a point, and is killed there."""

    url: str
    folder: Path
    days: Sequence[date]
    point: str
    time: int = 1

    def gone_by(self, school: Office) -> Counter[str]:
        """At which instants a slot fired, whoever took it."""
        with three(self.url, self.folder, self.days) as living:
            everybody = list(living)
            for day in self.days:
                arrive(school, day, CHUNK + 1 if day == KILLED_ON else 1)
                if day == KILLED_ON:
                    self._one_is_killed(school, living)
                else:
                    go(living, slot(day))
                go(living, slot(day) + MINUTE)
                assert counted(school, inbox.c.via) == {}, f"on {day} something is kept too long"
            return Counter(instant for each in everybody for instant in each.fired())

    def _one_is_killed(self, school: Office, living: list[Looking]) -> None:
        """It has this afternoon's slot and stands still in it. The others look, and are not held up."""
        victim, *others = living
        victim.told(slot(KILLED_ON), stand_still_at=self.point, time=self.time)
        until(victim.stands_still, ROUND_SECONDS)
        go(others, slot(KILLED_ON))
        victim.child.kill()
        living.remove(victim)
        until(lambda: school.has_lost(victim.child.told.name), DEAD_SECONDS)


def everything_was_planned_once(school: Office, days: Sequence[date]) -> None:
    assert counted(school, delivery.c.mailing) == {f"newsletter:news-{day}:1": FAMILIES for day in days}
    assert counted(school, evidence.c.what) == {f"news-{day} for {FAMILIES} families": 1 for day in days}
    assert school.balanced()


def slots_of(days: Sequence[date]) -> Counter[str]:
    return Counter(instant.isoformat() for day in days for instant in (slot(day), slot(day) + MINUTE))


@pytest.fixture
def ashgrove(postgresql, postgresql_template):
    """Its database's address, and its office."""
    with postgresql.database(like=postgresql_template) as url, office(url, SetClock(JOINED)) as school:
        school.families(FAMILIES)
        yield url, school


def test_families_get_22_of_22_newsletters_planned_once_by_three_processes_one_of_which_is_killed(tmp_path, ashgrove):
    url, school = ashgrove

    fired = Month(url=url, folder=tmp_path, days=DAYS, point="taken").gone_by(school)

    assert len(DAYS) == 22
    assert fired == slots_of(DAYS)
    everything_was_planned_once(school, DAYS)


@pytest.mark.parametrize(
    ("point", "time"), [("fired", 1), ("laying", 1), ("laid", 1), ("retiring", 1), ("retiring", 2)]
)
def test_amara_s_round_is_gone_on_with_wherever_in_it_the_process_is_killed_that_had_its_slot(
    tmp_path, ashgrove, point, time
):
    url, school = ashgrove

    fired = Month(url=url, folder=tmp_path, days=ROUND_THE_KILL, point=point, time=time).gone_by(school)

    # What was never committed has not fired: that slot is taken a minute later.
    undone = Counter([slot(KILLED_ON).isoformat()] if point == "fired" else [])
    assert fired == slots_of(ROUND_THE_KILL) - undone
    everything_was_planned_once(school, ROUND_THE_KILL)
