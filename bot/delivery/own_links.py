"""What is one recipient's own in a letter that was drawn for many: the address to leave, choose or say yes by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.addresses import OWN, STOP, letters_path, saying_yes_path
from bot.family_links import Right, family_token, pending_token
from bot.storage import DeliveryRow
from bot.tokens import Signer
from bot.wire import Via
from pages import Divider, Document, Paragraph, Span
from school.notices import To
from school.words import Text

# The letter that a family asked for from its own page: its link opens the copy and the end of all that is kept.
OWN_LETTER = "letter-yours"
YES = Text("Yes, send me the school's news")
OPEN = Text("Open my page")
LEAVE = Text("Stop these letters")
KEPT = Text("What we keep, and your choices")


@dataclass(frozen=True, kw_only=True)
class OwnLinks:
    """Mints them at the moment of sending: none is kept in the ledger."""

    signers: Mapping[str, Signer]

    def of(self, row: DeliveryRow, *, base: str, now: datetime) -> str:
        """The recipient's own address; empty where the letter has none, or nobody can sign one."""
        signer = self.signers.get(row.school)
        if signer is None or row.channel != Via.EMAIL:
            return ""
        if row.to is To.PENDING:
            return base + saying_yes_path(pending_token(UUID(row.recipient), signer=signer, now=now))
        if row.to is To.FAMILY:
            right = Right.OWN if row.page == OWN_LETTER else Right.CHOOSE
            return base + letters_path(family_token(UUID(row.recipient), right, signer=signer, now=now))
        return ""


def with_own_links(document: Document, row: DeliveryRow) -> Document:
    """The letter with the way on, or the way out; a chat has buttons and commands for that."""
    if row.channel != Via.EMAIL or row.to not in {To.PENDING, To.FAMILY}:
        return document
    if row.to is To.PENDING:
        return document + Document("", (Paragraph((Span(YES, href=OWN),)),))
    if row.page == OWN_LETTER:
        return document + Document("", (Paragraph((Span(OPEN, href=OWN),)),))
    way_out = (Divider(), Paragraph((Span(LEAVE, href=OWN + STOP),)), Paragraph((Span(KEPT, href=OWN),)))
    return document + Document("", way_out)
