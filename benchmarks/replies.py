"""How long somebody waits for an answer while a newsletter goes out, beside an idle house: the whole product.

An update comes in by webhook; the time is until Telegram has the answer, committed and in its turn. The stand-in
answers everything at once, so what is measured is ours.
"""

import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from benchmarks.figures import Row, figure
from benchmarks.transport import first_line, started
from bot import demo
from bot.channels.telegram.http import SECRET_HEADER
from bot.keys import webhook_secret
from bot.library import load_library
from bot.main import build
from bot.product import Product
from bot.storage import SqlUnits, new_id
from parents import Family, FamilyState
from school.notices import Mailing, MailingState

ASKED, ROUNDS = 100, 5
SCHOOL = "oakfield"


def rows() -> Iterator[Row]:
    """One figure: p99 in milliseconds during a broadcast, beside p99 of an idle house."""
    with contextlib.ExitStack() as stack:
        stub = started(stack, [sys.executable, "-m", "benchmarks.stub"])
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        busy, idle = asyncio.run(_measure(Path(folder), stub))
    row = figure(
        "delivery.reply_p99",
        [_p99(times) for times in busy],
        [_p99(times) for times in idle],
        peer_name="the same house, idle",
        unit="ms",
        better="lower",
    )
    yield row | {"ours_p50": round(statistics.median(time for each in busy for time in each), 2)}


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


async def _measure(folder: Path, stub: subprocess.Popen[str]) -> tuple[list[list[float]], list[list[float]]]:
    settings = replace(
        demo.prepare(folder, 8000),
        telegram_api_url=f"http://127.0.0.1:{first_line(stub)}",
        telegram_mode="webhook",
        public_url="https://school.example",
        slack_bot_token="",
        slack_app_token="",
    )
    product = await asyncio.to_thread(lambda: build(settings, library=load_library()))
    telegram = product.telegram
    assert telegram is not None
    await telegram.start()
    transport = httpx.ASGITransport(app=product.app)
    headers = {SECRET_HEADER: webhook_secret(settings.home, SCHOOL)}
    busy, idle = [], []
    async with httpx.AsyncClient(transport=transport, base_url="https://school.example", headers=headers) as client:
        await _ask(client, 0)
        sending = asyncio.create_task(product.loop.run(idle_seconds=0.05))
        for number in range(ROUNDS):
            idle.append(await _ask(client, 2 * number + 1))
            await asyncio.to_thread(_broadcast, product, number)
            product.loop.kick()
            await asyncio.sleep(0.3)
            busy.append(await _ask(client, 2 * number + 2))
            await asyncio.to_thread(_call_off, product, number)
            await asyncio.sleep(0.3)
        await product.loop.stop()
        await sending
    await telegram.stop()
    product.counter.close()
    product.engines.close()
    return busy, idle


async def _ask(client: httpx.AsyncClient, series: int) -> list[float]:
    """`/help` from a hundred people, one after the other."""
    times = []
    for number in range(ASKED):
        chat = 100_000 + series * ASKED + number
        person = {"id": chat, "is_bot": False, "first_name": "Marta"}
        message = {
            "message_id": 1,
            "date": 1_795_500_000,
            "chat": {"id": chat, "type": "private", "first_name": "Marta"},
            "from": person,
            "text": "/help",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        }
        began = time.perf_counter()
        answer = await client.post(f"/telegram/{SCHOOL}", json={"update_id": chat, "message": message})
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            msg = f"the webhook said {answer.status_code}"
            raise RuntimeError(msg)
    return times


def _broadcast(product: Product, number: int) -> None:
    """A newsletter for two thousand families: over a minute at Telegram's limit."""
    units: SqlUnits = product.house.units  # type: ignore[assignment]
    now = product.house.school_clock.now()
    mailing = Mailing(id=f"newsletter:bench:{number}", campaign="", page="help", due=now - timedelta(minutes=1))
    with units.write(SCHOOL) as unit:
        families = []
        for each in range(2_000):
            family = new_id(now)
            unit.families.save(
                Family(
                    id=family,
                    via="telegram",
                    address=str(10_000_000 + number * 10_000 + each),
                    lang="en",
                    classes=(),
                    state=FamilyState.ACTIVE,
                    joined=now,
                )
            )
            families.append((family, "telegram"))
        unit.mailings.open(mailing, now=now)
        unit.mailings.freeze(mailing, expected=len(families), now=now)
        unit.mailings.lay(mailing, families, excluded=0, after=None, upto=None, done=True)
        unit.commit()


def _call_off(product: Product, number: int) -> None:
    with product.house.units.write(SCHOOL) as unit:
        unit.deliveries.pause(since=product.house.school_clock.now())
        unit.commit()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and product.ledger.counts(SCHOOL).states["sending"]:
        time.sleep(0.05)
    with product.house.units.write(SCHOOL) as unit:
        now = product.house.school_clock.now()
        unit.mailings.set_state(f"newsletter:bench:{number}", MailingState.CANCELLED, now=now)
        unit.deliveries.pause(since=None)
        unit.commit()
