"""Letters for families as one PDF: each on a page of its own, drawn in memory alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.languages import translator
from bot.paper.codes import qr_svg
from bot.paper.glyphs import Care
from bot.paper.presses import NoPaperError
from bot.paper.printing import Draughtsman, printed
from pages import Document
from pages.document import Facts
from school.words import Text

# Of a few thousand the press would take longer than it may.
MOST_IN_ONE = 200


@dataclass(frozen=True, kw_only=True)
class PrintedLetter:
    """One adult's: what stands at its head, the link in its square, and the code as people type it."""

    facts: Facts
    link: str = field(repr=False)
    typed: str = field(repr=False)
    bot: str


def letters_pdf(words: Document, letters: Sequence[PrintedLetter], *, lang: str, author: str) -> bytes:
    """The letters in a language, at most MOST_IN_ONE. `author` is the school's name. Raises NoPaperError."""
    alt = translator(lang)(Text("A code for a camera: it opens the chat with the school"))
    for care in Care:
        drawn = Draughtsman(lang, care, words.lang)
        told = drawn.told(words, author=author)
        told["letters"] = [
            {
                "facts": drawn.facts(each.facts),
                "code": qr_svg(each.link),
                "alt": alt,
                "typed": each.typed,
                "bot": each.bot,
            }
            for each in letters
        ]
        made = printed(json.dumps(told, ensure_ascii=True).encode(), "letters")
        if made:
            return made
    raise NoPaperError
