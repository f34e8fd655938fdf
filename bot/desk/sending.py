"""What is being sent, as staff see and steer it: each mailing with its progress, and what nobody can be sure of."""

from dataclasses import replace
from datetime import datetime

from bot.desk import previewing
from bot.desk.outlook import A_SECOND, finished_by
from bot.desk.predicates import steering
from bot.desk.visit import Visit, button, says_only
from bot.unit import DeliveryLine, MailingProgress
from bot.wire import Answer, Card, Choice, Look, Progress, Show
from pages import Block, Document, Facts, Heading, NoSuchPageError, Reader, Tone, note, paragraph, says
from school.notices import MailingState
from school.words import Refusal, Text

MAILINGS, DOUBTFUL = 8, 25

STATES: dict[MailingState, Text] = {
    MailingState.RUNNING: Text("Running"),
    MailingState.PAUSED: Text("Paused"),
    MailingState.CANCELLED: Text("Cancelled"),
    MailingState.FINISHED: Text("Finished"),
}


class NoSuchMailingError(Refusal):
    """A mailing that is over, or was never there."""

    text = Text("That one is over already, or was cancelled. Nothing was changed.")


class DecidedAlreadyError(Refusal):
    """A doubtful delivery that is not doubtful any more."""

    text = Text("Somebody has decided on that one already. Nothing was changed.")


def cards(visit: Visit) -> tuple[Card, ...]:
    """A card for each of the newest mailings, and one for each delivery in doubt."""
    mailings = [_mailing(visit, each) for each in visit.unit.deliveries.progress(limit=MAILINGS)]
    doubtful = [_doubt(visit, line) for line in visit.unit.deliveries.doubtful(limit=DOUBTFUL)]
    shown = (*mailings, *doubtful)
    return shown if steering(visit.incoming, visit.person) else tuple(replace(card, choices=()) for card in shown)


def school_choices(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    """Holding everything of the school but safeguarding, or letting it go on."""
    if not steering(visit.incoming, visit.person):
        return ()
    if visit.unit.deliveries.paused():
        return ((button(Text("Let everything go on"), "sending.go_on", Look.PRIMARY),),)
    return ((button(Text("Hold all news of this school"), "sending.hold"),),)


def _mailing(visit: Visit, progress: MailingProgress) -> Card:
    header, states = progress.header, progress.states
    due = visit.school.calendar.local(header.mailing.due)
    coming = header.frozen is None and header.state is MailingState.RUNNING
    facts: list[tuple[str | Text, str | Text]] = [
        (Text("State"), Text("Planned") if coming else STATES[header.state]),
        (Text("Goes out"), f"{due:%d %b %H:%M}"),
    ]
    if header.frozen is not None:
        facts.append((_readers(visit, header.mailing.page), str(header.candidates)))
    facts += previewing.approvals_fact(visit, header)
    facts += [
        (label, str(states.get(state, 0)))
        for state, label in (
            ("sent", Text("Sent")),
            ("failed", Text("Failed")),
            ("skipped", Text("Skipped")),
            ("unknown", Text("Unknown: may or may not have gone out")),
        )
        if states.get(state, 0)
    ]
    blocks: list[Block] = [Heading(says(_title(visit, header.mailing.page)), 3), Facts(tuple(facts))]
    if header.state is MailingState.RUNNING and progress.pending:
        blocks.append(paragraph(_to_go(visit, header.mailing.due, progress.pending)))
    if previewing.missing_yes(visit, header):
        blocks.append(note(Text("It waits until two people have looked at it and said yes.")))
    if not progress.balanced:
        blocks.append(note(Text("These numbers don't add up. Please tell whoever looks after Lollipop."), Tone.URGENT))
    done = header.candidates - progress.pending
    bar = Progress(done=done, of=header.candidates, label=Text("How much of it is done")) if header.candidates else None
    return Card(Document("", tuple(blocks)), _mailing_choices(visit, progress), progress=bar)


def _readers(visit: Visit, page: str) -> Text:
    try:
        staff = visit.house.shelf.get(page, "en").front.reader is Reader.STAFF
    except NoSuchPageError:
        staff = False
    return Text("Staff") if staff else Text("Families")


def _to_go(visit: Visit, due: datetime, pending: int) -> Text:
    calendar = visit.school.calendar
    finish = finished_by(pending, start=max(due, visit.now))
    until = calendar.local(finish)
    same_day = calendar.today(finish) == calendar.today(visit.now)
    values: dict[str, str | int] = {
        "pending": pending,
        "until": f"{until:%H:%M}" if same_day else f"{until:%d/%m %H:%M}",
        "speed": A_SECOND,
    }
    if calendar.is_quiet(finish):
        return Text(
            "{pending} to go at {speed} a second. What is left when quiet hours begin goes on in the morning.",
            values,
        )
    return Text("{pending} to go: until about {until} at {speed} a second.", values)


def _mailing_choices(visit: Visit, progress: MailingProgress) -> tuple[tuple[Choice, ...], ...]:
    args = {"id": progress.header.mailing.id}
    look = ((previewing.look_choice(args["id"]),),) if previewing.is_coming(visit, progress.header) else ()
    stop = button(Text("Cancel what is left"), "mailing.cancel", Look.DANGER, args)
    match progress.header.state:
        case MailingState.RUNNING:
            return (*look, (button(Text("Pause"), "mailing.pause", args=args), stop))
        case MailingState.PAUSED:
            return (*look, (button(Text("Go on"), "mailing.resume", Look.PRIMARY, args), stop))
        case _:
            return ()


def _doubt(visit: Visit, line: DeliveryLine) -> Card:
    due = visit.school.calendar.local(line.due)
    words = Text(
        "“{page}”, due {due}: we can't tell whether it reached one of its readers ({reason}).",
        {"page": _title(visit, line.page), "due": f"{due:%d %b %H:%M}", "reason": line.reason},
    )
    args = {"id": line.id}
    again = button(Text("Send it again"), "delivery.again", args=args)
    leave = button(Text("Leave it"), "delivery.leave", args=args)
    return Card(Document("", (paragraph(words),)), ((again, leave),))


def _title(visit: Visit, page: str) -> str:
    try:
        return visit.house.shelf.get(page, "en").front.title
    except NoSuchPageError:
        return page


def paused(visit: Visit) -> Answer:
    """Hold a mailing: what is on its way is finished, and nothing more goes out until somebody lets it."""
    return _set(visit, MailingState.PAUSED, Text("Paused. What was on its way is still finished."))


def resumed(visit: Visit) -> Answer:
    """Let it go on."""
    return _set(visit, MailingState.RUNNING, Text("It goes on."))


def cancelled(visit: Visit) -> Answer:
    """Whatever has not gone out never will."""
    return _set(visit, MailingState.CANCELLED, Text("Cancelled. Nothing more of it goes out."))


def _set(visit: Visit, state: MailingState, words: Text) -> Answer:
    asked = visit.incoming.args.get("id", "")
    if not asked or not visit.unit.mailings.set_state(asked, state, now=visit.now):
        raise NoSuchMailingError
    return says_only(words, tone=Tone.GOOD, show=Show.TOAST)


def sent_again(visit: Visit) -> Answer:
    """A person decides that a doubtful one goes once more."""
    return _decide(visit, again=True, words=Text("It goes out again."))


def left(visit: Visit) -> Answer:
    """A person decides that a doubtful one stays as it is."""
    return _decide(visit, again=False, words=Text("Left as it is."))


def _decide(visit: Visit, *, again: bool, words: Text) -> Answer:
    if not visit.unit.deliveries.decide(visit.incoming.args.get("id", ""), again=again, now=visit.now):
        raise DecidedAlreadyError
    return says_only(words, tone=Tone.GOOD, show=Show.TOAST)


def school_held(visit: Visit) -> Answer:
    """Hold everything of this school but safeguarding."""
    visit.unit.deliveries.pause(since=visit.now)
    words = Text("Held. Notices about safeguarding still go out; everything else waits.")
    return says_only(words, tone=Tone.GOOD, show=Show.TOAST)


def school_let_go(visit: Visit) -> Answer:
    """Let everything of this school go on."""
    visit.unit.deliveries.pause(since=None)
    return says_only(Text("Everything goes on."), tone=Tone.GOOD, show=Show.TOAST)
