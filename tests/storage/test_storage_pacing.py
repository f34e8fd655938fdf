from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage import Pacing
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage

TELEGRAM = {"rate_per_s": 29.4, "burst": 1}


def test_a_key_grants_its_burst_and_then_says_how_long_to_wait(storage: Storage) -> None:
    pacing = Pacing(storage.engines)
    rate = {"school": HERE, "rate_per_s": 2, "burst": 3}

    waits = [pacing.ask("tg:1", **rate, machine_now=NOW) for _ in range(4)]

    assert waits[:3] == [0, 0, 0]
    assert waits[3] == pytest.approx(0.5, abs=1e-3)
    assert pacing.ask("tg:1", **rate, machine_now=NOW + timedelta(seconds=0.51)) == 0


def test_keys_and_schools_do_not_slow_each_other(storage: Storage) -> None:
    pacing = Pacing(storage.engines)
    assert pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=NOW) == 0
    assert pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=NOW) > 0

    assert pacing.ask("tg:2", school=HERE, **TELEGRAM, machine_now=NOW) == 0
    assert pacing.ask("tg:1", school=ELSEWHERE, **TELEGRAM, machine_now=NOW) == 0


def test_a_platform_that_says_wait_is_obeyed_for_its_own_key(storage: Storage) -> None:
    pacing = Pacing(storage.engines)
    pacing.block("tg:1", school=HERE, until=NOW + timedelta(seconds=20))
    pacing.block("tg:1", school=HERE, until=NOW + timedelta(seconds=5))

    assert pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=NOW) == pytest.approx(20)
    assert pacing.ask("tg:2", school=HERE, **TELEGRAM, machine_now=NOW) == 0
    assert pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=NOW + timedelta(seconds=20)) == 0


def test_marta_s_answers_take_their_slots_and_news_takes_the_one_after(storage: Storage) -> None:
    pacing = Pacing(storage.engines)
    rates = [("tg:1", 29.4, 1), ("tg:1:chat:501", 1.0, 1)]

    waits = [pacing.take(rates, school=HERE, longest_s=1, machine_now=NOW) for _ in range(4)]

    assert waits == pytest.approx([0, 1, 1, 1], abs=1e-3)
    assert pacing.ask("tg:1:chat:501", school=HERE, rate_per_s=1, burst=1, machine_now=NOW) == pytest.approx(2)
    assert pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=NOW) == pytest.approx(4 / 29.4, abs=1e-3)


def test_an_answer_is_told_how_long_its_platform_said_to_wait(storage: Storage) -> None:
    pacing = Pacing(storage.engines)
    pacing.block("tg:1", school=HERE, until=NOW + timedelta(seconds=20))

    assert pacing.take([("tg:1", 1.0, 1)], school=HERE, longest_s=1, machine_now=NOW) == pytest.approx(20)
    assert pacing.take([("tg:1", 1.0, 1)], school=ELSEWHERE, longest_s=1, machine_now=NOW) == 0


def test_answers_and_news_that_ask_together_never_share_a_slot(storage: Storage) -> None:
    pacing = Pacing(storage.engines)

    def either(number: int) -> float:
        if number % 2:
            return pacing.ask("tg:1", school=HERE, rate_per_s=1, burst=5, machine_now=NOW)
        return pacing.take([("tg:1", 1.0, 5)], school=HERE, longest_s=100, machine_now=NOW)

    with ThreadPoolExecutor(2) as pool:
        waits = list(pool.map(either, range(14)))

    assert waits.count(0) == 5


def test_a_wait_is_long_enough(storage: Storage) -> None:
    pacing, now = Pacing(storage.engines), NOW
    pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=now)
    for _ in range(20):
        wait = pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=now)
        now += timedelta(seconds=wait + 1e-5)
        assert pacing.ask("tg:1", school=HERE, **TELEGRAM, machine_now=now) == 0


def test_threads_that_ask_together_share_one_rate(storage: Storage) -> None:
    pacing = Pacing(storage.engines)

    with ThreadPoolExecutor(6) as pool:
        waits = list(
            pool.map(
                lambda _: pacing.ask("tg:1", school=HERE, rate_per_s=1, burst=5, machine_now=NOW),
                range(30),
            ),
        )

    assert waits.count(0) == 5


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.floats(1, 40),
    burst=st.integers(1, 5),
    gaps=st.lists(st.floats(0, 0.3), min_size=5, max_size=40),
    key=st.uuids(),
)
def test_no_window_of_a_second_holds_more_than_the_rate(
    storage: Storage,
    rate: float,
    burst: int,
    gaps: list[float],
    key: object,
) -> None:
    pacing, elapsed, granted = Pacing(storage.engines), 0.0, list[float]()

    for gap in gaps:
        elapsed += gap
        at = NOW + timedelta(seconds=elapsed)
        if pacing.ask(str(key), school=HERE, rate_per_s=rate, burst=burst, machine_now=at) == 0:
            granted.append(elapsed)

    for start in granted:
        assert sum(start <= each < start + 1 for each in granted) <= rate + burst + 1e-3
