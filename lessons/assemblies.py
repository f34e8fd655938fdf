"""This week's assembly prompt."""

from datetime import date

from pages import AssemblyFront, Block, Document, Facts, Heading, Page, Shelf, says
from school.calendar import Calendar
from school.words import Refusal, Text

# As many as a prompt may give as its own.
WEEKS = frozenset(range(1, 40))
PARTS = ("card", "script", "questions", "action", "closer")


class NoAssemblyError(Refusal):
    """The library has no assembly at all."""

    text = Text("There are no assembly prompts in the library yet.")


def assembly_of_the_week(*, shelf: Shelf, calendar: Calendar, on: date) -> tuple[Page, Document]:
    """The assembly meant for the school week of a day, else the latest one before it, else the first to come.

    In a holiday it is the coming week's. A prompt whose words name a day belongs to that day's week, whose number
    depends on the school's terms. Raises NoAssemblyError.
    """
    found = _placed(shelf, calendar)
    if not found:
        raise NoAssemblyError
    week = calendar.school_week(calendar.next_school_day(on))
    before = [entry for entry in found if entry[0] <= week]
    _, page, front = before[-1] if before else found[0]
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


def _placed(shelf: Shelf, calendar: Calendar) -> list[tuple[int, Page, AssemblyFront]]:
    """Every prompt in the order of its school week; a prompt that is tied to a day comes after others of its week.

    Where a day takes the week of another prompt, that one moves to the nearest week that no prompt has: the school
    still has each of them once.
    """
    prompts = [(page, page.front) for page in shelf.all(kind="assembly") if isinstance(page.front, AssemblyFront)]
    days = {page.id: week for page, front in prompts if (week := _week_of_its_day(front, calendar)) is not None}
    taken = {days.get(page.id, front.week) for page, front in prompts}
    placed: list[tuple[int, bool, str, Page, AssemblyFront]] = []
    for page, front in sorted(prompts, key=lambda prompt: (prompt[1].week, prompt[0].id)):
        week = days.get(page.id, front.week)
        if page.id not in days and week in days.values():
            week = min(WEEKS - taken, key=lambda free: (abs(free - front.week), free), default=week)
            taken.add(week)
        placed.append((week, page.id in days, page.id, page, front))
    placed.sort(key=lambda entry: entry[:3])
    return [(week, page, front) for week, _, _, page, front in placed]


def _week_of_its_day(front: AssemblyFront, calendar: Calendar) -> int | None:
    """The school week of the day that a prompt's words name; None if they name none in term."""
    if front.day is None or calendar.half_term(front.day) is None:
        return None
    return calendar.school_week(front.day)
