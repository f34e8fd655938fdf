"""Lines of styled runs: cleaned, measured in UTF-16 units, cut between characters, written as Telegram's HTML."""

import re
import unicodedata
from dataclasses import dataclass
from html import escape

from bot.languages import is_right_to_left, translator
from pages import Inline, Span
from school.words import Text

LRM, RLM = "\u200e", "\u200f"
ZERO_WIDTH_JOINER = "\u200d"
_ADDRESS = re.compile(r"(?:https?|tg)://[^\s\"'<>]+\Z")
# Two groups of digits with something weak between them change places in a right-to-left line: a phone number, a range.
_NUMBERS = re.compile(r"\+?\d[\d \-–/.:()]*\d")
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


@dataclass(frozen=True)
class Run:
    """Text of one style. `tags` from the outside in."""

    text: str
    tags: tuple[str, ...] = ()
    href: str | None = None

    @property
    def html(self) -> str:
        """The markup."""
        inside = escape(self.text, quote=False)
        for tag in reversed(self.tags):
            inside = f"<{tag}>{inside}</{tag}>"
        return f'<a href="{escape(self.href)}">{inside}</a>' if self.href else inside


@dataclass(frozen=True)
class Line:
    """Runs side by side."""

    runs: tuple[Run, ...]

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(run.text for run in self.runs)

    @property
    def units(self) -> int:
        """Length in UTF-16 units."""
        return units(self.plain)

    @property
    def html(self) -> str:
        """The markup."""
        return "".join(run.html for run in self.runs if run.text)

    @property
    def visible(self) -> bool:
        """Whether there is anything but white space and invisible marks."""
        return any(unicodedata.category(char) not in _UNSEEN for char in self.plain)


def units(text: str) -> int:
    """How Telegram counts: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, room: int) -> tuple[str, str]:
    """The longest head that fits, ended at white space where there is some, never inside a character people see."""
    if units(text) <= room:
        return text, ""
    used, end = 0, 0
    for end, char in enumerate(text):  # noqa: B007 - the index is what is wanted
        used += 2 if ord(char) > 0xFFFF else 1
        if used > room:
            break
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if space > end // 2:
        return text[:space], text[space + 1 :]
    whole = end
    while whole > max(0, end - 32) and _joined(text, whole):
        whole -= 1
    end = whole if whole > max(0, end - 32) else end
    return text[:end], text[end:]


def _joined(text: str, at: int) -> bool:
    """Whether the character at this place belongs to the one before it."""
    return (
        unicodedata.combining(text[at]) > 0
        or unicodedata.category(text[at]) in {"Mn", "Me", "Cf"}
        or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
        or (at > 0 and text[at - 1] == ZERO_WIDTH_JOINER)
    )


def clean(text: str) -> str:
    """Without what no message may hold: control characters, halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if text.isprintable():
        return text
    return "".join(
        "\ufffd" if unicodedata.category(char) == "Cs" else char
        for char in text
        if char == "\n" or unicodedata.category(char) != "Cc"
    )


def line_of(inline: Inline, *, lang: str, page_lang: str, before: tuple[Run, ...] = (), bold: bool = False) -> Line:
    """An inline as a line. `lang` is the reader's language for Texts, `page_lang` that of a page's own words."""
    say = translator(lang)
    right_to_left = is_right_to_left(page_lang) or is_right_to_left(lang)
    runs = list(before)
    for span in inline:
        words = clean(say(span.text) if isinstance(span.text, Text) else span.text)
        if right_to_left:
            words = LRM + words + LRM if span.code else _NUMBERS.sub(rf"{LRM}\g<0>{LRM}", words)
        runs.append(_run(span, words, bold=bold))
    line = Line(tuple(runs))
    if right_to_left and any(unicodedata.bidirectional(char) in {"R", "AL"} for char in line.plain):
        # A line takes its direction from its first strong character: a brand's name or an icon must not turn it round.
        line = Line((Run(RLM), *line.runs))
    return line


def _run(span: Span, words: str, *, bold: bool) -> Run:
    href = span.href if span.href and _ADDRESS.match(span.href) else None
    if span.href and span.href.startswith("tel:"):
        # Telegram makes no link of `tel:`; it finds numbers by itself, so the number must be there to be found.
        number = clean(span.href.removeprefix("tel:"))
        digits = "".join(filter(str.isdigit, words))
        if "".join(filter(str.isdigit, number)) not in digits:
            words = f"{words} ({number})"
    if span.code:
        return Run(words, ("code",), href=None)  # nothing may stand inside code: core.telegram.org/bots/api#html-style
    tags = tuple(tag for tag, wanted in (("b", span.strong or bold), ("i", span.emphasis)) if wanted)
    return Run(words, tags, href)
