"""A Bot API that answers every message with the same one, as fast as plain Python can: `python -m benchmarks.stub`.

It prints its port and serves until its standard input ends.
"""

import asyncio
import contextlib
import json
import sys
from typing import cast

MESSAGE = {
    "message_id": 7,
    "date": 1_795_500_000,
    "chat": {"id": 501, "type": "private", "first_name": "Amina"},
    "from": {"id": 700100, "is_bot": True, "first_name": "Willow Primary", "username": "willow_bot"},
    "text": "This week in Oak Class: who can see what we share?",
}


def _answer(result: object) -> bytes:
    body = json.dumps({"ok": True, "result": result}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


ANSWER, ME, YES = _answer(MESSAGE), _answer(MESSAGE["from"]), _answer(result=True)


def _to(request: bytes) -> bytes:
    """What a request is answered with: nearly all of them send a message."""
    if b"/sendMessage " in request:
        return ANSWER
    return ME if b"/getMe " in request else YES


LINE = 120  # bytes that hold any request's first line here


class Stub(asyncio.Protocol):
    """Counts whole requests by their lengths, and looks at nothing else but their first line."""

    def __init__(self) -> None:
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
            answers.append(_to(unread[at : at + LINE]))
            at = stop
        self._unread = unread[at:]
        if answers and self._transport is not None:
            self._transport.write(b"".join(answers))


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
