"""E-mail out, through an SMTP server of the school's; its failures sorted."""

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.channels.email.render import render
from bot.clock import Clock
from bot.logs import scrub
from bot.wire import Outgoing, SendFailed, Via
from school.words import Refusal, Text

TIMEOUT_SECONDS: Final = 30.0
# RFC 5321 4.2.3: mailbox unavailable, not local, name not allowed.
NO_SUCH_MAILBOX: Final = frozenset({550, 551, 553})
PORTS: Final = {"smtp": 587, "smtps": 465}  # RFC 6409, RFC 8314

Unsubscribe = Callable[[str], str | None]


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


def nobody_unsubscribes(address: str) -> str | None:  # noqa: ARG001 - the shape of Unsubscribe
    """For letters to staff, who cannot leave a list."""
    return None


@dataclass(frozen=True, kw_only=True)
class EmailSender:
    """Implements bot.wire.Channel. `unsubscribe` gives an https address that ends the letters to a person at once."""

    smtp: Smtp
    sender_name: str
    sender_address: str
    clock: Clock
    unsubscribe: Unsubscribe = nobody_unsubscribes
    via: Via = Via.EMAIL

    def __post_init__(self) -> None:
        scrub(self.smtp.password)

    async def send(self, message: Outgoing) -> str:
        """Send, and give the Message-ID. Raises SendFailed."""
        letter = self.letter(message)
        await asyncio.to_thread(self._deliver, letter, message.address)
        return str(letter["Message-ID"])

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        """The server's limit and that of the recipient's provider; no address is kept."""
        domain = address.rpartition("@")[2].lower()
        return (f"email:{self.smtp.host}", f"email:{self.smtp.host}:domain:{domain}")

    def letter(self, message: Outgoing) -> EmailMessage:
        """The message with its headers. Raises SendFailed for an address that cannot be one."""
        email = render(message.document, message.choices, lang=message.lang)
        letter = EmailMessage(policy=SMTP.clone(utf8=not message.address.isascii()))
        try:
            letter["From"] = formataddr((self.sender_name, self.sender_address))
            letter["To"] = message.address
        except (ValueError, IndexError) as error:
            raise SendFailed("not_found", permanent=True) from error
        local, at, domain = message.address.rpartition("@")
        if not (local and at and domain) or len(letter["To"].addresses) != 1:
            raise SendFailed("not_found", permanent=True)
        letter["Subject"] = email.subject
        letter["Date"] = format_datetime(self.clock.now())
        letter["Message-ID"] = make_msgid(domain=self.sender_address.rpartition("@")[2] or "localhost")
        letter["Content-Language"] = message.lang
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
        if address := self.unsubscribe(message.address):
            letter["List-Unsubscribe"] = f"<{address}>"
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        letter.set_content(email.text)
        letter.add_alternative(email.html, subtype="html")
        return letter

    def _deliver(self, letter: EmailMessage, address: str) -> None:
        """Hand it over, step by step: only after DATA has begun can it be in doubt."""
        begun, raw = False, letter.as_bytes()
        try:
            server = self._connected()
            with contextlib.closing(server):
                _accepted(server.mail(self.sender_address, ["SMTPUTF8"] if not address.isascii() else []))
                _accepted(server.rcpt(address))
                begun = True
                _accepted(server.data(raw))
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    server.quit()  # it is theirs by now: how the goodbye goes does not matter
        except smtplib.SMTPNotSupportedError as error:
            raise SendFailed("not_supported", permanent=True) from error
        except smtplib.SMTPResponseException as error:
            raise _sorted(error.smtp_code) from error
        except EmailLoginError as error:
            raise SendFailed("login") from error
        except (OSError, smtplib.SMTPException) as error:
            raise SendFailed("in_doubt" if begun else "unreachable", in_doubt=begun) from error

    def _connected(self) -> smtplib.SMTP:
        smtp, context = self.smtp, ssl.create_default_context()
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


def _accepted(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, said)


def _sorted(code: int) -> SendFailed:
    if code in NO_SUCH_MAILBOX:
        return SendFailed("not_found", permanent=True)
    if code >= 500:
        return SendFailed("refused", permanent=True)
    return SendFailed("busy")
