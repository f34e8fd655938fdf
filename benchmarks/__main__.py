"""`make bench`: run the benchmarks and write benchmarks/latest.jsonl."""

import argparse
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import (
    content,
    curriculum,
    delivery,
    goodput,
    handouts,
    importing,
    laying,
    long,
    planning,
    rendering,
    replies,
    reports,
    slash,
    start,
    transport,
)
from benchmarks.figures import Row

ALL: dict[str, Callable[[], Iterator[Row]]] = {
    "content": content.rows,
    "curriculum": curriculum.rows,
    "delivery.free": delivery.free_rows,
    "delivery.drain": delivery.drain_rows,
    "delivery.goodput": partial(goodput.rows, 300),
    "delivery.reply": replies.rows,
    "handouts": handouts.rows,
    "import": partial(importing.rows, 5_000),
    "newsletter.plan": partial(laying.rows, 20_000),
    "newsletter.render": rendering.rows,
    "planning": partial(planning.rows, 20_000),
    "report": reports.rows,
    "signin": reports.sign_in_rows,
    "slash": slash.rows,
    "start": start.rows,
    "transport": transport.rows,
}


def main() -> None:
    """Print one JSON object a line."""
    parser = argparse.ArgumentParser(description="Our figures beside the peers'.")
    parser.add_argument("--only", default="", help="names that begin with this")
    parser.add_argument("--long", action="store_true", help="the large sizes, which take minutes")
    parser.add_argument("--families", type=int, default=long.MANY, help="in the largest newsletter of --long")
    told = parser.parse_args()
    only = told.only
    lines = []
    for name, rows in (_large(told.families) if told.long else ALL).items():
        if not (name.startswith(only) or only.startswith(name)):
            continue
        for row in rows():
            if str(row["name"]).startswith(only):
                line = json.dumps(row)
                print(line, flush=True)
                lines.append(line)
    (Path(__file__).parent / "latest.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def _large(families: int) -> dict[str, Callable[[], Iterator[Row]]]:
    return {
        "delivery.goodput": partial(goodput.rows, 3_000),
        "delivery.schools": long.schools,
        "import": partial(importing.rows, 50_000),
        "newsletter.plan": partial(laying.rows, 100_000),
        "planned": partial(long.sizes, families),
        "planning": partial(planning.rows, families),
    }


if __name__ == "__main__":
    main()
