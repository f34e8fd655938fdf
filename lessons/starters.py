"""Two minutes of online safety at the start of any lesson, one for each day of the school year in turn."""

from collections.abc import Sequence

from pages import Document, Heading, Page, Shelf, StarterFront, says
from school.people import YearGroup
from school.words import Refusal, Text

# What is said in a staff room, and what a subject is called in full.
EVERYDAY = {
    "d&t": "design and technology",
    "dt": "design and technology",
    "french": "languages",
    "german": "languages",
    "it": "computing",
    "literacy": "english",
    "maths": "mathematics",
    "mfl": "languages",
    "numeracy": "mathematics",
    "p.e.": "pe",
    "r.e.": "re",
    "reading": "english",
    "spanish": "languages",
    "writing": "english",
}


class NoStarterError(Refusal):
    """No starter for a subject and a year."""

    text = Text("There is no starter for “{subject}” yet. There are some for: {subjects}.")


def starters(shelf: Shelf) -> tuple[tuple[Page, StarterFront], ...]:
    """All of them, by their ids."""
    found = [(page, page.front) for page in shelf.all(kind="starter")]
    return tuple(sorted(((p, f) for p, f in found if isinstance(f, StarterFront)), key=lambda each: each[0].id))


def starter_for(subject: str, *, shelf: Shelf, years: Sequence[YearGroup], number: int) -> Page:
    """The starter for a subject (empty is any) and for any of some years (none is all); `number` goes round them.

    Raises NoStarterError.
    """
    typed = " ".join(subject.split()).casefold()
    wanted, codes = EVERYDAY.get(typed, typed), {year.code for year in years}
    every = starters(shelf)
    fitting = [
        page
        for page, front in every
        if front.subject.casefold().startswith(wanted) and (not codes or codes & {str(year) for year in front.years})
    ]
    if not fitting:
        raise NoStarterError(subject=subject[:40], subjects=", ".join(sorted({front.subject for _, front in every})))
    return fitting[number % len(fitting)]


def starter_card(page: Page) -> Document:
    """A starter as a teacher reads it: why, what to do, what to talk about."""
    card, do, talk = (page.part(name) for name in ("card", "do", "talk"))
    blocks = (*card.blocks, Heading(says(do.title), 3), *do.blocks, Heading(says(talk.title), 3), *talk.blocks)
    return Document(page.front.title, blocks, page.lang)
