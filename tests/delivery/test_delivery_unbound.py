"""Where no limit holds, news is claimed as being sent: one write less, and what was not tried is no try."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from bot.delivery.breaker import ENOUGH
from bot.storage import DatabaseUnreachableError
from bot.storage.tables import delivery
from bot.wire import SendFailed
from school.notices import Lane
from tests.delivery.scripted import Room, until

NAMES = [f"f{number:03}" for number in range(200)]
# A chunk of twenty is claimed first, to see whether any limit holds.
LATER = "f050"


@pytest.fixture
def free(room: Room) -> Room:
    room.channel.limited = False
    room.leave(*NAMES, lane=Lane.BULK)
    return room


def _tries(room: Room) -> Counter[int]:
    with room.engines.reading() as connection:
        return Counter(connection.execute(select(delivery.c.attempts)).scalars())


def _routes(room: Room, before):
    """As the room finds them, once `before` has seen the rows."""

    def found(rows):
        before(rows)
        return room._routes(rows)

    return found


async def test_no_more_families_than_may_be_written_to_at_once_are_ever_in_doubt(free: Room) -> None:
    free.channel.hold = asyncio.Event()
    turning = asyncio.create_task(free.loop().turn())

    await until(lambda: free.channel.inside == 80)

    assert Counter(free.states().values()) == {"sending": 80, "planned": 120}
    free.channel.hold.set()
    assert await turning == 200
    assert sorted(free.channel.went) == NAMES
    assert _tries(free) == {1: 200}


async def test_marta_who_is_not_subscribed_any_more_is_skipped_among_them(free: Room) -> None:
    free.skipped = {LATER, "f199"}

    await free.loop().turn()

    assert sorted(free.channel.went) == [name for name in NAMES if name not in free.skipped]
    assert free.rows()["f199"] == ("skipped", "not subscribed")


async def test_nobody_is_forgotten_where_a_limit_holds_after_all(free: Room) -> None:
    def limited(rows) -> None:
        # Once and for all: handfuls are prepared side by side.
        free.channel.limited |= any(row.recipient >= LATER for row in rows)

    loop = free.loop(routes=_routes(free, limited))

    await free.go_on(loop, 30)

    assert sorted(free.channel.went) == NAMES
    assert _tries(free) == {1: 200}


@pytest.mark.parametrize("fault", [DatabaseUnreachableError(), ValueError("torn")])
async def test_nobody_is_in_doubt_where_their_addresses_cannot_be_looked_up(free: Room, fault: Exception) -> None:
    faults = [fault]

    def away(rows) -> None:
        if faults and any(row.recipient == LATER for row in rows):
            raise faults.pop()

    loop = free.loop(routes=_routes(free, away))

    await free.go_on(loop, 5)

    assert faults == []
    assert sorted(free.channel.went) == NAMES
    assert _tries(free) == {1: 200}


async def test_a_channel_that_rests_costs_nobody_a_try(free: Room) -> None:
    broken = NAMES[40 : 40 + ENOUGH]
    free.channel.script |= {name: [SendFailed("unreachable")] for name in broken}
    loop = free.loop()

    await free.go_on(loop, 120)

    assert sorted(free.channel.went) == NAMES
    assert _tries(free) == {1: 200 - ENOUGH, 2: ENOUGH}


async def test_who_stops_the_program_leaves_nobody_in_doubt(free: Room) -> None:
    free.channel.hold = asyncio.Event()
    loop = free.loop()
    turning = asyncio.create_task(loop.turn())
    await until(lambda: free.channel.inside == 80)

    stopping = asyncio.create_task(loop.stop())
    await asyncio.sleep(0)
    free.channel.hold.set()
    await stopping
    await turning

    assert set(free.states().values()) == {"sent", "planned"}
    assert sorted(free.channel.went) == sorted(key for key, state in free.states().items() if state == "sent")
