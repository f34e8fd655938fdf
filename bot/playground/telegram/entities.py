"""Text with entities: strict HTML parsing, what the server finds by itself, and safe HTML for a page.

Rules: https://core.telegram.org/bots/api#html-style and https://core.telegram.org/bots/api#messageentity. Offsets and
lengths are in UTF-16 code units throughout. The wording of errors follows the public source of the server's library.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.playground.telegram.errors import ApiError, bad

MAX_ENTITIES = 100
"""Further ones are ignored, not refused (`MessageLimit.MESSAGE_ENTITIES` of python-telegram-bot)."""

Entity = dict[str, Any]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_START = re.compile(r"<([^\s>]*)([^>]*)>")
_END = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"""\s*([^\s=]*)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?\s*""")
_FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")),
    ("email", re.compile(r"(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
)
_WITHIN_NOTHING = {"code", "pre", "text_link"}
_SHOWN = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_PLAIN = re.compile(r"[^&<]+")
_SAFE_LINK = re.compile(r"(?:https?|mailto|tg|tel):", re.IGNORECASE)


def utf16_length(text: str) -> int:
    """The length of `text` in UTF-16 code units, which is how the server counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    """A tag that has not been closed yet."""

    tag: str
    entity: Entity


class _HtmlReader:
    """One pass over the source; every fault is a 400 that names the byte."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def fault(self, what: str, at: int | None = None) -> ApiError:
        offset = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return bad(f"can't parse entities: {what.replace('{at}', offset)}")

    def add(self, words: str) -> None:
        self.text.append(words)
        self.length += utf16_length(words)

    def read(self) -> tuple[str, list[Entity]]:
        at = 0
        while at < len(self.source):
            character = self.source[at]
            if character == "&" and (found := _REFERENCE.match(self.source, at)):
                self.add(self.referenced(found))
                at = found.end()
            elif self.source.startswith("</", at):
                at = self.end_tag(at)
            elif character == "<":
                at = self.start_tag(at)
            else:
                plain = _PLAIN.match(self.source, at + 1)
                end = plain.end() if plain else at + 1
                self.add(self.source[at:end])
                at = end
        if self.open:
            raise self.fault(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.text), self.entities

    @staticmethod
    def referenced(found: re.Match[str]) -> str:
        decimal, hexadecimal, name = found.groups()
        if name:
            return _NAMED[name]
        point = int(decimal) if decimal else int(hexadecimal, 16)
        usable = 0 < point < 0x110000 and not 0xD800 <= point < 0xE000
        return chr(point) if usable else found.group()

    def start_tag(self, at: int) -> int:
        found = _START.match(self.source, at)
        if not found:
            raise self.fault("Unclosed start tag{at}", at)
        tag = found.group(1).lower()
        if tag not in _TAGS:
            raise self.fault(f'Unsupported start tag "{tag}"{{at}}', at)
        entity: Entity = {"type": _TAGS[tag], "offset": self.length}
        entity |= self.told_by(tag, self.attributes(tag, found.group(2), at), at)
        self.open.append(_Open(tag, entity))
        return found.end()

    def attributes(self, tag: str, written: str, at: int) -> dict[str, str | None]:
        told: dict[str, str | None] = {}
        position = 0
        while position < len(written):
            found = _ATTRIBUTE.match(written, position)
            if not found or not found.group(1):
                raise self.fault(f'Empty attribute name in the tag "{tag}"{{at}}', at)
            values = [value for value in found.groups()[1:] if value is not None]
            told[found.group(1).lower()] = _unescaped(values[0]) if values else None
            position = found.end()
        return told

    def told_by(self, tag: str, told: dict[str, str | None], at: int) -> Entity:
        if tag == "span" and told.get("class") != "tg-spoiler":
            raise self.fault('Tag "span" must have class "tg-spoiler"{at}', at)
        if tag == "tg-emoji":
            if not told.get("emoji-id"):
                raise self.fault('Tag "tg-emoji" must have attribute "emoji-id"{at}', at)
            return {"custom_emoji_id": told["emoji-id"]}
        if tag == "a":
            return {"url": told.get("href") or ""}
        if tag == "blockquote" and "expandable" in told:
            return {"type": "expandable_blockquote"}
        language = (told.get("class") or "").removeprefix("language-")
        if tag == "code" and language and self.open and self.open[-1].tag == "pre":
            self.open[-1].entity["language"] = language
        return {}

    def end_tag(self, at: int) -> int:
        found = _END.match(self.source, at)
        if not found:
            raise self.fault("Unclosed end tag{at}", at)
        if not self.open:
            raise self.fault("Unexpected end tag{at}", at)
        opened = self.open.pop()
        tag = found.group(1).lower()
        if tag and tag != opened.tag:
            raise self.fault(f'Unmatched end tag{{at}}, expected "</{opened.tag}>", found "</{tag}>"', at)
        length = self.length - opened.entity["offset"]
        inside_pre = opened.tag == "code" and bool(self.open) and self.open[-1].tag == "pre"
        linked = opened.entity["type"] != "text_link" or opened.entity["url"]
        if length and linked and not inside_pre:
            self.entities.append({**opened.entity, "length": length})
        return found.end()


def _unescaped(value: str) -> str:
    return _REFERENCE.sub(_HtmlReader.referenced, value)


def parse(source: str, parse_mode: str | None, given: list[Entity] | None = None) -> tuple[str, list[Entity]]:
    """The plain text of `source` and its entities, trimmed, with commands, links and mentions found by the server.

    Args:
        source: the text as it was sent.
        parse_mode: `HTML` or none. Other modes are refused here, which is stricter than the real server.
        given: entities sent instead of a parse mode.

    Raises:
        ApiError: 400, if the mode is unknown or the HTML is not well formed.
    """
    if parse_mode and parse_mode.lower() != "html":
        raise bad(f"unsupported parse_mode (the stand-in reads HTML alone, not {parse_mode})")
    text, entities = _HtmlReader(source).read() if parse_mode else (source, list(given or []))
    text, entities = _trimmed(text.replace("\r", ""), entities)
    entities += _found_in(text, entities)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities[:MAX_ENTITIES]


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The server trims white space at both ends; entities move and shrink with it."""
    lead = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    end = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


def _found_in(text: str, entities: list[Entity]) -> list[Entity]:
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _WITHIN_NOTHING]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            stop = start + utf16_length(match.group())
            if all(stop <= first or last <= start for first, last in taken):
                taken.append((start, stop))
                found.append({"type": kind, "offset": start, "length": stop - start})
    return found


def safe_html(text: str, entities: list[Entity]) -> str:
    """HTML for a web page, made from the plain text and never from what was sent.

    White space is kept as it is (show it with `white-space: pre-wrap`). The only attributes are `href` with a harmless
    scheme, `rel`, and `class="tg-spoiler"` or `class="bot-command"`.
    """
    units = text.encode("utf-16-le", "surrogatepass")

    def words(start: int, stop: int) -> str:
        return escape(units[2 * start : 2 * stop].decode("utf-16-le", "replace"))

    def shown(start: int, stop: int, inside: list[Entity]) -> str:
        parts: list[str] = []
        here = start
        while inside:
            first, rest = inside[0], inside[1:]
            last = min(first["offset"] + first["length"], stop)
            children = [entity for entity in rest if entity["offset"] < last]
            inside = rest[len(children) :]
            begin = max(first["offset"], here)
            if begin >= last:
                continue
            parts.append(words(here, begin))
            parts.append(_tagged(first, shown(begin, last, children), words(begin, last)))
            here = last
        return "".join(parts) + words(here, stop)

    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    return shown(0, len(units) // 2, ordered)


def _tagged(entity: Entity, inner: str, words: str) -> str:
    kind = entity["type"]
    if kind in _SHOWN:
        return f"<{_SHOWN[kind]}>{inner}</{_SHOWN[kind]}>"
    if kind == "spoiler":
        return f'<span class="tg-spoiler">{inner}</span>'
    if kind == "bot_command":
        return f'<span class="bot-command">{inner}</span>'
    target = {"text_link": escape(str(entity.get("url", ""))), "url": words, "email": f"mailto:{words}"}.get(kind, "")
    if _SAFE_LINK.match(target):
        return f'<a href="{target}" rel="noopener noreferrer nofollow">{inner}</a>'
    return inner
