"""Newsletters: one page, one notice for each family that it is meant for."""

from datetime import datetime

from parents.approvals import ApprovalBook, may_go
from parents.families import Family, FamilyStore
from parents.issues import Newsletter, newsletter_mailing
from parents.mailings import Laid, lay_next
from school.evidence import Evidence, EvidenceBook
from school.notices import Mailings
from school.people import YearGroup
from school.school import School


def wants(family: Family, *, years: frozenset[YearGroup], school: School) -> bool:
    """Whether a page for these years is for this family: when it chose any of them, or any of its classes has any."""
    if not years or not (family.classes or family.years):
        return True
    theirs = set(family.years)
    theirs |= {year for klass in school.classes if klass.id in family.classes for year in klass.years}
    return not theirs.isdisjoint(years)


def plan_newsletter(
    newsletter: Newsletter,
    *,
    school: School,
    families: FamilyStore,
    mailings: Mailings,
    approvals: ApprovalBook,
    evidence: EvidenceBook,
    due: datetime,
    now: datetime,
) -> Laid:
    """Lay down the next chunk for everybody it is for. Planning twice stores once.

    Of one that is for the whole school only the header is there until two people have said yes to these very words.
    One that is late waits for the end of the quiet hours. The caller commits, and asks again until it is done.
    """
    mailing = newsletter_mailing(newsletter, school=school, due=due)
    waits = not may_go(newsletter, school=school, approvals=approvals)
    if waits or school.calendar.is_quiet(now):
        mailings.open(mailing, now=now)
        return Laid()
    laid = lay_next(
        mailing,
        meant=lambda family: wants(family, years=newsletter.years, school=school),
        families=families,
        mailings=mailings,
        now=now,
    )
    if laid.whole:
        what = f"{newsletter.page} for {laid.whole} families"
        evidence.write(Evidence(clause="C16", kind="newsletter.planned", when=now, what=what))
        if newsletter.leads_to:
            what = f"{newsletter.page} leads to {', '.join(newsletter.leads_to)}"
            evidence.write(Evidence(clause="C19", kind="newsletter.links", when=now, what=what))
    return laid
