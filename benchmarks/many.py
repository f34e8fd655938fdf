"""Many schools with a bot each on one machine: `python -m benchmarks.many DATABASE WORKERS SCHOOLS FAMILIES PORT`.

Each school's newsletter goes to so many families at 29.4 a second at most, from one process or from several. The driver
fills the database, starts the workers, and waits until nothing is pending. One JSON line.
"""

import asyncio
import json
import subprocess
import sys
import time

from sqlalchemy import func, insert, select

from benchmarks.loops import CLOCK, SIGNER, bot_at, delivery_loop, leave, units_of
from benchmarks.rounds import peak_rss_mb
from bot.channels.telegram.send import TelegramSender
from bot.storage import Ledger, open_engines, upgrade
from bot.storage.tables import delivery
from bot.storage.tables import school as school_table

AT_ONCE = 400


def fill(url: str, schools: int, families: int) -> None:
    """A newsletter due at every school."""
    upgrade(url)
    engines = open_engines(url)
    names = [f"school-{number}" for number in range(schools)]
    with engines.writing() as connection:
        now = CLOCK.now()
        connection.execute(insert(school_table), [{"id": name, "created": now} for name in names])
        connection.commit()
    units = units_of(engines)
    for name in names:
        leave(units, name, families)
    engines.close()


async def work(url: str, port: int) -> None:
    """One worker: every school's bot over one transport, until nothing is pending."""
    engines = open_engines(url)
    ledger = Ledger(engines)
    senders: dict[str, TelegramSender] = {}
    async with bot_at(port, at_once=AT_ONCE) as bot:

        def channel_of(school: str) -> TelegramSender:
            if school not in senders:
                senders[school] = TelegramSender(bot=bot, bot_id=school, signer=SIGNER, clock=CLOCK)
            return senders[school]

        loop = delivery_loop(engines, channel_of, shared=True)
        running = asyncio.create_task(loop.run())
        pending = 1
        while pending:
            await asyncio.sleep(1)
            states = (await asyncio.to_thread(ledger.counts)).states
            pending = states["planned"] + states["claimed"] + states["sending"]
        await loop.stop()
        await running
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
