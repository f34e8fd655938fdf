import re
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from web_school import TUESDAY, ScriptedDesk, an_app

from bot.clock import SetClock


@pytest.fixture
def desk() -> ScriptedDesk:
    return ScriptedDesk()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(TUESDAY)


@pytest.fixture
async def browser(desk: ScriptedDesk, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks HTTP to the app; keeps cookies and follows nothing."""
    transport = httpx.ASGITransport(an_app(desk, clock), raise_app_exceptions=False, client=("127.0.0.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def hidden() -> Callable[[str, str], str]:
    """The value of a hidden field."""

    def find(html: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', html)
        assert found, f"no {name} in the page"
        return found[1]

    return find
