"""Killed with words in hand, in the ways that test_flow_kill does not try: none is lost, and none is kept twice.

The process that is killed has let the first words through whole, has kept the next ones without their confirmation
going out, and has not got to the rest.
"""

import asyncio
import contextlib
import json
import socket
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import demo
from bot.playground.serving import serve
from bot.playground.slack import SlackWorld, slack_routes
from bot.playground.telegram import TelegramWorld, telegram_routes
from bot.settings import Settings
from bot.storage.tables import vault_concern
from tests.databases import postgresql, postgresql_template
from tests.flows.rig import _set_up

__all__ = ["postgresql", "postgresql_template"]

ROOT = Path(__file__).parents[2]
PUPILS = range(601, 611)
THROUGH, HELD = 3, 1
BOT = """
import asyncio, itertools, json, pathlib, sys
from dataclasses import replace
from bot import demo
from bot.main import build
from bot.playground.serving import serve
from bot.storage import QUICK, SqlVault

told = json.loads(sys.argv[1])
settings = replace(demo.prepare(pathlib.Path(told["home"]), told["stand_in"]), **told["settings"])
product = build(settings, make_vault=lambda engines: SqlVault(engines, costs=QUICK))
ask, numbers = product.counter.ask, itertools.count(1)

async def as_far_as_told(incoming):
    number = next(numbers) if incoming.verb == "words" else 0
    if number > told["through"] + told["held"]:
        await asyncio.Event().wait()
    answer = await ask(incoming)
    if number > told["through"]:
        await asyncio.Event().wait()
    return answer

product.counter.ask = as_far_as_told

async def main():
    async with serve(product.app, settings.port), product.running():
        await asyncio.Event().wait()

asyncio.run(main())
"""


@dataclass
class Place:
    """Both platforms, the settings of a school on them, and what differs from the demo's."""

    slack: SlackWorld
    telegram: TelegramWorld
    home: Path
    stand_in: int
    settings: Settings
    different: dict[str, Any]

    def kept(self) -> list[str]:
        """The marks of those whose words are kept."""
        engine = create_engine(self.settings.database_url)
        try:
            with engine.connect() as connection:
                rows = connection.execute(select(vault_concern.c.state, vault_concern.c.sent_from)).all()
        finally:
            engine.dispose()
        assert {row.state for row in rows} <= {"draft"}
        return [row.sent_from for row in rows]

    @contextlib.asynccontextmanager
    async def bot(self, *, through: int = 1_000, held: int = 0):
        """A process of its own."""
        told = {"home": str(self.home), "stand_in": self.stand_in, "settings": self.different}
        words = json.dumps({**told, "through": through, "held": held})
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", BOT, words, cwd=ROOT)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _until(true, *, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.asynccontextmanager
async def _place(home: Path, **different: Any):
    slack, telegram = demo.worlds()
    slack.ack_seconds = 60.0  # a lost acknowledgement is what the kill makes of it, not what a busy machine does
    for number in PUPILS:
        telegram.add_person(number, f"Pupil {number}", "en")
        slack.add_user(f"U{number}", f"Pupil {number}", is_pupil=True)
    routes = [
        Mount("/playground/slack", routes=slack_routes(slack)),
        Mount("/playground/telegram", routes=telegram_routes(telegram)),
    ]
    async with serve(Starlette(routes=routes)) as base:
        stand_in, own = int(base.rpartition(":")[2]), _free_port()
        different |= {"port": own, "public_url": f"http://127.0.0.1:{own}"}
        settings = replace(demo.prepare(home, stand_in), **different)
        await asyncio.to_thread(_set_up, settings)
        slack.base_url = f"{base}/playground/slack"
        yield Place(slack, telegram, home, stand_in, settings, different)


def _answered(calls) -> int:
    return sum("Yes, pass it on" in str(call) for call in calls)


async def _killed(process, place: Place, *, held: int, calls) -> list[str]:
    """Kill it once it is as far as it was told to go; who was kept until then."""
    await _until(lambda: len(place.kept()) == THROUGH + held and _answered(calls()) >= THROUGH)
    process.kill()
    assert await process.wait() == -9
    return place.kept()


def _each_is_kept_once(place: Place, before: list[str]) -> None:
    after = place.kept()
    assert len(before) == len(set(before)) < len(PUPILS)
    assert set(before) < set(after)
    assert len(after) == len(set(after)) == len(PUPILS)


@pytest.mark.clause(40)
async def test_ten_pupils_words_are_each_kept_once_although_a_bot_with_a_webhook_is_killed(tmp_path):
    async with _place(tmp_path, telegram_mode="webhook") as place:
        telegram, queue = place.telegram, place.telegram.bot().updates
        async with place.bot(through=THROUGH, held=HELD) as first:
            await _until(lambda: queue.webhook.url and telegram.calls_of("setMyCommands"))
            await _until_served(place)
            numbers = {telegram.say(person, f"Someone keeps writing to me: {person}") for person in PUPILS}
            posting = asyncio.create_task(_posted_until_heard(telegram, THROUGH))
            before = await _killed(first, place, held=HELD, calls=lambda: telegram.calls_of("sendMessage"))
            await posting
        assert len(numbers & set(queue.waiting_ids())) == len(PUPILS) - THROUGH

        async with place.bot():
            await _until_served(place)
            while queue.waiting_ids():
                await telegram.deliver_webhook()
                await asyncio.sleep(0.02)

        _each_is_kept_once(place, before)


async def _until_served(place: Place) -> None:
    """Until the process answers on its port."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", place.settings.port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody listens")


async def _posted_until_heard(telegram: TelegramWorld, times: int) -> None:
    """Post what waits, again where the channel was not open yet, until so much was confirmed and the rest was cut."""
    confirmed = 0
    while confirmed < times:
        confirmed += sum(each.confirmed for each in await telegram.deliver_webhook())


@pytest.mark.clause(40)
@pytest.mark.parametrize("mode", ["Socket Mode", "signed HTTP"])
async def test_ten_pupils_words_are_each_kept_once_although_a_bot_on_slack_is_killed(tmp_path, mode):
    signed = {"slack_app_token": "", "slack_signing_secret": "standin-signing-secret"}
    async with _place(tmp_path, **(signed if mode == "signed HTTP" else {})) as place:
        slack = place.slack
        if mode == "signed HTTP":
            slack.request_url = f"http://127.0.0.1:{place.settings.port}/slack/events"
        async with place.bot(through=THROUGH, held=3) as first:
            await _until_slack_is_up(place, times=1)
            saying = [slack.say(f"U{number}", text=f"Someone keeps writing to me: {number}") for number in PUPILS]
            said = asyncio.gather(*saying)
            before = await _killed(first, place, held=3, calls=lambda: slack.calls_of("chat.postMessage"))
            await said
        assert sum(not each.confirmed for each in slack.deliveries) >= len(PUPILS) - THROUGH

        async with place.bot():
            await _until_slack_is_up(place, times=2)
            for ack in await slack.retry_events():
                assert ack.ok

        _each_is_kept_once(place, before)


async def _until_slack_is_up(place: Place, *, times: int) -> None:
    """Until the process has said hello so often, and can be reached."""
    await _until(lambda: len(place.slack.calls_of("auth.test")) >= times)
    if place.slack.request_url is None:
        await place.slack.wait_until_connected(timeout=60)
    else:
        while not (await place.slack.event({"type": "tree_planted", "event_ts": place.slack.new_ts()})).ok:
            place.slack.deliveries.pop()
            await asyncio.sleep(0.02)


@pytest.mark.clause(40)
async def test_ten_pupils_words_are_each_kept_once_on_postgresql_although_a_polling_bot_is_killed(
    tmp_path, postgresql, postgresql_template
):
    with postgresql.database(like=postgresql_template) as url:
        async with _place(tmp_path, database_url=url) as place:
            telegram, queue = place.telegram, place.telegram.bot().updates
            numbers = {telegram.say(person, f"Someone keeps writing to me: {person}") for person in PUPILS}
            async with place.bot(through=THROUGH, held=HELD) as first:
                before = await _killed(first, place, held=HELD, calls=lambda: telegram.calls_of("sendMessage"))
            assert numbers <= set(queue.pending)

            async with place.bot():
                await _until(lambda: not numbers & set(queue.pending))

            _each_is_kept_once(place, before)
