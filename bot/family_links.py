"""The links in letters that are one family's own: signed, with no address in them, and over when the family leaves."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from uuid import UUID

from bot.tokens import EPOCH, FAMILY, PENDING, ForgedTokenError, Signer
from school.words import Refusal, Text

_FAMILY = struct.Struct(">16sIB")  # a family's id, seconds since EPOCH, a right
_START = datetime(EPOCH.year, EPOCH.month, EPOCH.day, tzinfo=UTC)


class Right(IntEnum):
    """What a link opens. CHOOSE stands in every letter, which may be passed on: it shows nothing that leads to anybody.

    OWN comes in a letter by itself, on request, to the address alone.
    """

    CHOOSE = 0
    OWN = 1


# Stopping works for as long as the family gets letters; everything else for this long.
GOOD_FOR = {Right.CHOOSE: timedelta(days=100), Right.OWN: timedelta(hours=48)}


class OldLetterError(Refusal):
    """A link in a letter from too long ago."""

    text = Text("That link is too old. Please use the one in our newest letter.")


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Whose link it is, what it opens, and when the letter with it was written, by the school's clock."""

    family: UUID
    right: Right
    made: datetime

    def still_good(self, *, now: datetime) -> None:
        """Raises OldLetterError."""
        if now - self.made > GOOD_FOR[self.right]:
            raise OldLetterError


def family_token(family: UUID, right: Right, *, signer: Signer, now: datetime) -> str:
    """The link's token. `now` is by the school's clock, as the log of consent is."""
    seconds = int((now - _START).total_seconds()) % 2**32
    return signer.mint(FAMILY, _FAMILY.pack(family.bytes, seconds, right), on=now.date())


def opened(token: str, *, signer: Signer) -> Opened:
    """Whose it is. Raises ForgedTokenError."""
    content, _ = signer.read(FAMILY, token)
    try:
        family, seconds, right = _FAMILY.unpack(content)
        return Opened(family=UUID(bytes=family), right=Right(right), made=_START + timedelta(seconds=seconds))
    except (struct.error, ValueError) as error:
        raise ForgedTokenError from error


def pending_token(pending: UUID, *, signer: Signer, now: datetime) -> str:
    """The token in the letter that asks for the tap."""
    return signer.mint(PENDING, pending.bytes, on=now.date())


def pending_of(token: str, *, signer: Signer) -> UUID:
    """Which address that waits. Raises ForgedTokenError."""
    content, _ = signer.read(PENDING, token)
    if len(content) != 16:
        raise ForgedTokenError
    return UUID(bytes=content)
