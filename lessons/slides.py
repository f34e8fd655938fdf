"""Slides of a lesson: what the big screen shows, with the teacher's words of that moment in the speaker's notes."""

from collections.abc import Iterator
from dataclasses import dataclass

from curriculum import Framework
from lessons.papers import meanings, years_of
from lessons.quiz import right_answer
from lessons.screen import Screen, screens
from pages import Block, Bullets, Heading, LessonFront, Page, Paragraph, paragraph, says
from school.words import Text


@dataclass(frozen=True, kw_only=True)
class Slide:
    """What pupils see, and what is for the teacher alone. `lettered` lists count A, B, C.

    `board` stands above what is shown, on each where it takes several, as the heads of columns do.
    """

    title: str | Text
    shown: tuple[Block, ...]
    notes: tuple[Block, ...]
    lettered: bool = False
    board: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deck:
    """All slides of a lesson after the first, which has the title and `under` it. `colour` is the strand's."""

    title: str
    under: tuple[str | Text, ...]
    notes: tuple[Block, ...]
    slides: tuple[Slide, ...]
    colour: str
    lang: str


def deck(page: Page, front: LessonFront, *, framework: Framework) -> Deck:
    """The slides of a lesson, one for each screen of the presenter view."""
    strand = framework.strand(front.strand)
    return Deck(
        title=front.title,
        under=(*years_of(front), strand.name),
        notes=tuple(_beforehand(page, front)),
        slides=tuple(
            _slide(screen) for screen in screens(page.parts, front.quiz, words=front.vocabulary, board=front.board)
        ),
        colour=strand.colour,
        lang=page.lang,
    )


def _slide(screen: Screen) -> Slide:
    notes = (*_when(screen), *screen.beside)
    if screen.words:
        return Slide(title=Text("Words to know"), shown=(meanings(screen.words),), notes=notes)
    if screen.question is None:
        shown = screen.document.blocks if screen.document else ()
        board = (Paragraph(says(" · ".join(screen.board), strong=True)),) if screen.board else ()
        return Slide(title=screen.title, shown=tuple(shown), notes=notes, board=board)
    item = screen.question
    asked = Paragraph(says(item.ask, strong=True))
    options = Bullets(tuple(says(option) for option in item.options), ordered=True)
    return Slide(title=screen.title, shown=(asked, options), notes=(*notes, right_answer(item)), lettered=True)


def _when(screen: Screen) -> Iterator[Block]:
    """Which step a slide belongs to, and how long all of that step takes."""
    if screen.minutes:
        yield paragraph(
            Text(
                "{title}: step {step}, {minutes} minutes",
                {"title": screen.title, "step": screen.step, "minutes": screen.minutes},
            )
        )


def _beforehand(page: Page, front: LessonFront) -> Iterator[Block]:
    yield from page.part("card").blocks
    if front.needs:
        yield Heading(says(Text("Have ready")))
        yield Bullets(tuple(says(need) for need in front.needs))
    yield Heading(says(Text("Safe teaching")))
    yield from page.part("safe-teaching").blocks
