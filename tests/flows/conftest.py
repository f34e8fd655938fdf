from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.databases import database_url, postgresql, postgresql_template, sqlite_template
from tests.flows.rig import Rig, school_up

__all__ = ["database_url", "postgresql", "postgresql_template", "sqlite_template"]


@pytest.fixture
def school(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str
) -> Callable[[], AbstractAsyncContextManager[Rig]]:
    """The whole product over SQLite, then over PostgreSQL: `async with school() as rig`."""
    server = None if database_url.startswith("sqlite") else request.getfixturevalue("postgresql")
    return lambda **more: school_up(tmp_path, database_url=database_url, server=server, **more)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """One school over SQLite for a whole file, whose tests are each about somebody whom it has never met."""
    async with school_up(tmp_path_factory.mktemp("open-school")) as rig:
        yield rig
