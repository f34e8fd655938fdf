"""A server that hears raw requests and answers what it was told to, down to hanging up."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

MESSAGE = {"message_id": 7, "date": 1, "chat": {"id": 501, "type": "private"}}


@dataclass(frozen=True)
class Heard:
    """One request. `line` is its number among connections, from 1."""

    line: int
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def said(result: object) -> bytes:
    """An answer of the Bot API's."""
    return http(200, {"ok": True, "result": result})


def refused(code: int, description: str, **parameters: int) -> bytes:
    body = {"ok": False, "error_code": code, "description": description}
    return http(code, body | ({"parameters": parameters} if parameters else {}))


def http(code: int, body: object) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return b"HTTP/1.1 %d Said\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        code,
        len(content),
        content,
    )


@dataclass
class Server:
    """`answers` are given in turn, then `always`; None hangs up without a word, an Event is waited for first."""

    url: str = ""
    answers: deque[bytes | asyncio.Event | None] = field(default_factory=deque)
    always: bytes = field(default_factory=lambda: said(MESSAGE))
    heard: list[Heard] = field(default_factory=list)
    lines: int = 0
    most_at_once: int = 0
    hearing: asyncio.Event = field(default_factory=asyncio.Event)
    _open: int = 0
    _talking: set["asyncio.Task[None]"] = field(default_factory=set)

    async def hang_up(self) -> None:
        """Until every connection is closed: one that is left open is a fault of whichever test comes next."""
        for task in self._talking:
            task.cancel()
        if self._talking:
            await asyncio.wait(self._talking)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talking.add(task)
        task.add_done_callback(self._talking.discard)
        self.lines += 1
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        line = self.lines
        try:
            while (answer := await self._hear(line, reader)) is not None:
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the other side has hung up, or the test is over
        finally:
            self._open -= 1
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _hear(self, line: int, reader: asyncio.StreamReader) -> bytes | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in head[1:] if each)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.heard.append(Heard(line, head[0].split()[1], headers, body))
        self.hearing.set()
        answer = self.answers.popleft() if self.answers else self.always
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return self.always
        return answer


@asynccontextmanager
async def listening() -> AsyncIterator[Server]:
    server = Server()
    socket = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{socket.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        socket.close()
        await server.hang_up()
