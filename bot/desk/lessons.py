"""Lessons at the desk: what is next, step by step, marked."""

from collections.abc import Sequence

from bot.addresses import Handout, handout_path, papers_path
from bot.desk.classes import asked_again, class_meant, lesson_meant, position_of, stands, which_class
from bot.desk.digesting import digest
from bot.desk.editions import InHand, begin, change, in_hand, offer, on_screen, put_away
from bot.desk.hands import count_hands, hand_boxes
from bot.desk.knowing import offered
from bot.desk.searching import before_lesson
from bot.desk.sites import for_lesson
from bot.desk.steps import take_back
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Form, Look, Show
from curriculum import Hands, Next, Outcome, Reason, Standing, chosen, comes_back
from lessons import (
    finished_card,
    hands_from,
    lesson,
    mark,
    next_card,
    questions,
    right_answer,
)
from pages import Block, Document, Heading, LessonFront, Page, QuizItem, Tone, note, paragraph, says
from parents import tell_home
from school.people import SchoolClass
from school.words import Text

TWO_MINUTES = Text(
    "Two minutes first: {name} had something some time ago that is worth asking again, one question before the lesson "
    "begins. The button below says of which lesson. It helps the class to keep what it has learned."
)


def next_for_class(visit: Visit) -> Answer:
    """`/lesson Oak`; without a class, the teacher's own, or a choice of classes."""
    klass = class_meant(visit)
    if klass is None:
        return which_class(visit)
    now = stands(visit, klass)
    return _card(visit, klass, now, position_of(visit, klass, now))


def this_one(visit: Visit) -> Answer:
    """The card of a lesson that a teacher chose."""
    klass, lesson_id, _ = lesson_meant(visit)
    now = stands(visit, klass)
    position = chosen(lesson_id, plan=visit.house.plan, instead_of=position_of(visit, klass, now))
    return _card(visit, klass, now, position)


def _card(visit: Visit, klass: SchoolClass, now: Standing, position: Next) -> Answer:
    if position.joined:
        return digest(visit, klass, now, position, show=_where(visit))
    held = in_hand(visit, klass, position.planned.lesson)
    page = held.page
    card = next_card(page, held.front, position=position, framework=visit.house.framework, class_name=klass.name)
    at = {"c": klass.id, "l": page.id, "t": str(now.turn)}
    told, change_it = offer(held, klass, at)
    online, about_sites = for_lesson(visit, page.id)
    watch, watched = before_lesson(visit, klass, page.id, online=bool(online.blocks), searches=held.front.searches)
    again = asked_again(visit, klass, now)
    words, questions_first = offered(visit, klass, now, position)
    first = (paragraph(Text(TWO_MINUTES.msgid, {"name": klass.name})),) if again else ()
    chosen_one = {"l": page.id} if position.reason is Reason.CHOSEN else {}
    rows = (
        *change_it,
        *again,
        *questions_first,
        (
            button(Text("Start the lesson"), "lesson.step", Look.PRIMARY, {**at, "n": "0"}),
            button(Text("Mark as taught"), "lesson.hands", args=at),
            button(Text("Not today"), "lesson.later", args=at),
            button(Text("Another lesson"), "lesson.others", args={"class": klass.id, **chosen_one}),
        ),
        *about_sites,
        *watched,
        *on_screen(visit, held),
        *_to_keep(visit, held),
    )
    whole = Document(card.title, told.blocks + card.blocks + online.blocks + watch, card.lang)
    return Answer(document=_with(whole, *first, *words), choices=rows, show=_where(visit))


def _with(card: Document, *more: Block) -> Document:
    """A card with what explains its buttons, just above them."""
    return Document(card.title, (*card.blocks, *more), card.lang)


def take_newer(visit: Visit) -> Answer:
    """The class takes the library's text of a lesson that it began with an older one."""
    klass, lesson_id, _ = lesson_meant(visit)
    change(visit, klass, lesson_id)
    return this_one(visit)


def _to_keep(visit: Visit, held: InHand) -> tuple[tuple[Choice, ...], ...]:
    """The files of a lesson, in a row of their own where it can be seen on the big screen.

    Those with answers have an address that is signed, and that no page leads to which a class may see.
    """
    if not on_screen(visit, held):
        return ()
    # As every signature, it is dated by the machine's clock: the school's may be moved in a demo.
    ticket = visit.house.signers[visit.school.id].papers(held.page.id, on=visit.house.machine_clock.now().date())
    files = {
        Handout.SLIDES: Text("Slides (PPTX)"),
        Handout.NOTES: Text("Notes with answers (PDF)"),
        Handout.HOME: Text("Home sheet (PDF)"),
        Handout.POSTER: Text("Poster with a code (PDF)"),
    }
    row = [
        Choice(label=label, href=visit.address(handout_path(held.page.id, each, ticket)))
        for each, label in files.items()
    ]
    if len(visit.school.languages) > 1:
        all_of_them = Text("All papers, in each language")
        row.append(Choice(label=all_of_them, href=visit.address(papers_path(held.page.id, ticket))))
    return (tuple(row),)


def _where(visit: Visit) -> Show:
    """A tap changes the message that was tapped; a command gets a new one."""
    return Show.REPLACE if "l" in visit.incoming.args or "again" in visit.incoming.args else Show.REPLY


def hands_form(visit: Visit) -> Answer:
    """The form in which a teacher gives the hands for each option."""
    klass, lesson_id, turn = lesson_meant(visit)
    held = begin(visit, klass, lesson_id)
    page, front = held.page, held.front
    fields = tuple(
        box
        for number, item in enumerate(questions(front))
        for box in hand_boxes(number, item, above=_question(number, item, page.lang))
    )
    empty = paragraph(Text("Leave a box empty if you did not ask."))
    intro = count_hands(front.title, page.lang) + Document("", (empty,))
    return Answer(
        form=Form(
            title=Text("Hands up: {name}", {"name": klass.name}),
            submit=Text("Mark as taught"),
            verb="lesson.taught",
            args={"c": klass.id, "l": lesson_id, "t": str(turn)},
            fields=fields,
            intro=intro,
        ),
        show=Show.FORM,
    )


def _question(number: int, item: QuizItem, lang: str) -> Document:
    """What stands above the boxes of one question."""
    return Document("", (Heading(says(f"{number + 1}. {item.ask}"), 3), right_answer(item)), lang)


def taught(visit: Visit) -> Answer:
    """The lesson is marked with its hands; the position moves on."""
    klass, lesson_id, _ = lesson_meant(visit)
    held = in_hand(visit, klass, lesson_id)
    return _mark(visit, Outcome.TAUGHT, hands_from(held.front.quiz, visit.incoming.args))


def partly(visit: Visit) -> Answer:
    """The lesson comes again."""
    return _mark(visit, Outcome.PARTLY, ())


def not_today(visit: Visit) -> Answer:
    """Nothing changes but the record."""
    return _mark(visit, Outcome.NOT_TODAY, ())


def _mark(visit: Visit, outcome: Outcome, hands: Sequence[Hands]) -> Answer:
    klass, lesson_id, turn = lesson_meant(visit)
    held, before = in_hand(visit, klass, lesson_id), stands(visit, klass)
    page, front = held.page, held.front
    fresh = mark(
        page,
        front,
        klass=klass,
        turn=turn,
        outcome=outcome,
        hands=hands,
        by=visit.person.id if visit.person else "",
        progress=visit.unit.progress,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    take_back(visit)
    again = (button(Text("What is next?"), "lesson", args={"class": klass.id, "again": "1"}),)
    if not fresh:
        words = Text("This one is already marked for {name}. Nothing was changed.", {"name": klass.name})
        which = paragraph(Text("“{title}”", {"title": front.title}))
        return Answer(
            document=Document(Text("Already marked"), (which, note(words))),
            choices=(again,),
            show=Show.REPLACE,
            buttons_spent=True,
        )
    if outcome is not Outcome.NOT_TODAY:
        begin(visit, klass, lesson_id)
    put_away(visit, klass, lesson_id, outcome=outcome, now=before)
    if outcome is not Outcome.TAUGHT:
        words = (
            Text("Kept. {name} will be offered this lesson again.", {"name": klass.name})
            if outcome is Outcome.PARTLY
            else Text("No trouble. It will wait for {name}.", {"name": klass.name})
        )
        return Answer(document=Document(front.title, (note(words, Tone.GOOD),)), choices=(again,), show=Show.REPLACE)
    return _thanks(visit, klass, page, front, hands)


def _thanks(visit: Visit, klass: SchoolClass, page: Page, front: LessonFront, hands: Sequence[Hands]) -> Answer:
    """What was kept of a lesson that was taught, how it went, and what comes of it; families hear of it as well."""
    tell_home(page.id, klass=klass, school=visit.school, mailings=visit.unit.mailings, now=visit.now)
    now = stands(visit, klass)
    _, following = lesson(position_of(visit, klass, now).planned.lesson, shelf=visit.house.shelf)
    card = finished_card(
        front,
        class_name=klass.name,
        hands=hands,
        again=comes_back(page.id, now.this_year, calendar=visit.school.calendar),
        following=following.title,
    )
    on = button(Text("What is next?"), "lesson", args={"class": klass.id, "again": "1"})
    words_now, questions_now = offered(visit, klass, now)
    return Answer(
        document=_with(card, *words_now), choices=(*questions_now, (on,)), show=Show.REPLACE, buttons_spent=True
    )
