"""Letters against a mail server of forty lines."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from bot.channels.email.send import EmailSender, Smtp, SmtpUrlError
from bot.clock import SetClock
from bot.wire import Outgoing, SendFailed
from pages import Document, paragraph

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LETTER = Outgoing(address="amina@example.org", document=Document("Hello", (paragraph("مرحبا"),)), lang="ar")


@dataclass
class MailServer:
    """Answers by command; a None hangs up."""

    answers: dict[str, bytes | None] = field(default_factory=dict)
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    async def talk(self, reader, writer):
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            command = line.decode().split()[0].upper()
            self.commands.append(line.decode().strip())
            answer = self.answers.get(command, b"250 ok")
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


@asynccontextmanager
async def mail(unsubscribe=lambda address: None, user="", **answers):
    server = MailServer({name.upper() if name != "end" else ".": said for name, said in answers.items()})
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    sender = EmailSender(
        smtp=Smtp.parse(f"smtp://{user}127.0.0.1:{port}"),
        sender_name="Willow Primary",
        sender_address="bot@school.example",
        clock=SetClock(NOW),
        unsubscribe=unsubscribe,
    )
    async with listening:
        yield server, sender


async def test_a_letter_arrives_in_both_forms_with_a_way_out():
    async with mail(unsubscribe=lambda address: "https://school.example/u/1") as (server, sender):
        sent = await sender.send(LETTER)

    letter = message_from_bytes(server.letters[0], policy=default)
    assert letter["Message-ID"] == sent
    assert letter["To"] == "amina@example.org"
    assert letter["Subject"] == "Hello"
    assert letter["List-Unsubscribe"] == "<https://school.example/u/1>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Date"].datetime == NOW
    assert letter.get_content_type() == "multipart/alternative"
    assert "مرحبا" in letter.get_body(("plain",)).get_content()
    assert 'dir="rtl"' in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("answers", "reason", "permanent", "in_doubt"),
    [
        ({"rcpt": b"550 no such person"}, "not_found", True, False),
        ({"rcpt": b"450 try later"}, "busy", False, False),
        ({"mail": b"554 not you"}, "refused", True, False),
        ({"data": b"451 full"}, "busy", False, False),
        ({"end": b"554 looks like spam"}, "refused", True, False),
        ({"end": None}, "in_doubt", False, True),
        ({"rcpt": None}, "unreachable", False, False),
    ],
)
async def test_failures_are_sorted(answers, reason, permanent, in_doubt):
    async with mail(**answers) as (_, sender):
        with pytest.raises(SendFailed) as failed:
            await sender.send(LETTER)

    assert (failed.value.reason, failed.value.permanent, failed.value.in_doubt) == (reason, permanent, in_doubt)


def by_recipient(letter):
    """Its parts and its headers, without those that are new in every letter."""
    read = message_from_bytes(letter, policy=default)
    headers = {name: str(value) for name, value in read.items() if name not in {"Message-ID", "Date"}}
    return headers, [part.get_content() for part in read.iter_parts()]


async def test_a_letter_that_was_drawn_once_is_the_same_letter_to_each_with_their_own_way_out():
    utf8 = b"250-hi\r\n250 SMTPUTF8"
    async with mail(unsubscribe=lambda address: f"https://school.example/u/{address}", ehlo=utf8) as (server, sender):
        drawn = sender.draw(LETTER.document, lang="ar")
        await sender.send(LETTER)
        first = await sender.post("amina@example.org", drawn)
        second = await sender.post("søren@example.org", drawn, key="d2")

    sent, posted, other = server.letters
    assert by_recipient(posted) == by_recipient(sent)
    assert by_recipient(other)[1] == by_recipient(sent)[1]
    assert "søren@example.org".encode() in other
    assert first != second
    assert b"https://school.example/u/amina@example.org" in posted
    assert b"amina" not in other
    assert sender.draw(LETTER.document, lang="ar") == drawn
    assert sender.draw(LETTER.document, lang="en").digest != drawn.digest


async def test_a_rude_goodbye_does_not_undo_a_letter():
    async with mail(quit=b"500 go away") as (server, sender):
        await sender.send(LETTER)

    assert len(server.letters) == 1


async def test_a_server_that_is_not_there(unused_tcp_port):
    sender = EmailSender(
        smtp=Smtp.parse(f"smtp://127.0.0.1:{unused_tcp_port}"),
        sender_name="W",
        sender_address="b@s.example",
        clock=SetClock(NOW),
    )

    with pytest.raises(SendFailed) as failed:
        await sender.send(LETTER)

    assert (failed.value.reason, failed.value.in_doubt) == ("unreachable", False)


async def test_a_wrong_password_is_not_the_recipients_fault():
    async with mail(user="bot:secret-word@", ehlo=b"250-hi\r\n250 AUTH PLAIN", auth=b"535 wrong") as (_, sender):
        with pytest.raises(SendFailed) as failed:
            await sender.send(LETTER)

    assert (failed.value.reason, failed.value.permanent) == ("login", False)
    assert "secret-word" not in repr(sender)


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"])
async def test_an_address_that_cannot_be_one_is_refused_before_anything_is_sent(address):
    async with mail() as (server, sender):
        with pytest.raises(SendFailed) as failed:
            await sender.send(Outgoing(address=address, document=Document("Hello")))

    assert failed.value.permanent
    assert server.letters == []


@pytest.mark.parametrize("url", ["", "http://host", "smtp://", "smtp://host:port", "host:25"])
def test_an_address_of_a_server_that_cannot_be_used_is_a_clear_sentence(url):
    with pytest.raises(SmtpUrlError, match="smtp://name:password@host:587"):
        Smtp.parse(url)


def test_names_and_passwords_are_read_and_pacing_keeps_no_address():
    smtp = Smtp.parse("smtps://bot%40school:p%40ss@mail.example")
    sender = EmailSender(smtp=smtp, sender_name="W", sender_address="b@s.example", clock=SetClock(NOW))

    assert (smtp.user, smtp.password, smtp.port, smtp.tls) == ("bot@school", "p@ss", 465, True)
    assert sender.pacing_keys("amina@Example.org") == ("email:mail.example", "email:mail.example:domain:example.org")
