"""The process that is killed: the real loop over the real sender, transport, pacing and database.

    CRASH_PAUSE_AT=sending:3 python -m tests.crash.child '{"database": ..., "server": ..., ...}'

It stands still, once and for all, at the third instant of that name:

    claimed   rows are claimed, and nothing more
    booked    a turn is booked
    sending   it is committed that messages are being sent; none has left
    posted    the platform has taken a message; nothing of that is written
    ending    what became of messages is written and not committed
    ended     it is committed, and nobody in the process knows it yet

What it has claimed and posted stands in its diary, which outlives it.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.clock import MachineClock
from bot.delivery import DeliveryLoop, Drawings, MailRoom, Post
from bot.delivery.distributed import Distributed
from bot.desk import Counter
from bot.logs import configure
from bot.storage import Engines, Leases, Ledger, Pacing, open_engines
from bot.turns import SENDING, LeasedTurns
from bot.wire import Channel, Drawn, Via
from tests.crash.office import PAGES, SCHOOL, address_of, units_of
from tests.crash.senders import sender_of

POINTS = ("claimed", "booked", "sending", "posted", "ending", "ended")
CLOCK = MachineClock()


@dataclass(frozen=True, kw_only=True)
class Told:
    """What it is told. `diary` and its log lie in `folder`, by its name; it ends by itself after so many seconds."""

    name: str
    database: str
    folder: str
    server: str
    paced: bool
    alone: bool
    lease_seconds: float
    # Whether kicks are carried between processes, and whose turn news is is settled there, as the product has it.
    kicked: bool = False
    via: Via = Via.TELEGRAM
    read_seconds: float = 1.0
    seconds: int = 240

    @property
    def diary(self) -> Path:
        return Path(self.folder) / f"{self.name}.diary"

    @property
    def dead_seconds(self) -> float:
        """How long a worker that is not heard of keeps its jobs and its turn."""
        return self.lease_seconds * 0.3


class Diary:
    """One line a fact, written at once: word, instant, and a row's id."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, word: str, *about: object) -> None:
        lines = [f"{word} {time.time():.6f} {each}\n" for each in about]
        os.write(self._file, "".join(lines).encode())


@dataclass
class Pause:
    """Stands still at the so-manieth instant of a name."""

    diary: Diary
    point: str = ""
    left: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, point: str) -> None:
        if point != self.point:
            return
        with self._lock:
            self.left -= 1
            if self.left == 0:
                self.diary.write("paused", point)
                os.kill(os.getpid(), signal.SIGSTOP)


class PausingLedger(Ledger):
    def __init__(self, engines, diary: Diary, pause: Pause) -> None:
        super().__init__(engines)
        self._diary, self._pause = diary, pause

    def write(self, begins, ends, claims=()):
        written = super().write(begins, ends, claims)
        for rows in written.claimed:
            self._diary.write("claimed", *(row.id for row in rows))
            if rows:
                self._pause.at("claimed")
        if written.may_go:
            self._pause.at("sending")
        if ends:
            self._pause.at("ended")
        return written

    def _end(self, connection, ends) -> None:
        super()._end(connection, ends)
        if ends:
            self._pause.at("ending")


class PausingPacing(Pacing):
    def __init__(self, engines, pause: Pause) -> None:
        super().__init__(engines)
        self._pause = pause

    def settle(self, keys, **rest):
        value = super().settle(keys, **rest)
        self._pause.at("booked")
        return value


@dataclass(frozen=True, kw_only=True)
class PausingSender:
    """Any platform's own."""

    sender: Channel
    diary: Diary
    pause: Pause
    paced: bool

    @property
    def via(self) -> Via:
        return self.sender.via

    def draw(self, document, *, lang, choices=()):
        return self.sender.draw(document, lang=lang, choices=choices)

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:
        self.diary.write("posting", key)
        external = await self.sender.post(address, drawn, key=key)
        self.pause.at("posted")
        return external

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        return self.sender.pacing_keys(address) if self.paced else ()


class NotingEngine(Distributed):
    """Writes down each pump that a kick started."""

    def __init__(self, told: Told, diary: Diary) -> None:
        super().__init__(address_of(told.database), dead_seconds=told.dead_seconds)
        self._diary = diary

    def start(self, pump) -> None:
        async def noted(school, urgent, most=None):
            self._diary.write("kicked", "urgent" if urgent else "bulk")
            return await pump(school, urgent, most)

        super().start(noted)


def _between_processes(told: Told, engines, in_thread, diary: Diary) -> dict[str, object]:
    if not told.kicked:
        return {}
    length = timedelta(seconds=told.dead_seconds)
    turns = LeasedTurns(
        leases=Leases(engines), name=SENDING, length=length, in_thread=in_thread, clock=CLOCK, alone=False
    )
    return {"engine": NotingEngine(told, diary), "turns": turns}


def _loop(told: Told, engines, sender: PausingSender, diary: Diary, pause: Pause) -> DeliveryLoop:
    in_thread = Counter(None).run
    room = MailRoom(
        schools={SCHOOL.id: SCHOOL},
        units=units_of(engines),
        shelf=PAGES,
        clock=CLOCK,
        public_url="https://school.example",
    )
    return DeliveryLoop(
        deliveries=PausingLedger(engines, diary, pause),
        pacer=PausingPacing(engines, pause),
        post=Post(
            channels=lambda _school: {sender.via: sender},
            routes=room.routes,
            drawings=Drawings(compose=room.compose, today=room.today),
            gone=room.gone,
            late=room.late,
        ),
        in_thread=in_thread,
        school_clock=CLOCK,
        machine_clock=CLOCK,
        lease=timedelta(seconds=told.lease_seconds),
        alone=told.alone,
        **_between_processes(told, engines, in_thread, diary),
    )


async def work(told: Told, engines: Engines | None = None) -> None:
    """Until it is cancelled or killed."""
    diary = Diary(told.diary)
    point, _, count = os.environ.get("CRASH_PAUSE_AT", "").partition(":")
    pause = Pause(diary, point, int(count or 0))
    engines = engines or open_engines(told.database, home=Path(told.folder) if told.alone else None)
    async with sender_of(told.via, told.server, read_seconds=told.read_seconds) as channel:
        sender = PausingSender(sender=channel, diary=diary, pause=pause, paced=told.paced)
        diary.write("ready", told.name)
        await _loop(told, engines, sender, diary, pause).run(idle_seconds=0.1)


def main(told: Told, pause_at: str = "") -> None:
    """Until it is killed."""
    signal.alarm(told.seconds)
    if pause_at:
        os.environ["CRASH_PAUSE_AT"] = pause_at
    with told.diary.with_suffix(".log").open("a", encoding="utf-8") as stream:
        configure(logging.INFO, stream)
        asyncio.run(work(told))


if __name__ == "__main__":
    main(Told(**json.loads(sys.argv[1])))
