"""Another lesson than the next, and a question of an earlier one asked again: both are a teacher's choice."""

from bot.desk.classes import asked_again, class_meant, lesson_meant, short, stands, which_class
from bot.desk.editions import as_taught
from bot.desk.hands import count_hands, hand_boxes
from bot.desk.visit import Visit, button
from bot.wire import Answer, Form, Look, Show
from curriculum import Gap
from lessons import (
    again_card,
    hands_from,
    mark_again,
    only_question,
    others_card,
    title_of,
)
from pages import Document, Heading, Tone, note, says
from school.words import Text


def others(visit: Visit) -> Answer:
    """Every lesson of the class's year and how it stands."""
    klass = class_meant(visit)
    if klass is None:
        return which_class(visit)
    now = stands(visit, klass)
    mine = [entry for entry in visit.house.plan if entry.year == now.year]
    titles = [title_of(entry.lesson, shelf=visit.house.shelf) for entry in mine]
    choices = [
        button(
            Text("{number}. {title}", {"number": number, "title": short(title)}),
            "lesson.this",
            args={"c": klass.id, "l": entry.lesson},
        )
        for number, (entry, title) in enumerate(zip(mine, titles, strict=True), start=1)
    ]
    # To the card that it was asked from: of the lesson that is next, or of one that was chosen.
    chosen = visit.incoming.args.get("l", "")
    back = button(
        Text("Back to the card"),
        "lesson.this" if chosen else "lesson",
        args={"c": klass.id, "l": chosen} if chosen else {"class": klass.id, "again": "1"},
    )
    rows = (*(tuple(choices[start : start + 2]) for start in range(0, len(choices), 2)), (back,))
    card = others_card(mine, titles, taught=now.this_year, class_name=klass.name)
    return Answer(document=card, choices=rows, show=Show.REPLACE)


def ask_again(visit: Visit) -> Answer:
    """The question, what to say about it, and where the hands go."""
    klass, lesson_id, _ = lesson_meant(visit)
    front = as_taught(visit, lesson_id, stands(visit, klass)).front
    args = dict(visit.incoming.args)
    number = only_question(front.quiz, args.get("q", ""))
    gap = next((each for each in Gap if each == args.get("g")), Gap.WEEK)
    row = (
        button(Text("Count hands"), "revisit.hands", Look.PRIMARY, args),
        button(Text("Asked, not counted"), "revisit.done", args=args),
        button(Text("What is next?"), "lesson", args={"class": klass.id, "again": "1"}),
    )
    card = again_card(front, question=number, gap=gap, class_name=klass.name)
    return Answer(document=card, choices=(row,), show=Show.REPLACE)


def hands_again(visit: Visit) -> Answer:
    """The form for the hands of one question."""
    klass, lesson_id, _ = lesson_meant(visit)
    held = as_taught(visit, lesson_id, stands(visit, klass))
    page, front = held.page, held.front
    number = only_question(front.quiz, visit.incoming.args.get("q", ""))
    item = front.quiz[number]
    above = Document("", (Heading(says(item.ask), 3),), page.lang)
    form = Form(
        title=Text("Hands up: {name}", {"name": klass.name}),
        submit=Text("Keep"),
        verb="revisit.done",
        args=dict(visit.incoming.args),
        fields=hand_boxes(number, item, above=above),
        intro=count_hands(front.title, page.lang),
    )
    return Answer(form=form, show=Show.FORM)


def asked(visit: Visit) -> Answer:
    """Kept; what is still due comes next, then the lesson."""
    klass, lesson_id, turn = lesson_meant(visit)
    held = as_taught(visit, lesson_id, stands(visit, klass))
    page, front = held.page, held.front
    number = only_question(front.quiz, visit.incoming.args.get("q", ""))
    hands = hands_from(front.quiz, visit.incoming.args)
    fresh = mark_again(
        page,
        front,
        klass=klass,
        turn=turn,
        hands=hands,
        by=visit.person.id if visit.person else "",
        progress=visit.unit.progress,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    on = button(Text("What is next?"), "lesson", Look.PRIMARY, {"class": klass.id, "again": "1"})
    rows = (*asked_again(visit, klass, stands(visit, klass)), (on,))
    if not fresh:
        words = note(Text("This one is already marked for {name}. Nothing was changed.", {"name": klass.name}))
    else:
        words = note(said(hands[number].secure, klass.name), Tone.GOOD)
    return Answer(document=Document(front.title, (words,)), choices=rows, show=Show.REPLACE, buttons_spent=True)


def said(share: float | None, name: str) -> Text:
    """What a teacher hears of the hands, `share` from 0 to 1."""
    if share is None:
        return Text("Thank you. {name} will be asked again later.", {"name": name})
    return Text(
        "Thank you. {share} in every 100 hands went up for the right answer, and the next time is chosen by that.",
        {"share": round(share * 100)},
    )
