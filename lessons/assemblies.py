"""This week's assembly prompt."""

from datetime import date

from pages import AssemblyFront, Block, Document, Facts, Heading, Page, Shelf, says
from school.calendar import Calendar
from school.words import Refusal, Text

PARTS = ("card", "script", "questions", "action", "closer")


class NoAssemblyError(Refusal):
    """The library has no assembly at all."""

    text = Text("There are no assembly prompts in the library yet.")


def assembly_of_the_week(*, shelf: Shelf, calendar: Calendar, on: date) -> tuple[Page, Document]:
    """The assembly meant for the school week of a day, else the latest one before it, else the first to come.

    In a holiday it is the coming week's. A prompt whose words name a day belongs to that day's week, whose number
    depends on the school's terms. Raises NoAssemblyError.
    """
    found = sorted(
        (
            (_week(page.front, calendar), page.id, page, page.front)
            for page in shelf.all(kind="assembly")
            if isinstance(page.front, AssemblyFront)
        ),
        key=lambda entry: entry[:2],
    )
    if not found:
        raise NoAssemblyError
    week = calendar.school_week(calendar.next_school_day(on))
    before = [entry for entry in found if entry[0] <= week]
    _, _, page, front = before[-1] if before else found[0]
    blocks: list[Block] = [
        Facts(
            (
                (Text("School week"), str(week)),
                (Text("Time"), Text("{minutes} minutes", {"minutes": front.minutes})),
                *(((Text("Why now"), front.hook),) if front.hook else ()),
            ),
        ),
    ]
    for name in PARTS:
        part = page.part(name)
        if name != "card":
            blocks.append(Heading(says(part.title), 2))
        blocks.extend(part.blocks)
    return page, Document(front.title, tuple(blocks), page.lang)


def _week(front: AssemblyFront, calendar: Calendar) -> int:
    """The school week of the prompt's own day where that is in term, else the week its author gave."""
    if front.day is None or calendar.half_term(front.day) is None:
        return front.week
    return calendar.school_week(front.day)
