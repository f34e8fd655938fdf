"""A lesson's deck to PPTX: 16:9, every slide with a title of its own, nothing on it smaller than 28 points."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.languages import is_right_to_left, translator
from bot.paper.glyphs import writable
from bot.paper.presses import HERE, NoPaperError, pressed
from lessons import Deck, Slide
from pages import Block, Bullets, Document, Heading, Inline, Quote, Span, inlines, split
from school.words import Text

PRESS = HERE / "slide_press.py"
# The sizes of what is read from the back of a room, the largest that fits first. None is smaller than the last.
SIZES_PT = (44, 40, 36, 32, 28)
# What a body has room for, in points: slide_press.py lays it out with the same measures.
WIDTH_PT, HEIGHT_PT = 825, 390
# Arial, on the safe side: the mean width of a letter, and a line with its share of the space between paragraphs.
LETTER_EM, LINE_EM, BETWEEN_EM = 0.52, 1.2, 0.35
INDENT_PT = 66
# More than its even share that one of several slides may have, so that a line or two more don't make one more of them.
A_LITTLE = 1.15
# PowerPoint proofs a run in a language of a country.
COUNTRIES = {
    tag.partition("-")[0]: tag
    for tag in ("en-GB", "pl-PL", "ro-RO", "ur-PK", "ar-SA", "cy-GB", "pa-IN", "bn-BD", "pt-PT", "es-ES", "uk-UA")
}


def pptx(deck: Deck, *, lang: str, author: str) -> bytes:
    """The deck, all in its own language for pupils, and with what we say to the teacher in `lang`.

    `author` is the school's name. Raises NoPaperError.
    """
    told = json.dumps(_Typesetter(lang, deck.lang).told(deck, author=author), ensure_ascii=True).encode()
    made = pressed(PRESS, told, begins=b"PK")
    if made is None:
        raise NoPaperError
    return made


@dataclass(frozen=True)
class _Face:
    """One slide as it will be: what is too much for one goes on to the next, with the same notes."""

    slide: Slide
    size_pt: int


def faces(slides: Sequence[Slide]) -> Iterator[_Face]:
    """Each slide in the largest size at which it fits; over several where it fits in none."""
    for slide in slides:
        whole = Document("", slide.shown)
        # Where it takes more than one, they share it evenly: nothing is left alone, and each is as large as it can be.
        most = HEIGHT_PT - math.ceil(_height(slide.board, SIZES_PT[-1]))
        high = _height(whole.blocks, SIZES_PT[-1])
        room = most if high <= most else min(math.ceil(high / math.ceil(high / most) * A_LITTLE), most)
        for part in split(whole, room, _least_height):
            blocks = (*slide.board, *part.blocks)
            size = next((size for size in SIZES_PT if _height(blocks, size) <= HEIGHT_PT), SIZES_PT[-1])
            yield _Face(replace(slide, shown=blocks), size)


def _least_height(block: Block) -> int:
    return math.ceil(_height((block,), SIZES_PT[-1]))


def _height(blocks: Sequence[Block], size_pt: int) -> float:
    """About how high some blocks are, in points."""
    return sum(map(partial(_line_height, size_pt=size_pt), (each for block in blocks for each in _lines(block))))


def _lines(block: Block) -> Iterator[tuple[int, bool]]:
    for inline in inlines(block):
        yield sum(len(str(span.text)) for span in inline), isinstance(block, Bullets)


def _line_height(line: tuple[int, bool], *, size_pt: int) -> float:
    letters, item = line
    width = WIDTH_PT - (INDENT_PT if item else 0)
    return (math.ceil(letters * LETTER_EM * size_pt / width) * LINE_EM + BETWEEN_EM) * size_pt


class _Typesetter:
    """A deck as the press is told of it."""

    def __init__(self, lang: str, words_in: str) -> None:
        self._lang = lang
        self._words_in = words_in

    def told(self, deck: Deck, *, author: str) -> dict[str, Any]:
        made = list(faces(deck.slides))
        return {
            "title": self._paragraph((Span(deck.title),)),
            "author": writable(author),
            "lang": _with_country(self._words_in),
            "accent": deck.colour.removeprefix("#"),
            "under": [self._paragraph((Span(said),)) for said in deck.under],
            "notes": list(self._notes(deck.notes)),
            "slides": [
                {
                    "title": self._paragraph((Span(title),)),
                    "size": face.size_pt,
                    "body": [each for block in face.slide.shown for each in self._body(block, face.slide)],
                    "notes": list(self._notes(face.slide.notes)),
                }
                for title, face in zip(_titles(made), made, strict=True)
            ],
        }

    def _body(self, block: Block, slide: Slide) -> Iterator[dict[str, Any]]:
        if not isinstance(block, Bullets):
            yield from map(self._paragraph, inlines(block))
            return
        marks = ("letter" if slide.lettered else "number") if block.ordered else "bullet"
        for number, item in enumerate(block.items, start=block.first):
            # Where all of an item is in bold, that is only how pupils' words are marked in the page.
            marked = all(span.strong for span in item)
            said = tuple(replace(span, strong=False) for span in item) if marked else item
            yield {**self._paragraph(said), "mark": marks, "number": number}

    def _notes(self, blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
        for block in blocks:
            for number, inline in enumerate(inlines(block), start=block.first if isinstance(block, Bullets) else 1):
                match block:
                    case Bullets(ordered=ordered):
                        said = (Span(f"{number}. " if ordered else "• "), *inline)
                    case Quote():
                        said = (Span("“"), *inline, Span("”"))
                    case Heading():
                        said = tuple(replace(span, strong=True) for span in inline)
                    case _:
                        said = inline
                yield self._paragraph(said, ours=self._lang)

    def _paragraph(self, inline: Inline, ours: str = "") -> dict[str, Any]:
        """Words of the page, and of ours in the language `ours`: the page's, where none is given."""
        said = ours or self._words_in
        lang = said if any(isinstance(span.text, Text) for span in inline) else self._words_in
        spans = [{"text": writable(_words(span.text, said)), "strong": span.strong} for span in inline if span.text]
        return {"lang": _with_country(lang), "rtl": is_right_to_left(lang), "spans": spans}


def _words(said: str | Text, lang: str) -> str:
    return " ".join((translator(lang)(said) if isinstance(said, Text) else said).split("\n"))


def _titles(made: Sequence[_Face]) -> Iterator[str | Text]:
    """A title for each slide that no other has: people who cannot see slides go from one to the next by them."""
    of = Counter(str(face.slide.title) for face in made)
    now: Counter[str] = Counter()
    for face in made:
        title = str(face.slide.title)
        now[title] += 1
        several = Text("{part}, {number} of {of}", {"part": title, "number": now[title], "of": of[title]})
        yield several if of[title] > 1 else title


def _with_country(lang: str) -> str:
    return COUNTRIES.get(lang, lang)
