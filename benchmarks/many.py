"""Many schools with a bot each on one machine: `python -m benchmarks.many DATABASE WORKERS SCHOOLS FAMILIES PORT`.

Each school's newsletter goes to so many families at 29.4 a second at most, from one process or from several. The driver
fills the database, starts the workers, and waits until nothing is pending. One JSON line.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import func, insert, select
from telegram import Bot

from benchmarks.ledgered import CLOCK, PAGE, telegram
from benchmarks.rounds import TOKEN, peak_rss_mb
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.transport import AiohttpRequest
from bot.delivery import DeliveryLoop, Drawings, Post, Route
from bot.storage import DeliveryRow, Leases, Ledger, Pacing, Posting, SqlUnits, new_id, open_engines, upgrade
from bot.storage.tables import delivery
from bot.storage.tables import school as school_table
from bot.turns import SENDING, SENDING_LENGTH, LeasedTurns
from bot.wire import Via
from school.notices import Lane, Mailing

AT_ONCE = 400
Value = TypeVar("Value")


def fill(url: str, schools: int, families: int) -> None:
    """A newsletter due at every school."""
    upgrade(url)
    engines = open_engines(url)
    units = SqlUnits(engines, Posting(school_clock=CLOCK, machine_clock=CLOCK))
    now = CLOCK.now()
    with engines.writing() as connection:
        names = [{"id": f"school-{number}", "created": now} for number in range(schools)]
        connection.execute(insert(school_table), names)
        connection.commit()
    mailing = Mailing(id="newsletter:term:1", campaign="", page="news", due=now - timedelta(minutes=1))
    for number in range(schools):
        with units.write(f"school-{number}") as unit:
            unit.mailings.open(mailing, now=now)
            unit.mailings.freeze(mailing, expected=families, now=now)
            chosen = [(new_id(now), Via.TELEGRAM.value) for _ in range(families)]
            unit.mailings.lay(mailing, chosen, excluded=0, after=None, upto=None, done=True)
            unit.commit()
    engines.close()


async def work(url: str, port: int) -> None:
    """One worker: every school's bot over one transport, until nothing is pending."""
    engines = open_engines(url)
    request = AiohttpRequest(at_once=AT_ONCE)
    await request.initialize()
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, get_updates_request=request)
    like = telegram(bot, paced=True)
    senders: dict[str, TelegramSender] = {}

    def channels(school: str) -> dict[str, TelegramSender]:
        if school not in senders:
            senders[school] = TelegramSender(bot=bot, bot_id=school, signer=like.signer, clock=CLOCK)
        return {Via.TELEGRAM: senders[school]}

    def routes(rows: Sequence[DeliveryRow]) -> list[Route]:
        return [Route(address=str(row.id.int % 10**9)) for row in rows]

    pools = {lane: ThreadPoolExecutor(4) for lane in Lane}

    async def in_thread(lane: Lane, plain: Callable[[], Value]) -> Value:
        return await asyncio.get_running_loop().run_in_executor(pools[lane], plain)

    ledger = Ledger(engines)
    turns = LeasedTurns(
        leases=Leases(engines),
        name=SENDING,
        length=SENDING_LENGTH,
        in_thread=in_thread,
        clock=CLOCK,
        alone=False,
    )
    loop = DeliveryLoop(
        deliveries=ledger,
        pacer=Pacing(engines),
        post=Post(
            channels=channels,
            routes=routes,
            drawings=Drawings(compose=lambda _row, _lang: PAGE, today=lambda _school: CLOCK.now().date()),
            gone=lambda _row, _failure: None,
        ),
        in_thread=in_thread,
        school_clock=CLOCK,
        machine_clock=CLOCK,
        turns=turns,
    )
    running = asyncio.create_task(loop.run())
    pending = 1
    while pending:
        await asyncio.sleep(1)
        states = (await in_thread(Lane.REPLIES, ledger.counts)).states
        pending = states["planned"] + states["claimed"] + states["sending"]
    await loop.stop()
    await running
    await request.shutdown()
    engines.close()
    spent = {"handled": loop.handled, "cpu_s": round(time.process_time(), 1), "rss_mb": round(peak_rss_mb(), 1)}
    print(json.dumps(spent), flush=True)


def drive(url: str, workers: int, schools: int, families: int, port: int) -> None:
    """Fill, start, wait, add up."""
    fill(url, schools, families)
    command = [sys.executable, "-m", "benchmarks.many", "work", url, str(port)]
    began = time.perf_counter()
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
    spent = [json.loads(each.communicate()[0].splitlines()[-1]) for each in started]
    took = time.perf_counter() - began
    engines = open_engines(url)
    with engines.reading() as connection:
        states = dict(
            tuple(row) for row in connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
        )
    engines.close()
    messages = schools * families
    cpu = sum(each["cpu_s"] for each in spent)
    print(
        json.dumps(
            {
                "schools": schools,
                "families": families,
                "workers": workers,
                "seconds": round(took, 1),
                "per_s": round(messages / took),
                "cpu_s_per_1000": round(cpu / messages * 1000, 3),
                "rss_mb": max(each["rss_mb"] for each in spent),
                "states": states,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1] == "work":
        asyncio.run(work(sys.argv[2], int(sys.argv[3])))
    else:
        drive(sys.argv[1], *(int(each) for each in sys.argv[2:6]))
