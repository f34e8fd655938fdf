"""A question of an earlier lesson asked again, and the list of all lessons to choose from."""

from collections.abc import Sequence
from datetime import datetime

from curriculum import ASIDES, WHY, Gap, Hands, Outcome, Planned, ProgressStore, Taught, is_secure
from lessons.library import NoSuchLessonError
from lessons.quiz import lettered, right_answer
from lessons.teaching import entry_of, turn_now
from pages import Block, Bullets, Document, Heading, LessonFront, Page, QuizItem, Tone, note, paragraph, says
from school.evidence import Evidence, EvidenceBook
from school.people import SchoolClass
from school.words import Text

STATES = {
    "secure": Text("{title}: taught, and secure"),
    "taught": Text("{title}: taught"),
    "partly": Text("{title}: partly done"),
    "waiting": Text("{title}: not yet"),
}


def only_question(items: Sequence[QuizItem], typed: str) -> int:
    """The question that a button names, from 0. Raises NoSuchLessonError where the lesson has changed since."""
    number = int(typed) if typed.isascii() and typed.isdigit() else -1
    if not 0 <= number < len(items):
        raise NoSuchLessonError
    return number


def again_card(front: LessonFront, *, question: int, gap: Gap, class_name: str) -> Document:
    """One question of a lesson: why now, what to ask, the answer and what to say about it."""
    item = front.quiz[question]
    blocks: list[Block] = [
        note(Text(WHY[gap].msgid, {"name": class_name}), Tone.PLAIN),
        paragraph(
            Text(
                "Two minutes. Read the question and its answers twice, let everybody think, then count hands for one "
                "letter at a time. Write no names."
            )
        ),
        Heading(says(item.ask), 3),
        lettered(item),
        right_answer(item),
    ]
    return Document(front.title, tuple(blocks))


def others_card(
    mine: Sequence[Planned], titles: Sequence[str], *, taught: Sequence[Taught], class_name: str
) -> Document:
    """The lessons of a class's year in the order of the plan, and how each stands."""
    lines = tuple(
        says(Text(STATES[_state(entry.lesson, taught)].msgid, {"title": title}))
        for entry, title in zip(mine, titles, strict=True)
    )
    words = Text("The plan has an order, but you know {name}. Choose whichever is needed now.", {"name": class_name})
    blocks: tuple[Block, ...] = (paragraph(words), Bullets(lines, ordered=True))
    return Document(Text("Lessons for {name}", {"name": class_name}), blocks)


def mark_again(
    page: Page,
    front: LessonFront,
    *,
    klass: SchoolClass,
    turn: int,
    hands: Sequence[Hands],
    by: str,
    progress: ProgressStore,
    evidence: EvidenceBook,
    now: datetime,
) -> bool:
    """Record that a question was asked again; False where this turn of the class was taken. The caller commits."""
    asked = Outcome.REVISITED
    turn = turn_now(turn, klass, progress=progress, asides=ASIDES - {asked})
    if not progress.record(entry_of(page, front, klass, turn=turn, outcome=asked, hands=hands, by=by, now=now)):
        return False
    what = f"{page.id} with {klass.name}"
    evidence.write(Evidence(clause="C6", kind="lesson.revisited", when=now, what=what, by=by))
    return True


def _state(lesson: str, taught: Sequence[Taught]) -> str:
    had = {entry.outcome for entry in taught if entry.lesson == lesson}
    if Outcome.TAUGHT in had:
        return "secure" if is_secure(lesson, taught) else "taught"
    return "partly" if Outcome.PARTLY in had else "waiting"
