"""Runs of text in Slack's rich text, which is data and not markup: nothing in it needs escaping or can break out."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pages.document import Inline
from school.words import Text, Translate

JSON = dict[str, Any]
LINK_LENGTH = 3000  # docs.slack.dev/reference/block-kit/block-elements/button-element, url
_LINK = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)


@dataclass(frozen=True)
class Run:
    """A translated span."""

    text: str
    style: frozenset[str] = frozenset()
    link: str | None = None

    def element(self) -> JSON:
        """The rich text element. Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block."""
        element: JSON = {"type": "link", "url": self.link} if self.link else {"type": "text"}
        element["text"] = self.text
        if self.style:
            element["style"] = dict.fromkeys(sorted(self.style), True)
        return element


def clean(words: str) -> str:
    """Without control characters and halves of surrogate pairs, which JSON or a screen would trip over."""
    return "".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def said(words: str | Text, translate: Translate) -> str:
    """A clean sentence in the reader's language."""
    return clean(translate(words) if isinstance(words, Text) else words)


def cut(words: str, limit: int) -> str:
    """At most `limit` characters, cut on a word where there is one, with an ellipsis."""
    if len(words) <= limit:
        return words
    kept = words[: limit - 1]
    mid_word = not words[limit - 1].isspace() and any(c.isspace() for c in kept.strip())
    return (kept.rsplit(None, 1)[0] if mid_word else kept).rstrip() + "…"


def escape(words: str) -> str:
    """For mrkdwn and plain `text` fields. Source: docs.slack.dev/messaging/formatting-message-text#escaping."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def runs(inline: Inline, translate: Translate) -> tuple[Run, ...]:
    """Translated spans; a `tel:` number that the words do not show is put beside them, a page's id is no link here."""
    found = []
    for span in inline:
        words = said(span.text, translate)
        if span.href and span.href.startswith("tel:"):
            number = clean(span.href.removeprefix("tel:"))
            if re.sub(r"\D", "", number)[-6:] not in re.sub(r"\D", "", words):
                words = f"{words} ({number})"
        if not words:
            continue
        named = (("bold", span.strong), ("italic", span.emphasis), ("code", span.code))
        link = span.href if span.href and _LINK.match(span.href) and len(span.href) <= LINK_LENGTH else None
        found.append(Run(words, frozenset(name for name, on in named if on), link))
    return tuple(found)


def bold(words: str) -> Run:
    """A run in bold."""
    return Run(words, frozenset({"bold"}))


def plain(found: Iterable[Run]) -> str:
    """The words alone."""
    return "".join(run.text for run in found)


def parts(found: Iterable[Run], limit: int) -> Iterator[tuple[Run, ...]]:
    """The same runs in parts of at most `limit` characters, cut between words where there are any."""
    part: list[Run] = []
    room = limit
    for run in found:
        rest = run.text
        while len(rest) > room:
            at = max(rest.rfind(" ", 0, room + 1), rest.rfind("\n", 0, room + 1))
            if at <= 0:
                at = 0 if part else room
            if at:
                part.append(replace(run, text=rest[:at]))
            yield tuple(part)
            part, room, rest = [], limit, rest[at:].lstrip(" ") if at else rest
        if rest:
            part.append(replace(run, text=rest))
            room -= len(rest)
    if part:
        yield tuple(part)
