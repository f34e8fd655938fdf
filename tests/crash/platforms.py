"""The three rude platforms, each in its own words."""

import asyncio
import re
import time
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import default
from typing import Any, ClassVar

from bot.wire import Via
from tests.crash.rude import WAIT_SECONDS, Rude, RudeHttp, RudePlatform


class RudeBotApi(RudeHttp):
    """Telegram's."""

    def _read(self, body: Mapping[str, Any]) -> tuple[str, str]:
        return str(body["chat_id"]), body["text"]

    def _says(self, done: str, chat: str) -> tuple[int, Mapping[str, str], Mapping[str, object]]:
        faults: Mapping[str, tuple[int, dict[str, object]]] = {
            Rude.REFUSE: (429, {"description": "Too Many Requests", "parameters": {"retry_after": WAIT_SECONDS}}),
            Rude.FAIL: (500, {"description": "Internal Server Error"}),
            Rude.BLOCK: (403, {"description": "Forbidden: bot was blocked by the user"}),
        }
        if done in faults:
            status, said = faults[done]
            return status, {}, {"ok": False, "error_code": status, **said}
        message = {"message_id": 10_000_000 + len(self.arrivals), "date": int(time.time()), "chat": {"id": 1}}
        return 200, {}, {"ok": True, "result": message}


class RudeSlack(RudeHttp):
    """Slack's chat.postMessage; some channels are gone, some archived."""

    def _read(self, body: Mapping[str, Any]) -> tuple[str, str]:
        return str(body["channel"]), f"{body['text']} {body['blocks']}"

    def _says(self, done: str, chat: str) -> tuple[int, Mapping[str, str], Mapping[str, object]]:
        if done == Rude.REFUSE:
            return 429, {"Retry-After": str(WAIT_SECONDS)}, {"ok": False, "error": "ratelimited"}
        if done == Rude.FAIL:
            return 500, {}, {"ok": False, "error": "internal_error"}
        if done == Rude.BLOCK:
            return 200, {}, {"ok": False, "error": "is_archived" if int(chat[1:]) % 2 else "channel_not_found"}
        return 200, {}, {"ok": True, "channel": chat, "ts": f"{time.time():.6f}"}


class RudeMail(RudePlatform):
    """A mail server. Where others stall it answers: a sender waits half a minute for it, and no test does.

    Whoever is told 4xx still has the letter (RFC 5321, 4.2.1): of its faults only hanging up leaves anything in doubt.
    """

    takes: ClassVar[frozenset[str]] = frozenset({"", Rude.STALL, Rude.DROP})
    scheme: ClassVar[str] = "smtp"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One connection, from its greeting to its end."""
        writer.write(b"220 ready\r\n")
        chat, done = "", ""
        while line := (await reader.readline()).decode():
            match line.split()[0].upper():
                case "RCPT":
                    chat = re.search("<(.*)>", line)[1]
                    done = self._done(chat)
                    answer = {Rude.REFUSE: "450 try later", Rude.BLOCK: "550 no such person"}.get(done, "250 ok")
                    if not answer.startswith("250"):
                        self._arrived(chat, "", done)
                case "DATA":
                    writer.write(b"354 go on\r\n")
                    letter = await reader.readuntil(b"\r\n.\r\n")
                    self._arrived(chat, _words_of(letter), done)
                    await self._thinks()
                    if done == Rude.DROP:
                        writer.transport.abort()
                        return False
                    answer = "451 something broke" if done == Rude.FAIL else "250 kept"
                case word:
                    answer = "221 goodbye" if word == "QUIT" else "250 ok"
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
        return False


def _words_of(letter: bytes) -> str:
    plain = message_from_bytes(letter, policy=default).get_body(("plain",))
    assert plain is not None
    return plain.get_content()


# What each is, the addresses it knows, and how many a second it is to see at most where limits hold. Telegram's is its
# own; the others' is a burst and a second's worth by our own rates, and half as much again, for messages jostle.
PLATFORMS = {
    Via.TELEGRAM: (RudeBotApi, "{}", 30),
    Via.SLACK: (RudeSlack, "C{}", 15),
    Via.EMAIL: (RudeMail, "{}@example.org", 30),
}
