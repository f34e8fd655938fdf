"""What only one of several processes may do at a time: who has the turn, who gets it next, and how soon."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SetClock
from bot.storage import Engines, Leases, Posting, SqlUnits, open_engines
from bot.turns import LeasedTurns
from school.notices import Lane
from tests.databases import database_url, postgresql, postgresql_template, sqlite_template

__all__ = ["database_url", "postgresql", "postgresql_template", "sqlite_template"]

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HERE, ELSEWHERE = "ashgrove", "birchfield"


class Floor:
    """Processes that share one database and one wall clock."""

    def __init__(self, url: str) -> None:
        self.clock = SetClock(NOW)
        self.engines: Engines = open_engines(url)
        units = SqlUnits(self.engines, Posting(school_clock=self.clock, machine_clock=self.clock))
        for school in (HERE, ELSEWHERE):
            units.add_school(school)
        self.asked = 0

    def process(self, *, alone: bool = False) -> LeasedTurns:
        async def in_thread(_lane: Lane, work):
            self.asked += 1
            return await asyncio.to_thread(work)

        return LeasedTurns(
            leases=Leases(self.engines),
            name="news",
            length=timedelta(seconds=9),
            in_thread=in_thread,
            clock=self.clock,
            alone=alone,
        )

    def pass_time(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def floor(database_url: str) -> Iterator[Floor]:
    made = Floor(database_url)
    yield made
    made.engines.close()


async def test_one_of_two_processes_has_a_school_s_turn_and_each_may_have_another_school_s(floor: Floor) -> None:
    first, second = floor.process(), floor.process()

    assert await first.ours(HERE)
    assert not await second.ours(HERE)
    assert await second.ours(ELSEWHERE)
    assert not await first.ours(ELSEWHERE)


async def test_a_turn_that_is_over_is_the_next_one_s_at_once(floor: Floor) -> None:
    first, second = floor.process(), floor.process()
    assert await first.ours(HERE)

    await first.over(HERE)

    assert await second.ours(HERE)
    await first.over(HERE)
    assert not await first.ours(HERE), "nobody gives back what another has"


async def test_a_dead_process_s_turn_lapses_by_itself(floor: Floor) -> None:
    dead, second = floor.process(), floor.process()
    assert await dead.ours(HERE)

    floor.pass_time(8.9)
    assert not await second.ours(HERE)
    floor.pass_time(0.1)
    assert await second.ours(HERE)


async def test_whoever_goes_on_keeps_the_turn_and_asks_the_database_only_now_and_then(floor: Floor) -> None:
    first, second = floor.process(), floor.process()

    for _ in range(20):
        assert await first.ours(HERE)
        floor.pass_time(1)

    assert not await second.ours(HERE)
    assert floor.asked - 1 <= 20 / 3 + 1


async def test_whoever_was_away_for_too_long_has_lost_it(floor: Floor) -> None:
    slow, second = floor.process(), floor.process()
    assert await slow.ours(HERE)
    floor.pass_time(10)
    assert await second.ours(HERE)

    assert not await slow.ours(HERE)


async def test_nobody_begins_anew_while_the_database_is_away_and_a_process_alone_never_asks(floor: Floor) -> None:
    first, alone = floor.process(), floor.process(alone=True)
    floor.engines.close()

    async def broken(_lane: Lane, _work):
        raise ConnectionError

    first.in_thread = broken

    assert not await first.ours(HERE)
    assert await alone.ours(HERE)
