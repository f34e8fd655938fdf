"""Text: a sentence to be said to somebody, not yet in anybody's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Text:
    """A message id in British English with named values, found by Babel's extractor by this name.

    Rooms make them; only renderers look them up in a catalogue. Values are strings or numbers, or Texts that are
    translated in their turn. One with a `plural` is made by `counted`.
    """

    msgid: str
    values: Mapping[str, "str | int | Text"] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        """The sentence in its source language, for logs of our own doings and for tests."""
        return in_english(self)


def counted(one: str, many: str, values: Mapping[str, "str | int | Text"]) -> Text:
    """A sentence whose form goes by the value named `count`, as each language counts.

    Both forms come first, where Babel's extractor finds them; it sees no arguments by name.
    """
    return Text(one, values, many)


class Translate(Protocol):
    """Turns a Text into a sentence of one language."""

    def __call__(self, text: Text) -> str:
        """The sentence, with its values put in."""


def filled(template: str, text: Text, translate: Translate) -> str:
    """A translated template with the values put in; a template that asks for other names is used unfilled."""
    values = {name: translate(value) if isinstance(value, Text) else value for name, value in text.values.items()}
    try:
        return template.format_map(values)
    except (KeyError, IndexError, ValueError):
        return template


def in_english(text: Text) -> str:
    """The source language: what a person reads where no catalogue knows better."""
    count = text.values.get("count")
    template = text.plural if text.plural is not None and count != 1 else text.msgid
    return filled(template, text, in_english)


class Refusal(Exception):  # noqa: N818 - it is an answer to a person, not a fault
    """An anticipated no: its Text says to the person what is wrong and what to do about it."""

    text = Text("That can't be done just now.")

    def __init__(self, text: Text | None = None, **values: "str | int | Text") -> None:
        if text is not None:
            self.text = text
        if values:
            self.text = Text(self.text.msgid, values, self.text.plural)
        super().__init__(str(self.text))
