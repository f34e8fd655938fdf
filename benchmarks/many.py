"""Many schools with a bot each on one machine, at 29.4 a second at most each: by one worker or by several."""

import time
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.loops import CLOCK, leave, units_of
from benchmarks.worker import worked_off
from bot.storage import open_engines, upgrade
from bot.storage.tables import delivery
from bot.storage.tables import school as school_table


def measured(url: str, port: str, *, workers: int, schools: int, families: int) -> dict[str, Any]:
    """Fill the database, start the workers, wait until nothing is pending, add up."""
    fill(url, schools, families)
    began = time.perf_counter()
    spent = worked_off(url, port, processes=workers)
    took = time.perf_counter() - began
    engines = open_engines(url)
    with engines.reading() as connection:
        counted = connection.execute(
            select(delivery.c.state, func.count().label("number")).group_by(delivery.c.state)
        ).all()
    engines.close()
    messages = schools * families
    return {
        "schools": schools,
        "families": families,
        "workers": workers,
        "seconds": round(took, 1),
        "per_s": round(messages / took),
        "cpu_s_per_1000": round(sum(each["cpu_s"] for each in spent) / messages * 1000, 3),
        "rss_mb": max(each["rss_mb"] for each in spent),
        "states": {row.state: row.number for row in counted},
    }


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
