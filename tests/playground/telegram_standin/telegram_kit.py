"""What the tests of the Telegram stand-in share."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import telegram

from bot.playground.telegram import TelegramWorld

TOKEN = "4242:standin_token-for-tests"
AMINA, BEN = 501, 502
KEYBOARD = telegram.InlineKeyboardMarkup(
    [
        [
            telegram.InlineKeyboardButton("Yes", callback_data="yes"),
            telegram.InlineKeyboardButton("No", callback_data="no"),
        ],
        [telegram.InlineKeyboardButton("More", url="https://example.org/more")],
    ]
)


@dataclass
class Hand:
    """A clock that is moved by hand."""

    at: datetime = field(default_factory=lambda: datetime(2027, 2, 9, 8, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at


async def raw(base: str, method: str, **fields: Any) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(f"{base}/bot{TOKEN}/{method}", json=fields)


def last(world: TelegramWorld, user: int = AMINA) -> dict[str, Any]:
    message: dict[str, Any] = world.snapshot(user)["messages"][-1]
    return message


async def until(true: Callable[[], bool]) -> None:
    """Let the other tasks run until something holds."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - gives way and takes no time
            await asyncio.sleep(0)
