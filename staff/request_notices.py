"""Who is told of requests, and what is written down of them: a kind and a reference, and no word of anybody's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from school.calendar import BeyondTheCalendarError
from school.evidence import Evidence, EvidenceBook
from school.notices import Doubt, Lane, Notice, Outbox, To
from school.people import Person, Role
from school.school import School
from staff.addresses import never_a_link
from staff.requests import CLAUSE, LOOKING_AFTER, Ask, Fault, RequestStore, StaffRequest

# As notices say it: staff read them in English.
CALLED: dict[Ask, str] = {
    Ask.UNBLOCK: "unblock a site",
    Ask.FILTER_OFF: "switch the filter off",
    Ask.INSTALL: "install a program",
    Ask.RESEARCH: "open a research topic",
    Ask.FILTER_FAULT: "filter fault",
    Ask.BREACH: "suspected breach",
}
WAITS, GRANTED, REFUSED, TO_DO = "request-waits", "request-granted", "request-refused", "request-to-do"
ENDED, FAULT, TO_PROVIDER, BREACH = "request-ended", "filter-fault", "filter-fault-provider", "breach-told"


@dataclass(frozen=True, kw_only=True)
class Books:
    """What a change to a request is written to, in one transaction of the caller's."""

    school: School
    requests: RequestStore
    outbox: Outbox
    evidence: EvidenceBook


# As the provider reads it.
FAULTS: dict[Fault, str] = {
    Fault.LETS_THROUGH: "the filter lets through what it should block",
    Fault.BLOCKS: "the filter blocks what it should let through",
    Fault.DOWN: "the filter does not work at all, or its reports do not",
}


def told_of_a_breach(school: School) -> tuple[Person, ...]:
    """Head, technician, safeguarding lead, e-safety lead and the contact for data protection: all, away or not."""
    roles = (Role.HEAD, Role.TECHNICIAN, Role.DSL, Role.ESAFETY_LEAD)
    named = [person for person in school.people if person.holds(*roles) or person.id == school.data_protection]
    return tuple(named)


def looking_after(school: School, *, now: datetime) -> tuple[Person, ...]:
    """The technician who is in, else a deputy of theirs, else the e-safety lead or the head; else whoever it is for."""
    day = school.calendar.today(now)
    if there := school.present(Role.TECHNICIAN, on=day):
        return there
    away = school.away(day)
    named = [school.person(each) for each in school.approvers.deputies.get(Role.TECHNICIAN, ()) if each not in away]
    deputies = tuple(person for person in named if person is not None)
    return deputies[:1] or school.first_present(*LOOKING_AFTER, on=day) or school.holders(Role.HEAD)


def may_look_after(person: Person, *, school: School) -> bool:
    """Whether somebody may say that it was done, undone or closed: the roles that look after it, and deputies."""
    return person.holds(*LOOKING_AFTER) or person.id in school.approvers.deputies.get(Role.TECHNICIAN, ())


def write(books: Books, request: StaffRequest, what: str, *, by: str, now: datetime) -> None:
    """Evidence, with the kind and the reference and no word of anybody's."""
    books.evidence.write(
        Evidence(
            clause=CLAUSE[request.kind],
            kind=f"request.{what}",
            when=now,
            what=f"{CALLED[request.kind]}: {request.reference}",
            by=by,
        )
    )


def tell(
    books: Books,
    request: StaffRequest,
    whom: Iterable[Person],
    *,
    page: str,
    now: datetime | None = None,
    urgent: bool = False,
    mark: str = "",
    values: dict[str, str] | None = None,
) -> int:
    """Leave a notice for each: at once where it is urgent, else when staff are in. How many were left."""
    return sum(
        books.outbox.leave(
            Notice(
                key=f"{page}:{request.id}:{mark}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=page,
                values={"kind": CALLED[request.kind], "reference": request.reference, **(values or {})},
                lane=Lane.SAFEGUARDING if urgent else Lane.REPLIES,
                doubt=Doubt.REPEAT if urgent else Doubt.LEAVE,
                due=None if urgent or now is None else when_staffed(books.school, now),
            )
        )
        for person in whom
    )


def tell_asker(books: Books, request: StaffRequest, *, page: str, now: datetime, but: Person | None = None) -> None:
    """Whoever asked hears how it goes, unless they did it themselves."""
    asker = books.school.person(request.asked_by)
    if asker is not None and asker != but:
        tell(books, request, (asker,), page=page, now=now)


def when_staffed(school: School, now: datetime) -> datetime:
    """When staff are in next; now, where the calendar ends."""
    try:
        return school.calendar.next_staffed(now)
    except BeyondTheCalendarError:
        return now


def tell_the_provider(books: Books, request: StaffRequest) -> None:
    """By e-mail, where the school has written an address down: what kind of fault, and the page it is about."""
    books.outbox.leave(
        Notice(
            key=f"{TO_PROVIDER}:{request.id}",
            to=To.PROVIDER,
            recipient="provider",
            page=TO_PROVIDER,
            values={
                "reference": request.reference,
                "what": FAULTS[Fault(request.choice)],
                # So that nobody opens it by a slip of the finger.
                "address": never_a_link(request.subject) or "not known",
            },
            lane=Lane.SAFEGUARDING,
            doubt=Doubt.REPEAT,
            via="email",
        )
    )
