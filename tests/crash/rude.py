"""Rude stand-ins for platforms: they refuse, stall, fail, hang up and block, and write down everything.

Each runs in a thread of whoever asks and so outlives every process that talks to it. What each platform says in its own
words stands in the modules beside.
"""

import asyncio
import json
import random  # noqa: TID251 - seeded, so that a run can be had again
import re
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self

NUMBER = re.compile(r"Number ([a-z0-9-]+)\.")
REPEAT = "This may be a repeat"
WAIT_SECONDS, STALL_SECONDS = 1, 3.0


class Rude(StrEnum):
    """What it does instead of a plain answer."""

    REFUSE = "refuse"  # not now
    STALL = "stall"  # takes it, and answers when nobody listens any more
    FAIL = "fail"  # says that it broke down; where it can have kept the message, it has
    DROP = "drop"  # takes it and hangs up
    BLOCK = "block"  # never again, in this chat


@dataclass(frozen=True)
class Arrival:
    """One message that came in: when, by this server's clock, to whom, which, and what was done with it."""

    at: float
    chat: str
    number: str
    repeat: bool
    done: str
    taken: bool


@dataclass
class RudePlatform:
    """`rudeness` is the share of messages that each rudeness befalls; `script` comes first, message by message.

    `limit` is how many a second it takes: the rest of a sliding second's arrivals are refused.
    `polite` are chats of which it takes everything in the end: there it never blocks.
    """

    seed: int = 0
    rudeness: Mapping[Rude, float] = field(default_factory=dict)
    script: deque[str] = field(default_factory=deque)
    # Whoever was answered so may have the message.
    takes: ClassVar[frozenset[str]] = frozenset({"", Rude.STALL, Rude.FAIL, Rude.DROP})
    scheme: ClassVar[str] = "http"
    limit: int | None = None
    slowest_seconds: float = 0.02
    arrivals: list[Arrival] = field(default_factory=list)
    address: str = ""
    polite: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._blocked: set[str] = set()
        self._second: deque[float] = deque()
        self._up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="rude-platform", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        self._talking: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.address = f"{self.scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._up.set()
        await self._over.wait()
        server.close()
        for task in self._talking:
            task.cancel()
        await asyncio.gather(*self._talking, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talking.add(task)
        try:
            # asyncio complains of a conversation that ends cancelled.
            with suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
                while await self._answer(reader, writer):
                    pass
        finally:
            self._talking.discard(task)
            with suppress(OSError):
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """What comes next; whether the connection lives on."""
        raise NotImplementedError

    def _arrived(self, chat: str, text: str, done: str) -> None:
        number = NUMBER.search(text)
        assert number or done not in self.takes, text
        taken = done in self.takes
        self.arrivals.append(Arrival(time.time(), chat, number[1] if number else "", REPEAT in text, done, taken))

    async def _thinks(self) -> None:
        await asyncio.sleep(self._random.uniform(0, self.slowest_seconds))

    def _done(self, chat: str) -> str:
        """What is done with a message to there, which comes at this moment."""
        now = time.time()
        while self._second and self._second[0] <= now - 1:
            self._second.popleft()
        self._second.append(now)
        if chat in self._blocked:
            return Rude.BLOCK
        if self.limit is not None and len(self._second) > self.limit:
            return Rude.REFUSE
        done = self.script.popleft() if self.script else self._drawn()
        if done == Rude.BLOCK and chat in self.polite:
            done = ""
        if done == Rude.BLOCK:
            self._blocked.add(chat)
        return done

    def _drawn(self) -> str:
        lot = self._random.random()
        for rude, share in self.rudeness.items():
            if lot < share:
                return rude
            lot -= share
        return ""


class RudeHttp(RudePlatform):
    """One that takes JSON."""

    def _read(self, body: Mapping[str, Any]) -> tuple[str, str]:
        """Whom a message is to, and what it says."""
        raise NotImplementedError

    def _says(self, done: str, chat: str) -> tuple[int, Mapping[str, str], Mapping[str, object]]:
        """Status, headers and body."""
        raise NotImplementedError

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: *(\d+)", head)
        chat, text = self._read(json.loads(await reader.readexactly(int(length[1]) if length else 0)))
        done = self._done(chat)
        self._arrived(chat, text, done)
        await self._thinks()
        if done == Rude.DROP:
            writer.transport.abort()
            return False
        if done == Rude.STALL:
            await asyncio.sleep(STALL_SECONDS)
        status, headers, body = self._says(done, chat)
        encoded = json.dumps(body).encode()
        all_headers = {"Content-Type": "application/json", "Content-Length": str(len(encoded)), **headers}
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in all_headers.items()), "", ""]
        writer.write("\r\n".join(lines).encode() + encoded)
        await writer.drain()
        return True


def most_in_a_second(instants: list[float]) -> int:
    """The most of them in any sliding second."""
    most, start = 0, 0
    ordered = sorted(instants)
    for end, instant in enumerate(ordered):
        while ordered[start] <= instant - 1:
            start += 1
        most = max(most, end - start + 1)
    return most
