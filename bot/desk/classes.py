"""A class at the desk: which one is meant, where it stands today, and what it may be asked again."""

from bot.addresses import path_to
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice
from curriculum import Next, Standing, due_today, next_for, standing
from lessons import title_of
from pages import Document, paragraph
from school.people import SchoolClass
from school.words import Text

# A button holds 75 characters (docs.slack.dev/reference/block-kit/block-elements/button-element); some are for what
# stands before a title.
TITLE_LENGTH = 44


def class_meant(visit: Visit) -> SchoolClass | None:
    """The class that was named, or the teacher's only one; None where it has to be asked. Raises UnknownClassError."""
    named = visit.incoming.args.get("class", "").strip()
    own = visit.person.classes if visit.person else ()
    if not named and len(own) != 1:
        return None
    return visit.school.class_named(named or own[0])


def which_class(visit: Visit) -> Answer:
    """A choice of classes."""
    choices = [
        Choice(label=Text("{name}", {"name": klass.name}), verb="lesson", args={"class": klass.id, "again": "1"})
        for klass in visit.school.classes
    ]
    rows = tuple(tuple(choices[start : start + 4]) for start in range(0, len(choices), 4))
    return Answer(
        document=Document(Text("Which class?"), (paragraph(Text("Choose a class to see its next lesson.")),)),
        choices=rows,
    )


def lesson_meant(visit: Visit) -> tuple[SchoolClass, str, int]:
    """The class, the lesson and the turn that a button carries."""
    args = visit.incoming.args
    return visit.school.class_named(args.get("c", "")), args.get("l", ""), int(args.get("t", "0"))


def stands(visit: Visit, klass: SchoolClass) -> Standing:
    """Where a class is today."""
    return standing(klass, progress=visit.unit.progress, calendar=visit.school.calendar, on=visit.today)


def position_of(visit: Visit, klass: SchoolClass, now: Standing) -> Next:
    """What is next for it. Raises NothingPlannedError."""
    return next_for(klass, now, school=visit.school, plan=visit.house.plan, on=visit.today)


def asked_again(visit: Visit, klass: SchoolClass, now: Standing) -> tuple[tuple[Choice, ...], ...]:
    """What the class may be asked again before anything new, in a row of its own; none where nothing is due."""
    due = due_today((*now.before, *now.this_year), calendar=visit.school.calendar, on=visit.today)
    row = tuple(
        button(
            Text("Two minutes first: {title}", {"title": short(title)}),
            "revisit",
            args={"c": klass.id, "l": each.lesson, "q": str(each.question), "g": each.gap, "t": str(now.turn)},
        )
        for each in due
        if (title := title_of(each.lesson, shelf=visit.house.shelf))
    )
    return (row,) if row else ()


def big_screen(visit: Visit, lesson_id: str) -> tuple[tuple[Choice, ...], ...]:
    """A way to what pupils see, in a row of its own; none where the school has no web address."""
    address = path_to(lesson_id, shelf=visit.house.shelf, on=visit.today)
    if address is None or not visit.house.open_web:
        return ()
    return ((Choice(label=Text("Open on the big screen"), href=visit.address(address)),),)


def short(title: str) -> str:
    """What of a title goes on a button, in whole words."""
    return title if len(title) <= TITLE_LENGTH else title[:TITLE_LENGTH].rpartition(" ")[0] + "…"
