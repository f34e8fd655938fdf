"""Messages a second to Telegram, 100 at once, no limit enforced: our transport beside the libraries' own.

Stub, contenders and peers are processes of their own and take turns, so that a busy machine slows all of them alike.
"""

import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Row, figure

TOP = Path(__file__).parent.parent
PEERS_PYTHON = TOP / ".venv-peers" / "bin" / "python"
ROUNDS = 5
# About half a second each on a quiet machine; on a busy one fewer, so that all of it stays under a minute and a half.
LONGEST_ROUND_SECONDS = 1.5
COUNTS = {"bot": 1500, "ptb": 200, "post": 2500, "aiogram": 1500, "plain": 10_000, "pipelined": 20_000}
BARE = ("plain", "pipelined")
WARM_UP = 100  # opens the hundred connections

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Contender:
    """A process that waits for the next round, and what it has done so far."""

    process: subprocess.Popen[str]
    most: int
    tried: list[Figures] = field(default_factory=list)
    rounds: list[Figures] = field(default_factory=list)

    def warm_up(self) -> None:
        """Open every connection, and see how fast it is about."""
        self.tried.append(self._round(WARM_UP))

    def go(self) -> None:
        """A round that counts."""
        likely = int(self.tried[-1]["per_s"] * LONGEST_ROUND_SECONDS) if self.tried else self.most
        self.rounds.append(self._round(max(WARM_UP, min(self.most, likely))))

    def whole(self, count: int) -> None:
        """A round of just so many that counts."""
        self.rounds.append(self._round(count))

    def _round(self, count: int) -> Figures:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(count, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            msg = f"{self.process.args!r} gave up"
            raise RuntimeError(msg)
        figures: Figures = json.loads(line)
        return figures

    def all(self, name: str) -> list[float]:
        """A figure of every round."""
        return [each[name] for each in self.rounds]


def rows() -> Iterator[Row]:
    """Three figures: python-telegram-bot over both transports; a page drawn once beside aiogram; and the stub alone."""
    with contextlib.ExitStack() as stack:
        port = first_line(started(stack, [sys.executable, "-m", "benchmarks.stub"]))
        commands = {name: [sys.executable, "-m", "benchmarks.senders", name, port] for name in ("bot", "post", *BARE)}
        commands["ptb"] = [sys.executable, "-m", "benchmarks.peer_ptb", port]
        if PEERS_PYTHON.exists():
            commands["aiogram"] = [str(PEERS_PYTHON), "-m", "benchmarks.peer_aiogram", port]
        who = {name: Contender(started(stack, command), COUNTS[name]) for name, command in commands.items()}
        for name, contender in who.items():
            if name not in BARE:  # these connect anew in every round
                contender.warm_up()
        for _ in range(ROUNDS):
            for contender in who.values():
                contender.go()
    yield _beside("transport.bot", who["bot"], who["ptb"], "python-telegram-bot's HTTPXRequest, Bot.send_message")
    yield _beside("transport.post", who["post"], who.get("aiogram"), "aiogram 3, Bot.send_message")
    yield _stub(who)


def _beside(name: str, ours: Contender, peer: Contender | None, peer_name: str) -> Row:
    if peer is None:
        peer_name = f"{peer_name}: not installed here, `make bench` puts it into .venv-peers"
    theirs = peer.all("per_s") if peer else [0.0]
    row = figure(name, ours.all("per_s"), theirs, peer_name=peer_name, unit="messages/s", better="higher")
    more: Row = {} if peer else {"peer": None}
    for label, contender in (("ours", ours), ("peer", peer)):
        if contender is not None:
            more[f"{label}_cpu_s_per_1000"] = round(statistics.median(contender.all("cpu_s_per_1000")), 3)
            more[f"{label}_peak_rss_mb"] = round(max(contender.all("peak_rss_mb")), 1)
    return row | more


def _stub(who: Mapping[str, Contender]) -> Row:
    """Whether the stub holds anybody up: what it answers to bare sockets beside the fastest of those measured."""
    name, fastest = max(
        ((name, who[name]) for name in ("bot", "post", "aiogram") if name in who),
        key=lambda each: statistics.median(each[1].all("per_s")),
    )
    row = figure(
        "transport.stub",
        who["plain"].all("per_s"),
        fastest.all("per_s"),
        peer_name=f"the fastest sender here ({name}); well over 1 means that the stub held nobody up",
        unit="requests/s",
        better="higher",
    )
    pipelined = statistics.median(who["pipelined"].all("per_s"))
    return row | {"pipelined": round(pipelined), "load": "100 bare sockets, one request each on its way; or 16"}


def started(stack: contextlib.ExitStack, command: Sequence[str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(command, cwd=TOP, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    stack.enter_context(process)  # at its end standard input is closed, which is how each of them ends
    return process


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
