"""Document to PDF: tagged, with a title, a language and a direction (PDF/UA-1), drawn in memory alone.

A grid comes on one sheet across, as a PDF or as a picture.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.languages import is_right_to_left, translator
from bot.paper.glyphs import Care, breakable, runs_to_the_left, spelled
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
from school.words import Refusal, Text

PRESS = Path(__file__).parent / "press.py"
LONGEST_SECONDS = 30
# Each takes about 50 MB for half a second.
_AT_ONCE = threading.BoundedSemaphore(2)
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


# Paper and ink of each shade, at least 4.5 to 1 (WCAG 2.2, 1.4.3); in grey they still tell a gap from what was taught.
SHADES: Mapping[Shade, tuple[str, str]] = {
    Shade.NONE: ("#ffffff", "#4a4a45"),
    Shade.LATER: ("#f4f2ea", "#4a4a45"),
    Shade.NOW: ("#dbe8fa", "#0b3f80"),
    Shade.WAITS: ("#b00020", "#ffffff"),
    Shade.DONE: ("#d5efdf", "#0b4a29"),
    Shade.SURE: ("#0b6b3a", "#ffffff"),
}
MADE_OF: Mapping[str, bytes] = {"pdf": b"%PDF", "png": b"\x89PNG"}


class NoPaperError(Refusal):
    """The engine could not draw it, by any care, or took too long."""

    text = Text("The PDF could not be made just now. Please download the CSV, or copy the words from the page.")


def pdf(document: Document, *, lang: str, author: str) -> bytes:
    """The pages in their reader's language; `author` is the school's name. Raises NoPaperError."""
    for care in Care:
        drawn = _Draughtsman(lang, care)
        told = json.dumps(drawn.told(document, author=author), ensure_ascii=True).encode()
        made = _printed(told)
        if made:
            return made
    raise NoPaperError


def grid_pdf(document: Document, grid: Grid, *, lang: str, author: str) -> bytes:
    """A grid on A4 across, tagged as `pdf`; the paragraphs of a document above it. Raises NoPaperError."""
    return _sheet(document, grid, "pdf", lang=lang, author=author)


def grid_picture(document: Document, grid: Grid, *, lang: str, author: str) -> bytes:
    """The same as a PNG, as long as it needs to be. Raises NoPaperError."""
    return _sheet(document, grid, "png", lang=lang, author=author)


def _sheet(document: Document, grid: Grid, kind: str, *, lang: str, author: str) -> bytes:
    for care in Care:
        drawn = _Draughtsman(lang, care).sheet(document, grid, author=author)
        made = _printed(json.dumps(drawn, ensure_ascii=True).encode(), "grid", kind)
        if made:
            return made
    raise NoPaperError


def _printed(told: bytes, template: str = "page", kind: str = "pdf") -> bytes | None:
    """What the press made; None where it could not. Its errors are read by nobody: they would hold the words."""
    with _AT_ONCE:
        try:
            run = subprocess.run(  # noqa: S603 - our own file, and every word on its standard input
                [sys.executable, "-I", str(PRESS), template, kind],
                input=told,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=PRESS.parent,
                env={},  # it has no use for tokens
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            # Not chained: what was printed so far is in the error.
            raise NoPaperError from None
    return run.stdout if run.returncode == 0 and run.stdout.startswith(MADE_OF[kind]) else None


class _Draughtsman:
    """A Document as the press is told of it: every word a value, each line with its direction."""

    def __init__(self, lang: str, care: Care) -> None:
        self._say = translator(lang)
        self._lang = lang
        self._care = care
        self._spelled_any = False

    def told(self, document: Document, *, author: str) -> dict[str, Any]:
        blocks = list(self._blocks(document))
        if self._spelled_any:
            blocks.append({"kind": "note", "word": "", "line": self._line((Span(SPELLED),))})
        return {
            "title": self._words(document.title),
            "author": self._words(author),
            # Typst takes a language without its country (ISO 639).
            "lang": self._lang.partition("-")[0],
            "rtl": is_right_to_left(self._lang),
            "fonts": FAMILIES,
            "blocks": blocks,
        }

    def sheet(self, document: Document, grid: Grid, *, author: str) -> dict[str, Any]:
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

    def _blocks(self, document: Document) -> Iterator[dict[str, Any]]:
        level = 0
        for block in document.blocks:
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
            case Bullets(items, ordered):
                return {"kind": "bullets", "ordered": ordered, "items": [self._line(item) for item in items]}
            case Quote(paragraphs):
                return {"kind": "quote", "lines": [self._line(each) for each in paragraphs]}
            case Note(inline, tone):
                word = self._say(TONE_WORDS[tone]) if tone in TONE_WORDS else ""
                return {"kind": "note", "word": word, "line": self._line(inline)}
            case Facts(pairs):
                told = [[self._words(label), self._line((Span(value),))] for label, value in pairs]
                return {"kind": "facts", "pairs": told}
            case Divider():
                return {"kind": "divider"}

    def _line(self, inline: Inline) -> dict[str, Any]:
        spans = [{"text": self._words(span.text), "strong": span.strong} for span in inline]
        spans = [span for span in spans if span["text"]]
        own = bool(inline) and not any(isinstance(span.text, Text) for span in inline)
        plain = "".join(str(span["text"]) for span in spans)
        return {"own": own, "rtl": runs_to_the_left(plain) if own else is_right_to_left(self._lang), "spans": spans}

    def _words(self, said: str | Text) -> str:
        words = " ".join(self._say(said).split("\n")) if isinstance(said, Text) else said
        drawn = spelled(words, care=self._care)
        self._spelled_any |= drawn != words.replace("\t", "    ")
        return breakable(drawn)
