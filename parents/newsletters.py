"""Newsletters: one page, one notice for each family that it is meant for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from parents.families import Family, FamilyStore
from school.evidence import Evidence, EvidenceBook
from school.notices import Lane, Notice, Outbox, To
from school.people import YearGroup
from school.school import School

# News that could not go out in three days is not news.
STALE_AFTER = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Newsletter:
    """What the planner needs of a page: its id, version, and the years it is for (none means all)."""

    page: str
    version: int
    years: frozenset[YearGroup]


def wants(family: Family, *, years: frozenset[YearGroup], school: School) -> bool:
    """Whether a page for these years is for this family: it is when any of its classes has any of the years."""
    if not years or not family.classes:
        return True
    theirs = {year for klass in school.classes if klass.id in family.classes for year in klass.years}
    return not theirs.isdisjoint(years)


def plan_newsletter(
    newsletter: Newsletter,
    *,
    school: School,
    families: FamilyStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    due: datetime,
    now: datetime,
) -> int:
    """Leave a notice for everybody it is for; how many were new. Planning twice stores once. The caller commits.

    `due` is moved on to the end of quiet hours where it falls in them.
    """
    open_at = school.calendar.next_open(due)
    added = sum(
        outbox.leave(
            Notice(
                key=f"newsletter:{newsletter.page}:{newsletter.version}:{family.id}",
                to=To.FAMILY,
                recipient=str(family.id),
                page=newsletter.page,
                lane=Lane.BULK,
                due=open_at,
                not_after=open_at + STALE_AFTER,
                campaign=newsletter.page,
            ),
        )
        for family in _meant(families.active(), newsletter, school)
    )
    if added:
        evidence.write(
            Evidence(
                clause="C16",
                kind="newsletter.planned",
                when=now,
                what=f"{newsletter.page} for {added} families",
            ),
        )
    return added


def _meant(families: Iterable[Family], newsletter: Newsletter, school: School) -> list[Family]:
    return [family for family in families if wants(family, years=newsletter.years, school=school)]
