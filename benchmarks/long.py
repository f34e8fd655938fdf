"""`make bench-long`: the large sizes. Minutes, not seconds; prints one JSON line a figure, as `make bench` does."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Row
from benchmarks.many import measured
from benchmarks.transport import first_line, started
from tests.databases import postgresql_server

FEW, SOME, MANY = 1_000, 10_000, 1_000_000
SCHOOLS, FAMILIES = 2_000, 60


def sizes(many: int = MANY) -> Iterator[Row]:
    """One newsletter on SQLite, for a thousand, ten thousand and a million families."""
    found = {}
    for count in (FEW, SOME, many):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
            _step(url, "fill", str(count))
            found[count] = {"plan": _step(url, "plan"), "send": _step(url, "send")}
    for step in ("plan", "send"):
        more = found[many][step]["peak_rss_mb"] - found[FEW][step]["peak_rss_mb"]
        yield _row(f"planned.memory.{step}", round(more, 1), 20.0, "the most that is allowed", "MB more", "lower")
    big, small = found[many]["plan"], found[SOME]["plan"]
    name = "the same for ten thousand"
    yield _row("planned.plan", big["ms_per_1000"], small["ms_per_1000"], name, "ms/1,000 families", "lower") | {
        "longest_chunk_ms": big["longest_chunk_ms"],
        "statements_per_1000": big["statements_per_1000"],
    }
    yield _row("planned.send", found[many]["send"]["per_s"], found[SOME]["send"]["per_s"], name, "/s", "higher")


def schools() -> Iterator[Row]:
    """Every school its own bot and its own 29.4 a second, on one PostgreSQL, by one worker and by two."""
    with contextlib.ExitStack() as stack:
        port = first_line(started(stack, [sys.executable, "-m", "benchmarks.stub"]))
        server = stack.enter_context(postgresql_server())
        for workers in (1, 2):
            with server.database() as url:
                figures = measured(url, port, workers=workers, schools=SCHOOLS, families=FAMILIES)
            each = "what the limits of all those bots would allow"
            yield _row(f"delivery.schools.{workers}", figures["per_s"], SCHOOLS * 29.4, each, "/s", "higher") | figures


def _step(url: str, *step: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.planned", url, *step]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}


def _row(name: str, ours: float, peer: float, peer_name: str, unit: str, better: str) -> Row:
    ratio = round(ours / peer, 3) if peer else None
    return {
        "name": name,
        "ours": ours,
        "peer": peer,
        "peer_name": peer_name,
        "ratio": ratio,
        "unit": unit,
        "better": better,
        "n": 1,
    }
