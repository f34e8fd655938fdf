"""A Bot API that answers every message with the same one, as fast as plain Python can.

`python -m benchmarks.stub [LIMIT]` prints its port and serves until its standard input ends. With a LIMIT it refuses
what comes beyond so many messages in a sliding second, and says at its end how many came in a second at most and how
many it refused.
"""

import asyncio
import contextlib
import functools
import json
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import cast

MESSAGE = {
    "message_id": 7,
    "date": 1_795_500_000,
    "chat": {"id": 501, "type": "private", "first_name": "Amina"},
    "from": {"id": 700100, "is_bot": True, "first_name": "Willow Primary", "username": "willow_bot"},
    "text": "This week in Oak Class: who can see what we share?",
}


def _answer(result: object) -> bytes:
    return _http(b"200 OK", {"ok": True, "result": result})


def _http(status: bytes, said: dict[str, object]) -> bytes:
    body = json.dumps(said).encode()
    head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
    return head + body


ANSWER, ME, YES = _answer(MESSAGE), _answer(MESSAGE["from"]), _answer(result=True)
# core.telegram.org/bots/api#responseparameters
TOO_MANY = _http(
    b"429 Too Many Requests",
    {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    },
)


def _to(request: bytes) -> bytes:
    """What a request is answered with: nearly all of them send a message."""
    if b"/sendMessage " in request:
        return ANSWER
    return ME if b"/getMe " in request else YES


class Limit:
    """Answers as the rest does, but for messages beyond so many in a sliding second of this process's clock."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._second: deque[float] = deque()
        self.most = self.refused = 0

    def to(self, request: bytes) -> bytes:
        """A refused message counts as well: whoever goes on regardless is refused on."""
        answer, now = _to(request), time.monotonic()
        if answer is not ANSWER:
            return answer
        while self._second and self._second[0] <= now - 1:
            self._second.popleft()
        self._second.append(now)
        self.most = max(self.most, len(self._second))
        if len(self._second) <= self._a_second:
            return answer
        self.refused += 1
        return TOO_MANY


LINE = 120  # bytes that hold any request's first line here


class Stub(asyncio.Protocol):
    """Counts whole requests by their lengths, and looks at nothing else but their first line."""

    def __init__(self, to: Callable[[bytes], bytes] = _to) -> None:
        self._to = to
        self._unread = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer as many requests as are whole."""
        unread, at = self._unread + data, 0
        answers = []
        while (end := unread.find(b"\r\n\r\n", at)) >= 0:
            head = unread[at:end].lower()
            _, _, after = head.partition(b"content-length:")
            stop = end + 4 + int(after.partition(b"\r\n")[0] or 0)
            if len(unread) < stop:
                break
            answers.append(self._to(unread[at : at + LINE]))
            at = stop
        self._unread = unread[at:]
        if answers and self._transport is not None:
            self._transport.write(b"".join(answers))


async def _serve(limit: Limit | None) -> None:
    made = functools.partial(Stub, limit.to) if limit else Stub
    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    if limit:
        print(json.dumps({"most_in_a_second": limit.most, "refused": limit.refused}), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(Limit(int(sys.argv[1])) if len(sys.argv) > 1 else None))
