from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.databases import database_url, postgresql, postgresql_template, sqlite_template
from tests.flows.rig import Rig, school_up

__all__ = ["database_url", "postgresql", "postgresql_template", "sqlite_template"]


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Callable[[], AbstractAsyncContextManager[Rig]]:
    """The whole product over SQLite, then over PostgreSQL: `async with school() as rig`."""
    return lambda: school_up(tmp_path, database_url=database_url)
