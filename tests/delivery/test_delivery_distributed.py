"""Kicks between processes: Procrastinate on a real PostgreSQL, around a ledger that does not depend on it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import psycopg
import pytest

from bot.clock import SetClock
from bot.delivery.distributed import Distributed, DistributedKicks, prepare
from bot.storage import Engines, Posting, SqlUnits, open_engines
from school.notices import Lane, Notice, To
from tests.databases import Server, postgresql, postgresql_template

__all__ = ["postgresql", "postgresql_template"]

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HERE = "ashgrove"


class Shared:
    """One database that several processes would share."""

    def __init__(self, url: str) -> None:
        self.address = url.replace("postgresql+psycopg://", "postgresql://")
        self.engines: Engines = open_engines(url)
        clock = SetClock(NOW)
        posting = Posting(school_clock=clock, machine_clock=clock)
        self.units = SqlUnits(self.engines, posting, DistributedKicks(self.address))
        self.units.add_school(HERE)

    def leave(self, key: str, *, lane: Lane = Lane.SAFEGUARDING, commit: bool = True) -> None:
        with self.units.write(HERE) as unit:
            assert unit.outbox.leave(Notice(key=key, to=To.PERSON, recipient="dilys", page="p", lane=lane))
            if commit:
                unit.commit()

    def jobs(self) -> list[tuple[str, str]]:
        """Status and lock of every job."""
        with psycopg.connect(self.address) as connection:
            return connection.execute("SELECT status::text, lock FROM procrastinate_jobs ORDER BY id").fetchall()

    def tell(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture
def shared(postgresql: Server, postgresql_template: str) -> Iterator[Shared]:
    with postgresql.database(like=postgresql_template) as url:
        made = Shared(url)
        assert prepare(made.address)
        assert not prepare(made.address)
        yield made
        made.engines.close()


@asynccontextmanager
async def working(shared: Shared, pump: Callable[[str, bool], int]) -> AsyncIterator[Distributed]:
    """A process that works for as long as the block lasts."""
    engine = Distributed(shared.address)

    async def pumping(school: str, urgent: bool, most: int | None = None) -> int:
        return pump(school, urgent)

    engine.start(pumping)
    try:
        yield engine
    finally:
        await engine.stop()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(true):  # noqa: ASYNC110 - it happens in a database
            await asyncio.sleep(0.02)


def test_a_notice_for_dilys_and_its_kick_stand_or_fall_together(shared: Shared) -> None:
    shared.leave("first", commit=False)
    assert shared.jobs() == []

    shared.leave("first")

    assert shared.jobs() == [("todo", f"{HERE}:urgent")]


def test_a_second_notice_for_dilys_is_kept_although_the_kick_is_queued_already(shared: Shared) -> None:
    shared.leave("first")
    shared.leave("second")
    shared.leave("card", lane=Lane.BULK)

    assert shared.jobs() == [("todo", f"{HERE}:urgent"), ("todo", f"{HERE}:bulk")]
    with shared.units.read(HERE) as unit:
        assert unit.deliveries.counts().states["planned"] == 3


def test_a_notice_for_dilys_is_kept_where_the_engine_has_no_tables(
    postgresql: Server, postgresql_template: str
) -> None:
    with postgresql.database(like=postgresql_template) as url:
        bare = Shared(url)
        bare.leave("first")

        with bare.units.read(HERE) as unit:
            assert unit.deliveries.counts().states["planned"] == 1
        bare.engines.close()


async def test_a_worker_is_woken_by_what_was_left_in_another_process(shared: Shared) -> None:
    pumped: list[tuple[str, bool]] = []

    def pump(school: str, urgent: bool) -> int:
        pumped.append((school, urgent))
        return 1

    async with working(shared, pump):
        await asyncio.to_thread(shared.leave, "first")
        await until(lambda: pumped and not shared.jobs())

    assert pumped == [(HERE, True)]


async def test_a_big_newsletter_goes_behind_the_others_and_goes_on(shared: Shared) -> None:
    left = [2_500]

    def pump(_school: str, _urgent: bool) -> int:
        taken = min(left[0], 1_000)
        left[0] -= taken
        return taken

    async with working(shared, pump):
        await asyncio.to_thread(shared.leave, "card", lane=Lane.BULK)
        await until(lambda: not left[0] and not shared.jobs())

    assert left == [0]


@pytest.mark.parametrize("queued", [False, True], ids=["nothing queued", "another kick queued"])
async def test_dilys_notice_is_sent_by_another_worker_when_the_one_that_had_its_kick_died(
    shared: Shared, queued: bool
) -> None:
    shared.leave("first")
    shared.tell("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
    shared.tell(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
    )
    if queued:
        shared.leave("second")
        assert [status for status, _ in shared.jobs()] == ["doing", "todo"]
    pumped: list[str] = []

    def pump(school: str, _urgent: bool) -> int:
        pumped.append(school)
        return 0

    async with working(shared, pump) as engine:

        async def looked() -> None:
            while not pumped:
                await engine.offer([(HERE, True)])
                await asyncio.sleep(0.05)

        await asyncio.wait_for(looked(), 20)

    assert set(pumped) == {HERE}
