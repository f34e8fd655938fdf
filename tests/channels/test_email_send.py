"""Letters against a mail server of forty lines."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from mail_double import MailServer, links, listening

from bot.addresses import OWN, STOP
from bot.channels.email.send import EmailSender, Smtp, SmtpUrlError
from bot.clock import SetClock
from bot.wire import Outgoing, SendFailed
from pages import Document, Paragraph, Span, paragraph

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LETTER = Outgoing(address="amina@example.org", document=Document("Hello", (paragraph("مرحبا"),)), lang="ar")
WAY_OUT = Document("", (Paragraph((Span("Stop", href=OWN + STOP),)),))


@asynccontextmanager
async def mail(user="", **answers):
    server = MailServer({name.upper() if name != "end" else ".": said for name, said in answers.items()})
    async with listening(server) as port:
        yield server, sender_to(port, user)


def sender_to(port, user=""):
    return EmailSender(
        smtp=Smtp.parse(f"smtp://{user}127.0.0.1:{port}"),
        sender_name="Willow Primary",
        sender_address="bot@school.example",
        clock=SetClock(NOW),
    )


async def test_a_letter_arrives_in_both_forms_with_a_way_out():
    async with mail() as (server, sender):
        drawn = replace(sender.draw(LETTER.document + WAY_OUT, lang="ar"), own="https://school.example/u/1")
        sent = await sender.post("amina@example.org", drawn)

    letter = message_from_bytes(server.letters[0], policy=default)
    assert letter["Message-ID"] == sent
    assert letter["To"] == "amina@example.org"
    assert letter["Subject"] == "Hello"
    assert letter["Content-Language"] == "ar"
    assert letter["List-Unsubscribe"] == "<https://school.example/u/1/stop>"
    assert links(letter) == ["https://school.example/u/1/stop"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Date"].datetime == NOW
    assert letter.get_content_type() == "multipart/alternative"
    assert "مرحبا" in letter.get_body(("plain",)).get_content()
    assert 'dir="rtl"' in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("answers", "reason", "permanent", "in_doubt"),
    [
        ({"rcpt": b"550 no such person"}, "not_found", True, False),
        ({"rcpt": b"550 5.1.1 no such person"}, "not_found", True, False),
        ({"rcpt": b"550 5.7.1 our policy does not let you in"}, "refused", True, False),
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
    async with mail(ehlo=utf8) as (server, sender):
        drawn = sender.draw(LETTER.document, lang="ar")
        own = sender.draw(LETTER.document + WAY_OUT, lang="ar")
        await sender.send(LETTER)
        first = await sender.post("amina@example.org", drawn)
        second = await sender.post("søren@example.org", drawn, key="d2")
        await sender.post("amina@example.org", replace(own, own="https://school.example/u/amina-s"))
        await sender.post("søren@example.org", replace(own, own="https://school.example/u/soren-s"))

    sent, posted, other, hers, his = server.letters
    assert by_recipient(posted) == by_recipient(sent)
    assert by_recipient(other)[1] == by_recipient(sent)[1]
    assert "søren@example.org".encode() in other
    assert first != second
    assert b"amina" not in other
    assert b"<https://school.example/u/amina-s/stop>" in hers
    assert b"<https://school.example/u/soren-s/stop>" in his
    assert b"amina" not in his
    assert by_recipient(hers)[1] == [part.replace("soren", "amina") for part in by_recipient(his)[1]]
    assert sender.draw(LETTER.document, lang="ar") == drawn
    assert sender.draw(LETTER.document, lang="en").digest != drawn.digest


async def test_a_letter_that_its_reader_could_not_leave_does_not_go():
    async with mail() as (server, sender):
        with pytest.raises(SendFailed):
            await sender.post("amina@example.org", sender.draw(LETTER.document + WAY_OUT, lang="ar"))

    assert server.letters == []


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


# Two titles that lost a space on their way, where a line of the head ends, and one that fits on one line.
TITLES = ("إذا لم يكن أحدهم لطيفًا مع طفلكم", "نئی ڈیوائسیں اور گیمیں: سکون سے شروعات", "Parole, viață privată și poze")


@pytest.mark.parametrize("title", [*TITLES, " ".join(TITLES), "A calm start " * 10 + "at home"])
def test_a_long_title_keeps_its_spaces_in_any_script(title):
    (letter,) = sender_to(25).draw(Document(title, (paragraph("Hello"),)), lang="ar").parts

    assert message_from_bytes(letter, policy=default)["Subject"] == title
    head = letter.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 78
