"""The whole of delivery without a limit: through the ledger to a Bot API, and with nothing to send to.

Each contender is a process of its own and takes turns with its peers, so that a busy machine slows all alike.
"""

import contextlib
import statistics
import sys
from collections.abc import Iterator

from benchmarks.figures import Row, figure
from benchmarks.transport import PEERS_PYTHON, ROUNDS, Contender, first_line, started
from tests.databases import postgresql_server

FREE, PTB, AIOGRAM = 2_000, 200, 1_500
DRAINED = 20_000


def free_rows() -> Iterator[Row]:
    """Messages a second with the ledger on, no limit enforced, a hundred at once."""
    with contextlib.ExitStack() as stack:
        port = first_line(started(stack, [sys.executable, "-m", "benchmarks.stub"]))
        who = {
            "ours": Contender(started(stack, [sys.executable, "-m", "benchmarks.ledgered", "free", port]), FREE),
            "ptb": Contender(started(stack, [sys.executable, "-m", "benchmarks.peer_ptb", port]), PTB),
        }
        if PEERS_PYTHON.exists():
            command = [str(PEERS_PYTHON), "-m", "benchmarks.peer_aiogram", port]
            who["aiogram"] = Contender(started(stack, command), AIOGRAM)
        for contender in who.values():
            contender.warm_up()
        for _ in range(ROUNDS):
            for contender in who.values():
                contender.go()
    ours = who["ours"]
    names = {"ptb": "python-telegram-bot's default, no ledger", "aiogram": "aiogram 3, no ledger"}
    for peer, name in names.items():
        if peer in who:
            row = figure(
                f"delivery.free.{peer}",
                ours.all("per_s"),
                who[peer].all("per_s"),
                peer_name=name,
                unit="messages/s",
                better="higher",
            )
            cpu = round(statistics.median(ours.all("cpu_s_per_1000")), 3)
            yield row | {"ours_cpu_s_per_1000": cpu, "ours_peak_rss_mb": round(max(ours.all("peak_rss_mb")), 1)}


def drain_rows() -> Iterator[Row]:
    """20,000 rows left in one transaction and drained into a sender that does nothing, beside bare statements."""
    yield _drained("delivery.drain.sqlite", None)
    with postgresql_server() as server:
        for number, kind in enumerate(("delivery.drain.postgresql",)):
            with server.database() as ours, server.database() as raw:
                yield _drained(kind, (ours, raw)) | {"processes": number + 1}


def _drained(name: str, databases: tuple[str, str] | None) -> Row:
    with contextlib.ExitStack() as stack:
        who = []
        for kind, database in zip(("drain", "raw"), databases or ("", ""), strict=True):
            command = [sys.executable, "-m", "benchmarks.ledgered", kind, "0", *([database] if database else [])]
            who.append(Contender(started(stack, command), DRAINED))
        for _ in range(ROUNDS):
            for contender in who:
                contender.whole(DRAINED)
    ours, raw = who
    row = figure(
        name,
        ours.all("per_s"),
        raw.all("per_s"),
        peer_name="the same changes of rows as bare UPDATEs, 500 a transaction",
        unit="rows/s",
        better="higher",
    )
    return row | {"ours_cpu_s_per_1000": round(statistics.median(ours.all("cpu_s_per_1000")), 3)}
