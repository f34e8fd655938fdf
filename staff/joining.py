"""Who is new on the staff: seen by looking at the school file each school day, since it says nothing of days."""

from datetime import datetime

from school.school import School
from staff.learning_book import Joined, LearningBook
from staff.training import staff_of


def note_joiners(*, school: School, book: LearningBook, now: datetime) -> int:
    """Remember who is there since when, and forget who has left; how many are new. The caller commits.

    Whoever is there as a school begins is not new: nobody could say since when they are.
    """
    on, known = school.calendar.today(now), book.joined()
    here = {person.id for person in staff_of(school)}
    for gone in known.keys() - here:
        book.leave(gone)
    came = sorted(here - known.keys())
    return sum(book.join(Joined(person=each, since=on, new=bool(known))) and bool(known) for each in came)


def newcomers(*, school: School, book: LearningBook, now: datetime) -> frozenset[str]:
    """The ids of those who came this school year, while others were there."""
    began = school.calendar.year_began(school.calendar.today(now))
    return frozenset(each.person for each in book.joined().values() if each.new and each.since >= began)
