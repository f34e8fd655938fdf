"""What is done with a request: it is asked, decided, done, undone and closed, and each of these is written down."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from school.people import Person, Role
from school.school import School
from staff.approving import Seat, Verdict, Vote, may_vote, seats_for, vacant, verdict_of
from staff.request_notices import (
    BREACH,
    ENDED,
    FAULT,
    GRANTED,
    REFUSED,
    TO_DO,
    WAITS,
    Books,
    looking_after,
    may_look_after,
    tell,
    tell_asker,
    tell_the_provider,
    told_of_a_breach,
    write,
)
from staff.requests import (
    AS_SOON,
    DECIDED_BY_HEAD,
    EARLY,
    GOING_ON,
    MAY_SWITCH,
    OVERSEEING,
    TOLD_OF,
    UNDONE,
    Ask,
    NobodyCanDecideError,
    NoSuchRequestError,
    NotTheTimeError,
    NotYoursToDecideError,
    NotYoursToReportError,
    NotYoursToSwitchError,
    OverError,
    Personal,
    Reported,
    RequestState,
    StaffRequest,
    checked_times,
    wanted_for,
)


def seats_of(request: StaffRequest, *, school: School, now: datetime) -> tuple[Seat, ...]:
    """The seats of a request as they stand on a day; none for what is told of."""
    wanted = wanted_for(request.kind, school=school)
    return seats_for(wanted, asked_by=request.asked_by, school=school, on=school.calendar.today(now))


def ask_for(request: StaffRequest, *, books: Books, mail: bool = False) -> StaffRequest:
    """Keep it and tell whoever decides, or whoever has to know; by `mail` the filter's provider too, of a fault.

    The caller commits.

    Raises WrongTimesError, NotYoursToSwitchError or NobodyCanDecideError: then nothing is kept.
    """
    school, now = books.school, request.asked
    checked_times(request)
    asker = school.person(request.asked_by)
    if request.kind is Ask.FILTER_OFF and (asker is None or not asker.holds(*MAY_SWITCH)):
        raise NotYoursToSwitchError
    seats = seats_of(request, school=school, now=now)
    if empty := vacant(seats):
        roles = ", ".join(
            sorted({role.value.replace("esafety_", "e-safety ").replace("_", " ") for roles in empty for role in roles})
        )
        raise NobodyCanDecideError(roles=roles)
    books.requests.add(request)
    write(books, request, "told" if request.kind in TOLD_OF else "asked", by=request.asked_by, now=now)
    match request.kind:
        case Ask.BREACH:
            tell(books, request, _others(told_of_a_breach(school), asker), page=BREACH, urgent=True)
        case Ask.FILTER_FAULT:
            tell(books, request, _others(looking_after(school, now=now), asker), page=FAULT, urgent=True)
            if mail:
                tell_the_provider(books, request)
        case _:
            tell(books, request, _people(school, seats), page=WAITS, now=now)
    return request


def _others(people: tuple[Person, ...], asker: Person | None) -> tuple[Person, ...]:
    """All but whoever told of it; where that leaves nobody, they hear of it themselves."""
    return tuple(person for person in people if person != asker) or people


def _people(school: School, seats: Iterable[Seat]) -> tuple[Person, ...]:
    ids = {each for seat in seats for each in seat.people}
    return tuple(person for person in school.people if person.id in ids)


def may_read_request(request: StaffRequest, *, person: Person, school: School) -> bool:
    """Whether somebody may open it: whoever asked, those who look after it, and those who decide."""
    deputies = {each for named in school.approvers.deputies.values() for each in named}
    contact = request.kind is Ask.BREACH and person.id == school.data_protection
    if request.kind is Ask.BREACH:
        return contact or person.id == request.asked_by or person.holds(*OVERSEEING)
    roles = {role for roles in wanted_for(request.kind, school=school) for role in roles}
    return person.id in deputies | {request.asked_by} or person.holds(*OVERSEEING, *roles)


def request_for(reference: str, *, person: Person, books: Books) -> StaffRequest:
    """One that they may open. Raises NoSuchRequestError."""
    found = books.requests.by_reference(reference)
    if found is None or not may_read_request(found, person=person, school=books.school):
        raise NoSuchRequestError
    return found


def vote_on(request: StaffRequest, *, person: Person, yes: bool, why: str, books: Books, now: datetime) -> StaffRequest:
    """Somebody's yes or no; the request as it is now. The caller commits.

    Raises OverError where it is decided or its time is over, and NotYoursToDecideError.
    """
    if request.state is not RequestState.WAITING or (request.lapses is not None and now >= request.lapses):
        raise OverError
    seats = seats_of(request, school=books.school, now=now)
    if person.id == request.asked_by or not may_vote(person.id, seats=seats):
        raise NotYoursToDecideError
    # Two last yeses at one moment wait for each other here, so that one of them counts both.
    if not books.requests.hold(request.id, was=RequestState.WAITING):
        raise OverError
    books.requests.vote(request.id, Vote(person=person.id, yes=yes, at=now, why=why))
    write(books, request, "yes" if yes else "no", by=person.id, now=now)
    match verdict_of(books.requests.votes(request.id), seats=seats, asked_by=request.asked_by):
        case Verdict.GRANTED:
            return _granted(request, books=books, now=now)
        case Verdict.REFUSED:
            refused = change(books, request, state=RequestState.REFUSED, decided=now)
            write(books, refused, "refused", by=person.id, now=now)
            tell_asker(books, refused, page=REFUSED, now=now)
            return refused
        case _:
            return request


def _granted(request: StaffRequest, *, books: Books, now: datetime) -> StaffRequest:
    times: dict[str, datetime] = {}
    if request.choice == AS_SOON and request.starts and request.ends:
        times = {"starts": now, "ends": now + (request.ends - request.starts)}
    granted = change(books, request, state=RequestState.GRANTED, decided=now, **times)
    write(books, granted, "granted", by="", now=now)
    tell_asker(books, granted, page=GRANTED, now=now)
    whom = [each for each in looking_after(books.school, now=now) if each.id != request.asked_by]
    tell(books, granted, whom, page=TO_DO, now=now)
    return granted


def change(books: Books, request: StaffRequest, **new: object) -> StaffRequest:
    """It as it is now, kept. Raises OverError where somebody changed its state or its outcome meanwhile."""
    changed = replace(request, **new)  # type: ignore[arg-type]
    if not books.requests.save(changed, was=request):
        raise OverError
    return changed


def switch_off(request: StaffRequest, *, person: Person, books: Books, now: datetime) -> StaffRequest:
    """The filter is off from now on. Raises NotYoursToSwitchError, OverError or NotTheTimeError."""
    _may_switch(request, person, was=RequestState.GRANTED)
    if request.starts is None or request.ends is None or not request.starts - EARLY <= now < request.ends:
        raise NotTheTimeError
    off = change(books, request, state=RequestState.RUNNING, begun=now, begun_by=person.id)
    write(books, off, "off", by=person.id, now=now)
    return off


def on_again_by(request: StaffRequest) -> datetime:
    """When the filter has to be on again: as long after it went off as was agreed."""
    assert request.begun is not None
    assert request.starts is not None
    assert request.ends is not None
    return request.begun + (request.ends - request.starts)


def switch_on(request: StaffRequest, *, person: Person, books: Books, now: datetime) -> StaffRequest:
    """The filter is on again. Raises NotYoursToSwitchError or OverError."""
    _may_switch(request, person, was=RequestState.RUNNING)
    on = change(books, request, state=RequestState.CLOSED, closed=now, closed_by=person.id)
    write(books, on, "on", by=person.id, now=now)
    tell_asker(books, on, page=ENDED, now=now, but=person)
    return on


def _may_switch(request: StaffRequest, person: Person, *, was: RequestState) -> None:
    if not person.holds(*MAY_SWITCH):
        raise NotYoursToSwitchError
    if request.kind is not Ask.FILTER_OFF or request.state is not was:
        raise OverError


def do_request(request: StaffRequest, *, person: Person, books: Books, now: datetime) -> StaffRequest:
    """A program is installed, a site blocked again, a topic closed. Raises NotYoursToDecideError or OverError."""
    if not may_look_after(person, school=books.school):
        raise NotYoursToDecideError
    if request.kind not in UNDONE | {Ask.INSTALL} or request.state is not RequestState.GRANTED:
        raise OverError
    done = change(books, request, state=RequestState.CLOSED, closed=now, closed_by=person.id)
    write(books, done, "undone" if request.kind in UNDONE else "done", by=person.id, now=now)
    tell_asker(books, done, page=ENDED, now=now, but=person)
    return done


def may_start_clock(request: StaffRequest, *, person: Person, school: School) -> bool:
    """Whether somebody may say that personal data may be involved in a breach that was told of without."""
    theirs = person.id == request.asked_by or may_close_request(request, person=person, school=school)
    without = request.kind is Ask.BREACH and request.state is RequestState.OPEN and request.personal == Personal.NO
    return without and theirs


def start_clock(request: StaffRequest, *, person: Person, books: Books, now: datetime) -> StaffRequest:
    """Personal data may be involved after all: the 72 hours run, from when it was noticed. The caller commits.

    Raises OverError: there is no such breach, or its clock runs.
    """
    if not may_start_clock(request, person=person, school=books.school):
        raise OverError
    running = change(books, request, personal=Personal.NOT_SURE.value, told=None, times=0)
    write(books, running, "personal", by=person.id, now=now)
    return running


def decide_report(
    request: StaffRequest, *, how: Reported, why: str, person: Person, books: Books, now: datetime
) -> StaffRequest:
    """A breach was reported to the ICO, or is not, with the reason: the clock stops.

    Raises OverError or NotYoursToReportError.
    """
    if request.kind is not Ask.BREACH or request.outcome or request.state is not RequestState.OPEN:
        raise OverError
    if not may_decide_report(request, person=person, school=books.school, now=now):
        raise NotYoursToReportError
    decided = change(books, request, outcome=how.value, said=why, decided=now)
    write(books, decided, how.value, by=person.id, now=now)
    return decided


def may_decide_report(request: StaffRequest, *, person: Person, school: School, now: datetime) -> bool:
    """Whether somebody may say what was decided about the ICO: the head, and the contact for data protection.

    The safeguarding and the e-safety lead too, where no head is in or a day is left. Never whoever runs the machines.
    """
    if person.holds(Role.HEAD) or person.id == school.data_protection:
        return True
    late = request.starts is not None and now >= request.starts + DECIDED_BY_HEAD
    head_is_in = school.present(Role.HEAD, on=school.calendar.today(now))
    return person.holds(Role.DSL, Role.ESAFETY_LEAD) and (late or not head_is_in)


def close_request(request: StaffRequest, *, note: str, person: Person, books: Books, now: datetime) -> StaffRequest:
    """A fault or a breach is over, with a note. Raises NotYoursToDecideError or OverError.

    A breach whose clock runs is closed only once it is decided about the report: OverError says nothing of that, so
    the desk does not offer it.
    """
    _may_close(request, person, books=books)
    if request.kind is Ask.BREACH and request.personal != Personal.NO and not request.outcome:
        raise OverError
    said = f"{request.said} / {note}" if request.said else note
    closed = change(books, request, state=RequestState.CLOSED, said=said, closed=now, closed_by=person.id)
    write(books, closed, "closed", by=person.id, now=now)
    tell_asker(books, closed, page=ENDED, now=now, but=person)
    return closed


def may_close_request(request: StaffRequest, *, person: Person, school: School) -> bool:
    """Whether somebody may say how a fault or a breach ended: of a fault whoever told of it as well."""
    if request.kind is Ask.BREACH:
        return person.holds(*OVERSEEING) or person.id == school.data_protection
    theirs = person.id == request.asked_by
    return request.kind is Ask.FILTER_FAULT and (theirs or may_look_after(person, school=school))


def _may_close(request: StaffRequest, person: Person, *, books: Books) -> None:
    if not may_close_request(request, person=person, school=books.school):
        raise NotYoursToDecideError
    if request.state is not RequestState.OPEN:
        raise OverError


def needs(request: StaffRequest, *, person: Person, books: Books, now: datetime) -> bool:
    """Whether it waits for this person: their yes or no, or a tap of theirs that it is done."""
    match request.state:
        case RequestState.WAITING:
            if request.lapses is not None and now >= request.lapses:
                return False
            voted = {each.person for each in books.requests.votes(request.id)}
            return person.id not in voted and may_vote(person.id, seats=seats_of(request, school=books.school, now=now))
        case RequestState.GRANTED if request.kind in UNDONE:
            return request.ends is not None and now >= request.ends and _looks_after(person, books, now)
        case RequestState.GRANTED if request.kind is Ask.INSTALL:
            return _looks_after(person, books, now)
        case RequestState.GRANTED | RequestState.RUNNING:
            return person.holds(*MAY_SWITCH)
        case RequestState.OPEN if request.kind is Ask.BREACH:
            return person.holds(Role.HEAD)
        case RequestState.OPEN:
            return _looks_after(person, books, now)
        case _:
            return False


def _looks_after(person: Person, books: Books, now: datetime) -> bool:
    return person in looking_after(books.school, now=now)


def waiting_for(person: Person, *, books: Books, now: datetime) -> tuple[StaffRequest, ...]:
    """What waits for somebody, the oldest first."""
    found = books.requests.going_on()
    return tuple(each for each in found if needs(each, person=person, books=books, now=now))


def open_for(person: Person, *, books: Books, limit: int) -> tuple[StaffRequest, ...]:
    """The newest that they may open; what has not ended comes first."""
    own = books.requests.newest(limit=limit, asked_by=person.id)
    found = {each.id: each for each in (*own, *books.requests.newest(limit=limit))}
    theirs = [each for each in found.values() if may_read_request(each, person=person, school=books.school)]
    theirs.sort(key=lambda each: (each.state in GOING_ON, each.asked, each.id), reverse=True)
    return tuple(theirs[:limit])


def missing_offices(*, school: School, now: datetime) -> tuple[Role, ...]:
    """Those that nobody can fill today, so that what needs a yes of theirs can't be granted, whoever asks."""
    on = school.calendar.today(now)
    empty = {
        role
        for kind in Ask
        for roles in vacant(seats_for(wanted_for(kind, school=school), asked_by="", school=school, on=on))
        for role in roles
    }
    return tuple(role for role in Role if role in empty)
