"""Document to PDF: tagged, with a title, a language and a direction (PDF/UA-1), drawn in memory alone."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.languages import is_right_to_left, translator
from bot.paper.glyphs import Care, breakable, runs_to_the_left, spelled
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


def _printed(told: bytes) -> bytes | None:
    """What the press made; None where it could not. Its errors are read by nobody: they would hold the words."""
    with _AT_ONCE:
        try:
            run = subprocess.run(  # noqa: S603 - our own file, and every word on its standard input
                [sys.executable, "-I", str(PRESS)],
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
    return run.stdout if run.returncode == 0 and run.stdout.startswith(b"%PDF") else None


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
