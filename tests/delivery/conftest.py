import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SetClock
from bot.storage import Posting, SqlUnits, open_engines
from tests.databases import sqlite_template
from tests.delivery.scripted import HERE, NOW, Room, Scripted

__all__ = ["sqlite_template"]


@pytest.fixture
def room(tmp_path: Path, sqlite_template: Path) -> Iterator[Room]:
    path = tmp_path / "loop.db"
    shutil.copyfile(sqlite_template, path)
    engines = open_engines(f"sqlite:///{path}", home=tmp_path)
    clock = SetClock(NOW)
    units = SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock))
    assert units.add_school(HERE)
    yield Room(engines, units, clock, Scripted(clock))
    engines.close()
