"""How long a report takes to be taken while a big newsletter is being laid down on SQLite, beside an idle house.

The whole product: the rounds plan as they do every minute, but one after the other without the minute between, delivery
sends what is there already, and reports come to the desk as the form on the web hands them over, receipt, sealing and
commit included.
"""

import asyncio
import contextlib
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Row
from benchmarks.planned import fill
from benchmarks.transport import first_line, started
from bot import demo
from bot.clock import MachineClock, SchoolClock
from bot.commands.house import Where, stores
from bot.library import load_library
from bot.main import build
from bot.product import Product
from bot.school_file import SchoolFile
from bot.wire import Incoming, Via
from school.notices import Lane
from school.sensitive import Sensitive

SCHOOL = "oakfield"
# A newsletter of the library's own is due at four in the afternoon of this school day.
DUE = datetime(2026, 12, 1, 16, 1, tzinfo=UTC)
A_SLOT = timedelta(seconds=61)
# Oftener than any school has reports, and yet so that a receipt can be derived between two.
IDLE, EVERY_SECONDS = 20, 0.4
ALLOWED_MS = 200.0
WORDS = "Somebody in our class keeps taking pictures of me and sending them round. " * 4


def rows(families: int) -> Iterator[Row]:
    """Two figures in milliseconds: the slowest report, and the slowest of a hundred."""
    with contextlib.ExitStack() as stack:
        stub = started(stack, [sys.executable, "-m", "benchmarks.stub"])
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        busy, idle, hashed, took = asyncio.run(_measure(Path(folder), first_line(stub), families))
    more = {
        "families": families,
        "n": len(busy),
        "planned_in_s": round(took, 1),
        "ours_p50": round(statistics.median(busy), 1),
        "peer_p50": round(statistics.median(idle), 1),
        "slow_hash_p50": round(statistics.median(hashed), 1),
        "over_200_ms": sum(each > ALLOWED_MS for each in busy),
        "idle_over_200_ms": sum(each > ALLOWED_MS for each in idle),
    }
    for name, place in (("p99", _p99), ("worst", max)):
        ours, peer = place(busy), place(idle)
        yield {
            "name": f"planning.report_{name}",
            "ours": round(ours, 1),
            "peer": round(peer, 1),
            "peer_name": "the same house, idle",
            "ratio": round(ours / peer, 3),
            "unit": "ms",
            "better": "lower",
            **more,
        }


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


@contextlib.asynccontextmanager
async def _house(folder: Path, port: str, families: int) -> AsyncIterator[tuple[Product, SchoolClock]]:
    """A school with so many families and somebody who can read reports; its delivery runs."""
    settings = replace(
        demo.prepare(folder, 8000),
        telegram_api_url=f"http://127.0.0.1:{port}",
        telegram_mode="webhook",
        public_url="https://school.example",
        slack_bot_token="",
        slack_app_token="",
    )
    only = SchoolFile.read(settings.school_file)
    with stores(Where(settings.school_file), settings=settings, files=[only]) as at:
        demo.enrol(at)
    clock = SchoolClock(MachineClock())
    product = build(settings, school_clock=clock, library=load_library(), files=[only])
    fill(product.engines, SCHOOL, families)
    clock.move_to(DUE)
    assert product.telegram is not None
    await product.telegram.start()
    sending = asyncio.create_task(product.loop.run())
    yield product, clock
    await product.loop.stop()
    await sending
    await product.telegram.stop()
    product.counter.close()
    product.engines.close()


async def _measure(folder: Path, port: str, families: int) -> tuple[list[float], list[float], list[float], float]:
    async with _house(folder, port, families) as (product, clock):
        await _report(product)
        idle = [await _report_in_its_turn(product) for _ in range(IDLE)]
        shown = Sensitive(product.house.vault.receipt(SCHOOL).shown)
        hashed = [await _hash(product, shown) for _ in range(IDLE // 2)]
        began = time.perf_counter()
        planning = asyncio.create_task(_plan(product, clock))
        busy = []
        while not planning.done():
            busy.append(await _report_in_its_turn(product))
        planned = await planning
        if planned < families:
            msg = f"{planned} of {families} families were planned"
            raise RuntimeError(msg)
        return busy, idle, hashed, time.perf_counter() - began


async def _plan(product: Product, clock: SchoolClock) -> int:
    """Slot after slot until there is nothing left to lay down."""
    planned = 0
    while done := await product.counter.run(Lane.BULK, product.rounds.go):
        planned += done
        product.loop.kick()
        clock.move_to(clock.now() + A_SLOT)
    return planned


async def _report_in_its_turn(product: Product) -> float:
    took = await _report(product)
    await asyncio.sleep(max(EVERY_SECONDS - took / 1000, 0))
    return took


async def _report(product: Product) -> float:
    """Milliseconds until a report is taken: sealed, committed, and its receipt there."""
    incoming = Incoming(
        school=SCHOOL,
        via=Via.WEB,
        sender="",
        verb="report.send",
        args={"about": "pupil"},
        words={"words": Sensitive(WORDS)},
        semantic_id=f"form:{secrets.token_hex(8)}",
    )
    began = time.perf_counter()
    answer = await product.counter.ask(incoming)
    took = (time.perf_counter() - began) * 1000
    if answer.refused:
        msg = "the report was refused"
        raise RuntimeError(msg)
    return took


async def _hash(product: Product, shown: Sensitive) -> float:
    """Milliseconds of what is slow on purpose, and is done before a report is there."""
    began = time.perf_counter()
    await product.counter.run(Lane.SAFEGUARDING, lambda: product.house.vault.lookup(SCHOOL, shown))
    return (time.perf_counter() - began) * 1000
