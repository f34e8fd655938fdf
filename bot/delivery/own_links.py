"""What is one recipient's own in a letter that was drawn for many: the address to leave, choose or say yes by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.addresses import OWN, STOP, WHATIF_MENU, letters_path, saying_yes_path, whatif_path
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
READ = Text("Read this on our news pages, and in other languages")
WORRY = Text("Tell us about a worry")
WHATIF = Text("What to do if ...")
# What the ids of mailings begin with whose pages stand in the archive of the school's site.
IN_THE_ARCHIVE = ("newsletter:", "campaign:")
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


def with_own_links(document: Document, row: DeliveryRow, *, base: str, lang: str) -> Document:
    """The letter with the ways on and the way out; a chat has buttons and commands for that."""
    if row.channel != Via.EMAIL or row.to not in {To.PENDING, To.FAMILY}:
        return document
    if row.to is To.PENDING:
        return document + _linking((YES, OWN))
    if row.page == OWN_LETTER:
        return document + _linking((OPEN, OWN))
    ways_on = [(WORRY, f"{base}/report?lang={lang}"), (WHATIF, f"{base}{whatif_path(WHATIF_MENU)}?lang={lang}")]
    if row.mailing.startswith(IN_THE_ARCHIVE):
        ways_on.insert(0, (READ, f"{base}/news/{row.page}?lang={lang}"))
    whole = document + Document("", (Divider(),)) + _linking(*ways_on)
    return whole + Document("", (Divider(),)) + _linking((LEAVE, OWN + STOP), (KEPT, OWN))


def _linking(*ways: tuple[Text, str]) -> Document:
    return Document("", tuple(Paragraph((Span(words, href=address),)) for words, address in ways))
