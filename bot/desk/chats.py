"""Words that were typed straight into a chat: never lost, never ignored, never kept in the clear."""

from collections.abc import Iterator

from bot.desk.reports import FLOW, receipt_note, take
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, Look, Show, Via
from pages import Document, paragraph
from safeguarding import About, Concern, Report, discard, hold, pass_on
from school.evidence import Evidence
from school.words import Text


def words(visit: Visit) -> Answer:
    """The next message of a report, or words out of the blue: sealed at once either way."""
    incoming = visit.incoming
    said = incoming.words["words"]
    standing = visit.unit.conversations.current(via=incoming.via, address=incoming.sender)
    if standing and standing.flow == FLOW:
        return take(visit, words=said, about=About(standing.held.get("about", About.PUPIL)), show=Show.REPLY)
    if visit.receipt is None or not said:
        return says_only(Text("There were no words in that message. Please try again."))
    held = hold(
        Report(about=About.PUPIL, words=said, via=incoming.via, sent_from=_mark(visit)),
        school=visit.school,
        concerns=visit.unit.concerns,
        receipt=visit.receipt,
        concern_id=visit.house.new_id(visit.now),
        reference=visit.house.vault.reference(),
        now=visit.now,
    )
    rows = (
        (button(Text("Yes, pass it on"), "draft.pass", Look.PRIMARY),),
        (button(Text("No, throw it away"), "draft.drop"),),
    )
    document = visit.page("draft-caught") + receipt_note(held.receipt)
    return Answer(document=document, choices=rows, lang=document.lang)


def _mark(visit: Visit) -> str:
    return visit.house.vault.sender(visit.school.id, via=visit.incoming.via, address=visit.incoming.sender)


def _drafts(visit: Visit) -> Iterator[Concern]:
    """Every draft of the sender; each must be passed on or destroyed before the next is asked for."""
    mark = _mark(visit)
    while draft := visit.unit.concerns.draft_of(mark):
        yield draft


def pass_it_on(visit: Visit) -> Answer:
    """Give every draft of the sender's to the safeguarding lead; a second tap changes nothing."""
    passed = 0
    for draft in _drafts(visit):
        passed += pass_on(
            draft,
            school=visit.school,
            concerns=visit.unit.concerns,
            outbox=visit.unit.outbox,
            evidence=visit.unit.evidence,
            via=visit.incoming.via,
            now=visit.now,
        )
    if not passed:
        return _nothing_waiting()
    # A new message: the one with the buttons holds the receipt, which cannot be shown again.
    return Answer(document=visit.page("draft-passed-on"))


def drop(visit: Visit) -> Answer:
    """Destroy every draft of the sender's."""
    dropped = 0
    for draft in _drafts(visit):
        dropped += discard(draft, concerns=visit.unit.concerns)
    if not dropped:
        return _nothing_waiting()
    return Answer(document=visit.page("draft-thrown-away"), show=Show.REPLACE)


def _nothing_waiting() -> Answer:
    return says_only(
        Text("Nothing is waiting here now. If you want to tell us something, just write it, or type /report."),
        show=Show.REPLACE,
    )


def media(visit: Visit) -> Answer:
    """A photo, voice note, file or sticker: refused before download; only the refusal is noted."""
    visit.unit.evidence.write(
        Evidence(clause="C40", kind="media.refused", when=visit.now, what=f"Media was refused on {visit.incoming.via}"),
    )
    document = visit.page("media-refused") + Document("", (paragraph(Text("You can tell us in words at any time.")),))
    rows: tuple[tuple[Choice, ...], ...] = ((button(Text("Tell someone"), "report.start"),),)
    if visit.incoming.via is Via.TELEGRAM:
        link = Choice(label=Text("Open the school's form"), href=visit.address("/report"))
        rows = (*rows, (link,))
    return Answer(document=document, choices=rows)
