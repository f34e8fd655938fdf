"""Slots: each is taken once, by whoever comes first, whatever the clocks do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from functools import partial
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from bot.scheduling.slots import Daily, Every, Slots
from bot.storage import Engines, Posting, SqlUnits, open_engines
from school.calendar import Calendar
from tests.storage.conftest import HERE, NOW, Storage

CALENDAR = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def take(units: SqlUnits, slots: Slots, now: datetime, *, furthest: timedelta = 26 * timedelta(hours=1)) -> bool:
    with units.write(HERE) as unit:
        slot = unit.schedules.take(
            "plan",
            now=now,
            following=partial(slots.following, calendar=CALENDAR),
            furthest=furthest,
        )
        unit.commit()
    return slot is not None


def known(storage: Storage, at: datetime) -> None:
    with storage.units.write(HERE) as unit:
        unit.schedules.know("plan", now=at)
        unit.commit()


def units_of(engines: Engines, storage: Storage) -> SqlUnits:
    return SqlUnits(engines, Posting(school_clock=storage.clock, machine_clock=storage.clock))


def test_amara_s_22_slots_fire_once_each_with_three_who_race_for_them(storage: Storage) -> None:
    known(storage, NOW)
    # Three processes share nothing but the database; on SQLite there is only one, with three threads.
    one = storage.engines.writer is not None
    engines = [storage.engines] * 3 if one else [open_engines(storage.url) for _ in range(3)]
    together = Barrier(3)

    def process(mine: Engines) -> list[int]:
        units, fired = units_of(mine, storage), []
        for number in range(22):
            together.wait(30)
            if take(units, Every(MINUTE), NOW + number * MINUTE):
                fired.append(number)
        return fired

    with ThreadPoolExecutor(3) as pool:
        fired = [number for each in pool.map(process, engines) for number in each]

    assert sorted(fired) == list(range(22))
    for each in [] if one else engines:
        each.close()


def test_amara_s_slot_is_still_due_when_the_round_that_took_it_failed(storage: Storage) -> None:
    known(storage, NOW)
    with storage.units.write(HERE) as unit:
        assert unit.schedules.take("plan", now=NOW, following=lambda now: now + DAY, furthest=2 * DAY) == NOW

    assert take(storage.units, Every(MINUTE), NOW)
    assert not take(storage.units, Every(MINUTE), NOW)


def test_amara_s_schedule_is_known_once_and_nothing_is_due_of_an_unknown_one(storage: Storage) -> None:
    assert not take(storage.units, Every(MINUTE), NOW)
    known(storage, NOW)
    known(storage, NOW + DAY)

    due = partial(storage.units.schedules_due, furthest={"plan": 2 * DAY, "tidy": 2 * DAY})
    assert due(NOW - MINUTE) == []
    assert due(NOW) == [(HERE, "plan")]


def test_amara_s_round_goes_on_when_the_clock_is_moved_back(storage: Storage) -> None:
    known(storage, NOW)
    assert take(storage.units, Every(MINUTE), NOW + 90 * DAY, furthest=2 * MINUTE)

    back = NOW + 30 * timedelta(seconds=1)
    assert storage.units.schedules_due(back, furthest={"plan": 2 * MINUTE}) == [(HERE, "plan")]
    assert take(storage.units, Every(MINUTE), back, furthest=2 * MINUTE)
    assert not take(storage.units, Every(MINUTE), back, furthest=2 * MINUTE)
    assert take(storage.units, Every(MINUTE), NOW + MINUTE, furthest=2 * MINUTE)


@pytest.mark.parametrize("slots", [Every(MINUTE), Daily(time(3, 10))])
def test_amara_s_machine_that_slept_for_a_day_catches_up_once(storage: Storage, slots: Slots) -> None:
    known(storage, NOW)
    assert take(storage.units, slots, NOW)

    awake = NOW + DAY + timedelta(seconds=7)
    assert [take(storage.units, slots, awake) for _ in range(3)] == [True, False, False]
    assert not take(storage.units, slots, awake + timedelta(seconds=20))


@pytest.mark.parametrize(
    ("night", "fires"),
    [
        # 01:30 does not exist: the clock jumps from 01:00 GMT to 02:00 BST.
        pytest.param(datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, tzinfo=UTC), id="spring"),
        # 01:30 comes twice: at 00:30 UTC in BST and at 01:30 UTC in GMT.
        pytest.param(datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="autumn"),
    ],
)
def test_amara_s_nightly_round_fires_once_on_the_night_the_clocks_change(
    storage: Storage, night: datetime, fires: datetime
) -> None:
    slots = Daily(time(1, 30))
    known(storage, night - DAY)
    assert take(storage.units, slots, night - timedelta(hours=12))

    ticks = [night - timedelta(hours=2) + number * 10 * MINUTE for number in range(24 * 6)]
    fired = [tick for tick in ticks if take(storage.units, slots, tick)]

    assert fired == [fires]
    following = [tick + DAY for tick in ticks if take(storage.units, slots, tick + DAY)]
    assert len(following) == 1
