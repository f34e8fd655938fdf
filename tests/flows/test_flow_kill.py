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
from bot.playground.slack import slack_routes
from bot.playground.telegram import telegram_routes
from bot.storage.tables import vault_concern
from tests.flows.rig import _set_up

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


async def _until(true, *, seconds: float = 20.0) -> None:
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


@pytest.mark.clause(40)
async def test_ten_pupils_words_are_each_kept_once_although_the_bot_is_killed_in_the_middle(tmp_path):
    slack, telegram = demo.worlds()
    for person in PEOPLE:
        telegram.add_person(person, f"Pupil {person}", "en")
    routes = [
        Mount("/playground/slack", routes=slack_routes(slack)),
        Mount("/playground/telegram", routes=telegram_routes(telegram)),
    ]
    async with serve(Starlette(routes=routes)) as base:
        port = int(base.rpartition(":")[2])
        settings = demo.prepare(tmp_path, port)
        await asyncio.to_thread(_set_up, settings)
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

        drafts = _drafts(settings.database_url)
        assert set(kept) <= set(drafts)
        assert len(drafts) == len(set(drafts)) == len(PEOPLE)
