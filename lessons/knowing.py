"""What a class knows of a strand: a set of questions, asked before its lessons and after them, and what came of it."""

from collections.abc import Mapping
from datetime import datetime

from curriculum import Hands, Known, Moment, ProgressStore, Taught
from lessons.quiz import lettered, right_answer
from lessons.teaching import note_aside
from pages import (
    Block,
    Bullets,
    Document,
    Heading,
    KnowledgeFront,
    NoSuchPageError,
    Page,
    Shelf,
    Tone,
    note,
    paragraph,
    says,
)
from school.evidence import Evidence, EvidenceBook
from school.people import SchoolClass, YearGroup
from school.words import Refusal, Text

TITLES = {
    Moment.BEFORE: Text("What {name} knows first"),
    Moment.AFTER: Text("What {name} knows now"),
}
HOW = {
    Moment.BEFORE: Text(
        "Question {number} of {total}. Read it and its answers twice, and count hands for one letter at a time. Write "
        "no names, and don't say yet which is right: the class meets the same questions after its last lesson."
    ),
    Moment.AFTER: Text(
        "Question {number} of {total}. Read it and its answers twice, and count hands for one letter at a time. Write "
        "no names. Then say which is right, and why."
    ),
}


class NoSuchQuestionsError(Refusal):
    """A set of questions that the library does not hold, or no longer does."""

    text = Text("Those questions aren't in the library any more. Type /lesson to see what is next.")


def knowledge_of(strand: str, year: YearGroup, *, shelf: Shelf) -> tuple[Page, KnowledgeFront] | None:
    """The set for a strand and year; None where there is none."""
    return next(
        (
            (page, page.front)
            for page in shelf.all(kind="knowledge")
            if isinstance(page.front, KnowledgeFront)
            and page.front.strand == strand
            and year in {YearGroup.parse(each) for each in page.front.years}
        ),
        None,
    )


def knowledge(set_id: str, *, shelf: Shelf) -> tuple[Page, KnowledgeFront]:
    """A set by its id. Raises NoSuchQuestionsError."""
    try:
        page = shelf.get(set_id, "en")
    except NoSuchPageError as error:
        raise NoSuchQuestionsError from error
    if not isinstance(page.front, KnowledgeFront):
        raise NoSuchQuestionsError
    return page, page.front


def not_counted(front: KnowledgeFront, hands: Mapping[int, Hands]) -> tuple[int, ...]:
    """The questions of a set, from 0, for which no hands were counted."""
    return tuple(number for number in range(len(front.questions)) if number not in hands)


def knowledge_card(page: Page, front: KnowledgeFront, *, moment: Moment, question: int, class_name: str) -> Document:
    """One question of a set, from 0, for whoever asks it. What is right is not there before the lessons."""
    item = front.questions[question]
    blocks: list[Block] = []
    if question == 0 and moment is Moment.BEFORE:
        blocks += page.part("before").blocks
    how = {"number": question + 1, "total": len(front.questions)}
    blocks += [paragraph(Text(HOW[moment].msgid, how)), Heading(says(item.ask), 3), lettered(item)]
    if moment is Moment.AFTER:
        blocks.append(right_answer(item))
    return Document(Text(TITLES[moment].msgid, {"name": class_name}), tuple(blocks), page.lang)


def compared_card(page: Page, front: KnowledgeFront, *, moment: Moment, known: Known, class_name: str) -> Document:
    """How many hands were right for each question, before and after."""
    lines = tuple(says(_compared(number, front, moment, known)) for number in range(len(front.questions)))
    blocks: list[Block] = [Bullets(lines, ordered=True)]
    if (said := _altogether(known, class_name)) is not None:
        blocks.insert(0, note(said, Tone.GOOD))
    if moment is Moment.BEFORE:
        later = Text("{name} is asked the same questions after its last lesson on this.", {"name": class_name})
        blocks.append(paragraph(later))
    else:
        blocks += page.part("after").blocks
    return Document(front.title, tuple(blocks), page.lang)


def _compared(number: int, front: KnowledgeFront, moment: Moment, known: Known) -> Text:
    ask = front.questions[number].ask
    before = _figure(known.before.get(number))
    if moment is Moment.BEFORE:
        return Text("{ask} Right: {before}", {"ask": ask, "before": before})
    after = _figure(known.after.get(number))
    return Text("{ask} Before {before}, after {after}", {"ask": ask, "before": before, "after": after})


def _figure(hands: Hands | None) -> Text:
    if hands is None:
        return Text("not counted")
    return Text("{right} of {all}", {"right": hands.sure, "all": hands.all})


def _altogether(known: Known, class_name: str) -> Text | None:
    before, after = known.share(Moment.BEFORE), known.share(Moment.AFTER)
    if before is None or after is None:
        return None
    values: dict[str, str | int | Text] = {
        "name": class_name,
        "before": round(before * 100),
        "after": round(after * 100),
    }
    return Text("{name}: before {before} in every 100 hands were right, after {after}.", values)


def mark_known(
    page: Page,
    front: KnowledgeFront,
    *,
    klass: SchoolClass,
    moment: Moment,
    hands: tuple[Hands, ...],
    known: Known,
    by: str,
    progress: ProgressStore,
    evidence: EvidenceBook,
    now: datetime,
) -> bool:
    """Keep what was counted; False where nothing was, or all of it is `known` already. The caller commits.

    A later count of the same question takes the place of an earlier one.
    """
    counted = {number: each for number, each in enumerate(hands) if each.all}
    if all(known.of(moment).get(number) == each for number, each in counted.items()):
        return False
    entry = Taught(
        class_id=klass.id,
        turn=0,
        lesson=page.id,
        version=page.version,
        strand=front.strand,
        outcome=moment.outcome,
        hands=hands,
        by=by,
        when=now,
    )
    note_aside(entry, progress=progress)
    what = f"{page.id} with {klass.name}, {moment}"
    evidence.write(Evidence(clause="C6", kind="knowledge.asked", when=now, what=what, by=by))
    return True
