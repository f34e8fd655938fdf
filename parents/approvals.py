"""Two people's look at what goes to the whole school: who has said yes to which words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pages import Page, Shelf
from parents.issues import Newsletter, for_everybody, newsletter_id, newsletter_of
from school.evidence import Evidence, EvidenceBook
from school.notices import Header, MailingState
from school.people import Person, Role
from school.school import School
from school.words import Refusal, Text

# Who answers for what goes out to many: they hold, cancel and repeat it, and say yes to it.
STEERING = (Role.HEAD, Role.DSL, Role.ESAFETY_LEAD, Role.OFFICE)
PEOPLE_NEEDED = 2


class ChangedSinceError(Refusal):
    """Somebody says yes to words that are not the words any more."""

    text = Text("This page was changed after you opened it. Please look at it again: nothing was approved.")


class SaidYesAlreadyError(Refusal):
    """The same person again, in whatever role."""

    text = Text("You have said yes to this one already. The second yes has to be another person's.")


class NotYoursToApproveError(Refusal):
    """Somebody who does not answer for what the school sends."""

    text = Text("Only the head, the safeguarding lead, the e-safety lead or the office can approve this.")


class NotWaitingError(Refusal):
    """A mailing that asks nobody for a yes: it is over, on its way, or not for the whole school."""

    text = Text("Nobody's yes is needed for this one: it is over, on its way, or not for the whole school.")


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One person's yes to one mailing, in the words whose digest it is: of the page in every language it has."""

    mailing: str
    digest: str
    person: str
    at: datetime


class ApprovalBook(Protocol):
    """Who said yes to what, in one school. It is only ever added to."""

    def add(self, approval: Approval) -> bool:
        """Keep it; False where the same person has said yes to the same words. The caller commits."""

    def of(self, mailing: str) -> Sequence[Approval]:
        """Every yes to a mailing, in whatever words, oldest first."""


def can_approve(people: Iterable[Person]) -> tuple[Person, ...]:
    """Those among people who may say yes."""
    return tuple(person for person in people if person.holds(*STEERING))


def needs_two(newsletter: Newsletter, *, school: School) -> bool:
    """Whether two people have to say yes before it goes: it is for the whole school, and the school asks for that."""
    return school.second_person and for_everybody(newsletter.years, school=school)


def counting(newsletter: Newsletter, *, approvals: ApprovalBook) -> tuple[Approval, ...]:
    """The approvals of these very words, one a person, oldest first."""
    ours = (each for each in approvals.of(newsletter_id(newsletter)) if each.digest == newsletter.digest)
    return tuple({each.person: each for each in reversed(tuple(ours))}.values())[::-1]


def approved_before(newsletter: Newsletter, *, approvals: ApprovalBook) -> bool:
    """Whether somebody approved other words of the same version: the page was changed since."""
    return any(each.digest != newsletter.digest for each in approvals.of(newsletter_id(newsletter)))


def may_go(newsletter: Newsletter, *, school: School, approvals: ApprovalBook) -> bool:
    """Whether nobody's yes is missing."""
    return not needs_two(newsletter, school=school) or len(counting(newsletter, approvals=approvals)) >= PEOPLE_NEEDED


def held_back(
    pages: Iterable[Page], unlaid: Iterable[Header], *, shelf: Shelf, school: School, approvals: ApprovalBook
) -> frozenset[str]:
    """The ids of newsletters among these that nobody may read yet: they wait for a yes, or never got it."""
    ids = {header.mailing.id for header in unlaid}
    found = (newsletter_of(page, shelf=shelf) for page in pages)
    return frozenset(
        each.page
        for each in found
        if newsletter_id(each) in ids and not may_go(each, school=school, approvals=approvals)
    )


def approve(
    newsletter: Newsletter,
    header: Header,
    *,
    seen: str,
    person: Person,
    school: School,
    approvals: ApprovalBook,
    evidence: EvidenceBook,
    now: datetime,
) -> int:
    """One person's yes to the words whose digest they saw; how many have said yes to them now. The caller commits.

    Raises NotYoursToApproveError, NotWaitingError, ChangedSinceError and SaidYesAlreadyError.
    """
    if not person.holds(*STEERING):
        raise NotYoursToApproveError
    if header.state in {MailingState.CANCELLED, MailingState.FINISHED} or header.laid:
        raise NotWaitingError
    if not needs_two(newsletter, school=school) or header.mailing.id != newsletter_id(newsletter):
        raise NotWaitingError
    if seen != newsletter.digest:
        raise ChangedSinceError
    given = Approval(mailing=header.mailing.id, digest=newsletter.digest, person=person.id, at=now)
    if not approvals.add(given):
        raise SaidYesAlreadyError
    count = len(counting(newsletter, approvals=approvals))
    what = f"{newsletter.page} looked at before it goes to the whole school: {count} of {PEOPLE_NEEDED}"
    evidence.write(Evidence(clause="C16", kind="newsletter.approved", when=now, what=what, by=person.id))
    return count
