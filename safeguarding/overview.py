"""The whole routing of one school as rows to be read: made by asking `arrange` itself, never written a second time."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from safeguarding.routing import About, arrange, beside
from safeguarding.sharing import may_be_given
from school.people import SAFEGUARDING_ROLES, Person, YearGroup
from school.school import School

People = tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What becomes of a report that comes today. `years` is empty for every other year, and for none said.

    `in_a_hurry`: who is told first where there is a sign of danger. Whoever gets no key is `away`, has `no_key` of
    their own yet, or is one of the `others`, whom such a report never goes to.
    """

    about: About
    years: tuple[YearGroup, ...]
    readers: People
    first: People
    in_a_hurry: People
    reserve: People
    away: People
    no_key: People
    others: People


def outline(*, school: School, on: date, keys: Collection[str]) -> tuple[Row, ...]:
    """A row for each answer to whom it is about, and for the years of a pupil that have readers of their own."""
    rows: list[Row] = []
    for about in About:
        together: dict[People, list[YearGroup]] = {}
        for year in school.years:
            together.setdefault(beside(about, school=school, year=year), []).append(year)
        rows += [
            _row(about, years=tuple(years), school=school, on=on, keys=keys)
            for leads, years in together.items()
            if leads
        ]
        rows.append(_row(about, years=(), school=school, on=on, keys=keys))
    return tuple(rows)


def _row(about: About, *, years: tuple[YearGroup, ...], school: School, on: date, keys: Collection[str]) -> Row:
    year = years[0] if years else None
    here, everybody = replace(school, leave=()), [person.id for person in school.people]
    way, hurried = (arrange(about, school=school, on=on, keys=keys, urgent=each, year=year) for each in (False, True))
    theirs = {person.id for person in may_be_given(about, school=here, on=on, keys=everybody, readers=(), year=year)}
    given = {person.id for person in (*way.readers, *way.reserve)}
    left = [person for person in school.people if person.holds(*SAFEGUARDING_ROLES) and person.id not in given]
    without = tuple(person for person in left if person.id in theirs and person.id not in keys)
    return Row(
        about=about,
        years=years,
        readers=way.readers,
        first=way.told,
        in_a_hurry=hurried.told,
        reserve=way.reserve,
        away=tuple(person for person in left if person.id in theirs and person not in without),
        no_key=without,
        others=tuple(person for person in left if person.id not in theirs),
    )
