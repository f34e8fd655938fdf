"""Unsuitable finds: what turned up on a screen in a lesson, who is told, and what became of it.

Nothing is kept here that a child said, did or is called: kinds and places to choose from, and the page's address.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.evidence import Evidence, EvidenceBook
from school.notices import Doubt, Lane, Notice, Outbox, To
from school.people import Person, Role, YearGroup
from school.school import School
from school.words import Refusal, Text

CLAUSE, PAGE = "C12", "find-waiting"
MARK_LENGTH = 24
# Letters, digits and what stands between them on a label, and at least one digit: a child's name has none.
_MARK = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ./_-]*")
# Who may read what was found, and deal with it.
LEADS = (Role.DSL, Role.DEPUTY_DSL, Role.HEAD)
OWNERS = (Role.TECHNICIAN, Role.ESAFETY_LEAD)


class Kind(StrEnum):
    """What turned up. CHILD_ABUSE may be a crime to look at, and goes to the safeguarding leads alone."""

    SEXUAL = "sexual"
    VIOLENT = "violent"
    HATE = "hate"
    SELF_HARM = "self_harm"
    SALES = "sales"
    CONTACT = "contact"
    OTHER = "other"
    CHILD_ABUSE = "child_abuse"


class Device(StrEnum):
    """On which screen."""

    BOARD = "board"
    TABLET = "tablet"
    COMPUTER = "computer"
    OWN = "own"
    OTHER = "other"


class When(StrEnum):
    """How long before it was sent."""

    NOW = "now"
    TODAY = "today"
    EARLIER = "earlier"


class Seen(StrEnum):
    """Whether a child saw it, or is upset."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


class Dealt(StrEnum):
    """What whoever owns the filter did."""

    PROVIDER = "provider"
    OURSELVES = "ourselves"
    BLOCKED_NOW = "blocked_now"
    REPORTED = "reported"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Find:
    """One find. `address` and `mark` (a device's or room's label) may be empty; `year` is None where it is not said.

    `by` told of it at `at`; `dealt_by` says what was done at `dealt_at`, both None or empty until then.
    """

    id: UUID
    reference: str
    at: datetime
    by: str
    kind: Kind
    device: Device
    when: When
    seen: Seen
    upset: Seen
    address: str = ""
    mark: str = ""
    year: YearGroup | None = None
    dealt: Dealt | None = None
    dealt_by: str = ""
    dealt_at: datetime | None = None


class FindStore(Protocol):
    """Where the finds of a school are kept. The caller commits."""

    def add(self, find: Find) -> None:
        """A new one."""

    def by_reference(self, reference: str) -> Find | None:
        """One by its mark."""

    def newest(self, *, limit: int) -> tuple[Find, ...]:
        """Those that nobody has dealt with first, the newest of them on top."""

    def deal(self, find_id: UUID, *, how: Dealt, by: str, now: datetime) -> bool:
        """Somebody dealt with it; False where somebody had."""


class NoMarkError(Refusal):
    """What was given is not a label of a device or a room."""

    text = Text(
        "Give the number on the device or the door, such as iPad 14 or Room 3, in at most {most} characters, or leave "
        "it empty. No names, please."
    )


class NoSuchFindError(Refusal):
    """There is none by that reference, or it is for other eyes."""

    text = Text("There is nothing by that reference that you can open. Look at the list again.")


class DealtWithError(Refusal):
    """Somebody has dealt with it."""

    text = Text("Somebody has marked this as dealt with already. Open it again to see who, and what was done.")


def label_of(typed: str) -> str:
    """What stands on a device or a door. Raises NoMarkError, so that nobody writes a child's name there."""
    mark = " ".join(typed.split())
    if mark and (len(mark) > MARK_LENGTH or not _MARK.fullmatch(mark)):
        raise NoMarkError(most=MARK_LENGTH)
    return mark


def report_find(find: Find, *, school: School, finds: FindStore, outbox: Outbox, evidence: EvidenceBook) -> int:
    """Keep it, and tell whoever owns the filter and the safeguarding lead; how many were told. The caller commits.

    The notice has the reference and nothing else. It goes at once, at any hour: the page may be on a screen again.
    """
    finds.add(find)
    _write(evidence, "find.reported", find.reference, by=find.by, now=find.at)
    return sum(
        outbox.leave(
            Notice(
                key=f"find:{find.id}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=PAGE,
                values={"reference": find.reference},
                lane=Lane.SAFEGUARDING,
                doubt=Doubt.REPEAT,
            )
        )
        for person in told_of(find, school=school)
    )


def told_of(find: Find, *, school: School) -> tuple[Person, ...]:
    """Who hears of it: the filter's owner and the lead who are in today, each else whoever is there instead of them.

    What may be a crime to look at is the safeguarding lead's alone: they say whom else it is for.
    """
    day = school.calendar.today(find.at)
    lead, owner = (Role.DSL, Role.DEPUTY_DSL, Role.HEAD), (*OWNERS, Role.HEAD)
    ways = (lead,) if find.kind is Kind.CHILD_ABUSE else (owner, lead)
    found: dict[str, Person] = {}
    for way in ways:
        present = school.first_present(*way, on=day)
        # Nobody is in: whoever it is for hears of it all the same.
        told = present or next((people for role in way if (people := school.holders(role))), ())
        found |= {person.id: person for person in told}
    return tuple(found.values())


def may_read_find(find: Find, *, person: Person) -> bool:
    """Whether somebody may read it: the leads and the filter's owners; of what may be a crime, the leads alone."""
    return person.holds(*LEADS) or (find.kind is not Kind.CHILD_ABUSE and person.holds(*OWNERS))


def find_for(reference: str, *, person: Person, finds: FindStore) -> Find:
    """One that they may read. Raises NoSuchFindError."""
    find = finds.by_reference(reference)
    if find is None or not may_read_find(find, person=person):
        raise NoSuchFindError
    return find


def deal_with(
    reference: str, *, how: Dealt, person: Person, finds: FindStore, evidence: EvidenceBook, now: datetime
) -> Find:
    """It is dealt with; the find as it is now. The caller commits. Raises NoSuchFindError or DealtWithError."""
    find = find_for(reference, person=person, finds=finds)
    if not finds.deal(find.id, how=how, by=person.id, now=now):
        raise DealtWithError
    _write(evidence, "find.dealt_with", f"{reference}: {how}", by=person.id, now=now)
    return find_for(reference, person=person, finds=finds)


def _write(evidence: EvidenceBook, kind: str, what: str, *, by: str, now: datetime) -> None:
    evidence.write(Evidence(clause=CLAUSE, kind=kind, when=now, what=what, by=by))
