"""Laying down and sending one big newsletter, in a process of its own: `python -m benchmarks.planned DATABASE STEP`.

STEP is `fill COUNT` (families, not measured), `plan`, or `send` (into a channel that does nothing). One JSON line each.
"""

import asyncio
import json
import sys
import time
from datetime import timedelta

from sqlalchemy import event, insert, text

from benchmarks.loops import CLOCK, SCHOOL, Nothing, delivery_loop, units_of
from benchmarks.rounds import peak_rss_mb
from bot.storage import Engines, new_id, open_engines, upgrade
from bot.storage.tables import family
from parents import Laid, lay_next
from school.notices import Mailing

A_TIME, FIRST_ADDRESS = 50_000, 10_000_000
# What makes an id one of version 7 stands in its first seventeen digits.
COPIES = text("""
    INSERT INTO family (school_id, id, via, address, lang, classes, state, joined)
    WITH RECURSIVE number (n) AS (SELECT :start UNION ALL SELECT n + 1 FROM number WHERE n < :last)
    SELECT school_id, substr(id, 1, 17) || printf('%015x', n), via, :first + n, lang, classes, state, joined
    FROM family, number
    WHERE school_id = :school AND via = 'telegram' AND address = CAST(:first AS TEXT)
""")


def fill(engines: Engines, school: str, count: int) -> None:
    """So many families of a school that is there, who joined a while ago: one of them, and copies of it by SQLite."""
    joined = CLOCK.now() - timedelta(days=30)
    first = {
        "school_id": school,
        "id": new_id(joined),
        "via": "telegram",
        "address": str(FIRST_ADDRESS),
        "lang": "en",
        "classes": [],
        "state": "active",
        "joined": joined,
    }
    with engines.writing() as connection:
        connection.execute(insert(family), first)
        connection.commit()
    for start in range(1, count, A_TIME):
        with engines.writing() as connection:
            last = min(start + A_TIME, count) - 1
            connection.execute(COPIES, {"school": school, "first": FIRST_ADDRESS, "start": start, "last": last})
            connection.commit()


def plan(engines: Engines) -> dict[str, float]:
    """Lay a newsletter down chunk by chunk, as the rounds do: seconds, the longest chunk, statements, memory."""
    units = units_of(engines)
    mailing = Mailing(id=f"newsletter:{new_id(CLOCK.now())}", campaign="", page="news", due=CLOCK.now())
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(engines.write, "before_cursor_execute", count)
    began, longest, laid, added = time.perf_counter(), 0.0, Laid(done=False), 0
    while not laid.done:
        chunk = time.perf_counter()
        with units.write(SCHOOL) as unit:
            laid = lay_next(
                mailing,
                meant=lambda _family: True,
                families=unit.families,
                mailings=unit.mailings,
                now=CLOCK.now(),
            )
            unit.commit()
        longest = max(longest, time.perf_counter() - chunk)
        added += laid.added
    took = time.perf_counter() - began
    return {
        "recipients": added,
        "ms_per_1000": round(took / added * 1e6, 2),
        "longest_chunk_ms": round(longest * 1000, 1),
        "statements_per_1000": round(statements / added * 1000, 2),
        "peak_rss_mb": round(peak_rss_mb(), 1),
    }


async def send(engines: Engines) -> dict[str, float]:
    """Drain what is planned."""
    nothing = Nothing()
    began, cpu = time.perf_counter(), time.process_time()
    loop = delivery_loop(engines, lambda _: nothing, free=500)
    handled = await loop.turn()
    took = time.perf_counter() - began
    return {
        "recipients": handled,
        "per_s": round(handled / took),
        "cpu_s_per_1000": round((time.process_time() - cpu) / handled * 1000, 3),
        "peak_rss_mb": round(peak_rss_mb(), 1),
    }


def main() -> None:
    """One step."""
    url, step, *more = sys.argv[1:]
    upgrade(url)
    engines = open_engines(url)
    match step:
        case "fill":
            units_of(engines).add_school(SCHOOL)
            fill(engines, SCHOOL, int(more[0]))
        case "plan":
            print(json.dumps(plan(engines)), flush=True)
        case "send":
            print(json.dumps(asyncio.run(send(engines))), flush=True)
    engines.close()


if __name__ == "__main__":
    main()
