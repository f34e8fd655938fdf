"""What a class sees on the big screen, one thing at a time. Directions and answers stay with staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from lessons.cards import STEPS
from pages import Block, Bullets, Document, Heading, Inline, QuizItem, Quote, plain, says


@dataclass(frozen=True)
class Screen:
    """One screen under the title of its part of the lesson: words to read together, or a question with its answers.

    `beside` is what the page has for whoever teaches from here to the next screen, expected answers and all. The words
    of a part of which pupils see nothing are beside the screen before it.
    """

    title: str
    lang: str
    document: Document | None = None
    question: QuizItem | None = None
    number: int = 0
    beside: tuple[Block, ...] = ()


def screens(parts: Mapping[str, Document], quiz: Sequence[QuizItem]) -> tuple[Screen, ...]:
    """The screens of a lesson's parts, in the order of its steps.

    Pupils see what is said to them (quotes) and what a list sets in bold at its beginning: the questions and the key
    words, never what stands after them. A paragraph is the teacher's. A question of the quiz has no answer here.
    """
    found: list[Screen] = []
    unseen: tuple[Block, ...] = ()
    for name in STEPS:
        part = parts.get(name)
        if part is None:
            continue
        made = _screens_of(part, quiz if name == "exit-check" else ())
        if made:
            found += [replace(made[0], beside=(*unseen, *made[0].beside)), *made[1:]]
            unseen = ()
        elif found:
            found[-1] = replace(found[-1], beside=(*found[-1].beside, *_headed(part)))
        else:
            unseen = (*unseen, *_headed(part))
    return tuple(found)


def _screens_of(part: Document, quiz: Sequence[QuizItem]) -> list[Screen]:
    title = str(part.title)
    made = [
        Screen(title, part.lang, Document("", (shown,), part.lang), beside=tuple(beside))
        for shown, beside in _for_pupils(part)
    ]
    asked = [Screen(title, part.lang, question=item, number=number) for number, item in enumerate(quiz, start=1)]
    if asked and not made:
        asked[0] = replace(asked[0], beside=part.blocks)
    return made + asked


def _headed(part: Document) -> tuple[Block, ...]:
    return (Heading(says(part.title)), *part.blocks)


def _for_pupils(part: Document) -> list[tuple[Block, list[Block]]]:
    """What pupils see of a part, each with the teacher's words from there on; the first with those before it too."""
    found: list[tuple[Block, list[Block]]] = []
    before: list[Block] = []
    for block in part.blocks:
        shown = _shown(block)
        if shown is not None:
            found.append((shown, [*before, block]))
            before = []
        elif found:
            found[-1][1].append(block)
        else:
            before.append(block)
    return found


def _shown(block: Block) -> Block | None:
    """What pupils see of a block; None where it is the teacher's alone."""
    match block:
        case Quote(paragraphs):
            return Quote(tuple(_said(each) for each in paragraphs))
        case Bullets(items, ordered, first):
            shown = tuple(_bold(item) for item in items)
            return Bullets(shown, ordered=ordered, first=first) if all(shown) else None
        case _:
            return None


def _bold(item: Inline) -> Inline:
    """What an item sets in bold at its beginning; nothing where it sets nothing so."""
    return tuple(takewhile(lambda span: span.strong, item))


def _said(words: Inline) -> Inline:
    """Words to be said aloud, without a direction such as *(step)* among them."""
    return tuple(span for span in words if not (span.emphasis and plain((span,)).strip().startswith("(")))
