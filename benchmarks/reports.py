"""A report on the web until its receipt is on the page, beside the same house's form page; and what a sign-in costs.

The whole product over ASGI, on SQLite, with the slow hash as it costs in life. Each reporter has an address of their
own and has had the form open for a while, so that nothing of it is taken for a flood.
"""

import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from benchmarks.figures import Row, figure
from bot import demo
from bot.commands.house import Where, stores
from bot.library import load_library
from bot.main import build
from bot.school_file import SchoolFile
from bot.storage.slow import AT_ONCE as HASHES_AT_ONCE
from bot.storage.slow import Costs, SlowHash

AT_ONCE, ROUNDS, BURST = 30, 5, 300
# Longer than the doorway takes for a machine's pace.
READING_SECONDS = 3.5
SIGN_INS = 30
SALT, SECRET = b"s" * 16, b"correct horse battery staple"
ONCE = re.compile(r'name="once" value="([^"]*)"')
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")


def rows() -> Iterator[Row]:
    """Three figures: p50 and p99 at 30 at once, and 300 in a burst."""
    with tempfile.TemporaryDirectory() as folder:
        ours, peer, burst, hashes = asyncio.run(_measure(Path(folder)))
    for name, place in (("p50", 49), ("p99", 98)):
        yield figure(
            f"report.receipt_{name}",
            [statistics.quantiles(times, n=100)[place] for times in ours],
            [statistics.quantiles(times, n=100)[place] for times in peer],
            peer_name=f"the same house's form page, {AT_ONCE} at once",
            unit="ms",
            better="lower",
        )
    yield figure(
        "report.burst",
        [max(burst) / 1000],
        [hashes],
        peer_name=f"{BURST} receipts' slow hashes alone, as many at once",
        unit="s until the last receipt",
        better="lower",
    ) | {"n": BURST, "first_s": round(min(burst) / 1000, 2), "median_s": round(statistics.median(burst) / 1000, 2)}


def sign_in_rows() -> Iterator[Row]:
    """Two figures: what a sign-in's slow hash costs, and the memory of 30 sign-ins at once."""
    spent = [_spent(people) for people in (0, SIGN_INS)]
    slow = SlowHash(Costs())
    ours = [_timed(slow) for _ in range(ROUNDS)]
    alone = [_timed(SlowHash(Costs(), at_once=1)) for _ in range(ROUNDS)]
    yield figure(
        "signin.cost", ours, alone, peer_name="one Argon2id of 64 MiB, three passes", unit="ms", better="lower"
    )
    bound = HASHES_AT_ONCE * Costs().memory_bytes / 2**20
    more = spent[1]["peak_rss_mb"] - spent[0]["peak_rss_mb"]
    yield figure(
        "signin.memory",
        [more],
        [bound],
        peer_name=f"{HASHES_AT_ONCE} hashes of 64 MiB, which is all that may run at once",
        unit="MB more at the peak",
        better="lower",
    ) | {"n": SIGN_INS, "seconds": round(spent[1]["seconds"], 2)}


def _timed(slow: SlowHash) -> float:
    began = time.perf_counter()
    slow(SECRET, salt=SALT, size=32)
    return (time.perf_counter() - began) * 1000


def _spent(people: int) -> dict[str, float]:
    """So many people who sign in at once, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.signing_in", str(people)]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


async def _measure(folder: Path) -> tuple[list[list[float]], list[list[float]], list[float], float]:
    settings = demo.prepare(folder, 8000)
    only = SchoolFile.read(settings.school_file)
    with stores(Where(settings.school_file), settings=settings, files=[only]) as at:
        demo.enrol(at)
    product = build(settings, library=load_library(), files=[only])
    ours, peer = [], []
    for number in range(ROUNDS + 1):
        forms = await _forms(product.app, AT_ONCE)
        pages = await asyncio.gather(*(_opened(product.app, person) for person in range(AT_ONCE)))
        receipts = await asyncio.gather(*(_sent(product.app, *each, number) for each in enumerate(forms)))
        if number:  # the first round warms everything and is not counted
            ours.append(list(receipts))
            peer.append(list(pages))
    burst = await asyncio.gather(
        *(_sent(product.app, *each, ROUNDS + 1) for each in enumerate(await _forms(product.app, BURST)))
    )
    hashes = await asyncio.to_thread(_hashes, BURST)
    product.counter.close()
    product.engines.close()
    return ours, peer, list(burst), hashes


def _client(app: ASGIApp, person: int) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(f"10.1.{person // 250}.{person % 250}", 4000))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", timeout=600)


async def _forms(app: ASGIApp, people: int) -> Sequence[str]:
    """Open forms, that have been for a while."""
    found = []
    for person in range(people):
        async with _client(app, person) as browser:
            marked = ONCE.search((await browser.get("/report")).text)
            assert marked
            found.append(marked[1])
    await asyncio.sleep(READING_SECONDS)
    return found


async def _opened(app: ASGIApp, person: int) -> float:
    async with _client(app, person) as browser:
        began = time.perf_counter()
        page = await browser.get("/report")
        assert page.status_code == 200
        return (time.perf_counter() - began) * 1000


async def _sent(app: ASGIApp, person: int, once: str, number: int) -> float:
    words = f"Somebody in our class keeps sending things about me, and it is number {number} for {person}."
    async with _client(app, person) as browser:
        began = time.perf_counter()
        page = await browser.post("/report", data={"f-about": "pupil", "w-words": words, "once": once})
        took = (time.perf_counter() - began) * 1000
    assert RECEIPT.search(page.text), page.status_code
    return took


def _hashes(count: int) -> float:
    """Seconds for so many slow hashes, as many at once as a house takes."""
    slow = SlowHash(Costs())
    began = time.perf_counter()
    with ThreadPoolExecutor(HASHES_AT_ONCE) as pool:
        list(pool.map(lambda _: slow(SECRET, salt=SALT, size=64), range(count)))
    return time.perf_counter() - began
