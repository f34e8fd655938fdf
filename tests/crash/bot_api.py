"""A rude stand-in for the Bot API: it refuses, stalls, fails, hangs up and blocks, and writes down everything.

It runs in a thread of whoever asks and so outlives every process that talks to it.
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
from typing import Self

NUMBER = re.compile(r"Number ([a-z0-9-]+)\.")
REPEAT = "This may be a repeat"
WAIT_SECONDS, STALL_SECONDS = 1, 3.0


class Rude(StrEnum):
    """What it does instead of a plain answer."""

    REFUSE = "refuse"  # 429 with retry_after
    STALL = "stall"  # takes it, and answers when nobody listens any more
    FAIL = "fail"  # takes it and answers 500
    DROP = "drop"  # takes it and hangs up
    BLOCK = "block"  # 403 now, and for this chat for ever


# Whoever was answered so may have the message.
TAKEN = frozenset({"", Rude.STALL, Rude.FAIL, Rude.DROP})
ANSWERS: Mapping[str, tuple[int, dict[str, object]]] = {
    Rude.REFUSE: (429, {"description": "Too Many Requests", "parameters": {"retry_after": WAIT_SECONDS}}),
    Rude.FAIL: (500, {"description": "Internal Server Error"}),
    Rude.BLOCK: (403, {"description": "Forbidden: bot was blocked by the user"}),
}


@dataclass(frozen=True)
class Arrival:
    """One message that came in: when, by this server's clock, to whom, which, and what was done with it."""

    at: float
    chat: str
    number: str
    repeat: bool
    done: str

    @property
    def taken(self) -> bool:
        return self.done in TAKEN


@dataclass
class RudeBotApi:
    """`rudeness` is the share of messages that each rudeness befalls; `script` comes first, message by message.

    `limit` is how many a second it takes, as Telegram: the rest of a sliding second's arrivals are refused.
    `polite` are chats of which it takes everything in the end: there it never blocks.
    """

    seed: int = 0
    rudeness: Mapping[Rude, float] = field(default_factory=dict)
    script: deque[str] = field(default_factory=deque)
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
        self._thread = threading.Thread(target=self._run, name="rude-bot-api", daemon=True)

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
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
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
        """One message; whether the connection lives on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b"{}"
        arrival = self._judged(json.loads(body))
        self.arrivals.append(arrival)
        await asyncio.sleep(self._random.uniform(0, self.slowest_seconds))
        if arrival.done == Rude.DROP:
            writer.transport.abort()
            return False
        if arrival.done == Rude.STALL:
            await asyncio.sleep(STALL_SECONDS)
        self._write(writer, arrival)
        await writer.drain()
        return True

    def _write(self, writer: asyncio.StreamWriter, arrival: Arrival) -> None:
        status, said = ANSWERS.get(arrival.done, (200, {}))
        answer: dict[str, object] = {"ok": False, "error_code": status, **said}
        if status == 200:
            message = {"message_id": 10_000_000 + len(self.arrivals), "date": int(arrival.at), "chat": {"id": 1}}
            answer = {"ok": True, "result": message}
        encoded = json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(encoded)}\r\n\r\n"
        writer.write(head.encode() + encoded)

    def _judged(self, message: Mapping[str, str]) -> Arrival:
        now, chat, text = time.time(), str(message["chat_id"]), message["text"]
        number = NUMBER.search(text)
        assert number, text
        return Arrival(now, chat, number[1], REPEAT in text, self._done(now, chat))

    def _done(self, now: float, chat: str) -> str:
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


def most_in_a_second(instants: list[float]) -> int:
    """The most of them in any sliding second."""
    most, start = 0, 0
    ordered = sorted(instants)
    for end, instant in enumerate(ordered):
        while ordered[start] <= instant - 1:
            start += 1
        most = max(most, end - start + 1)
    return most
