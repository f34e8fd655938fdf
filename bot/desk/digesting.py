"""A digest at the desk: several missed lessons on one card, each within reach, and marked together."""

from bot.desk.classes import asked_again, position_of, short, stands
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Look, Show
from curriculum import Next, Standing
from lessons import digest_card, digested_card, lesson, mark_digest, title_of
from pages import Document, note
from school.people import SchoolClass
from school.words import Text

# The step of a lesson that has its new idea; lessons.STEPS counts from 0.
TEACH = "2"
# Between the ids of lessons on one button: it stands in no id.
AND = ","


def digest(visit: Visit, klass: SchoolClass, now: Standing, position: Next, *, show: Show) -> Answer:
    """The card of a digest."""
    joined = [lesson(entry.lesson, shelf=visit.house.shelf) for entry in position.joined]
    card = digest_card(joined, position=position, framework=visit.house.framework, class_name=klass.name)
    at = {"c": klass.id, "t": str(now.turn)}
    whole = [
        button(
            Text("Open: {title}", {"title": short(front.title)}), "lesson.step", args={**at, "l": page.id, "n": TEACH}
        )
        for page, front in joined
    ]
    named = AND.join(page.id for page, _ in joined)
    marking: tuple[Choice, ...] = (
        button(
            Text("Mark all {count} as taught (digest)", {"count": len(joined)}),
            "lesson.digest",
            Look.PRIMARY,
            {**at, "ls": named},
        ),
        button(Text("Teach the first one whole"), "lesson.this", args={"c": klass.id, "l": position.planned.lesson}),
        button(Text("Not today"), "lesson.later", args={**at, "l": position.planned.lesson}),
        button(Text("Another lesson"), "lesson.others", args={"class": klass.id}),
    )
    return Answer(document=card, choices=(*asked_again(visit, klass, now), tuple(whole), marking), show=show)


def marked(visit: Visit) -> Answer:
    """All of them are written down, a turn each; a second tap changes nothing. Raises MarkedMeanwhileError."""
    args, shelf = visit.incoming.args, visit.house.shelf
    klass = visit.school.class_named(args.get("c", ""))
    joined = [lesson(each, shelf=shelf) for each in args.get("ls", "").split(AND)]
    fresh = mark_digest(
        joined,
        klass=klass,
        turn=int(args.get("t", "0")),
        by=visit.person.id if visit.person else "",
        progress=visit.unit.progress,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    again = (button(Text("What is next?"), "lesson", args={"class": klass.id, "again": "1"}),)
    if not fresh:
        words = Text("This one is already marked for {name}. Nothing was changed.", {"name": klass.name})
        document = Document(Text("Already marked"), (note(words),))
    else:
        following = position_of(visit, klass, stands(visit, klass)).planned.lesson
        document = digested_card(joined, class_name=klass.name, following=title_of(following, shelf=shelf))
    return Answer(document=document, choices=(again,), show=Show.REPLACE, buttons_spent=True)
