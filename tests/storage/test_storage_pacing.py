"""Pacing's rows: whoever settles a key holds it, in any thread and any process."""

import dataclasses
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.storage import Engines, Pacing, open_engines
from bot.wire import Bucket
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage

BOT, MARTA, SAM = "tg:1", "tg:1:chat:501", "tg:1:chat:502"


def add(engines: Engines, keys: list[str], *, by: float = 1.0, school: str = HERE) -> dict[str, float]:
    """Move every key on by so much; where each stood before."""

    def decide(held: Mapping[str, Bucket]) -> tuple[dict[str, Bucket], dict[str, float]]:
        moved = {key: dataclasses.replace(held[key], tat=held[key].tat + by) for key in keys}
        return moved, {key: held[key].tat for key in keys}

    return Pacing(engines).settle(keys, school=school, decide=decide)


def test_marta_s_key_begins_at_nothing_and_keeps_what_was_decided(storage: Storage) -> None:
    until = NOW.timestamp() + 0.123456

    def block(held: Mapping[str, Bucket]) -> tuple[dict[str, Bucket], list[str]]:
        assert held == {BOT: Bucket(), MARTA: Bucket()}
        return {MARTA: Bucket(tat=until, blocked_until=until + 5)}, sorted(held)

    assert Pacing(storage.engines).settle([MARTA, BOT, MARTA], school=HERE, decide=block) == [BOT, MARTA]
    assert Pacing(storage.engines).buckets(HERE) == {
        BOT: Bucket(),
        MARTA: Bucket(tat=pytest.approx(until, abs=1e-6), blocked_until=pytest.approx(until + 5, abs=1e-6)),
    }


def test_marta_s_key_is_left_alone_when_nothing_could_be_decided(storage: Storage) -> None:
    add(storage.engines, [MARTA])

    def torn(_held: Mapping[str, Bucket]) -> tuple[dict[str, Bucket], None]:
        raise LookupError

    with pytest.raises(LookupError):
        Pacing(storage.engines).settle([MARTA, SAM], school=HERE, decide=torn)

    assert Pacing(storage.engines).buckets(HERE) == {MARTA: Bucket(tat=1.0)}


def test_marta_s_school_does_not_slow_another(storage: Storage) -> None:
    add(storage.engines, [BOT], by=60)

    assert add(storage.engines, [BOT], school=ELSEWHERE) == {BOT: 0}
    assert Pacing(storage.engines).buckets(HERE) == {BOT: Bucket(tat=60)}


def test_marta_and_sam_never_share_a_slot_however_many_settle_at_once(storage: Storage) -> None:
    engines = [open_engines(storage.url, wait_seconds=5) for _ in range(2)]

    def settle(number: int) -> float:
        # In either order, so that two who held one key each would wait for each other for ever.
        keys = [BOT, MARTA, SAM] if number % 2 else [SAM, BOT, MARTA]
        return add(engines[number % 2], keys)[BOT]

    with ThreadPoolExecutor(2) as pool:
        before = list(pool.map(settle, range(24)))

    assert sorted(before) == list(range(24))
    assert set(Pacing(storage.engines).buckets(HERE).values()) == {Bucket(tat=24)}
    for each in engines:
        each.close()


def forget(storage: Storage, *, before: datetime, limit: int) -> int:
    with storage.units.write(HERE) as unit:
        gone = unit.deliveries.forget_pacing(before=before, limit=limit)
        unit.commit()
    return gone


def test_sam_s_key_is_forgotten_after_its_last_use_but_not_while_it_is_held(storage: Storage) -> None:
    pacing, then = Pacing(storage.engines), NOW.timestamp()
    kept = {BOT: Bucket(tat=then), MARTA: Bucket(tat=then - 99_999, blocked_until=then), SAM: Bucket(tat=then - 99_999)}
    for school in (HERE, ELSEWHERE):
        pacing.settle(list(kept), school=school, decide=lambda _held: (kept, None))

    assert forget(storage, before=NOW, limit=9) == 1
    assert set(pacing.buckets(HERE)) == {BOT, MARTA}
    assert [forget(storage, before=NOW + timedelta(days=1), limit=1) for _ in range(3)] == [1, 1, 0]
    assert pacing.buckets(HERE) == {}
    assert set(pacing.buckets(ELSEWHERE)) == set(kept)
