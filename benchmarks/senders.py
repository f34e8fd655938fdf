"""Our contenders, and bare sockets that try the stub: `python -m benchmarks.senders NAME PORT`."""

import asyncio
import sys
from typing import cast

from telegram import Bot

from benchmarks.peer_ptb import send_message
from benchmarks.rounds import AT_ONCE, TEXT, TOKEN, Send, answer, sending
from benchmarks.stub import ANSWER
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.transport import AiohttpRequest
from bot.clock import MachineClock
from bot.tokens import Signer
from pages import Document, paragraph


def _post(bot: Bot) -> Send:
    sender = TelegramSender(bot=bot, bot_id="700100", signer=Signer("bench", [(1, b"k" * 32)]), clock=MachineClock())
    words = TEXT.partition("\n\n")[2]
    drawn = sender.draw(Document("This week in Oak Class", (paragraph(words),)), lang="en")

    async def send(number: int) -> object:
        return await sender.post(str(1000 + number), drawn)

    return send


class _Line(asyncio.Protocol):
    """Keeps `ahead` requests on their way on one connection, until all have been answered."""

    def __init__(self, count: int, ahead: int) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._unsent, self._owed, self._ahead, self._read = count, count, ahead, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask(self._ahead)

    def data_received(self, data: bytes) -> None:
        self._read += len(data)
        answered, self._read = divmod(self._read, len(ANSWER))
        self._owed -= answered
        self._ask(answered)
        if not self._owed and not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def _ask(self, count: int) -> None:
        count = min(count, self._unsent)
        self._unsent -= count
        if count:
            self._transport.write(REQUEST * count)


_BODY = b'{"chat_id": "1000", "text": "%b", "parse_mode": "HTML"}' % TEXT.encode().replace(b"\n", b"\\n")
REQUEST = b"POST /bot%b/sendMessage HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%b" % (
    TOKEN.encode(),
    len(_BODY),
    _BODY,
)


async def _load(port: int, ahead: int) -> None:
    """What the stub can do, found with sockets alone; a lower bound, for this is Python as well."""
    loop = asyncio.get_running_loop()

    async def whole_round(count: int) -> None:
        each = count // AT_ONCE
        made = [loop.create_connection(lambda: _Line(each, ahead), "127.0.0.1", port) for _ in range(AT_ONCE)]
        lines = await asyncio.gather(*made)
        await asyncio.gather(*(line.done for _, line in lines))

    await answer(whole_round)


async def _main(name: str, port: int) -> None:
    if name in {"plain", "pipelined"}:
        await _load(port, ahead=1 if name == "plain" else 16)
        return
    request = AiohttpRequest(at_once=AT_ONCE)
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, get_updates_request=request)
    await request.initialize()
    await sending(_post(bot) if name == "post" else send_message(bot))
    await request.shutdown()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
