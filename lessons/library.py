"""The library: lesson pages, and the year plans that follow from their front matter."""

from collections.abc import Mapping

from curriculum import Framework, Planned
from pages import LessonFront, NoSuchPageError, Page, Shelf
from school.people import YearGroup
from school.words import Refusal, Text


class NoSuchLessonError(Refusal):
    """A lesson that the library does not hold, or no longer does."""

    text = Text("That lesson isn't in the library any more. Type /lesson to see what is next.")


def lesson(lesson_id: str, *, shelf: Shelf, lang: str = "en") -> tuple[Page, LessonFront]:
    """A lesson's page and its typed front matter. Raises NoSuchLessonError."""
    try:
        page = shelf.get(lesson_id, lang)
    except NoSuchPageError as error:
        raise NoSuchLessonError from error
    if not isinstance(page.front, LessonFront):
        raise NoSuchLessonError
    return page, page.front


def lesson_plan(shelf: Shelf) -> tuple[Planned, ...]:
    """Every lesson's place in the plan of each year that it is for, by year and order."""
    planned = [
        Planned(
            lesson=page.id,
            strand=page.front.strand,
            year=YearGroup.parse(year),
            order=page.front.order,
            half_term=page.front.half_term,
        )
        for page in shelf.all(kind="lesson")
        if isinstance(page.front, LessonFront)
        for year in page.front.years
    ]
    return tuple(sorted(planned, key=lambda entry: (entry.year, entry.order, entry.lesson)))


def tags_of(shelf: Shelf, framework: Framework) -> Mapping[str, frozenset[str]]:
    """Which parts of digital resilience each lesson works towards, by its id: those of its statements together."""
    return {
        page.id: framework.parts_of(page.front.statements)
        for page in shelf.all(kind="lesson")
        if isinstance(page.front, LessonFront)
    }


def title_of(lesson_id: str, *, shelf: Shelf) -> str:
    """A lesson's title; empty where the library no longer holds it."""
    try:
        return lesson(lesson_id, shelf=shelf)[1].title
    except NoSuchLessonError:
        return ""
