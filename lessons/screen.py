"""What a class sees on the big screen, one thing at a time. Directions and answers stay with staff."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from lessons.cards import STEPS
from pages import Block, Bullets, Document, Inline, QuizItem, Quote, plain


@dataclass(frozen=True)
class Screen:
    """One screen under the title of its part of the lesson: words to read together, or a question with its answers."""

    title: str
    lang: str
    document: Document | None = None
    question: QuizItem | None = None
    number: int = 0


def screens(parts: Mapping[str, Document], quiz: Sequence[QuizItem]) -> tuple[Screen, ...]:
    """The screens of a lesson's parts, in the order of its steps.

    Pupils see what is said to them (quotes) and what a list sets in bold at its beginning: the questions and the key
    words, never what stands after them. A paragraph is the teacher's. A question of the quiz has no answer here.
    """
    found: list[Screen] = []
    for name in STEPS:
        part = parts.get(name)
        if part is None:
            continue
        title = str(part.title)
        found += [Screen(title, part.lang, Document("", (block,), part.lang)) for block in _for_pupils(part)]
        if name == "exit-check":
            found += [
                Screen(title, part.lang, question=item, number=number) for number, item in enumerate(quiz, start=1)
            ]
    return tuple(found)


def _for_pupils(part: Document) -> Iterator[Block]:
    for block in part.blocks:
        match block:
            case Quote(paragraphs):
                yield Quote(tuple(_said(each) for each in paragraphs))
            case Bullets(items, ordered, first):
                shown = [_bold(item) for item in items]
                if all(shown):
                    yield Bullets(tuple(shown), ordered=ordered, first=first)
            case _:
                continue


def _bold(item: Inline) -> Inline:
    """What an item sets in bold at its beginning; nothing where it sets nothing so."""
    return tuple(takewhile(lambda span: span.strong, item))


def _said(words: Inline) -> Inline:
    """Words to be said aloud, without a direction such as *(step)* among them."""
    return tuple(span for span in words if not (span.emphasis and plain((span,)).strip().startswith("(")))
