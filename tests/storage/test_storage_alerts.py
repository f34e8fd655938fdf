"""Alerts of one import on both databases: known again, and kept once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from bot.storage import new_id
from safeguarding import NewConcern
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage
from tests.storage.test_storage_vault import concern, enrol

MINUTE = timedelta(minutes=1)


def alerts(storage: Storage, count: int, *, urgent: int = 0) -> list[NewConcern]:
    """So many of one import, the first of them urgent."""
    dsl, _ = enrol(storage)
    head, _ = enrol(storage, "head")
    batch, made = new_id(NOW), []
    for number in range(count):
        sent = concern(storage, dsl, reserve=(head,), rungs={"dsl": 0, "head": 1}, watch_at=NOW + MINUTE, watch_rung=1)
        made.append(replace(sent, alert_mark=f"mark{number}", batch=batch, urgent=number < urgent))
    with storage.units.write(HERE) as unit:
        for each in made:
            unit.concerns.add(each)
        unit.commit()
    return made


def test_an_alert_is_known_by_its_mark_at_its_own_school_alone(storage: Storage) -> None:
    alerts(storage, 2)

    with storage.units.write(HERE) as unit:
        assert sorted(unit.concerns.known_alerts(["mark0", "mark1", "mark2"])) == ["mark0", "mark1"]
    with storage.units.write(ELSEWHERE) as unit:
        assert unit.concerns.known_alerts(["mark0"]) == ()


def test_the_same_mark_is_never_kept_twice_and_reports_have_none(storage: Storage) -> None:
    (sent,) = alerts(storage, 1)
    again = concern(storage, *sent.routed)

    with pytest.raises(IntegrityError), storage.units.write(HERE) as unit:
        unit.concerns.add(replace(again, alert_mark="mark0"))
    with storage.units.write(HERE) as unit:
        unit.concerns.add(concern(storage, *sent.routed))
        unit.concerns.add(concern(storage, *sent.routed))
        unit.commit()


def test_of_two_imports_at_once_the_second_sees_the_first(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    together, batch = Barrier(2), new_id(NOW)

    def bring(_: int) -> int:
        sent = replace(concern(storage, dsl), alert_mark="same", batch=batch)
        together.wait()
        with storage.units.write(HERE) as unit:
            if unit.concerns.known_alerts(["same"]):
                return 0
            unit.concerns.add(sent)
            unit.commit()
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(bring, range(2))) == [0, 1]
