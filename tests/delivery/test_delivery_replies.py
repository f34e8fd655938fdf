"""Answers share their limits with news: they come first, wait a second at most, and tell what they were told."""

import asyncio
import time
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import event

from bot.clock import SetClock
from bot.delivery import Rate, ReplyPace
from bot.delivery.pacing import book
from bot.storage import Pacing
from tests.storage.conftest import (
    HERE,
    NOW,
    Storage,
    database_url,
    postgresql,
    postgresql_template,
    sqlite_template,
    storage,
)

__all__ = ["database_url", "postgresql", "postgresql_template", "sqlite_template", "storage"]

CHAT = ("tg:1", "tg:1:chat:501")


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture
def pace(storage: Storage, naps: list[float]) -> ReplyPace:
    return paced(Pacing(storage.engines), naps)


def in_thread(_lane, work):
    return asyncio.to_thread(work)


def paced(pacer, naps: list[float], **more) -> ReplyPace:
    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    given = {"school": HERE, "in_thread": in_thread, "machine_clock": SetClock(NOW), "sleep": sleep}
    return ReplyPace(pacer=pacer, **(given | more))


def ask(storage: Storage, key: str, rate: float = 1, *, at: float = 0) -> float:
    """News books its turn, however far off; the seconds until then."""
    now = NOW.timestamp() + at

    def decide(held):
        changed, (slot,) = book(held, [[key]], {key: Rate(rate, 1)}, now=now, ahead=60)
        return changed, slot.at - now

    return Pacing(storage.engines).settle([key], school=HERE, decide=decide)


async def test_marta_is_answered_at_once_when_nothing_else_goes_out(pace, storage, naps):
    writes: list[str] = []
    event.listen(storage.engines.write, "commit", lambda _: writes.append("commit"))

    await pace.turn(CHAT)

    assert naps == []
    assert writes == ["commit"]


async def test_news_to_marta_waits_for_the_answer_that_she_was_just_given(pace, storage):
    await pace.turn(CHAT)

    assert ask(storage, CHAT[1]) == pytest.approx(1, abs=0.01)
    assert ask(storage, CHAT[0], 29.4) == pytest.approx(1 / 29.4, abs=0.01)


async def test_marta_waits_for_the_one_second_that_news_has_taken_of_her_chat(pace, storage, naps):
    assert ask(storage, CHAT[0], 29.4) == 0
    assert ask(storage, CHAT[1]) == 0

    await pace.turn(CHAT)

    assert naps == [pytest.approx(1.0, abs=0.7)], "the chat's second, less what the look took"


async def test_a_flood_of_answers_makes_nobody_wait_for_more_than_a_second(pace, storage, naps):
    for _ in range(40):
        await pace.turn(CHAT)

    assert max(naps) <= 1.0
    assert ask(storage, CHAT[1]) <= 2.0


async def test_a_chat_that_must_wait_for_longer_is_tried_all_the_same(pace, storage, naps):
    await pace.told_to_wait(CHAT, timedelta(seconds=30))

    await pace.turn(CHAT)

    assert naps == [pytest.approx(1.0, abs=0.9)]


async def test_what_an_answer_to_marta_was_told_holds_for_news_to_her_and_for_nobody_else(pace, storage):
    await pace.told_to_wait(CHAT, timedelta(seconds=20))

    assert ask(storage, CHAT[1]) == pytest.approx(20)
    assert ask(storage, "tg:1:chat:502") == 0
    assert ask(storage, CHAT[0], 29.4) == 0


class Broken:
    """A database that is gone, or busy for ever."""

    def __init__(self, wait: Event | None = None) -> None:
        self.wait = wait

    def settle(self, *_args: object, **_more: object) -> float:
        if self.wait is not None:
            self.wait.wait(5)
        raise OSError("no disk")


async def test_sam_is_answered_when_the_database_is_gone(naps):
    pace = paced(Broken(), naps)

    await pace.turn(CHAT)
    await pace.told_to_wait(CHAT, timedelta(seconds=3))

    assert naps == []


async def test_sam_is_answered_when_the_database_is_busy_for_ever(naps):
    busy = Event()
    pace = paced(Broken(busy), naps, longest_seconds=0.05)
    began = time.monotonic()

    await pace.turn(CHAT)

    busy.set()
    assert time.monotonic() - began < 4
    assert naps == []
