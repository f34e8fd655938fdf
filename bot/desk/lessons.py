"""Lessons at the desk: what is next, step by step, marked."""

from collections.abc import Sequence

from bot.addresses import Handout, handout_path, papers_path, path_to
from bot.desk.classes import asked_again, class_meant, lesson_meant, position_of, stands, which_class
from bot.desk.digesting import digest
from bot.desk.editions import InHand, begin, change, in_hand, offer, put_away
from bot.desk.sites import for_lesson
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Show
from curriculum import Hands, Next, Outcome, Standing, chosen
from lessons import (
    STEPS,
    field,
    finished_card,
    hands_from,
    lesson,
    letter,
    mark,
    next_card,
    questions,
    right_answer,
    step_card,
)
from pages import Document, Heading, QuizItem, Tone, note, paragraph, says
from parents import tell_home
from school.people import SchoolClass
from school.words import Text


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
    rows = (
        *change_it,
        *asked_again(visit, klass, now),
        (
            button(Text("Start the lesson"), "lesson.step", Look.PRIMARY, {**at, "n": "0"}),
            button(Text("Mark as taught"), "lesson.hands", args=at),
            button(Text("Not today"), "lesson.later", args=at),
            button(Text("Another lesson"), "lesson.others", args={"class": klass.id}),
        ),
        *about_sites,
        *_big_screen(visit, held),
        *_to_keep(visit, held),
    )
    return Answer(document=_before(told, card + online), choices=rows, show=_where(visit))


def take_newer(visit: Visit) -> Answer:
    """The class takes the library's text of a lesson that it began with an older one."""
    klass, lesson_id, _ = lesson_meant(visit)
    change(visit, klass, lesson_id)
    return this_one(visit)


def _before(first: Document, card: Document) -> Document:
    return Document(card.title, first.blocks + card.blocks, card.lang)


def _big_screen(visit: Visit, held: InHand) -> tuple[tuple[Choice, ...], ...]:
    """A way to what pupils see, in a row of its own; none where the school has no web address.

    Nor where the class has another text in hand than the pages show: questions and hands would not match.
    """
    address = path_to(held.page.id, shelf=visit.house.shelf, on=visit.today)
    if address is None or held.newer or not visit.house.open_web:
        return ()
    return ((Choice(label=Text("Open on the big screen"), href=visit.address(address)),),)


def _to_keep(visit: Visit, held: InHand) -> tuple[tuple[Choice, ...], ...]:
    """The files of a lesson, in a row of their own where it can be seen on the big screen.

    Those with answers have an address that is signed, and that no page leads to which a class may see.
    """
    if not _big_screen(visit, held):
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


def step(visit: Visit) -> Answer:
    """One step of the lesson; back and on."""
    klass, lesson_id, turn = lesson_meant(visit)
    held = begin(visit, klass, lesson_id)
    number = max(0, min(int(visit.incoming.args.get("n", "0")), len(STEPS) - 1))
    at = {"c": klass.id, "l": lesson_id, "t": str(turn)}
    told, change_it = offer(held, klass, at)
    row: list[Choice] = []
    if number > 0:
        row.append(button(Text("Back"), "lesson.step", args={**at, "n": str(number - 1)}))
    if number < len(STEPS) - 1:
        row.append(button(Text("Next step"), "lesson.step", Look.PRIMARY, {**at, "n": str(number + 1)}))
    else:
        row.append(button(Text("Mark as taught"), "lesson.hands", Look.PRIMARY, at))
    rows = (
        tuple(row),
        (
            button(Text("Help for this lesson"), "lesson.more", args={**at, "n": str(number)}),
            button(Text("Only partly done"), "lesson.partly", args=at),
            button(Text("A child told me something"), "report.start"),
        ),
        *_big_screen(visit, held),
        *change_it,
    )
    return Answer(
        document=_before(told, step_card(held.page, held.front, step=number, class_name=klass.name)),
        choices=rows,
        show=Show.REPLACE,
    )


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
    intro = Document(
        front.title,
        (paragraph(Text("Count hands for each answer. Leave a box empty if you did not ask.")),),
        page.lang,
    )
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


def _question(number: int, item: QuizItem, lang: str) -> Document:
    """What stands above the boxes of one question."""
    return Document("", (Heading(says(f"{number + 1}. {item.ask}"), 3), right_answer(item)), lang)


def taught(visit: Visit) -> Answer:
    """The lesson is marked with its hands; the position moves on."""
    klass, lesson_id, _ = lesson_meant(visit)
    held = in_hand(visit, klass, lesson_id)
    return _mark(visit, Outcome.TAUGHT, hands_from(held.front, visit.incoming.args))


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
    tell_home(page.id, klass=klass, school=visit.school, mailings=visit.unit.mailings, now=visit.now)
    shares = [share for counted in hands if (share := counted.secure) is not None]
    _, following = lesson(position_of(visit, klass, stands(visit, klass)).planned.lesson, shelf=visit.house.shelf)
    card = finished_card(
        front,
        class_name=klass.name,
        secure=sum(shares) / len(shares) if shares else None,
        following=following.title,
    )
    return Answer(document=card, choices=(again,), show=Show.REPLACE, buttons_spent=True)
