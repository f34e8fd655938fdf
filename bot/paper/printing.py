"""Document to PDF: tagged, with a title, a language and a direction (PDF/UA-1), drawn in memory alone.

A grid comes on one sheet across, as a PDF or as a picture.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages import is_right_to_left, translator
from bot.paper.codes import qr_svg
from bot.paper.glyphs import Care, breakable, in_order, numbers_together, runs_to_the_left, spelled
from bot.paper.presses import HERE, NoPaperError, pressed
from pages import Grid, Shade
from pages.document import (
    TONE_WORDS,
    Block,
    Bullets,
    Divider,
    Document,
    Facts,
    Heading,
    Inline,
    Note,
    Paragraph,
    Quote,
    Span,
)
from school.words import Text

PRESS = HERE / "press.py"
LINKS = ("https://", "tel:")
FAMILIES = (
    *(
        "Noto Sans",
        "Noto Naskh Arabic",
        "Noto Emoji",
        "Noto Sans Bengali",
        "Noto Sans Devanagari",
        "Noto Sans Ethiopic",
    ),
    *("Noto Sans Gujarati", "Noto Sans Gurmukhi", "Noto Sans Tamil", "Noto Sans Thai", "Noto Sans Hebrew"),
    *("Noto Sans Armenian", "Noto Sans Georgian"),
)
SPELLED = Text(
    "Characters that this page has no sign for stand as their numbers, such as [U+16A0]. The CSV has them as they were "
    "typed."
)
SPELLED_HERE = Text("Characters that this page has no sign for stand as their numbers, such as [U+16A0].")
# Of somebody's own words nobody knows the language (ISO 639-3).
UNKNOWN = "und"


# Paper and ink of each shade, at least 4.5 to 1 (WCAG 2.2, 1.4.3); in grey they still tell a gap from what was taught.
SHADES: Mapping[Shade, tuple[str, str]] = {
    Shade.NONE: ("#ffffff", "#4a4a45"),
    Shade.LATER: ("#f4f2ea", "#4a4a45"),
    Shade.NOW: ("#dbe8fa", "#0b3f80"),
    Shade.OLD: ("#ffd23f", "#3d2c00"),
    Shade.WAITS: ("#b00020", "#ffffff"),
    Shade.DONE: ("#d5efdf", "#0b4a29"),
    Shade.SURE: ("#0b6b3a", "#ffffff"),
}
# A letter is on one page where that can be, and never so small that a grandparent cannot read it.
LETTER_SIZES_PT = (12.0, 11.5, 11.0, 10.5, 10.0)
MADE_OF: Mapping[str, bytes] = {"pdf": b"%PDF", "png": b"\x89PNG"}


@dataclass(frozen=True)
class Look:
    """How a page looks: a hexadecimal colour for its headings, and in which sizes to try to get it onto one page.

    `sizes_pt` go from the largest; the last is used where none fits, over as many pages as it takes. `between_em` is
    the space between paragraphs, as a share of the size.
    """

    accent: str = ""
    sizes_pt: tuple[float, ...] = (11,)
    between_em: float = 0.55


CASE = Look()


def pdf(document: Document, *, lang: str, author: str, look: Look = CASE, words_in: str = UNKNOWN) -> bytes:
    """The pages in their reader's language; `author` is the school's name. Raises NoPaperError.

    `words_in` is the language of the document's own words, where it is known.
    """
    for care in Care:
        drawn = Draughtsman(lang, care, words_in)
        told = json.dumps(drawn.told(document, author=author, look=look), ensure_ascii=True).encode()
        made = printed(told)
        if made:
            return made
    raise NoPaperError


def grid_pdf(document: Document, grid: Grid, *, lang: str, author: str) -> bytes:
    """A grid on A4 across, tagged as `pdf`; the paragraphs of a document above it. Raises NoPaperError."""
    return _sheet(document, grid, "pdf", lang=lang, author=author)


def grid_picture(document: Document, grid: Grid, *, lang: str, author: str) -> bytes:
    """The same as a PNG, as long as it needs to be. Raises NoPaperError."""
    return _sheet(document, grid, "png", lang=lang, author=author)


def pack_pdf(cover: Document, grid: Grid, after: Sequence[Block], *, lang: str, author: str) -> bytes:
    """A cover, a grid on a sheet across, and what comes after it on sheets of its own, tagged as `pdf`.

    A sign of the grid's that stands alone in a heading is shaded as in the grid. Raises NoPaperError.
    """
    for care in Care:
        drawn = Draughtsman(lang, care)
        told = {**drawn.sheet(cover, grid, author=author), "after": drawn.blocks(after)}
        made = printed(json.dumps(told, ensure_ascii=True).encode(), "pack")
        if made:
            return made
    raise NoPaperError


def poster_pdf(document: Document, *, address: str, author: str, accent: str) -> bytes:
    """A sheet for a wall with a code for an address, tagged as `pdf`, in the language of its document.

    Raises NoPaperError.
    """
    lang = document.lang
    alt = translator(lang)(Text("A code for a camera: {address}", {"address": address}))
    code = {"code": qr_svg(address), "alt": alt, "address": breakable(address)}
    for care in Care:
        drawn = Draughtsman(lang, care, lang).told(document, author=author, look=Look(accent=accent))
        made = printed(json.dumps({**drawn, **code}, ensure_ascii=True).encode(), "poster")
        if made:
            return made
    raise NoPaperError


def letter_pdf(document: Document, *, lang: str, author: str, day: Text, address: str, invites: Text) -> bytes:
    """A letter to take home: whose it is and of which day at its head, and at its foot a code for an address.

    Tagged as `pdf`, in the reader's language and its direction; `document` is a page whose own words are in its own.
    Without an address there is no code. Raises NoPaperError.
    """
    for care in Care:
        told = letter_told(document, lang=lang, author=author, day=day, address=address, invites=invites, care=care)
        made = printed(json.dumps(told, ensure_ascii=True).encode())
        if made:
            return made
    raise NoPaperError


def letter_told(
    document: Document, *, lang: str, author: str, day: Text, address: str, invites: Text, care: Care = Care.USUAL
) -> dict[str, Any]:
    """What the press is told of such a letter: the same for the same letter, wherever and whenever."""
    drawn = Draughtsman(lang, care, document.lang)
    told = drawn.told(document, author=author, look=Look(sizes_pt=LETTER_SIZES_PT))
    # What is there in English alone is laid out as English is; our own lines in it run as their reader's do.
    told |= {"lang": _bare(document.lang), "rtl": is_right_to_left(document.lang)}
    letter = {"school": breakable(author), "day": drawn.line(day), "invites": drawn.line(invites)}
    if address:
        alt = translator(lang)(Text("A code for a camera: {address}", {"address": address}))
        letter |= {"code": qr_svg(address), "alt": alt, "address": breakable(address)}
    return {**told, "letter": letter}


def _sheet(document: Document, grid: Grid, kind: str, *, lang: str, author: str) -> bytes:
    for care in Care:
        drawn = Draughtsman(lang, care).sheet(document, grid, author=author)
        made = printed(json.dumps(drawn, ensure_ascii=True).encode(), "grid", kind)
        if made:
            return made
    raise NoPaperError


def printed(told: bytes, template: str = "page", kind: str = "pdf") -> bytes | None:
    """What the press made of one template; None where it could not."""
    return pressed(PRESS, told, begins=MADE_OF[kind], how=(template, kind))


class Draughtsman:
    """A Document as the press is told of it: every word a value, each line with its direction."""

    def __init__(self, lang: str, care: Care, words_in: str = UNKNOWN) -> None:
        self._say = translator(lang)
        self._lang = lang
        self._care = care
        self._words_in = words_in
        self._spelled_any = False

    def told(self, document: Document, *, author: str, look: Look = CASE) -> dict[str, Any]:
        """All of a document, with what every template needs."""
        blocks = self.blocks(document.blocks)
        if self._spelled_any:
            said = SPELLED if self._words_in == UNKNOWN else SPELLED_HERE
            blocks.append({"kind": "note", "word": "", "line": self._line((Span(said),))})
        return {
            "title": self._words(document.title),
            "heading": self._line((Span(document.title),)),
            "author": self._words(author),
            # Typst takes a language without its country (ISO 639).
            "lang": _bare(self._lang),
            "rtl": is_right_to_left(self._lang),
            "accent": look.accent,
            "sizes": look.sizes_pt,
            "between": look.between_em,
            "fonts": FAMILIES,
            "blocks": blocks,
        }

    def facts(self, facts: Facts) -> list[list[Any]]:
        """Labels with what stands beside them."""
        return [[self._words(label), self._line((Span(value),))] for label, value in facts.pairs]

    def sheet(self, document: Document, grid: Grid, *, author: str) -> dict[str, Any]:
        """The same with a grid's rows and signs."""
        return {
            **self.told(document, author=author),
            "shades": {shade.value: {"fill": fill, "ink": ink} for shade, (fill, ink) in SHADES.items()},
            "caption": self._words(grid.caption),
            "corner": self._words(grid.corner),
            "columns": [{"name": self._words(each.name), "under": self._words(each.under)} for each in grid.columns],
            "rows": [
                {
                    "name": self._words(row.name),
                    "under": self._words(row.under),
                    "squares": [
                        {"sign": each.sign, "figures": each.figures, "shade": each.shade.value} for each in row.squares
                    ],
                }
                for row in grid.rows
            ],
            "keys": [
                {"sign": key.sign, "shade": key.shade.value, "words": self._words(key.words)} for key in grid.keys
            ],
            "notes": [self._words(each) for each in grid.notes],
        }

    def blocks(self, blocks: Sequence[Block]) -> list[dict[str, Any]]:
        """Blocks one after the other."""
        return list(self._blocks(blocks))

    def _blocks(self, blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
        level = 0
        for block in blocks:
            if isinstance(block, Heading):
                # No level is left out on the way down: PDF/UA asks for that.
                level = min(max(block.level - 1, 1), level + 1)
                yield {"kind": "heading", "level": level, "line": self._line(block.inline)}
            else:
                yield self._block(block)

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Paragraph(inline) | Heading(inline):
                return {"kind": "paragraph", "line": self._line(inline)}
            case Bullets(items, ordered, first):
                lines = [self._line(item) for item in items]
                return {"kind": "bullets", "ordered": ordered, "first": first, "items": lines}
            case Quote(paragraphs):
                return {"kind": "quote", "lines": [self._line(each) for each in paragraphs]}
            case Note(inline, tone):
                word = self._say(TONE_WORDS[tone]) if tone in TONE_WORDS else ""
                return {"kind": "note", "word": word, "line": self._line(inline)}
            case Facts():
                return {"kind": "facts", "pairs": self.facts(block)}
            case Divider():
                return {"kind": "divider"}

    def line(self, said: Text) -> dict[str, Any]:
        """One line of ours by itself."""
        return self._line((Span(said),))

    def _line(self, inline: Inline) -> dict[str, Any]:
        spans = [
            {"text": self._words(span.text), "strong": span.strong, "href": _link(span)} for span in inline if span.text
        ]
        if not inline or any(isinstance(span.text, Text) for span in inline):
            return {"lang": _bare(self._lang), "rtl": is_right_to_left(self._lang), "spans": spans}
        plain = "".join(str(span["text"]) for span in spans)
        words_in = inline[0].lang or self._words_in
        rtl = runs_to_the_left(plain) if words_in == UNKNOWN else is_right_to_left(words_in)
        return {"lang": _bare(words_in), "rtl": rtl, "spans": spans}

    def _words(self, said: str | Text) -> str:
        words = " ".join(self._say(said).split("\n")) if isinstance(said, Text) else said
        if self._words_in != UNKNOWN:
            words = numbers_together(in_order(words))
        drawn = spelled(words, care=self._care)
        self._spelled_any |= drawn != words.replace("\t", "    ")
        return breakable(drawn)


def _bare(lang: str) -> str:
    return lang.partition("-")[0]


def _link(span: Span) -> str:
    return span.href if span.href is not None and span.href.startswith(LINKS) else ""
