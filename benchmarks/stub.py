"""A Bot API that answers every request with the same message, as fast as plain Python can: `python -m benchmarks.stub`.

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
_BODY = json.dumps({"ok": True, "result": MESSAGE}).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)


class Stub(asyncio.Protocol):
    """Counts whole requests by their lengths, and looks at nothing else."""

    def __init__(self) -> None:
        self._unread = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer as many requests as are whole."""
        unread, at, whole = self._unread + data, 0, 0
        while (end := unread.find(b"\r\n\r\n", at)) >= 0:
            head = unread[at:end].lower()
            _, _, after = head.partition(b"content-length:")
            stop = end + 4 + int(after.partition(b"\r\n")[0] or 0)
            if len(unread) < stop:
                break
            at, whole = stop, whole + 1
        self._unread = unread[at:]
        if whole and self._transport is not None:
            self._transport.write(ANSWER * whole)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
