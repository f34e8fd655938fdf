"""What may be wrong in what is drawn, whatever the page: looked for in every page, language and form."""

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from pages import Document, inlines, plain
from parents import picture_of
from school.people import LANGUAGES
from tests.content.golden.forms import Held, shelf

LONGEST_MESSAGE = 4096
_UNFILLED = re.compile(r"\{[a-z_]+\}")
_MARKUP = re.compile(r"\*\*|\]\(|\bpage:[a-z]")
_TAG = re.compile(r"<[^>]*>")
_MARKS = re.compile("[\u200b\u200e\u200f\u2066-\u2069]")
# Elements that hold one line of a page.
BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "circle"})


def faults_of(held: Held, form: str, said: str) -> Iterator[str]:
    """Each in words."""
    named = f"{held.name} as {form}"
    seen = _values(json.loads(said)) if form.endswith(".json") else said
    if found := _UNFILLED.search(seen):
        yield f"{named}: {found[0]} has no value; where pages may ask for it, give it one in golden/forms.py"
    if mark := _MARKUP.search(seen):
        yield f"{named}: “{mark[0]}” is left of the markup"
    if form == "telegram.txt" and held.goes_out:
        yield from (f"{named}: {what}" for what in _too_long(said))
    if form.endswith(".html"):
        yield from (f"{named}: {what}" for what in _languages(held, said))


def _values(told: object) -> str:
    """Every string of what the press is told, a line each."""
    match told:
        case dict():
            return "\n".join(map(_values, told.values()))
        case list():
            return "\n".join(map(_values, told))
    return str(told)


def _too_long(said: str) -> Iterator[str]:
    words, _, buttons = said.rpartition("\n\n[")
    if not buttons:
        yield "has no buttons"
    units = len(unescape(_TAG.sub("", words)).encode("utf-16-le")) // 2
    if "=== next message ===" in said or units > LONGEST_MESSAGE:
        yield f"is {units} units long, and goes into no message of {LONGEST_MESSAGE}"


def _languages(held: Held, said: str) -> Iterator[str]:
    """The whole says its language and direction, and so does each line in another: by the pages as they are written."""
    read = _Reading()
    read.feed(said)
    if read.root != (held.lang, _direction(held.lang)):
        yield f"the whole is marked as {read.root}"
    own = _lines(held.page.document if not held.part else shelf().part(held.page.id, held.part, held.lang).document)
    english = _lines(held.english) - own if held.lang != "en" else set()
    if lead := picture_of(held.page.id, shelf=shelf(), lang=held.lang):
        (english if lead.lang == "en" else own).add(lead.alt)
    found = 0
    for line, marked in read.lines:
        lang = "en" if line in english else held.lang if line in own else ""
        found += line in own
        if lang and marked != (lang, _direction(lang)):
            yield f"“{line[:40]}” is marked as {marked}, and is in {lang}"
    if not found:
        yield "not one line of the page is in it"


def _lines(document: Document) -> set[str]:
    return {_bare(plain(inline)) for block in document.blocks for inline in inlines(block)}


def _bare(words: str) -> str:
    return " ".join(_MARKS.sub("", words).split())


def _direction(lang: str) -> str:
    return "rtl" if LANGUAGES[lang].right_to_left else "ltr"


class _Reading(HTMLParser):
    """The lines of some HTML, each with the language and direction that hold for it."""

    def __init__(self) -> None:
        super().__init__()
        self.root = ("", "")
        self.lines: list[tuple[str, tuple[str, str]]] = []
        self._open: list[tuple[str, tuple[str, str]]] = []
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if said.get("alt") and said.get("lang"):
            self.lines.append((said["alt"], (said["lang"], said.get("dir", ""))))
        if tag in VOID:
            return
        lang, way = self._open[-1][1] if self._open else ("", "")
        way = said.get("dir") or way
        here = (said.get("lang") or lang, _direction(said.get("lang") or lang) if way == "auto" else way)
        if not self._open:
            self.root = here
        self._open.append((tag, here))
        if tag in BLOCKS:
            self._words = []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open and (closed := self._open.pop()):
            if closed[0] != tag:
                continue
            if tag in BLOCKS and (line := _bare("".join(self._words))):
                self.lines.append((line, closed[1]))
            return
