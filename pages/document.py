"""Document: the one shape between rooms and renderers. Blocks of inline spans; no platform, no markup."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from school.words import Text


@dataclass(frozen=True)
class Span:
    """A run of text with one style. `href` is an https address, a `tel:` number or `page:<id>`.

    `lang` is that of the words (BCP 47) where it is another than their document's.
    """

    text: str | Text
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    href: str | None = None
    lang: str = ""


Inline = tuple[Span, ...]


class Tone(StrEnum):
    """How a note is set apart: by an icon and a word, never by colour alone."""

    PLAIN = "plain"
    CALM = "calm"
    URGENT = "urgent"
    GOOD = "good"


# What every channel says beside its icon, for whoever does not see colour or pictures. A plain note has none.
TONE_WORDS: Mapping[Tone, Text] = {
    Tone.CALM: Text("Note"),
    Tone.URGENT: Text("Important"),
    Tone.GOOD: Text("Done"),
}


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the page's title."""

    inline: Inline
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    inline: Inline


@dataclass(frozen=True)
class Bullets:
    """A list, one level deep; numbered when `ordered`, from `first` where it goes on from an earlier one."""

    items: tuple[Inline, ...]
    ordered: bool = False
    first: int = 1


@dataclass(frozen=True)
class Quote:
    """Words to be said aloud."""

    paragraphs: tuple[Inline, ...]


@dataclass(frozen=True)
class Note:
    """A paragraph set apart, such as a help line or a receipt."""

    inline: Inline
    tone: Tone = Tone.CALM


@dataclass(frozen=True)
class Facts:
    """Short pairs of a label and a value: `Year 4`, `40 minutes`."""

    pairs: tuple[tuple[str | Text, str | Text], ...]


@dataclass(frozen=True)
class Divider:
    """A quiet line."""


Block = Heading | Paragraph | Bullets | Quote | Note | Facts | Divider


@dataclass(frozen=True)
class Picture:
    """A picture at the head of a document, by its address; `alt` says what it shows, in the language `lang`."""

    href: str
    alt: str
    lang: str = "en"


@dataclass(frozen=True)
class Document:
    """What is shown: a title and blocks, in one language (`lang`, BCP 47) as far as they come from a page.

    A picture stands above the blocks where a channel has a place for one; nothing depends on its being seen.
    """

    title: str | Text
    blocks: tuple[Block, ...] = ()
    lang: str = "en"
    picture: Picture | None = None

    def __add__(self, more: "Document") -> "Document":
        """This document with the blocks of another after its own."""
        return Document(self.title, self.blocks + more.blocks, self.lang, self.picture)


def says(words: str | Text, *, strong: bool = False, emphasis: bool = False, href: str | None = None) -> Inline:
    """One span as an inline."""
    return (Span(words, strong=strong, emphasis=emphasis, href=href),)


def paragraph(words: str | Text) -> Paragraph:
    """One plain paragraph."""
    return Paragraph(says(words))


def note(words: str | Text, tone: Tone = Tone.CALM) -> Note:
    """One plain note."""
    return Note(says(words), tone)


def lang_of(block: Block, document_lang: str) -> str:
    """The language of a block's own words in a document of a language."""
    first = next((inline for inline in inlines(block) if inline), ())
    return (first[0].lang if first else "") or document_lang


def marked(document: Document) -> tuple[Block, ...]:
    """A document's blocks, fit to stand in a document of another language: each says which its own is."""

    def said(inline: Inline) -> Inline:
        return tuple(span if isinstance(span.text, Text) else replace(span, lang=document.lang) for span in inline)

    def each(block: Block) -> Block:
        match block:
            case Heading(inline) | Paragraph(inline) | Note(inline):
                return replace(block, inline=said(inline))
            case Bullets(items):
                return replace(block, items=tuple(map(said, items)))
            case Quote(paragraphs):
                return Quote(tuple(map(said, paragraphs)))
            case _:
                return block

    return tuple(map(each, document.blocks))


def inlines(block: Block) -> Iterator[Inline]:
    """Every inline of a block, in reading order."""
    match block:
        case Heading(inline) | Paragraph(inline) | Note(inline):
            yield inline
        case Bullets(items):
            yield from items
        case Quote(paragraphs):
            yield from paragraphs
        case Facts(pairs):
            for label, value in pairs:
                yield (Span(label), Span(": "), Span(value))
        case Divider():
            return


def plain(inline: Inline) -> str:
    """The words of an inline, without its styles; a Text in its source language."""
    return "".join(str(span.text) for span in inline)


def plain_text(document: Document) -> str:
    """The words of a document's blocks, a line for each paragraph, item, heading and pair."""
    return "\n".join(plain(inline) for block in document.blocks for inline in inlines(block))
