"""Newsletters: one page, one notice for each family that it is meant for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parents.families import Family, FamilyStore
from parents.mailings import Laid, lay_next
from school.evidence import Evidence, EvidenceBook
from school.notices import Mailing, Mailings
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
    """Whether a page for these years is for this family: when it chose any of them, or any of its classes has any."""
    if not years or not (family.classes or family.years):
        return True
    theirs = set(family.years)
    theirs |= {year for klass in school.classes if klass.id in family.classes for year in klass.years}
    return not theirs.isdisjoint(years)


def newsletter_mailing(newsletter: Newsletter, *, school: School, due: datetime) -> Mailing:
    """Its mailing; `due` is moved on to the end of quiet hours where it falls in them."""
    open_at = school.calendar.next_open(due)
    return Mailing(
        id=f"newsletter:{newsletter.page}:{newsletter.version}",
        campaign=f"{newsletter.page}@{newsletter.version}",
        page=newsletter.page,
        due=open_at,
        not_after=open_at + STALE_AFTER,
    )


def plan_newsletter(
    newsletter: Newsletter,
    *,
    school: School,
    families: FamilyStore,
    mailings: Mailings,
    evidence: EvidenceBook,
    due: datetime,
    now: datetime,
) -> Laid:
    """Lay down the next chunk for everybody it is for. Planning twice stores once.

    The caller commits, and asks again until it is done.
    """
    laid = lay_next(
        newsletter_mailing(newsletter, school=school, due=due),
        meant=lambda family: wants(family, years=newsletter.years, school=school),
        families=families,
        mailings=mailings,
        now=now,
    )
    if laid.whole:
        what = f"{newsletter.page} for {laid.whole} families"
        evidence.write(Evidence(clause="C16", kind="newsletter.planned", when=now, what=what))
    return laid
