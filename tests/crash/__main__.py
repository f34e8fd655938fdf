"""`make crash`: the long version. Prints a line of JSON a run and a table; ends with 1 where anything was wrong."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.storage import upgrade
from bot.wire import Via
from tests.crash.kills import Figures, Plan, Run
from tests.databases import postgresql_server

SEED = 2026
WHERE: Mapping[str, Mapping[str, Any]] = {
    "SQLite, one process": {"workers": 1},
    "PostgreSQL, one worker": {"workers": 1},
    "PostgreSQL, two workers": {"workers": 2},
    "PostgreSQL, two workers kicked": {"workers": 2, "kicked": True},
    "SQLite, Slack": {"workers": 1, "via": Via.SLACK},
    "SQLite, e-mail": {"workers": 1, "via": Via.EMAIL},
    "PostgreSQL, two workers kicked, Slack": {"workers": 2, "kicked": True, "via": Via.SLACK},
    "PostgreSQL, two workers kicked, e-mail": {"workers": 2, "kicked": True, "via": Via.EMAIL},
}
# Telegram's also as if it had no limits, as fast as it goes: the other two always have some.
CASES = [(where, paced) for where, told in WHERE.items() for paced in (True, False) if paced or "via" not in told]
COLUMNS = {
    "kills": "kills",
    "rows": "rows",
    "lost": "lost",
    "newsletters_repeated": "repeated",
    "safeguarding_lost": "notices lost",
    "unmarked_repeats": "repeats unmarked",
    "unknown_by_kills": "unknown by kills",
    "most_in_doubt_at_a_kill": "most at a kill",
    "most_sent_in_a_second": "most sent/s",
    "seconds": "seconds",
}


@contextmanager
def _database(where: str, folder: Path) -> Iterator[str]:
    if where.startswith("SQLite"):
        url = f"sqlite:///{folder / 'lollipop.db'}"
        upgrade(url, home=folder)
        yield url
        return
    with postgresql_server() as server, server.database() as url:
        upgrade(url)
        yield url


def _run(where: str, *, paced: bool, kills: int, seed: int) -> Figures:
    folder = Path(tempfile.mkdtemp(prefix="lollipop-crash-"))
    try:
        with _database(where, folder) as url:
            plan = Plan(database=url, folder=folder, paced=paced, kills=kills, seed=seed, **WHERE[where])
            return Run(plan)()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.crash")
    asked.add_argument("--kills", type=int, default=500, help="in all")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--only", default="", help="such as PostgreSQL, or SQLite")
    told = asked.parse_args()
    table: list[str] = []
    well = True
    for number, (where, paced) in enumerate(CASES):
        if not where.startswith(told.only):
            continue
        kills = told.kills // len(CASES) + (number < told.kills % len(CASES))
        figures = _run(where, paced=paced, kills=kills, seed=told.seed + number)
        name = f"{where}, {'paced' if paced else 'unpaced'}"
        print(json.dumps({"name": name, "seed": told.seed + number, **asdict(figures)}), flush=True)
        shown = {**asdict(figures), "kills": sum(figures.kills.values())}
        table.append(" | ".join(["", name, *(str(shown[column]) for column in COLUMNS), ""]).strip())
        well = well and not figures.problems
    print("\n".join([f"| Where | {' | '.join(COLUMNS.values())} |", "|---" * (len(COLUMNS) + 1) + "|", *table]))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
