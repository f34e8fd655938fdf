"""Catalogues: a Text in a language, by Babel; British English where a catalogue has nothing."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from pages import Divider, Document, Heading, Told, marked, note, plain_text, says
from safeguarding import names_help
from school.people import LANGUAGES
from school.words import Text, Translate, filled

LOCALE = Path(__file__).parent / "locale"
# A made-up language that shows what no catalogue has caught, and how a page bears longer words.
PSEUDO = "en-XA"
IN_ENGLISH = Text("This is in English. We don't have it in your language yet.")
NOT_CHECKED = Text("A computer helped to translate this. Nobody has checked it yet.")
SAME_IN_ENGLISH = Text("The same in English")
# With the English below it, what nobody has checked still goes into one message of 4,096 characters.
TOGETHER = 3_500
_ACCENTED = str.maketrans("aeiouAEIOUcnyCNY", "åéîöûÅÉÎÖÛçñýÇÑÝ")


class Telling(Protocol):
    """What pages are told from: a shelf."""

    def told(self, page_id: str, lang: str, /) -> Told:
        """The whole page in a language, with its English beside it where nobody has checked the translation."""


Translator = Callable[[str], Translate]


@cache
def _catalogue(lang: str) -> NullTranslations:
    source = LOCALE / lang / "LC_MESSAGES" / "lollipop.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang))
    compiled.seek(0)
    return Translations(compiled)


def translator(lang: str) -> Translate:
    """What turns a Text into a sentence of this language (BCP 47)."""
    if lang == PSEUDO:
        return _pseudo
    catalogue = _catalogue(lang)

    def translate(text: Text) -> str:
        if text.plural is None:
            template = catalogue.ugettext(text.msgid)
        else:
            count = text.values.get("count", 0)
            template = catalogue.ungettext(text.msgid, text.plural, count if isinstance(count, int) else 0)
        return filled(str(template), text, translate)

    return translate


def spoken(tag: str) -> str:
    """The language with a catalogue that a BCP 47 tag such as `pl-PL` asks for; English where there is none."""
    code = _primary(tag)
    return code if code in LANGUAGES and (LOCALE / code / "LC_MESSAGES" / "lollipop.po").exists() else "en"


def owning_up(document: Document, lang: str) -> Document:
    """The document; with one line first, in its reader's language, where it stands in another than theirs.

    Every channel's pages come through here, for nobody should wonder whether something went wrong. The line is a Text:
    whoever shows the document does so in `lang`.
    """
    if lang == PSEUDO or _primary(lang) == _primary(document.lang):
        return document
    return Document(document.title, (note(IN_ENGLISH), *document.blocks), document.lang)


def page_in(shelf: Telling, page_id: str, lang: str) -> Document:
    """A whole page for a reader of a language: with its English where nobody has checked it; else owning up to it.

    Raises NoSuchPageError.
    """
    return owning_up(own_words(shelf.told(page_id, lang)), lang)


def own_words(told: Told) -> Document:
    """A page, or a part of one under the page's title; where nobody has checked the translation, it says so.

    If it gives numbers to call, its English stands below: the whole, or only the paragraphs with the numbers where
    both together would be too long. Nobody's safety hangs on a word that no person has read.
    """
    words = told.document
    if told.unreviewed is None:
        return Document(told.title, words.blocks, words.lang)
    blocks = (note(NOT_CHECKED), *words.blocks)
    english = told.unreviewed
    if names_help(plain_text(words)) or names_help(plain_text(english)):
        if len(plain_text(words)) + len(plain_text(english)) > TOGETHER:
            english = _with_numbers(english)
        blocks += (Divider(), Heading(says(SAME_IN_ENGLISH)), *marked(english))
    return Document(told.title, blocks, words.lang)


def _with_numbers(document: Document) -> Document:
    kept = tuple(block for block in document.blocks if names_help(plain_text(Document("", (block,)))))
    return Document(document.title, kept, document.lang)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def _pseudo(text: Text) -> str:
    """Accents on every letter outside placeholders, and brackets round the whole."""
    count = text.values.get("count")
    template = text.plural if text.plural is not None and count != 1 else text.msgid
    parts = template.split("{")
    accented = parts[0].translate(_ACCENTED) + "".join(
        "{" + inside + "}" + rest.translate(_ACCENTED)
        for inside, _, rest in (part.partition("}") for part in parts[1:])
    )
    return f"⟦{filled(accented, text, _pseudo)}⟧"


def is_right_to_left(lang: str) -> bool:
    """Whether the language runs from right to left."""
    language = LANGUAGES.get(lang)
    return bool(language and language.right_to_left)
