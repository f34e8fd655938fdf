"""Cutting a document to a platform's limit: between blocks where that is possible, else between sentences or words."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from pages.document import Block, Bullets, Divider, Document, Facts, Heading, Inline, Note, Paragraph, Quote, inlines
from pages.sentences import sentence_ends
from school.words import Text

Measure = Callable[[Block], int]
Fits = Callable[[Inline], bool]

# Stands for a Text, whose words are not known here: it is never cut.
_OPAQUE = "\ufffc"
_JOINER = "\u200d"


class CannotSplitError(ValueError):
    """A single character, or a Text, is larger than the limit: the limit is wrong."""


def split(document: Document, limit: int, measure: Measure) -> list[Document]:
    """The document as several, each with blocks that measure `limit` or less together; at least one.

    `measure` says how much of the limit a block takes up when it is shown, separators included; it must not shrink
    when a block grows. A heading stays with what follows it where both fit. Each document keeps the title, which is
    not measured. Raises CannotSplitError.
    """
    pieces: list[list[Block]] = [[]]
    used = 0  # of the limit, by what stands in the last piece
    for block in document.blocks:
        for part in [block] if measure(block) <= limit else _cut(block, limit, measure):
            size = measure(part)
            if used + size > limit:
                pieces.append(_headings_left_over(pieces[-1], part, limit, measure))
                used = sum(map(measure, pieces[-1]))
            pieces[-1].append(part)
            used += size
    return [replace(document, blocks=tuple(piece)) for piece in pieces if piece] or [document]


def _headings_left_over(piece: list[Block], part: Block, limit: int, measure: Measure) -> list[Block]:
    """Take the headings off the end of a full piece, if they fit before the next part and leave something behind."""
    first = len(piece)
    while first and isinstance(piece[first - 1], Heading):
        first -= 1
    headings = piece[first:]
    if not first or sum(map(measure, [*headings, part])) > limit:
        return []
    del piece[first:]
    return headings


def _cut(block: Block, limit: int, measure: Measure) -> Iterator[Block]:
    """A block that is too large, as several that are not."""
    match block:
        case Heading() | Paragraph() | Note():
            whole = block
            for inline in _cut_inline(block.inline, lambda some: measure(replace(whole, inline=some)) <= limit):
                yield replace(block, inline=inline)
        case Quote(paragraphs):
            for group in _groups(paragraphs, lambda some: measure(Quote(some)) <= limit):
                if isinstance(group, tuple):
                    yield Quote(group)
                    continue
                for inline in _cut_inline(group.inline, lambda some: measure(Quote((some,))) <= limit):
                    yield Quote((inline,))
        case Bullets():
            yield from _cut_list(block, limit, measure)
        case Facts(pairs):
            for pair in pairs:
                one = Facts((pair,))
                yield from [one] if measure(one) <= limit else _cut_as_paragraphs(one, limit, measure)
        case Divider():
            raise CannotSplitError


def _cut_as_paragraphs(block: Block, limit: int, measure: Measure) -> Iterator[Block]:
    for inline in inlines(block):
        for some in _cut_inline(inline, lambda some: measure(Paragraph(some)) <= limit):
            yield Paragraph(some)


def _cut_list(block: Bullets, limit: int, measure: Measure) -> Iterator[Block]:
    """Between items; of an item that is itself too large, the first part stays an item and the rest are paragraphs."""
    number = block.first

    def items(some: tuple[Inline, ...]) -> Bullets:
        return Bullets(some, block.ordered, number)

    for group in _groups(block.items, lambda some: measure(items(some)) <= limit):
        if isinstance(group, tuple):
            yield items(group)
            number += len(group)
            continue

        def fits(some: Inline) -> bool:
            return measure(items((some,))) <= limit and measure(Paragraph(some)) <= limit

        for part, inline in enumerate(_cut_inline(group.inline, fits)):
            yield Paragraph(inline) if part else items((inline,))
        number += 1


def _groups(
    inlines_: tuple[Inline, ...], fits: Callable[[tuple[Inline, ...]], bool]
) -> Iterator["tuple[Inline, ...] | Paragraph"]:
    """Runs of neighbours that fit together; one that does not fit even alone comes as a Paragraph."""
    run: tuple[Inline, ...] = ()
    for inline in inlines_:
        if run and not fits((*run, inline)):
            yield run
            run = ()
        if not run and not fits((inline,)):
            yield Paragraph(inline)
        else:
            run = (*run, inline)
    if run:
        yield run


def _cut_inline(inline: Inline, fits: Fits) -> Iterator[Inline]:
    """At the end of a sentence, else between words, else between characters as people see them."""
    text = "".join(_OPAQUE if isinstance(span.text, Text) else span.text for span in inline)
    grains = (sentence_ends(text), _word_ends(text), _character_ends(text), list(range(1, len(text) + 1)))
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        end = next((end for ends in grains if (end := _furthest(inline, text, at, ends, fits)) is not None), None)
        if end is None:
            raise CannotSplitError
        yield _slice(inline, at, _trimmed(text, at, end))
        at = end


def _furthest(inline: Inline, text: str, at: int, ends: list[int], fits: Fits) -> int | None:
    """The last of the ends behind `at` for which the words up to it fit, by bisection."""
    later = [end for end in ends if end > at]
    low, high = 0, len(later)
    while low < high:
        middle = (low + high) // 2
        if fits(_slice(inline, at, _trimmed(text, at, later[middle]))):
            low = middle + 1
        else:
            high = middle
    return later[low - 1] if low else None


def _trimmed(text: str, at: int, end: int) -> int:
    while end > at and text[end - 1].isspace():
        end -= 1
    return end


def _slice(inline: Inline, start: int, end: int) -> Inline:
    """The spans between two offsets; a Text counts as one character."""
    spans = []
    at = 0
    for span in inline:
        length = 1 if isinstance(span.text, Text) else len(span.text)
        first, last = max(start - at, 0), min(end - at, length)
        if first < last:
            spans.append(span if isinstance(span.text, Text) else replace(span, text=span.text[first:last]))
        at += length
    return tuple(spans)


def _word_ends(text: str) -> list[int]:
    return [
        at for at in range(1, len(text) + 1) if text[at - 1].isspace() and (at == len(text) or not text[at].isspace())
    ] + ([len(text)] if text and not text[-1].isspace() else [])


def _character_ends(text: str) -> list[int]:
    return [at for at in range(1, len(text) + 1) if at == len(text) or not _belongs(text, at)]


def _belongs(text: str, at: int) -> bool:
    """Whether a character is part of the one before it: an accent, an emoji's colour or a member of its family."""
    here, before = text[at], text[at - 1]
    flag = "\U0001f1e6" <= here <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff"
    return (
        unicodedata.category(here) in {"Mn", "Me", "Mc"}
        or _JOINER in {here, before}
        or "\U0001f3fb" <= here <= "\U0001f3ff"
        or flag
    )
