"""Signed tokens on buttons and in deep links: version, key id, day of issue, content, a truncated HMAC.

Telegram gives a button 64 bytes and a deep link 64 characters of `A-Za-z0-9_-` (core.telegram.org/bots/api,
InlineKeyboardButton, and core.telegram.org/bots/features#deep-linking), so a deep link's
token is at most 48 bytes in base64url. A button's may be longer where a platform has more room (Slack: 2,000): the
channel that draws it keeps to its own limit.

A poster's code is short, for it is typed: six letters that say a year group and whose school's poster it is.
"""

import base64
import hashlib
import hmac
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from safeguarding import ALPHABET, READ_AS
from school.words import Refusal, Text

VERSION = 1
MAC_BYTES = 8
HEAD = struct.Struct(">BBBH")  # version, key id, kind, days since EPOCH
EPOCH = date(2026, 1, 1)
BUTTON, LINK, FORM, PAPERS, CHILD, FAMILY, PENDING = 1, 2, 3, 4, 5, 6, 7
# A page's id has 64 characters at most, beside which PAPERS hold the head and the HMAC.
LONGEST = {BUTTON: 1_400, LINK: 48, FORM: 64, PAPERS: 77, CHILD: 48, FAMILY: 34, PENDING: 29}
BUTTON_LIFE = timedelta(days=180)
# A poster's code: four bits of year group, then what is left of 30 for the HMAC. It opens nothing.
YEAR_LETTERS = 6
YEARS = range(14)


class ForgedTokenError(Refusal):
    """A token that this school's keys did not sign, or that was cut."""

    text = Text("That link or button isn't one of ours. Please use the newest one you were given.")


class OldTokenError(Refusal):
    """A token signed so long ago that what it asks for may no longer be right."""

    text = Text("That button is from an old message. Please ask again to get a fresh one.")


@dataclass(frozen=True)
class Signer:
    """Mints and reads tokens for one school. The first key signs; the others still read, so that keys rotate."""

    school: str
    keys: Sequence[tuple[int, bytes]] = field(repr=False)

    def _mac(self, key: bytes, signed: bytes) -> bytes:
        return hmac.digest(key, self.school.encode() + b"\0" + signed, "sha256")[:MAC_BYTES]

    def mint(self, kind: int, content: bytes, *, on: date) -> str:
        """A token: of at most 64 characters for a LINK or a CHILD. Raises ValueError where the content is too long."""
        key_id, key = self.keys[0]
        signed = HEAD.pack(VERSION, key_id, kind, (on - EPOCH).days % 65_536) + content
        if len(signed) + MAC_BYTES > LONGEST[kind]:
            msg = f"{len(content)} bytes do not fit in a token"
            raise ValueError(msg)
        return base64.urlsafe_b64encode(signed + self._mac(key, signed)).rstrip(b"=").decode()

    def read(self, kind: int, token: str) -> tuple[bytes, date]:
        """The content and the day of issue. Raises ForgedTokenError."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            version, key_id, its_kind, days = HEAD.unpack_from(raw)
        except (ValueError, struct.error) as error:
            raise ForgedTokenError from error
        signed, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        key = dict(self.keys).get(key_id)
        if version != VERSION or its_kind != kind or key is None or len(signed) < HEAD.size:
            raise ForgedTokenError
        if not hmac.compare_digest(mac, self._mac(key, signed)):
            raise ForgedTokenError
        return signed[HEAD.size :], EPOCH + timedelta(days=days)

    def poster_code(self, year: int) -> str:
        """Six letters for the poster of a year group, 0 (Reception) to 13."""
        return self._poster_code(self.keys[0][1], year)

    def poster_year(self, typed: str) -> int | None:
        """The year group of a poster's code, however it is spelt; None where it is none of this school's."""
        letters = typed.strip().upper().replace("-", "").translate(READ_AS)
        if len(letters) != YEAR_LETTERS or not letters.isascii():
            return None
        for _, key in self.keys:
            for year in YEARS:
                if hmac.compare_digest(letters.encode(), self._poster_code(key, year).encode()):
                    return year
        return None

    def _poster_code(self, key: bytes, year: int) -> str:
        signed = b"poster\0" + self.school.encode() + b"\0" + bytes([year])
        bits = (year << 26) | int.from_bytes(hmac.new(key, signed, hashlib.sha256).digest()[:4]) >> 6
        return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(YEAR_LETTERS)))

    def button(self, verb: str, args: Mapping[str, str], *, on: date) -> str:
        """A button's token. Argument names are their initials' business: they travel as `name=value`."""
        content = "\n".join([verb, *(f"{name}={value}" for name, value in args.items())])
        return self.mint(BUTTON, content.encode(), on=on)

    def read_button(self, token: str, *, on: date) -> tuple[str, dict[str, str]]:
        """Verb and arguments. Raises ForgedTokenError or OldTokenError."""
        content, issued = self.read(BUTTON, token)
        _still_good(issued, on=on)
        verb, *pairs = content.decode().split("\n")
        return verb, dict(pair.split("=", 1) for pair in pairs)

    def papers(self, lesson_id: str, *, on: date) -> str:
        """A ticket to the papers of one lesson, answers and all; good for as long as a button is."""
        return self.mint(PAPERS, lesson_id.encode(), on=on)

    def check_papers(self, ticket: str, lesson_id: str, *, on: date) -> None:
        """Whether a ticket is to the papers of this lesson. Raises ForgedTokenError or OldTokenError."""
        content, issued = self.read(PAPERS, ticket)
        if content != lesson_id.encode():
            raise ForgedTokenError
        _still_good(issued, on=on)


def _still_good(issued: date, *, on: date) -> None:
    if not timedelta(0) <= on - issued + timedelta(days=400) or on - issued > BUTTON_LIFE:
        raise OldTokenError
