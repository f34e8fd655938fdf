from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.storage import QUICK, Engines, Posting, SqlUnits, SqlVault, open_engines
from tests.databases import (
    database_url,
    empty_database_url,
    postgresql,
    postgresql_template,
    sqlite_template,
)

__all__ = ["database_url", "empty_database_url", "postgresql", "postgresql_template", "sqlite_template"]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE, ELSEWHERE = "ashgrove", "beechwood"


@dataclass(frozen=True, kw_only=True)
class Storage:
    """Everything that storage offers, with two schools in it."""

    engines: Engines
    units: SqlUnits
    vault: SqlVault
    clock: SetClock
    url: str


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    engines = open_engines(database_url, wait_seconds=0.3)
    clock = SetClock(NOW)
    units = SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock))
    for school in (HERE, ELSEWHERE):
        assert units.add_school(school)
    yield Storage(
        engines=engines,
        units=units,
        vault=SqlVault(engines, costs=QUICK),
        clock=clock,
        url=database_url,
    )
    engines.close()
