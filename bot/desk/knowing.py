"""What a class knows of a strand before its lessons and after them, asked by hands up, one question at a time."""

from collections.abc import Mapping

from bot.desk.classes import lesson_meant, stands
from bot.desk.hands import count_hands, hand_boxes
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Form, Look, Show
from curriculum import Known, Moment, Next, Outcome, Standing, known_of, moment_of
from lessons import (
    compared_card,
    hands_from,
    knowledge,
    knowledge_card,
    knowledge_of,
    mark_known,
    not_counted,
    only_question,
)
from pages import Block, Document, Heading, KnowledgeFront, Tone, note, paragraph, says
from school.people import SchoolClass
from school.words import Text

FIRST = Text(
    "This is the first lesson of “{strand}” for {name} this year. A few questions beforehand, and the same ones after "
    "the last lesson, show what the class has learned: tap “Ask what they know first”."
)
NOW = Text(
    "{name} has had its last lesson of “{strand}” this year. Ask the strand's questions, in five minutes or so, to see "
    "what the class knows now."
)


def offered(
    visit: Visit, klass: SchoolClass, now: Standing, position: Next | None = None
) -> tuple[tuple[Block, ...], tuple[tuple[Choice, ...], ...]]:
    """What a lesson's card says of a set that is to be asked, and a row for it; nothing of what was asked to its end.

    `position` is the lesson that comes, for the questions before it; those after it are of the lesson that was last.
    """
    last = next((each.strand for each in reversed(now.this_year) if each.outcome is Outcome.TAUGHT), "")
    coming = position.planned.strand if position else ""
    wanted = ((last, Moment.AFTER, NOW), (coming, Moment.BEFORE, FIRST))
    blocks: list[Block] = []
    row: list[Choice] = []
    for strand, moment, words in wanted:
        found = knowledge_of(strand, now.year, shelf=visit.house.shelf)
        if found is None or moment_of(strand, now, plan=visit.house.plan) is not moment:
            continue
        page, front = found
        if not (left := not_counted(front, known_of(strand, now.this_year).of(moment))):
            continue
        name = visit.house.framework.strand(strand).name
        blocks.append(paragraph(Text(words.msgid, {"strand": name, "name": klass.name})))
        row.append(_ask(moment, name, {"c": klass.id, "l": page.id, "m": moment.value, "q": str(left[0])}))
    return tuple(blocks), (tuple(row),) if row else ()


def _ask(moment: Moment, strand: str, args: Mapping[str, str]) -> Choice:
    if moment is Moment.BEFORE:
        return button(Text("Ask what they know first"), "know", args=args)
    return button(Text("Ask what they know now: {strand}", {"strand": strand}), "know", args=args)


def ask(visit: Visit) -> Answer:
    """One question, its answers, and where the hands go."""
    return _question(visit, int(visit.incoming.args.get("q", "0")))


def hands_form(visit: Visit) -> Answer:
    """The form for the hands of one question."""
    klass, set_id, _ = lesson_meant(visit)
    page, front = knowledge(set_id, shelf=visit.house.shelf)
    number = only_question(front.questions, visit.incoming.args.get("q", ""))
    item = front.questions[number]
    form = Form(
        title=Text("Hands up: {name}", {"name": klass.name}),
        submit=Text("Keep"),
        verb="know.keep",
        args=dict(visit.incoming.args),
        fields=hand_boxes(number, item, above=Document("", (Heading(says(item.ask), 3),), page.lang)),
        intro=count_hands(front.title, page.lang),
    )
    return Answer(form=form, show=Show.FORM)


def keep(visit: Visit) -> Answer:
    """Kept; the next question comes, and after the last what came of them."""
    klass, set_id, _ = lesson_meant(visit)
    page, front = knowledge(set_id, shelf=visit.house.shelf)
    number = only_question(front.questions, visit.incoming.args.get("q", ""))
    hands = hands_from(front.questions, visit.incoming.args)
    mark_known(
        page,
        front,
        klass=klass,
        moment=_moment(visit),
        hands=hands,
        known=_known(visit, klass, front),
        by=visit.person.id if visit.person else "",
        progress=visit.unit.progress,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    values = {"number": number + 1, "right": hands[number].sure, "all": hands[number].all}
    said = Text("Kept. Question {number}: {right} of {all} hands were right.", values) if hands[number].all else None
    return _question(visit, number + 1, said=said, spent=True)


def _question(visit: Visit, number: int, *, said: Text | None = None, spent: bool = False) -> Answer:
    """A question of the set, or behind the last what came of all of them; `said` first."""
    klass, set_id, _ = lesson_meant(visit)
    page, front = knowledge(set_id, shelf=visit.house.shelf)
    moment, args = _moment(visit), {"c": klass.id, "l": set_id, "m": _moment(visit).value}
    on = button(Text("What is next?"), "lesson", args={"class": klass.id, "again": "1"})
    if number >= len(front.questions):
        known = _known(visit, klass, front)
        card = compared_card(page, front, moment=moment, known=known, class_name=klass.name)
        row: tuple[Choice, ...] = (on,)
    else:
        number = only_question(front.questions, str(number))
        card = knowledge_card(page, front, moment=moment, question=number, class_name=klass.name)
        row = (
            button(Text("Count hands"), "know.hands", Look.PRIMARY, {**args, "q": str(number)}),
            button(Text("Skip this question"), "know", args={**args, "q": str(number + 1)}),
            on,
        )
    if said is not None:
        card = Document(card.title, (note(said, Tone.GOOD), *card.blocks), card.lang)
    return Answer(document=card, choices=(row,), show=Show.REPLACE, buttons_spent=spent)


def _known(visit: Visit, klass: SchoolClass, front: KnowledgeFront) -> Known:
    return known_of(front.strand, stands(visit, klass).this_year)


def _moment(visit: Visit) -> Moment:
    return Moment.AFTER if visit.incoming.args.get("m") == Moment.AFTER else Moment.BEFORE
