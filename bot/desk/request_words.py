"""Requests in words: what each kind, state and answer is called, and all that a card says of one."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.desk.visit import Visit, name_of
from pages import Block, Facts, Tone, note
from school.people import Role
from school.words import Text
from staff import (
    ICO_HOURS,
    Ask,
    Books,
    Breach,
    Fault,
    Personal,
    Reported,
    RequestState,
    Seat,
    StaffRequest,
    has_clock,
    on_again_by,
    seats_of,
    vacant,
)

Labelled = tuple[Text, str | Text]
KINDS: Mapping[Ask, Text] = {
    Ask.UNBLOCK: Text("Unblock a site"),
    Ask.FILTER_OFF: Text("Switch the filter off"),
    Ask.INSTALL: Text("Install a program"),
    Ask.RESEARCH: Text("Open a research topic"),
    Ask.FILTER_FAULT: Text("Filter fault"),
    Ask.BREACH: Text("Suspected breach"),
}
STATES: Mapping[RequestState, Text] = {
    RequestState.WAITING: Text("waits for a decision"),
    RequestState.GRANTED: Text("granted"),
    RequestState.RUNNING: Text("the filter is off"),
    RequestState.OPEN: Text("open"),
    RequestState.REFUSED: Text("refused"),
    RequestState.LAPSED: Text("ended: nobody decided or used it in time"),
    RequestState.CLOSED: Text("done and closed"),
}
ROLES: Mapping[Role, Text] = {
    Role.HEAD: Text("Head"),
    Role.TECHNICIAN: Text("Technician"),
    Role.ESAFETY_LEAD: Text("E-safety lead"),
    Role.DSL: Text("Safeguarding lead"),
    Role.DEPUTY_DSL: Text("Deputy safeguarding lead"),
    Role.OFFICE: Text("Office"),
    Role.CHAIR_OF_GOVERNORS: Text("Chair of governors"),
    Role.GOVERNOR: Text("Governor"),
    Role.TEACHER: Text("Teacher"),
    Role.STAFF: Text("Member of staff"),
    Role.YEAR_LEAD: Text("Year lead"),
}
FAULT_KINDS: Mapping[Fault, Text] = {
    Fault.LETS_THROUGH: Text("It lets through what it should block"),
    Fault.BLOCKS: Text("It blocks what it should let through"),
    Fault.DOWN: Text("It doesn't work at all, or sends no reports"),
}
BREACH_KINDS: Mapping[Breach, Text] = {
    Breach.LOST: Text("A device, a USB stick or papers are lost or stolen"),
    Breach.SENT_WRONG: Text("Something was sent to the wrong person, or published"),
    Breach.LOGIN: Text("A password or an account is in the wrong hands"),
    Breach.SEEN: Text("Somebody saw or changed what they shouldn't"),
    Breach.MALWARE: Text("A virus, ransom demand or false page"),
    Breach.OTHER: Text("Something else"),
}
PERSONAL: Mapping[Personal, Text] = {
    Personal.YES: Text("Yes"),
    Personal.NOT_SURE: Text("Not sure"),
    Personal.NO: Text("No"),
}
REPORTED: Mapping[Reported, Text] = {
    Reported.REPORTED: Text("Reported to the ICO"),
    Reported.NOT_REPORTED: Text("Decided not to report it"),
}
NO_NAMES = Text("No child's name, please, and nothing that a child said.")


def when(visit: Visit, at: datetime) -> str:
    """Day and hour as the school's wall shows them."""
    return f"{visit.school.calendar.local(at):%d/%m/%Y, %H:%M}"


def books_of(visit: Visit) -> Books:
    """What a change is written to."""
    unit = visit.unit
    return Books(school=visit.school, requests=unit.requests, outbox=unit.outbox, evidence=unit.evidence)


def line_of(visit: Visit, request: StaffRequest) -> Text:
    """One line of a list: what kind, since when and how it stands. No word of anybody's."""
    values: dict[str, str | int | Text] = {
        "kind": KINDS[request.kind],
        "reference": request.reference,
        "date": when(visit, request.asked),
        "state": STATES[request.state],
    }
    return Text("{kind}, {reference}, of {date}: {state}", values)


def blocks_of(visit: Visit, request: StaffRequest) -> Iterator[Block]:
    """All that is kept of one."""
    yield Facts((*_what(visit, request), *_how_it_stands(visit, request)))
    if request.state is RequestState.WAITING:
        yield from _seats(visit, request)
    votes = visit.unit.requests.votes(request.id)
    for vote in votes:
        values = {"name": name_of(visit, vote.person), "date": when(visit, vote.at), "why": vote.why}
        if vote.yes:
            yield note(Text("{name} said yes, {date}.", values), Tone.GOOD)
        else:
            yield note(Text("{name} said no, {date}: {why}", values), Tone.URGENT)
    yield from _clock(visit, request)


def _what(visit: Visit, request: StaffRequest) -> Iterator[Labelled]:
    match request.kind:
        case Ask.UNBLOCK:
            yield Text("Address"), request.subject
            yield Text("Why"), request.why
        case Ask.FILTER_OFF:
            yield Text("What for"), request.why
        case Ask.INSTALL:
            yield Text("Program"), request.subject
            yield Text("Why"), request.why
            yield Text("On which devices"), request.more
        case Ask.RESEARCH:
            yield Text("Topic"), request.subject
            yield Text("Safe sources"), request.more or Text("none named")
        case Ask.FILTER_FAULT:
            yield Text("What it does"), FAULT_KINDS[Fault(request.choice)]
            yield Text("Address"), request.subject or Text("not known")
            yield Text("Where"), request.more
            yield Text("What was seen"), request.why or Text("not said")
        case Ask.BREACH:
            yield Text("What happened"), BREACH_KINDS[Breach(request.choice)]
            yield Text("Personal data may be involved"), PERSONAL[Personal(request.personal)]
            if request.why:
                yield Text("In a few words"), request.why
    klass = next((klass.name for klass in visit.school.classes if klass.id == request.class_id), "")
    if klass:
        yield Text("Class"), klass
    if request.starts:
        yield (Text("Noticed") if request.kind is Ask.BREACH else Text("From")), when(visit, request.starts)
    if request.ends:
        yield Text("Until"), when(visit, request.ends)


def _how_it_stands(visit: Visit, request: StaffRequest) -> Iterator[Labelled]:
    yield Text("Asked or told by"), name_of(visit, request.asked_by)
    yield Text("On"), when(visit, request.asked)
    yield Text("How it stands"), STATES[request.state]
    if request.begun and request.state is RequestState.RUNNING:
        yield Text("Off since"), when(visit, request.begun)
        yield Text("On again by"), when(visit, on_again_by(request))
    if request.outcome:
        yield Text("About a report"), REPORTED[Reported(request.outcome)]
    if request.said:
        yield Text("Note"), request.said
    if request.closed and request.closed_by:
        yield Text("Closed by"), name_of(visit, request.closed_by)
        yield Text("Closed on"), when(visit, request.closed)


def _seats(visit: Visit, request: StaffRequest) -> Iterator[Block]:
    seats = seats_of(request, school=visit.school, now=visit.now)
    yield Facts(tuple((_called(seat), _who(visit, seat)) for seat in seats))
    if empty := vacant(seats):
        roles = Text("{roles}", {"roles": ", ".join(str(ROLES[role]) for roles in empty for role in roles)})
        yield note(
            Text("As things are this can't be granted: nobody can say yes as {roles}.", {"roles": roles}), Tone.URGENT
        )


def _called(seat: Seat) -> Text:
    first, *rest = (ROLES[role] for role in seat.roles)
    return Text("{one} or {other}", {"one": first, "other": rest[0]}) if rest else first


def _who(visit: Visit, seat: Seat) -> str | Text:
    names = [person.name for person in visit.school.people if person.id in seat.people]
    return ", ".join(names) or Text("nobody")


def _clock(visit: Visit, request: StaffRequest) -> Iterator[Block]:
    """Source: UK GDPR, article 33; ico.org.uk, "Personal data breaches: a guide"."""
    if not has_clock(request) or request.starts is None:
        return
    by = {"by": when(visit, request.starts + timedelta(hours=ICO_HOURS))}
    yield note(
        Text(
            "Personal data may be involved. Unless a risk to people is unlikely, the ICO has to be told within 72 "
            "hours of noticing it: by {by}. Say below what was decided.",
            by,
        ),
        Tone.URGENT,
    )
