"""Requests at the desk: the list, one on its card, a yes or a no, and the taps that it is done, off, on or undone."""

from collections.abc import Iterator

from bot.desk.asking_for import LIST, a_text, typed
from bot.desk.breaches import DECIDE, END
from bot.desk.may import may
from bot.desk.request_words import KINDS, NO_NAMES, blocks_of, books_of, line_of
from bot.desk.visit import Visit, button, once_more
from bot.wire import Answer, Choice, Form, Look, Show
from pages import Block, Bullets, Document, Heading, Tone, note, paragraph, says
from school.people import Person
from school.words import Refusal, Text
from staff import (
    MAY_SWITCH,
    UNDONE,
    Ask,
    RequestState,
    StaffRequest,
    do_request,
    has_clock,
    may_close_request,
    may_decide_report,
    may_look_after,
    may_start_clock,
    may_vote,
    open_for,
    plain_words,
    request_for,
    seats_of,
    start_clock,
    switch_off,
    switch_on,
    vote_on,
    waiting_for,
)

MOST_LISTED = 20
TITLE = Text("Requests")
ASK_HERE = (
    button(KINDS[Ask.UNBLOCK], "unblock"),
    button(KINDS[Ask.RESEARCH], "research"),
    button(KINDS[Ask.INSTALL], "install"),
)
TELL_HERE = (button(Text("The filter has a fault"), "filterfault"), button(Text("A breach, perhaps"), "breach"))
DONE: dict[Ask, Text] = {
    Ask.UNBLOCK: Text("Blocked again"),
    Ask.RESEARCH: Text("The topic is blocked again"),
    Ask.INSTALL: Text("Installed"),
}


def _who(visit: Visit) -> Person:
    assert visit.person is not None
    return visit.person


def listed(visit: Visit) -> Answer:
    """What waits for this person first, then the rest that they may open; and the ways to ask."""
    person, books = _who(visit), books_of(visit)
    waiting = waiting_for(person, books=books, now=visit.now)
    ids = {each.id for each in waiting}
    rest = [each for each in open_for(person, books=books, limit=MOST_LISTED) if each.id not in ids]
    blocks: list[Block] = []
    if waiting:
        blocks += [Heading(says(Text("Waiting for you")), 3), _lines(visit, waiting)]
    else:
        blocks.append(note(Text("Nothing waits for you."), Tone.GOOD))
    if rest:
        blocks += [Heading(says(Text("The others")), 3), _lines(visit, rest)]
    opens = [_open(each, Look.PRIMARY) for each in waiting] + [_open(each, Look.PLAIN) for each in rest]
    rows = [tuple(opens[at : at + 4]) for at in range(0, len(opens), 4)]
    switch = (button(KINDS[Ask.FILTER_OFF], "filteroff"),) if person.holds(*MAY_SWITCH) else ()
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    asks = tuple(each for each in ASK_HERE + switch if may(each.verb, incoming=visit.incoming, person=person))
    below = tuple(row for row in (asks, TELL_HERE) if row)
    return Answer(document=Document(TITLE, tuple(blocks)), choices=(*rows, *below), show=show)


def _lines(visit: Visit, found: tuple[StaffRequest, ...] | list[StaffRequest]) -> Bullets:
    return Bullets(tuple(says(line_of(visit, each)) for each in found[:MOST_LISTED]))


def _open(request: StaffRequest, look: Look) -> Choice:
    return button(Text("Open {reference}", {"reference": request.reference}), "req.read", look, _ref(request))


def _ref(request: StaffRequest) -> dict[str, str]:
    return {"ref": request.reference}


def _meant(visit: Visit) -> StaffRequest:
    """The request that a button carries. Raises NoSuchRequestError."""
    return request_for(visit.incoming.args.get("ref", ""), person=_who(visit), books=books_of(visit))


def opened(visit: Visit) -> Answer:
    """One on its card, with what this person can do about it."""
    return _card(visit, _meant(visit))


def _card(visit: Visit, request: StaffRequest, said: Text | None = None) -> Answer:
    title = Text("{kind}: {reference}", {"kind": KINDS[request.kind], "reference": request.reference})
    blocks = ([note(said, Tone.GOOD)] if said else []) + list(blocks_of(visit, request))
    ways = tuple(_ways(visit, request))
    rows = (ways, (LIST,)) if ways else ((LIST,),)
    return Answer(document=Document(title, tuple(blocks)), choices=rows, show=Show.REPLACE)


def _ways(visit: Visit, request: StaffRequest) -> Iterator[Choice]:
    person, ref = _who(visit), _ref(request)
    looks_after = may_look_after(person, school=visit.school)
    match request.state:
        case RequestState.WAITING if may_vote(person.id, seats=seats_of(request, school=visit.school, now=visit.now)):
            yield button(Text("Yes"), "req.yes", Look.PRIMARY, ref)
            yield button(Text("No, because …"), "req.no", Look.DANGER, ref)
        case RequestState.GRANTED if request.kind is Ask.FILTER_OFF and person.holds(*MAY_SWITCH):
            yield button(Text("Off now"), "req.off", Look.DANGER, ref)
        case RequestState.RUNNING if person.holds(*MAY_SWITCH):
            yield button(Text("On again"), "req.on", Look.PRIMARY, ref)
        case RequestState.GRANTED if request.kind in DONE and looks_after:
            look = Look.PLAIN if request.kind in UNDONE and not _is_over(visit, request) else Look.PRIMARY
            yield button(DONE[request.kind], "req.done", look, ref)
        case RequestState.OPEN if may_close_request(request, person=person, school=visit.school):
            if not has_clock(request):
                yield button(END, "req.close", Look.PRIMARY, ref)
            elif may_decide_report(request, person=person, school=visit.school, now=visit.now):
                yield button(DECIDE, "req.ico", Look.PRIMARY, ref)
    if may_start_clock(request, person=person, school=visit.school):
        yield button(Text("Personal data may be involved"), "req.personal", Look.PLAIN, ref)


def _is_over(visit: Visit, request: StaffRequest) -> bool:
    return request.ends is not None and visit.now >= request.ends


def said_yes(visit: Visit) -> Answer:
    """One tap. It says what it did: granted, or one more yes."""
    request = vote_on(_meant(visit), person=_who(visit), yes=True, why="", books=books_of(visit), now=visit.now)
    granted = request.state is RequestState.GRANTED
    return _card(visit, request, Text("It is granted.") if granted else Text("Your yes is kept."))


def no_form(visit: Visit) -> Answer:
    """Why not, before it is refused."""
    return Answer(form=_no_form(_meant(visit)), show=Show.FORM)


def _no_form(request: StaffRequest) -> Form:
    title = Text("Say no")
    intro = (
        paragraph(Text("One no ends {reference}, and whoever asked reads your reason.", _named(request))),
        note(NO_NAMES, Tone.CALM),
    )
    return Form(
        title=title,
        submit=title,
        verb="req.no.send",
        args=_ref(request),
        fields=(a_text("why", Text("Why not?"), hint=Text("And what would do instead, if you know.")),),
        intro=Document(title, intro),
    )


def _named(request: StaffRequest) -> dict[str, str]:
    return {"reference": request.reference}


def said_no(visit: Visit) -> Answer:
    """It is refused with the reason."""
    request = _meant(visit)
    try:
        why = plain_words(typed(visit, "why"), links=True)
        refused = vote_on(request, person=_who(visit), yes=False, why=why, books=books_of(visit), now=visit.now)
    except Refusal as refusal:
        return once_more(Answer(form=_no_form(request), show=Show.FORM), refusal)
    return _card(visit, refused, Text("Your no and its reason are kept."))


def went_off(visit: Visit) -> Answer:
    """The filter is off, and a clock runs."""
    request = switch_off(_meant(visit), person=_who(visit), books=books_of(visit), now=visit.now)
    return _card(visit, request, Text("Kept. Tap “On again” here as soon as the filter is on."))


def went_on(visit: Visit) -> Answer:
    """It is on again."""
    request = switch_on(_meant(visit), person=_who(visit), books=books_of(visit), now=visit.now)
    return _card(visit, request, Text("Kept: the filter is on. Try a page that has to be blocked."))


def done(visit: Visit) -> Answer:
    """Installed, or blocked again."""
    request = do_request(_meant(visit), person=_who(visit), books=books_of(visit), now=visit.now)
    return _card(visit, request, Text("Kept. Whoever asked is told."))


def personal(visit: Visit) -> Answer:
    """Personal data may be involved in a breach after all."""
    request = start_clock(_meant(visit), person=_who(visit), books=books_of(visit), now=visit.now)
    return _card(visit, request, Text("Kept. The 72 hours run from when it was noticed."))
