"""This week's assembly prompt."""

import re
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


class NoSuchAssemblyError(Refusal):
    """An assembly was named that the library does not have."""

    text = Text(
        "There is no assembly for “{typed}”. Type a school week from {first} to {last}, such as /assembly {last}, or a "
        "word of a title, such as /assembly {title}."
    )


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
    _, page, _ = before[-1] if before else found[0]
    return page, assembly_card(page, week=week)


def assemblies_like(typed: str, *, shelf: Shelf, calendar: Calendar) -> tuple[tuple[int, Page], ...]:
    """Those with this number of a school week, this id, or all these words in the title; each with its school week.

    Raises NoSuchAssemblyError where there is none, and NoAssemblyError where the library is empty.
    """
    found = [(week, page) for week, page, _ in _placed(shelf, calendar)]
    if not found:
        raise NoAssemblyError
    wanted = typed.casefold().removeprefix("week ").strip()
    whole = [(week, page) for week, page in found if wanted in {str(week), page.id}]
    words = _words(wanted)
    like = [(week, page) for week, page in found if words and words <= _words(page.front.title)]
    within = [(week, page) for week, page in found if words and wanted in page.front.title.casefold()]
    if matched := whole or like or within:
        return tuple(matched)
    weeks = [week for week, _ in found]
    raise NoSuchAssemblyError(typed=typed[:40], first=min(weeks), last=max(weeks), title=found[0][1].front.title)


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", title.casefold()))


def assembly_card(page: Page, *, week: int) -> Document:
    """A prompt as whoever leads it reads it, with the school week that it is for. Raises NoAssemblyError."""
    front = page.front
    if not isinstance(front, AssemblyFront):
        raise NoAssemblyError
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
    return Document(front.title, tuple(blocks), page.lang)


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
