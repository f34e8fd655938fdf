"""E-mail out, through an SMTP server of the school's; its failures sorted."""

import asyncio
import contextlib
import functools
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from hashlib import sha256
from html import escape
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.addresses import OWN, STOP
from bot.channels.email.render import Email, render
from bot.clock import Clock
from bot.logs import scrub
from bot.wire import Choice, Choices, Drawn, Outgoing, SendFailed, Via, drawn_of
from pages import Document
from school.words import Refusal, Text

TIMEOUT_SECONDS: Final = 30.0
# RFC 5321 4.2.3: mailbox unavailable, not local, name not allowed.
NO_SUCH_MAILBOX: Final = frozenset({550, 551, 553})
# RFC 3463 3.8: they will not have this letter, or ours at all, though there is the mailbox: nobody has left.
OF_POLICY: Final = "5.7."
PORTS: Final = {"smtp": 587, "smtps": 465}  # RFC 6409, RFC 8314


class SmtpUrlError(Refusal):
    """An address of a mail server that cannot be used."""

    text = Text("The mail server's address must look like smtp://name:password@host:587 or smtps://host.")


class EmailLoginError(Exception):
    """The mail server will not have us, or would have the password in the clear."""


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """A mail server. `smtps` is TLS from the start; `smtp` takes STARTTLS where it is offered."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "Smtp":
        """From `smtp://user:pass@host:port` or `smtps://...`. Raises SmtpUrlError."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise SmtpUrlError from None
        if not parts.hostname:
            raise SmtpUrlError
        return cls(
            host=parts.hostname,
            port=port,
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    @property
    def here(self) -> bool:
        """Whether it is this very machine."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


@functools.cache
def _context() -> ssl.SSLContext:
    """Once a process: reading the machine's certificates takes tens of milliseconds, and a letter one or two."""
    return ssl.create_default_context()


@dataclass(frozen=True, kw_only=True)
class EmailSender:
    """Implements bot.wire.Channel. A letter with a page to leave by says so in its head as well."""

    smtp: Smtp
    sender_name: str
    sender_address: str
    clock: Clock
    via: Via = Via.EMAIL

    def __post_init__(self) -> None:
        scrub(self.smtp.password)

    async def send(self, message: Outgoing) -> str:
        """Send, and give the Message-ID. Raises SendFailed."""
        return await self.post(message.address, _drawn(message.document, message.choices, lang=message.lang))

    def draw(self, document: Document, *, lang: str, choices: Choices = ()) -> Drawn:
        """The letter without what is somebody's own: whom it is to, when, and how they leave."""
        return _drawn(document, choices, lang=lang)

    async def post(self, address: str, drawn: Drawn, *, key: str = "") -> str:  # noqa: ARG002 - a letter needs no key
        """Put it in an envelope of its own and send it; the Message-ID. Raises SendFailed."""
        letter, leave = _for_one(drawn)
        head = self._head(address, leave=leave)
        await asyncio.to_thread(self._deliver, _without_end(head.as_bytes()) + letter, address)
        return str(head["Message-ID"])

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        """The server's limit and that of the recipient's provider; no address is kept."""
        domain = address.rpartition("@")[2].lower()
        return (f"email:{self.smtp.host}", f"email:{self.smtp.host}:domain:{domain}")

    def _head(self, address: str, *, leave: str) -> EmailMessage:
        """The headers that are the recipient's own. Raises SendFailed for an address that cannot be one."""
        head = EmailMessage(policy=SMTP.clone(utf8=not address.isascii()))
        try:
            head["From"] = formataddr((self.sender_name, self.sender_address))
            head["To"] = address
        except (ValueError, IndexError) as error:
            raise SendFailed("not_found", permanent=True) from error
        local, at, domain = address.rpartition("@")
        if not (local and at and domain) or len(head["To"].addresses) != 1:
            raise SendFailed("not_found", permanent=True)
        head["Date"] = format_datetime(self.clock.now())
        head["Message-ID"] = make_msgid(domain=self.sender_address.rpartition("@")[2] or "localhost")
        head["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
        if leave:
            head["List-Unsubscribe"] = f"<{leave}>"
            head["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        return head

    def _deliver(self, letter: bytes, address: str) -> None:
        """Hand it over, step by step: only after DATA has begun can it be in doubt."""
        begun = False
        try:
            server = self._connected()
            with contextlib.closing(server):
                _accepted(server.mail(self.sender_address, ["SMTPUTF8"] if not address.isascii() else []))
                _accepted(server.rcpt(address))
                begun = True
                _accepted(server.data(letter))
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    server.quit()  # it is theirs by now: how the goodbye goes does not matter
        except smtplib.SMTPNotSupportedError as error:
            raise SendFailed("not_supported", permanent=True) from error
        except smtplib.SMTPResponseException as error:
            raise _sorted(error.smtp_code, error.smtp_error) from error
        except EmailLoginError as error:
            raise SendFailed("login") from error
        except (OSError, smtplib.SMTPException) as error:
            raise SendFailed("in_doubt" if begun else "unreachable", in_doubt=begun) from error

    def _connected(self) -> smtplib.SMTP:
        smtp, context = self.smtp, _context()
        server: smtplib.SMTP
        if smtp.tls:
            server = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            safe = smtp.tls
            if not safe and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                safe = True
            if smtp.user:
                if not (safe or smtp.here):
                    raise EmailLoginError
                server.login(smtp.user, smtp.password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            server.close()
            raise EmailLoginError from error
        except BaseException:
            server.close()
            raise
        return server


def _drawn(document: Document, choices: Sequence[Sequence[Choice]] = (), *, lang: str) -> Drawn:
    email = render(document, choices, lang=lang)
    if OWN in email.html:
        # Put together when it is posted: what is its recipient's own may not be looked for in what is encoded.
        return drawn_of([each.encode() for each in (lang, email.subject, email.text, email.html)])
    return drawn_of([_letter(email, lang=lang)])


def _for_one(drawn: Drawn) -> tuple[bytes, str]:
    """The letter with what is its recipient's own, and their address to leave by, if it has one."""
    if len(drawn.parts) == 1:
        return drawn.parts[0], ""
    lang, subject, text, html = (part.decode() for part in drawn.parts)
    if not drawn.own:
        # Nothing goes out that its reader cannot leave.
        raise SendFailed("unrenderable", permanent=True)
    email = Email(subject, text.replace(OWN, drawn.own), html.replace(OWN, escape(drawn.own)))
    return _letter(email, lang=lang), drawn.own + STOP if OWN + STOP in text else ""


def _letter(email: Email, *, lang: str) -> bytes:
    letter = EmailMessage(policy=SMTP)
    letter.set_content(email.text)
    letter.add_alternative(email.html, subtype="html")
    # Last: what begins with Content- would go into the first part of the two.
    letter["Content-Language"] = lang
    # Not the library's random one: the same page is the same bytes.
    letter.set_boundary(f"=_{sha256(email.html.encode()).hexdigest()[:32]}")
    return _subject(email.subject) + letter.as_bytes()


def _subject(subject: str) -> bytes:
    """One line, folded by the library's older hand: its newer one loses a space between two encoded words (3.11)."""
    charset = "us-ascii" if subject.isascii() else "utf-8"
    said = Header(subject, charset, maxlinelen=76, header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {said}\r\n".encode("ascii")


def _without_end(head: bytes) -> bytes:
    """Headers alone, without the empty line that would end them."""
    return head.rstrip(b"\r\n") + b"\r\n"


def _accepted(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, said)


def _sorted(code: int, said: bytes | str) -> SendFailed:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    if code in NO_SUCH_MAILBOX and not text.startswith(OF_POLICY):
        return SendFailed("not_found", permanent=True)
    if code >= 500:
        return SendFailed("refused", permanent=True)
    return SendFailed("busy")
