"""How much of Telegram's 30 a second a newsletter uses, with one sending process and with two on one bot.

The time that the limit itself takes, by the time from the first message that went to the last answer. The stand-in
refuses with a 429, as Telegram does, what comes beyond the limit and two more: what 30 a second are on this side of a
network may be a little more on the other. A row says in its note what was broken, or that nothing was.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Row
from benchmarks.loops import SCHOOL, leave, units_of
from benchmarks.transport import first_line, started
from benchmarks.worker import worked_off
from bot.storage import open_engines, upgrade
from tests.crash.rude import most_in_a_second
from tests.databases import postgresql_server

LIMIT_A_SECOND, LEEWAY = 30, 2


def rows(count: int) -> Iterator[Row]:
    """One process on SQLite; two on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        yield _row("delivery.goodput", f"sqlite:///{Path(folder) / 'bench.db'}", count, processes=1)
    with postgresql_server() as server, server.database() as url:
        yield _row("delivery.goodput.two", url, count, processes=2)


def _row(name: str, url: str, count: int, *, processes: int) -> Row:
    _fill(url, count)
    with contextlib.ExitStack() as stack:
        limit = str(LIMIT_A_SECOND + LEEWAY)
        stub = started(stack, [sys.executable, "-m", "benchmarks.stub", limit])
        spent = worked_off(url, first_line(stub), processes=processes)
        server = _counted(stub)
    went = [at for each in spent for at in each["went"]]
    took = max(at for each in spent for at in each["answered"]) - min(went)
    goodput = round(count / LIMIT_A_SECOND / took, 4)
    figures = {
        "most_went_in_a_second": most_in_a_second(went),
        "most_came_in_a_second": server["most_in_a_second"],
        "refused": server["refused"],
        "each_sent": [len(each["answered"]) for each in spent],
    }
    return {
        "name": name,
        "ours": goodput,
        "peer": 1.0,
        "peer_name": f"{LIMIT_A_SECOND} a second, which the platform allows",
        "ratio": goodput,
        "unit": "share of the limit",
        "better": "higher",
        "n": count,
        "processes": processes,
        **figures,
        "note": _note(figures, count),
    }


def _fill(url: str, count: int) -> None:
    upgrade(url)
    engines = open_engines(url)
    units = units_of(engines)
    units.add_school(SCHOOL)
    leave(units, SCHOOL, count)
    engines.close()


def _counted(stub: subprocess.Popen[str]) -> dict[str, int]:
    """What the stand-in has to say at its end."""
    assert stub.stdin is not None
    stub.stdin.close()
    told: dict[str, int] = json.loads(first_line(stub))
    return told


def _note(figures: dict[str, Any], count: int) -> str:
    each_sent: Sequence[int] = figures["each_sent"]
    broken = [
        f"{said} ({figures[name]})"
        for name, most, said in (
            ("most_went_in_a_second", LIMIT_A_SECOND, f"more than {LIMIT_A_SECOND} went in a second"),
            ("most_came_in_a_second", LIMIT_A_SECOND + LEEWAY, f"more than {LIMIT_A_SECOND + LEEWAY} came in a second"),
            ("refused", 0, "429s"),
        )
        if figures[name] > most
    ]
    if sum(each_sent) != count:
        broken.append(f"{sum(each_sent)} messages for {count} families")
    return f"BROKEN: {'; '.join(broken)}" if broken else "the limit was kept"
