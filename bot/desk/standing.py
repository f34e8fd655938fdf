"""How a report stands, for whoever holds its receipt, and what they add to it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.desk.hours import when_somebody_looks
from bot.desk.inbox import quoted
from bot.desk.visit import Visit, says_only
from bot.desk.waiting import change
from bot.receipt_forms import ADD
from bot.wire import Answer, Via
from pages import Block, Document, Heading, Paragraph, Span, Tone, note, says
from safeguarding import Entry, EntryKind, State, add, chat_by_receipt, status_of
from school.sensitive import Sensitive
from school.words import Text

CANNOT_SHOW = Text("This can't be shown. Please ask an adult you trust at school about it.")

STATUS: dict[State, Text] = {
    State.DRAFT: Text(
        "Your words are locked away, and nobody has been given them yet. To pass them on, go back to the chat "
        "where you wrote them and choose. If you don't, we wipe them one day after you wrote them.",
    ),
    State.NEW: Text("Your report has arrived. Nobody has opened it yet."),
    State.OPENED: Text("Someone on the safeguarding team has opened your report."),
    State.ACKNOWLEDGED: Text("Someone on the safeguarding team has read your report and is dealing with it."),
    State.REFERRED: Text("Someone on the safeguarding team is dealing with your report, with help from outside."),
    State.TRANSFERRED: Text("The safeguarding team keeps your report with the school's own records."),
    State.CLOSED: Text("The safeguarding team has read your report. If there is more, please tell us."),
}


DRAFT_GOES = Text(
    "Your words are locked away. In a few minutes they go to the adults at school who keep children safe. To send them "
    "now, or to stop that, go back to the chat where you wrote them and choose.",
)


def status(visit: Visit) -> Answer:
    """How a report stands, for whoever has its receipt."""
    return standing(visit, visit.incoming.words.get("receipt") or Sensitive(""))


def standing(visit: Visit, typed: Sensitive) -> Answer:
    """The same for a receipt that came by another way. Raises UnknownReceiptError, as slowly as it finds one."""
    lookup, wrapping = visit.halves_of(typed)
    state, entries = status_of(lookup, concerns=visit.unit.concerns, wrapping=wrapping, now=visit.now)
    told = says_only(STATUS[state], title=Text("Your report"), tone=Tone.GOOD)
    document = told.document or Document("")
    if state is State.NEW:
        document = document + when_somebody_looks(visit)
    concern = visit.unit.concerns.by_receipt(lookup)
    if state is State.DRAFT or concern is None:
        going = concern is not None and visit.unit.drafts.goes_at(concern.id) is not None
        return says_only(DRAFT_GOES, title=Text("Your report"), tone=Tone.GOOD) if going else told
    if visit.incoming.via is not Via.WEB:
        chat = chat_by_receipt(concern, concerns=visit.unit.concerns, chats=visit.unit.chats, wrapping=wrapping)
        here = chat is not None and chat.address.reveal() == visit.incoming.sender and chat.via == visit.incoming.via
        rows = change(concern.reference, wanted=here)
        return replace(told, document=document + _answers_wait(visit, entries), choices=rows)
    return replace(told, document=document + _dialogue(visit, entries), form=ADD)


def _dialogue(visit: Visit, entries: Sequence[Entry]) -> Document:
    """What was written both ways, in order. Whoever wrote for the school is not named: they may be known."""
    blocks: list[Block] = []
    for entry in entries:
        when = {"when": f"{visit.school.calendar.local(entry.at):%d/%m/%Y %H:%M}"}
        ours = entry.kind is EntryKind.TO_SENDER
        said = Text("The safeguarding team wrote, {when}", when) if ours else Text("You added, {when}", when)
        blocks.append(Heading(says(said), 2))
        blocks.append(quoted(entry.words) if entry.words is not None else note(CANNOT_SHOW, Tone.URGENT))
    return Document("", tuple(blocks))


def _answers_wait(visit: Visit, entries: Sequence[Entry]) -> Document:
    """In a chat nobody's words are repeated: they would stay in it. The page shows them."""
    if not any(entry.kind is EntryKind.TO_SENDER for entry in entries):
        return Document("")
    address = visit.address("/report/receipt")
    said = Text("The safeguarding team has written to you. Read it here:")
    return Document("", (Paragraph((Span(said), Span(" "), Span(address, href=address))),))


def added(visit: Visit) -> Answer:
    """Whoever has the receipt adds to a report, and sees it there."""
    typed = visit.incoming.words.get("receipt") or Sensitive("")
    lookup, _ = visit.halves_of(typed)
    add(
        lookup,
        words=visit.incoming.words.get("words") or Sensitive(""),
        school=visit.school,
        concerns=visit.unit.concerns,
        outbox=visit.unit.outbox,
        now=visit.now,
    )
    return standing(visit, typed)
