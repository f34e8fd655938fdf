"""A page for families as a letter on paper, for whoever has neither Telegram nor e-mail."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from babel.core import UnknownLocaleError
from babel.dates import format_date

from bot.languages import owning_up
from bot.paper.printing import letter_pdf, letter_told
from pages import Document, Heading, says
from safeguarding import Audience, help_lines
from school.school import School
from school.words import Text

# About 60 kB each.
MOST_KEPT = 200
WHOM_TO_CALL = Text("Whom you can call")
BY_E_MAIL = Text(
    "Would you like these letters by e-mail, in your language? Point a phone's camera at this code, or type:"
)
ON_THE_WEB = Text("You can read this, and more, in your language. Point a phone's camera at this code, or type:")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is printed. `document` is the page with its values in it; `address` is that of the code, empty for none.

    `joins`: the address is where one joins by e-mail, and not only where one reads.
    """

    document: Document
    on: date
    lang: str
    school: School
    address: str = ""
    joins: bool = False

    @property
    def key(self) -> str:
        """The same for the same sheet."""
        said = repr((self.document, self.on, self.lang, self.school.id, self.school.name, self.address, self.joins))
        return sha256(said.encode()).hexdigest()


def printed(letter: Letter) -> bytes:
    """The PDF: up to a second. Raises NoPaperError."""
    return letter_pdf(_whole(letter), **_around(letter))


def told(letter: Letter) -> dict[str, Any]:
    """What the press is told of it at first: all that stands on the sheet, and no drawing."""
    return letter_told(_whole(letter), **_around(letter))


def _whole(letter: Letter) -> Document:
    lines = help_lines(Audience.ADULT, school=letter.school)
    whole = letter.document + Document("", (Heading(says(WHOM_TO_CALL), 2), *lines.blocks))
    return owning_up(whole, letter.lang)


def _around(letter: Letter) -> dict[str, Any]:
    return {
        "lang": letter.lang,
        "author": letter.school.name,
        "day": Text("{date}", {"date": day_in_words(letter.on, letter.lang)}),
        "address": letter.address,
        "invites": BY_E_MAIL if letter.joins else ON_THE_WEB,
    }


def day_in_words(day: date, lang: str) -> str:
    """A date as a letter has it in a language; as British English has it where nobody knows better."""
    try:
        return format_date(day, "long", locale="en_GB" if lang == "en" else lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return format_date(day, "long", locale="en_GB")


@dataclass
class PaperLetters:
    """Prints each once for as long as its page stays as it is, and keeps the newest."""

    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    made: int = 0

    def kept(self, letter: Letter) -> bytes | None:
        """What was printed before, where it is still here."""
        with self._lock:
            return self._kept.get(letter.key)

    def printed(self, letter: Letter) -> bytes:
        """The PDF: up to a second, or at once. Raises NoPaperError."""
        known = self.kept(letter)
        if known is not None:
            return known
        made = printed(letter)
        with self._lock:
            self.made += 1
            self._kept[letter.key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made
