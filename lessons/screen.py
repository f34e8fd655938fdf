"""What a class sees on the big screen, one thing at a time. Directions and answers stay with staff."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from lessons.cards import STEPS
from pages import Block, Bullets, Document, Heading, Inline, Paragraph, QuizItem, Quote, Span, plain, says

# The step that brings the lesson's new words, and those in which the names on the board are in use.
TEACHES = "teach"
WITH_BOARD = ("teach", "practise")
_MINUTES = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Screen:
    """One screen under the title of its step of the lesson: words to read together, new words, or a question.

    `step` counts from 1 and `minutes` is how long the whole step takes; 0 where the page does not say. `words` are new
    words with their meanings. `board` are names that stay in sight, such as those of columns to sort into. `beside` is
    what the page has for whoever teaches from here to the next screen, expected answers and all. The words of a part of
    which pupils see nothing are beside the screen before it.
    """

    title: str
    lang: str
    document: Document | None = None
    question: QuizItem | None = None
    number: int = 0
    step: int = 0
    minutes: int = 0
    words: tuple[tuple[str, str], ...] = ()
    board: tuple[str, ...] = ()
    beside: tuple[Block, ...] = ()


def screens(
    parts: Mapping[str, Document],
    quiz: Sequence[QuizItem],
    *,
    words: Mapping[str, str] | None = None,
    board: Sequence[str] = (),
) -> tuple[Screen, ...]:
    """The screens of a lesson's parts, in the order of its steps.

    Pupils see what is said to them (quotes) and what a list sets in bold at its beginning: the questions and the key
    words, never what stands after them. A paragraph is the teacher's. A question of the quiz has no answer here. The
    new `words` come first where the lesson teaches; `board` is in sight there and while pupils practise.
    """
    found: list[Screen] = []
    unseen: tuple[Block, ...] = ()
    for place, name in enumerate(each for each in STEPS if each in parts):
        part = parts[name]
        made = _screens_of(
            part,
            quiz if name == "exit-check" else (),
            words=tuple((words or {}).items()) if name == TEACHES else (),
            board=tuple(board) if name in WITH_BOARD else (),
        )
        if made:
            first = replace(made[0], beside=(*unseen, *made[0].beside))
            found += [replace(each, step=place + 1, minutes=_minutes(part)) for each in (first, *made[1:])]
            unseen = ()
        elif found:
            found[-1] = replace(found[-1], beside=(*found[-1].beside, *_headed(part)))
        else:
            unseen = (*unseen, *_headed(part))
    return tuple(found)


def _screens_of(
    part: Document, quiz: Sequence[QuizItem], *, words: tuple[tuple[str, str], ...], board: tuple[str, ...]
) -> list[Screen]:
    title = str(part.title)
    shown = [
        Screen(title, part.lang, Document("", (shown,), part.lang), board=board, beside=tuple(beside))
        for shown, beside in _for_pupils(part)
    ]
    asked = [Screen(title, part.lang, question=item, number=number) for number, item in enumerate(quiz, start=1)]
    if asked and not shown:
        asked[0] = replace(asked[0], beside=part.blocks)
    made = shown + asked
    return [Screen(title, part.lang, words=words, beside=() if made else part.blocks), *made] if words else made


def _minutes(part: Document) -> int:
    """How long a step takes, which it says in emphasis before all else: *10 minutes*; 0 where it doesn't."""
    match part.blocks[:1]:
        case (Paragraph((Span(text=str(said), emphasis=True),)),) if found := _MINUTES.search(said):
            return int(found.group())
        case _:
            return 0


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
