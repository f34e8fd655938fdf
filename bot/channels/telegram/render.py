"""Document to Telegram's HTML: parts within its limits, and an inline keyboard.

Limits: 4,096 characters after entities parsing, counted in UTF-16 units (core.telegram.org/bots/api#sendmessage and
/api/entities#entity-length); callback_data of 1 to 64 bytes (#inlinekeyboardbutton); 8 buttons a row and 100 a message
(undocumented; python-telegram-bot's `InlineKeyboardMarkupLimit`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

import pages  # `from pages import split` would look like the module of that name to the walls' keeper
from bot.channels.telegram.lines import Line, Run, clean, cut, line_of, units
from bot.languages import translator
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
    plain,
)
from school.words import Text, Translate

LONGEST_PART = 4096
BETWEEN = "\n\n"
LONGEST_TOAST = 200  # core.telegram.org/bots/api#answercallbackquery
CALLBACK_BYTES = 64
BUTTONS_A_ROW = 8
BUTTONS_A_MESSAGE = 100

ICONS = {Tone.CALM: "ℹ️", Tone.URGENT: "⚠️", Tone.GOOD: "✅"}

Mint = Callable[[Choice], str]


@dataclass(frozen=True)
class Chunk:
    """The lines of one block; `quoted` sets them in a blockquote."""

    lines: tuple[Line, ...]
    quoted: bool = False

    @property
    def units(self) -> int:
        """Length after parsing, in UTF-16 units."""
        return sum(line.units for line in self.lines) + max(0, len(self.lines) - 1)

    @property
    def html(self) -> str:
        """The markup, balanced by construction."""
        inside = "\n".join(line.html for line in self.lines)
        return f"<blockquote>{inside}</blockquote>" if self.quoted else inside

    @property
    def visible(self) -> bool:
        """Whether Telegram would see any text in it."""
        return any(line.visible for line in self.lines)


@dataclass(frozen=True)
class Rendered:
    """What is sent: parts in order; the keyboard hangs on the last."""

    parts: tuple[str, ...]
    keyboard: InlineKeyboardMarkup | None = None


def render(document: Document, choices: Sequence[Sequence[Choice]], *, lang: str, mint: Mint) -> Rendered:
    """Texts in `lang`, a page's own words as they are. No parts at all where there is nothing to be seen.

    Raises ValueError where a choice's token is longer than a button can carry.
    """

    @cache
    def chunk(block: Block) -> Chunk:
        return _chunk(block, lang, document.lang)

    def measure(block: Block) -> int:
        return chunk(block).units + len(BETWEEN)

    blocks = tuple(block for block in _blocks(document, lang) if chunk(block).visible)

    pieces = pages.split(Document("", blocks, document.lang), LONGEST_PART + len(BETWEEN), measure) if blocks else []
    parts = (tuple(chunk(block) for block in piece.blocks) for piece in pieces)
    seen = (tuple(each for each in part if each.visible) for part in parts)
    return Rendered(
        tuple(BETWEEN.join(each.html for each in part) for part in seen if part),
        keyboard(choices, lang=lang, mint=mint),
    )


def toast(document: Document, *, lang: str) -> str:
    """A document as one short plain text."""
    chunks = [_chunk(block, lang, document.lang) for block in _blocks(document, lang)]
    seen = [chunk for chunk in chunks if chunk.visible]
    said = seen[1:] or seen  # the title only where there is nothing else
    return short(" ".join(line.plain for chunk in said for line in chunk.lines))


def short(words: str) -> str:
    """Cut to what a toast holds."""
    if units(words) <= LONGEST_TOAST:
        return words
    head, _ = cut(words, LONGEST_TOAST - 1)
    return f"{head.rstrip()}…"


def keyboard(choices: Sequence[Sequence[Choice]], *, lang: str, mint: Mint) -> InlineKeyboardMarkup | None:
    """Rows of buttons, long rows broken; None where there are none."""
    say = translator(lang)
    rows: list[list[InlineKeyboardButton]] = []
    for row in choices:
        buttons = [_button(choice, say(choice.label), mint) for choice in row if _leads_somewhere(choice)]
        rows += [buttons[at : at + BUTTONS_A_ROW] for at in range(0, len(buttons), BUTTONS_A_ROW)]
    if sum(len(row) for row in rows) > BUTTONS_A_MESSAGE:
        msg = f"more than {BUTTONS_A_MESSAGE} buttons on one message"
        raise ValueError(msg)
    return InlineKeyboardMarkup(rows) if rows else None


def _leads_somewhere(choice: Choice) -> bool:
    """Not a link without a server, as a school without a public address would have."""
    return choice.href is None or choice.href.startswith(("https://", "http://", "tg://"))


def spelt_out(html: str, buttons: InlineKeyboardMarkup) -> tuple[str, InlineKeyboardMarkup | None]:
    """The same with addresses as text: Telegram refuses a button that leads into a school's own network.

    Where the text has no room for them they are left out, because the words matter more.
    """
    links = [button for row in buttons.inline_keyboard for button in row if button.url]
    rows = [kept for row in buttons.inline_keyboard if (kept := [button for button in row if not button.url])]
    longer = "\n\n".join((html, *(escape(f"{button.text}: {button.url}", quote=False) for button in links)))
    return (longer if units(longer) <= LONGEST_PART else html), InlineKeyboardMarkup(rows) if rows else None


def _button(choice: Choice, label: str, mint: Mint) -> InlineKeyboardButton:
    if choice.href is not None:
        return InlineKeyboardButton(label, url=choice.href)
    token = mint(choice)
    if not 1 <= len(token.encode()) <= CALLBACK_BYTES:
        msg = f"the button of “{choice.verb}” needs {len(token.encode())} bytes; Telegram gives {CALLBACK_BYTES}"
        raise ValueError(msg)
    return InlineKeyboardButton(label, callback_data=token)


def _blocks(document: Document, lang: str) -> tuple[Block, ...]:
    """The title, unless the first block repeats it, and the blocks; all in words, so that they can be cut."""
    say = translator(lang)
    title = Heading(_worded((Span(document.title),), say), level=1)
    blocks = tuple(_in_words(block, say) for block in document.blocks)
    first = blocks[0] if blocks else None
    return blocks if isinstance(first, Heading) and plain(first.inline) == plain(title.inline) else (title, *blocks)


def _worded(inline: Inline, say: Translate) -> Inline:
    return tuple(
        replace(span, text=clean(say(span.text) if isinstance(span.text, Text) else span.text)) for span in inline
    )


def _in_words(block: Block, say: Translate) -> Block:
    match block:
        case Heading(inline) | Paragraph(inline) | Note(inline):
            return replace(block, inline=_worded(inline, say))
        case Bullets(items):
            return replace(block, items=tuple(_worded(item, say) for item in items))
        case Quote(paragraphs):
            return Quote(tuple(_worded(each, say) for each in paragraphs))
        case Facts(pairs):
            words = (_worded((Span(name), Span(value)), say) for name, value in pairs)
            return Facts(tuple((name.text, value.text) for name, value in words))
        case Divider():
            return block


def _chunk(block: Block, lang: str, page_lang: str) -> Chunk:
    def line(inline: Inline, *before: Run, bold: bool = False) -> Line:
        return line_of(inline, lang=lang, page_lang=page_lang, before=before, bold=bold)

    match block:
        case Heading(inline):
            return Chunk((line(inline, bold=True),))
        case Paragraph(inline):
            return Chunk((line(inline),))
        case Bullets(items, ordered, first):
            marks = [f"{number}. " if ordered else "• " for number in range(first, first + len(items))]
            return Chunk(tuple(line(item, Run(mark)) for mark, item in zip(marks, items, strict=True)))
        case Quote(paragraphs):
            return Chunk(tuple(line(inline) for inline in paragraphs), quoted=True)
        case Note(inline, tone):
            if tone not in ICONS:
                return Chunk((line(inline),))
            word = translator(lang)(TONE_WORDS[tone])
            return Chunk((line(inline, Run(f"{ICONS[tone]} "), Run(f"{word}:", ("b",)), Run(" ")),))
        case Facts(pairs):
            return Chunk(tuple(line((Span(name, strong=True), Span(": "), Span(value))) for name, value in pairs))
        case Divider():
            return Chunk((Line((Run("———"),)),))
