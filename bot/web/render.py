"""Document to HTML. Every word is escaped; only the tags are ours."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from bot.languages import is_right_to_left
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
    Tone,
    lang_of,
)
from school.words import Text, Translate

# Each tone has an icon and a word, so that colour is never alone.
ICONS = {Tone.CALM: "i", Tone.URGENT: "!", Tone.GOOD: "✓"}
SAFE_SCHEMES = ("https://", "tel:", "sms:")
_GROUPS = re.compile(r"\+?\d+( \d+)+")


@dataclass(frozen=True)
class Renderer:
    """Renders into one language. `page` gives the address of `page:<id>`, or None where it has none on the web.

    `own` is given each address of the school's own site, to add what its reader chose.
    """

    translate: Translate
    lang: str
    public_url: str = ""
    page: Callable[[str], str | None] = lambda _: None
    own: Callable[[str], str] = lambda address: address

    def words(self, said: str | Text) -> str:
        """A string as it is, a Text in this language."""
        return self.translate(said) if isinstance(said, Text) else said

    def title(self, document: Document) -> str:
        """The title alone, for the page's heading and the tab."""
        return self.words(document.title)

    def body(self, document: Document, under: int = 1) -> Markup:
        """Every block after the title, those in words of its own marked with their language where not the page's.

        `under` is the level of the heading that it stands under; its own go down by one level at a time.
        """
        rank = under
        groups = []
        for lang, blocks in groupby(document.blocks, key=lambda block: self._said_in(block, document.lang)):
            rendered = []
            for block in blocks:
                if isinstance(block, Heading):
                    rank = min(max(block.level - 1 + under, under + 1), rank + 1, 6)
                    rendered.append(Markup("<h{0}>{1}</h{0}>").format(rank, self.inline(block.inline)))
                else:
                    rendered.append(self._block(block))
            marks = self.marks(lang)
            together = Markup("\n").join(rendered)
            groups.append(Markup("<div{}>{}</div>").format(marks, together) if marks else together)
        return Markup("\n").join(groups)

    def _said_in(self, block: Block, document_lang: str) -> str:
        """The language of a block: its own words', or the page's where it has none."""
        return lang_of(block, document_lang) if _has_own_words(block) else self.lang

    def marks(self, lang: str) -> Markup:
        """The attributes of an element in a language, where that is not the page's; empty where it is."""
        if lang == self.lang:
            return Markup("")
        return Markup(' lang="{}" dir="{}"').format(lang, "rtl" if is_right_to_left(lang) else "ltr")

    def inline(self, spans: Inline) -> Markup:
        """Spans one after the other."""
        return Markup("").join(self._span(span) for span in spans)

    def href(self, address: str) -> str | None:
        """An address that a page may link to, or None."""
        if address.startswith("page:"):
            return self.page(address.removeprefix("page:"))
        ours = bool(self.public_url) and address.startswith(self.public_url.rstrip("/") + "/")
        if ours:
            return self.own(address)
        return address if address.startswith(SAFE_SCHEMES) else None

    def _span(self, span: Span) -> Markup:
        html = escape(self.words(span.text))
        if span.code:
            html = Markup("<code>{}</code>").format(html)
        if span.emphasis:
            html = Markup("<em>{}</em>").format(html)
        if span.strong:
            html = Markup("<strong>{}</strong>").format(html)
        address = self.href(span.href) if span.href else None
        if address is None:
            return html
        # A number's groups change places in a line that runs from right to left.
        numbers = Markup(' dir="ltr"') if isinstance(span.text, str) and _GROUPS.fullmatch(span.text) else ""
        return Markup('<a href="{}" rel="noreferrer"{}>{}</a>').format(address, numbers, html)

    def _block(self, block: Paragraph | Bullets | Quote | Note | Facts | Divider) -> Markup:
        match block:
            case Paragraph(inline):
                return Markup("<p>{}</p>").format(self.inline(inline))
            case Bullets(items, ordered):
                inside = Markup("").join(Markup("<li>{}</li>").format(self.inline(item)) for item in items)
                return Markup("<{0}>{1}</{0}>").format("ol" if ordered else "ul", inside)
            case Quote(paragraphs):
                # Somebody's own words may run the other way from the page round them.
                inside = Markup("").join(
                    Markup('<p dir="auto">{}</p>').format(self.inline(each)) for each in paragraphs
                )
                return Markup("<blockquote>{}</blockquote>").format(inside)
            case Note(inline, tone):
                return self._note(inline, tone)
            case Facts(pairs):
                inside = Markup("").join(
                    Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(self.words(label), self.words(value))
                    for label, value in pairs
                )
                return Markup('<dl class="facts">{}</dl>').format(inside)
            case Divider():
                return Markup("<hr>")

    def _note(self, inline: Inline, tone: Tone) -> Markup:
        mark = (
            Markup('<span class="icon" aria-hidden="true">{}</span><span class="unseen">{}: </span>').format(
                ICONS[tone], self.translate(TONE_WORDS[tone])
            )
            if tone in ICONS
            else Markup("")
        )
        return Markup('<div class="note {}">{}<p>{}</p></div>').format(tone.value, mark, self.inline(inline))


def _has_own_words(block: Block) -> bool:
    """Whether a block carries words of the document's own language."""
    match block:
        case Heading(inline) | Paragraph(inline) | Note(inline):
            return any(isinstance(span.text, str) for span in inline)
        case Bullets(items):
            return any(isinstance(span.text, str) for item in items for span in item)
        case Quote(paragraphs):
            return any(isinstance(span.text, str) for each in paragraphs for span in each)
        case Facts(pairs):
            return any(isinstance(said, str) for pair in pairs for said in pair)
        case Divider():
            return False
