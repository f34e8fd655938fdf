"""Document to an e-mail: subject, plain text, and HTML that says its language and direction."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bot.languages import is_right_to_left, translator
from bot.wire import Choice
from pages import (
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
from school.words import Text

# Mail programs cut what is longer; RFC 5322 2.1.1 allows 998 in a line.
LONGEST_SUBJECT = 150
ADDRESSES = ("https://", "http://", "mailto:", "tel:")

ICONS = {Tone.CALM: "ℹ️", Tone.URGENT: "⚠️", Tone.GOOD: "✅"}
BODY = (
    "margin:0 auto;padding:16px;max-width:36em;font:16px/1.5 sans-serif;color:#1b1b1b;background:#ffffff;"
    "overflow-wrap:anywhere"
)
NOTE = "border:1px solid #595959;padding:8px 12px"


@dataclass(frozen=True)
class Email:
    """What stands in the letter; the sender adds who and where."""

    subject: str
    text: str
    html: str


def render(document: Document, choices: Sequence[Sequence[Choice]] = (), *, lang: str) -> Email:
    """Texts in `lang`, a page's own words as they are. Of the choices only addresses, for a letter has no buttons."""
    writer = _Writer(lang, document.lang)
    links = tuple(
        Paragraph((Span(choice.label, href=choice.href),))
        for row in choices
        for choice in row
        if choice.href is not None
    )
    blocks = (*document.blocks, *links)
    title = writer.words(Span(document.title))
    first = document.blocks[0] if document.blocks else None
    if not (isinstance(first, Heading) and writer.plain(first.inline) == title):
        blocks = (Heading((Span(document.title),), level=1), *blocks)
    subject = " ".join(title.split())
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1].rstrip()}…"
    return Email(
        subject=subject or "…",
        text="\n\n".join(filter(None, map(writer.text, blocks))) + "\n",
        html=_page(title, _picture(document) + "\n".join(map(writer.html, blocks)), lang),
    )


def _picture(document: Document) -> str:
    """Fetched by the mail program where its reader allows that; what it shows stands there otherwise."""
    picture = document.picture
    if picture is None or not picture.href.startswith("https://"):
        return ""
    said = f'lang="{escape(picture.lang)}" dir="{_direction(picture.lang)}"'
    words = f'alt="{escape(picture.alt)}" {said}'
    return f'<p><img src="{escape(picture.href)}" {words} style="max-width:100%;height:auto"></p>\n'


def _page(title: str, body: str, lang: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(lang)}" dir="{_direction(lang)}">\n'
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head>\n"
        f'<body lang="{escape(lang)}" dir="{_direction(lang)}" style="{BODY}">\n{body}\n</body>\n</html>\n'
    )


def _direction(lang: str) -> str:
    return "rtl" if is_right_to_left(lang) else "ltr"


def _clean(text: str) -> str:
    """Without control characters and halves of characters, which no mail program shows."""
    if text.isprintable():
        return text  # none of them in it, as in nearly every line
    return "".join(
        "\ufffd" if unicodedata.category(char) == "Cs" else char
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if char in "\n\t" or unicodedata.category(char) != "Cc"
    )


@dataclass(frozen=True)
class _Writer:
    """Writes blocks for one reader. A block in another language than the reader's says so."""

    lang: str
    page_lang: str

    def words(self, span: Span) -> str:
        return _clean(translator(self.lang)(span.text) if isinstance(span.text, Text) else span.text)

    def plain(self, inline: Inline) -> str:
        return "".join(self._plain(span) for span in inline)

    def _plain(self, span: Span) -> str:
        words = self.words(span)
        if span.href is None or not span.href.startswith(ADDRESSES):
            return words
        address = _clean(span.href).removeprefix("tel:").removeprefix("mailto:")
        shown = "".join(words.split()) if span.href.startswith("tel:") else words
        return words if address in shown else f"{words} ({address})"

    def text(self, block: Block) -> str:
        """The block in plain text, without an end of line."""
        match block:
            case Heading(inline) | Paragraph(inline):
                return self.plain(inline)
            case Note(inline, tone):
                return "".join((*self._mark(tone), self.plain(inline)))
            case Bullets(items, ordered, first):
                marks = [f"{number}. " if ordered else "- " for number in range(first, first + len(items))]
                return "\n".join(mark + self.plain(item) for mark, item in zip(marks, items, strict=True))
            case Quote(paragraphs):
                return "\n".join(f"> {line}" for each in paragraphs for line in self.plain(each).split("\n"))
            case Facts(pairs):
                return "\n".join(f"{self.words(Span(name))}: {self.words(Span(value))}" for name, value in pairs)
            case Divider():
                return "----"

    def _mark(self, tone: Tone) -> Iterator[str]:
        if tone in ICONS:
            yield f"{ICONS[tone]} {translator(self.lang)(TONE_WORDS[tone])}: "

    def html(self, block: Block) -> str:
        """The block as HTML."""
        said = self._language(block)
        match block:
            case Heading(inline, level):
                tag = f"h{min(max(level, 1), 6)}"
                return f"<{tag}{said}>{self._inline(inline)}</{tag}>"
            case Paragraph(inline):
                return f"<p{said}>{self._inline(inline)}</p>"
            case Note(inline, tone):
                mark = "".join(f"<strong>{escape(mark)}</strong>" for mark in self._mark(tone))
                return f'<p{said} style="{NOTE}">{mark}{self._inline(inline)}</p>'
            case Bullets(items, ordered, first):
                tag = "ol" if ordered else "ul"
                start = f' start="{first}"' if ordered and first != 1 else ""
                return f"<{tag}{said}{start}>{''.join(f'<li>{self._inline(item)}</li>' for item in items)}</{tag}>"
            case Quote(paragraphs):
                return (
                    f"<blockquote{said}>{''.join(f'<p>{self._inline(each)}</p>' for each in paragraphs)}</blockquote>"
                )
            case Facts(pairs):
                rows = ((escape(self.words(Span(name))), escape(self.words(Span(value)))) for name, value in pairs)
                return f"<p{said}>{'<br>'.join(f'<strong>{name}:</strong> {value}' for name, value in rows)}</p>"
            case Divider():
                return "<hr>"

    def _language(self, block: Block) -> str:
        """The attributes of a block that is a page's own words in another language than the reader's."""
        lang = lang_of(block, self.page_lang)
        if lang == self.lang or not _from_page(block):
            return ""
        return f' lang="{escape(lang)}" dir="{_direction(lang)}"'

    def _inline(self, inline: Inline) -> str:
        return "".join(map(self._span, inline))

    def _span(self, span: Span) -> str:
        inside = escape(self.words(span)).replace("\n", "<br>")
        for tag, wanted in (("code", span.code), ("em", span.emphasis), ("strong", span.strong)):
            if wanted:
                inside = f"<{tag}>{inside}</{tag}>"
        if span.href is None or not span.href.startswith(ADDRESSES):
            return inside
        return f'<a href="{escape(_clean(span.href))}">{inside}</a>'


def _from_page(block: Block) -> bool:
    """Whether its words come from a page rather than from a catalogue."""
    match block:
        case Heading(inline) | Paragraph(inline) | Note(inline):
            first = inline
        case Bullets(several) | Quote(several):
            first = several[0] if several else ()
        case _:
            return False
    return bool(first) and isinstance(first[0].text, str)
