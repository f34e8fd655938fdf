"""Markdown to blocks: headings, paragraphs, lists one level deep, words to be said, links. The rest is refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pages.document import (
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
    plain_text,
)
from pages.faults import Slip

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LINK = re.compile(
    r"https://[^\s/@]+\.[^\s/@]+(/\S*)?"
    r"|tel:\+?[0-9][0-9-]{2,}"
    r"|mailto:[^\s@]+@[^\s@]+\.[^\s@]+"
    r"|page:[a-z0-9]+(-[a-z0-9]+)*",
)
NO_LINK = "a link begins with https:, tel:, mailto: or page: and has no space in it, not “{href}”"
ONE_PARAGRAPH = "an item of a list is one paragraph, and holds no list of its own"
REFUSED = {
    "fence": "blocks of code are not used here",
    "code_block": "a line that begins with four spaces is code, which is not used here",
    "table_open": "tables are not used here: a phone cannot show them",
    "html_block": "HTML is not used here",
}


@dataclass(frozen=True)
class Placed:
    """A block and the line it begins on; `name` is a heading's own part name, as in `## Dziękuję {#thanks}`."""

    block: Block
    line: int
    name: str = ""


@dataclass
class Reading:
    """What was found in a text: `links` are the pages it points at, each with its line."""

    placed: list[Placed] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


class MarkdownFault(ValueError):  # noqa: N818 - a list of faults for an author
    """A text uses what cannot be shown; the message names every line."""

    def __init__(self, slips: Sequence[Slip]) -> None:
        self.slips = tuple(slips)
        super().__init__("\n".join(f"line {slip.line}: {slip.what}" for slip in slips))


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the library's name
        """Every link is read, so that a bad one can be named with its line."""
        return True


_MARKDOWN = _Markdown("commonmark", {"html": False}).enable("table").disable(["lheading", "reference"])


def read(text: str, *, first_line: int = 1) -> Reading:
    """The blocks of a text, with all that is wrong. `first_line` is the file's line on which the text begins."""
    reading = Reading()
    _Walk(_MARKDOWN.parse(text), reading, first_line).blocks()
    return reading


def document_of(text: str, *, title: str, lang: str = "en") -> Document:
    """A text as a Document. Raises MarkdownFault."""
    reading = read(text)
    if reading.slips:
        raise MarkdownFault(reading.slips)
    return Document(title, tuple(placed.block for placed in reading.placed), lang)


def placeholders(document: Document) -> frozenset[str]:
    """The names that a document asks to have filled, its title's included."""
    words = plain_text(document) + "\n" + str(document.title)
    return frozenset(found[1] for found in PLACEHOLDER.finditer(words))


def filled(document: Document, values: Mapping[str, str]) -> Document:
    """The document with each `{name}` replaced by its value, as words and never as markup.

    A name without a value stays as it is: a message with a gap is better than no message. `placeholders` tells
    beforehand which names a page asks for.
    """

    def words(text: object) -> str:
        return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), str(text))

    def inline(spans: Inline) -> Inline:
        return tuple(replace(span, text=words(span.text)) if isinstance(span.text, str) else span for span in spans)

    def block(whole: Block) -> Block:
        match whole:
            case Heading(spans) | Paragraph(spans) | Note(spans):
                return replace(whole, inline=inline(spans))
            case Bullets(items):
                return replace(whole, items=tuple(map(inline, items)))
            case Quote(paragraphs):
                return Quote(tuple(map(inline, paragraphs)))
            case Facts(pairs):
                told = (tuple(words(side) if isinstance(side, str) else side for side in pair) for pair in pairs)
                return Facts(tuple((label, value) for label, value in told))
            case Divider():
                return whole

    title = words(document.title) if isinstance(document.title, str) else document.title
    return replace(document, title=title, blocks=tuple(map(block, document.blocks)))


class _Walk:
    """Goes through the tokens of markdown-it once, block by block."""

    def __init__(self, tokens: list[Token], reading: Reading, first_line: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._reading = reading
        self._first_line = first_line

    def blocks(self) -> None:
        while self._at < len(self._tokens):
            token = self._next()
            line = self._line(token)
            match token.type:
                case "heading_open":
                    self._heading(token, line)
                case "paragraph_open":
                    self._reading.placed.append(Placed(Paragraph(self._paragraph()), line))
                case "bullet_list_open" | "ordered_list_open":
                    self._list(token, line)
                case "blockquote_open":
                    paragraphs = tuple(self._paragraphs("blockquote_close", "only paragraphs may stand in a quotation"))
                    self._reading.placed.append(Placed(Quote(paragraphs), line))
                case "hr":
                    self._reading.placed.append(Placed(Divider(), line))
                case _:
                    self._refuse(token, REFUSED.get(token.type, "this is not used here"))

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _line(self, token: Token) -> int:
        return self._first_line + (token.map[0] if token.map else 0)

    def _slip(self, line: int, what: str) -> None:
        self._reading.slips.append(Slip(line, "text", what))

    def _refuse(self, token: Token, what: str) -> None:
        """Say no to a token and to all that it holds."""
        self._slip(self._line(token), REFUSED.get(token.type, what))
        depth: int = token.nesting
        while depth > 0:
            depth += self._next().nesting

    def _heading(self, token: Token, line: int) -> None:
        level = int(token.tag[1:])
        spans, name = _named(self._paragraph())
        if level == 1:
            self._slip(line, "the title stands in the front matter; begin headings with ##")
        elif level > 3:
            self._slip(line, "headings are ## or ###")
        elif not spans:
            self._slip(line, "this heading is empty")
        else:
            self._reading.placed.append(Placed(Heading(spans, level), line, name))

    def _list(self, token: Token, line: int) -> None:
        ordered, items = token.type == "ordered_list_open", []
        while (item := self._next()).type == "list_item_open":
            paragraphs = list(self._paragraphs("list_item_close", ONE_PARAGRAPH))
            if len(paragraphs) > 1:
                self._slip(self._line(item), ONE_PARAGRAPH)
            if not any(paragraphs):
                self._slip(self._line(item), "this item is empty")
            items.append(next(iter(paragraphs), ()))
        first = int(token.attrs.get("start", 1)) if ordered else 1
        self._reading.placed.append(Placed(Bullets(tuple(items), ordered, first), line))

    def _paragraphs(self, close: str, otherwise: str) -> Iterator[Inline]:
        while (token := self._next()).type != close:
            if token.type == "paragraph_open":
                yield self._paragraph()
            else:
                self._refuse(token, otherwise)

    def _paragraph(self) -> Inline:
        token = self._next()
        self._next()
        return _Spans(token.children or [], self._line(token), self._reading).read()


class _Spans:
    """Reads the tokens of one paragraph into spans."""

    def __init__(self, tokens: Sequence[Token], line: int, reading: Reading) -> None:
        self._tokens = tokens
        self._line = line
        self._reading = reading
        self._strong = self._emphasis = 0
        self._href: str | None = None
        self._spans: list[Span] = []

    def read(self) -> Inline:
        for token in self._tokens:
            match token.type:
                case "text":
                    self._text(token.content)
                case "code_inline":
                    self._add(token.content, code=True)
                case "softbreak" | "hardbreak":
                    self._line += 1
                    self._add(" " if token.type == "softbreak" else "\n")
                case "strong_open" | "strong_close":
                    self._strong += token.nesting
                case "em_open" | "em_close":
                    self._emphasis += token.nesting
                case "link_open":
                    self._link(str(token.attrs.get("href", "")))
                case "link_close":
                    self._href = None
                case "image":
                    self._slip("pictures are not used here: describe it in words")
                case other:
                    self._slip(f"{other} is not used here")
        return tuple(self._spans)

    def _slip(self, what: str) -> None:
        self._reading.slips.append(Slip(self._line, "text", what))

    def _text(self, words: str) -> None:
        if "](" in words:
            href = words.partition("](")[2].partition(")")[0]
            self._slip(NO_LINK.format(href=href))
        self._add(words)

    def _link(self, href: str) -> None:
        self._href = href
        if not LINK.fullmatch(href):
            self._slip(NO_LINK.format(href=href))
        elif href.startswith("page:"):
            self._reading.links.append((href.removeprefix("page:"), self._line))

    def _add(self, words: str, *, code: bool = False) -> None:
        span = Span(words, strong=self._strong > 0, emphasis=self._emphasis > 0, code=code, href=self._href)
        last = self._spans[-1] if self._spans else None
        if last and replace(last, text="") == replace(span, text=""):
            self._spans[-1] = replace(last, text=f"{last.text}{words}")
        elif words:
            self._spans.append(span)


_NAME = re.compile(r"\s*\{#([a-z0-9]+(?:-[a-z0-9]+)*)\}\s*$")


def _named(spans: Inline) -> tuple[Inline, str]:
    """A heading's words, and the part name it gives itself, as in `## Dziękuję {#thanks}`."""
    if spans and (found := _NAME.search(str(spans[-1].text))):
        words = str(spans[-1].text)[: found.start()]
        return (*spans[:-1], replace(spans[-1], text=words)) if words else spans[:-1], found[1]
    return spans, ""
