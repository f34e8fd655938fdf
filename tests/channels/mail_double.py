"""A mail server of forty lines, and what stands in a letter that came."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class MailServer:
    """Answers by command; a None hangs up. A mailbox that is `gone` is none here."""

    answers: dict[str, bytes | None] = field(default_factory=dict)
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            command = line.decode().split()[0].upper()
            self.commands.append(line.decode().strip())
            answer = self.answers.get(command, b"250 ok")
            if command == "RCPT" and any(f"<{each}>" in line.decode() for each in self.gone):
                answer = b"550 5.1.1 no such person"
            if command == "DATA" and command not in self.answers:
                writer.write(b"354 go on\r\n")
                self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
                answer = self.answers.get(".", b"250 kept")
            if answer is None:
                break
            writer.write(answer + b"\r\n")
            if command == "QUIT":
                break
        writer.close()

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to somebody, oldest first."""
        read = [message_from_bytes(each[: -len(b".\r\n")], policy=default) for each in self.letters]
        return [each for each in read if each["To"] == address]


@asynccontextmanager
async def listening(server: MailServer) -> AsyncIterator[int]:
    """It listens on a port of this machine."""
    heard = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    async with heard:
        yield heard.sockets[0].getsockname()[1]


def words(letter: EmailMessage) -> str:
    """Its plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links(letter: EmailMessage) -> list[str]:
    """Every address in its HTML, in their order."""
    body = letter.get_body(("html",))
    assert body is not None
    return re.findall(r'href="([^"]*)"', body.get_content())
