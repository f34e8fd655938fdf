"""A world with one bot and two people, served on loopback, and the real python-telegram-bot pointed at it."""

from collections.abc import AsyncIterator

import pytest
import telegram
from starlette.applications import Starlette
from starlette.routing import Mount
from telegram.request import HTTPXRequest
from telegram_kit import AMINA, BEN, TOKEN, Hand

from bot.playground.serving import serve
from bot.playground.telegram import TelegramWorld, telegram_routes


@pytest.fixture(autouse=True)
def _retry_after_is_a_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def world(clock: Hand) -> TelegramWorld:
    world = TelegramWorld(clock)
    world.add_bot(TOKEN, "lollipop_test_bot")
    world.add_person(AMINA, "Amina", "en", started=True)
    world.add_person(BEN, "Ben", "pl")
    return world


@pytest.fixture
async def base(world: TelegramWorld) -> AsyncIterator[str]:
    app = Starlette(routes=[Mount("/playground/telegram", routes=telegram_routes(world))])
    async with serve(app) as url:
        yield f"{url}/playground/telegram"


@pytest.fixture
async def bot(base: str) -> AsyncIterator[telegram.Bot]:
    def request() -> HTTPXRequest:
        return HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": False})

    made = telegram.Bot(TOKEN, base_url=f"{base}/bot", request=request(), get_updates_request=request())
    async with made:
        yield made
