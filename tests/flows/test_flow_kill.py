import asyncio
import contextlib
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import demo
from bot.playground.serving import serve
from bot.playground.slack import Stall as SlackStall
from bot.playground.slack import slack_routes
from bot.playground.telegram import Stall, telegram_routes
from bot.storage.tables import vault_concern
from tests.flows.rig import PUPIL, SAM, _set_up

ROOT = Path(__file__).parents[2]
PEOPLE = range(601, 611)
BOT = """
import asyncio, pathlib, sys
from bot import demo
from bot.main import build

async def main():
    product = build(demo.prepare(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
    async with product.running():
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def _until(true, *, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def _bot(home: Path, port: int):
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BOT, str(home), str(port), cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _drafts(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            found = connection.execute(select(vault_concern.c.state, vault_concern.c.sent_from)).all()
    finally:
        engine.dispose()
    assert {row.state for row in found} <= {"draft"}
    return [row.sent_from for row in found]


@contextlib.asynccontextmanager
async def _platforms(home: Path):
    """The worlds of both platforms, the settings of a school on them, and their port."""
    slack, telegram = demo.worlds()
    routes = [
        Mount("/playground/slack", routes=slack_routes(slack)),
        Mount("/playground/telegram", routes=telegram_routes(telegram)),
    ]
    async with serve(Starlette(routes=routes)) as base:
        port = int(base.rpartition(":")[2])
        settings = demo.prepare(home, port)
        await asyncio.to_thread(_set_up, settings)
        try:
            yield slack, telegram, settings, port
        finally:
            slack.faults.release()
            telegram.faults.release()


def _states(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(select(vault_concern.c.state)).scalars())
    finally:
        engine.dispose()


def _heard(telegram, person: int) -> str:
    return str([each for each in telegram.snapshot(person)["messages"] if each["from_bot"]])


@pytest.mark.clause(40)
async def test_ten_pupils_words_are_each_kept_once_and_answered_although_the_bot_is_killed_in_the_middle(tmp_path):
    async with _platforms(tmp_path) as (_, telegram, settings, port):
        for person in PEOPLE:
            telegram.add_person(person, f"Pupil {person}", "en")
        queue = telegram.bot(None).updates
        numbers = [telegram.say(person, f"Someone keeps writing to me: {person}") for person in PEOPLE]

        async with _bot(tmp_path, port) as first:
            await _until(lambda: telegram.calls_of("sendMessage"))
            first.kill()
            assert await first.wait() == -9
        kept = _drafts(settings.database_url)
        assert kept, "the bot was killed before it had kept anything"
        assert set(numbers) & set(queue.pending), "the bot was killed after everything was confirmed"

        async with _bot(tmp_path, port):
            await _until(lambda: not set(numbers) & set(queue.pending))
            telegram.say(PEOPLE[0], "/help")
            await _until(lambda: any("/report" in str(each.fields) for each in telegram.calls_of("sendMessage")))
            await _until(lambda: all("Yes, pass it on" in _heard(telegram, person) for person in PEOPLE))

        drafts = _drafts(settings.database_url)
        assert set(kept) <= set(drafts)
        assert len(drafts) == len(set(drafts)) == len(PEOPLE)


async def _killed_before_it_answers(telegram, settings, port: int, home: Path) -> None:
    """Sam's words are kept, and the process dies before Telegram has the answer."""
    before = len(_states(settings.database_url))
    async with _bot(home, port) as first:
        telegram.faults.next("sendMessage", Stall())
        number = telegram.say(SAM, "Someone keeps writing to me")
        await _until(lambda: telegram.faults.stalled)
        assert len(_states(settings.database_url)) == before + 1
        first.kill()
        assert await first.wait() == -9
    assert number in telegram.bot(None).updates.pending
    await _until(lambda: not telegram.faults.stalled)


@pytest.mark.clause(40)
async def test_sam_is_answered_and_heard_once_although_the_bot_is_killed_before_it_could_answer_him(tmp_path):
    async with _platforms(tmp_path) as (_, telegram, settings, port):
        await _killed_before_it_answers(telegram, settings, port, tmp_path)
        assert _heard(telegram, SAM) == "[]"

        async with _bot(tmp_path, port) as second:
            await _until(lambda: not telegram.bot(None).updates.pending)
            assert _heard(telegram, SAM).count("Yes, pass it on") == 1
            assert _states(settings.database_url) == ["draft"]
            (message,) = [each for each in telegram.snapshot(SAM)["messages"] if each["inline_keyboard"]]
            (data,) = [
                key["callback_data"]
                for row in message["inline_keyboard"]
                for key in row
                if key["text"] == "Yes, pass it on"
            ]
            telegram.tap(SAM, message["message_id"], data)
            await _until(lambda: not telegram.bot(None).updates.pending)
            second.kill()
            await second.wait()

        async with _bot(tmp_path, port):
            telegram.say(SAM, "/help")
            await _until(lambda: "/report" in _heard(telegram, SAM))
            assert "Yes, pass it on" not in _heard(telegram, SAM), "he is asked no second time, and the button is gone"
            assert len(_states(settings.database_url)) == 1


@pytest.mark.clause(40)
async def test_a_pupil_on_slack_is_answered_and_heard_once_although_the_bot_is_killed_before_it_could_answer(tmp_path):
    async with _platforms(tmp_path) as (slack, _, settings, port):
        async with _bot(tmp_path, port) as first:
            await slack.wait_until_connected(timeout=30)
            slack.faults.next("chat.postMessage", SlackStall())
            saying = asyncio.create_task(slack.say(PUPIL, text="Someone keeps writing to me"))
            await _until(lambda: slack.faults.stalled)
            assert _states(settings.database_url) == ["draft"]
            first.kill()
            assert await first.wait() == -9
        await saying
        assert "Yes, pass it on" not in str(slack.dm_messages(PUPIL))

        async with _bot(tmp_path, port):
            await slack.wait_until_connected(timeout=30)
            await slack.retry_events()
            await _until(lambda: "Yes, pass it on" in str(slack.dm_messages(PUPIL)))
            await slack.redeliver()
            await slack.redeliver(same_event_id=False)

        assert sum("Yes, pass it on" in str(each) for each in slack.dm_messages(PUPIL)) == 1
        assert _states(settings.database_url) == ["draft"]
