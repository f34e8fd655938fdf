"""Boxes for hands, wherever a class answers by hands up."""

from bot.wire import FormField, Kind
from lessons import MOST_HANDS, field, letter
from pages import Document, QuizItem, paragraph
from school.words import Text

COUNT = Text("Count hands for each answer, from 0 to {most}.")


def count_hands(title: str, lang: str) -> Document:
    """What stands above the boxes of one question."""
    return Document(title, (paragraph(Text(COUNT.msgid, {"most": MOST_HANDS})),), lang)


def hand_boxes(number: int, item: QuizItem, *, above: Document) -> tuple[FormField, ...]:
    """A box for the hands of each answer of a question, with what stands above the first."""
    return tuple(
        FormField(
            name=field(number, place),
            label=Text("{letter}. {option}", {"letter": letter(place), "option": option}),
            kind=Kind.NUMBER,
            optional=True,
            above=above if place == 0 else None,
        )
        for place, option in enumerate(item.options)
    )
