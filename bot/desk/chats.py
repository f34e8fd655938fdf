"""Words that were typed straight into a chat: never lost, never ignored, never kept in the clear."""

from collections.abc import Iterator
from dataclasses import replace

from bot.desk.asides import aside
from bot.desk.families import said_stop
from bot.desk.letters import letter_said
from bot.desk.offering import ASKED, CHANGE_OF_MIND, NOT_SENT, mark_of, offer_of, waiting_of
from bot.desk.origins import origin_here
from bot.desk.questions import is_asking, take_question
from bot.desk.reports import FLOW, YEAR, about_of, about_question, receipt_note, still_in_chat, take, where_to_ask
from bot.desk.senders import identity_of, who_can_find_out
from bot.desk.visit import Visit, button, says_only
from bot.desk.waiting import offer, this_chat
from bot.desk.wording import LEVEL, level_named
from bot.desk.years import is_family, year_of
from bot.wire import Answer, Choice, Show, Via
from pages import Document, note, paragraph
from safeguarding import (
    SENDER,
    About,
    Act,
    Concern,
    Level,
    Report,
    discard,
    hold,
    keep_back,
    only_says_no,
    origin_answers,
    pass_on,
    says_nothing,
)
from school.evidence import Evidence
from school.sensitive import Sensitive
from school.words import Text

NOTHING_SEEN = Text(
    "We couldn't see any words in that message, so nothing was kept. You can try again, in any way you like. "
    "If anyone is in danger now, call 999. You can talk to Childline at any time, free: 0800 1111.",
)

ONLY_ASKED = Text(
    "Was it only a question about the school's news? Then tap “{no}”. Type /news for the newsletter and when the next "
    "one comes, or /help for all that you can type here.",
)


def words(visit: Visit) -> Answer:
    """The next message of a report, or words out of the blue: sealed at once either way."""
    incoming = visit.incoming
    said = incoming.words.get("words", Sensitive(""))
    standing = visit.unit.conversations.current(via=incoming.via, address=incoming.sender)
    # In the middle of a report it is one: what somebody begins to tell is never taken for a goodbye.
    if not (standing and standing.flow == FLOW) and (left := said_stop(visit, said.reveal())):
        return left
    if told := aside(visit):
        return told
    if not (standing and standing.flow == FLOW) and (letter := letter_said(visit, said.reveal())):
        return letter
    if standing and standing.flow == FLOW:
        held = standing.held
        return take(
            visit,
            words=said,
            about=about_of(held.get("about", "")),
            show=Show.REPLY,
            level=level_named(held.get(LEVEL, "")) or Level.KS2,
            year=year_of(held.get(YEAR, "")),
        )
    if is_asking(visit, standing) and (asked := take_question(visit, said)):
        return asked
    if visit.receipt is None or says_nothing(said):
        return says_only(NOTHING_SEEN)
    if only_says_no(said) and waiting_of(visit).going:
        return stay(visit)
    kept = hold(
        # Nobody has been asked yet whom it is about: that comes before it is passed on.
        Report(
            about=About.NOT_SURE,
            words=said,
            via=incoming.via,
            details=tuple(origin_answers(origin_here(visit))),
            sent_from=mark_of(visit),
            identity=identity_of(visit),
            flood=incoming.flood,
        ),
        school=visit.school,
        concerns=visit.unit.concerns,
        drafts=visit.unit.drafts,
        chat=this_chat(visit),
        receipt=visit.receipt,
        concern_id=visit.house.new_id(visit.now),
        reference=visit.house.vault.reference(),
        now=visit.now,
    )
    going = kept.goes_at is not None
    question = offer_of(going=going)
    caught = visit.page(question.page) + _only_asked(visit, going=going) + who_can_find_out(visit)
    document = caught + receipt_note(kept.receipt) + where_to_ask(visit) + still_in_chat(visit)
    return Answer(document=document, choices=question.rows, delete_incoming=True)


def _only_asked(visit: Visit, *, going: bool) -> Document:
    """Where a family's question finds its answer. It is sealed all the same, and danger is sent to no news."""
    if going or not is_family(visit):
        return Document("")
    no = {"no": ASKED.no[0].label}
    return Document("", (note(Text(ONLY_ASKED.msgid, no)),))


def _drafts(visit: Visit) -> Iterator[Concern]:
    """Every draft of the sender; each must be passed on or destroyed before the next is asked for."""
    mark = mark_of(visit)
    while draft := visit.unit.concerns.draft_of(mark):
        yield draft


def pass_it_on(visit: Visit) -> Answer:
    """Yes; but whom it is about decides who gets it, so that is asked first. Nothing changes yet."""
    found = waiting_of(visit)
    if not found:
        return _nothing_waiting()
    question, rows = about_question("draft.about")
    document = visit.page("draft-danger-about" if found.going else "draft-about") + question
    # A new message: the one with the buttons holds the receipt, which cannot be shown again.
    return Answer(document=document, choices=(*rows, offer_of(going=found.going).no), buttons_spent=True)


def about_chosen(visit: Visit) -> Answer:
    """Give every draft of the sender's to those who should have it; a second tap changes nothing."""
    try:
        about = About(visit.incoming.args.get("a", ""))
    except ValueError:
        return pass_it_on(visit)  # no answer at all; a guess might give it to the very person it is about
    passed = [
        draft.reference
        for draft in _drafts(visit)
        if pass_on(
            draft,
            about=about,
            school=visit.school,
            concerns=visit.unit.concerns,
            outbox=visit.unit.outbox,
            evidence=visit.unit.evidence,
            via=visit.incoming.via,
            now=visit.now,
        )
    ]
    if not passed:
        return _nothing_waiting()
    asked, rows = offer(passed)
    return Answer(document=visit.page("draft-passed-on") + where_to_ask(visit) + asked, choices=rows, show=Show.REPLACE)


def stay(visit: Visit) -> Answer:
    """No: what would go by itself stays where it is, and may still be sent or wiped until its day is over."""
    if not keep_back(
        mark_of(visit),
        school=visit.school,
        concerns=visit.unit.concerns,
        drafts=visit.unit.drafts,
        outbox=visit.unit.outbox,
        now=visit.now,
    ):
        return _nothing_waiting() if not waiting_of(visit) else _not_sent(visit)
    return _not_sent(visit)


def _not_sent(visit: Visit) -> Answer:
    return Answer(document=visit.page(NOT_SENT), choices=CHANGE_OF_MIND, buttons_spent=True)


def drop(visit: Visit) -> Answer:
    """Destroy every draft of the sender's; but where a sign of danger stands in one, a first no only keeps it back."""
    if waiting_of(visit).going:
        return stay(visit)
    dropped = 0
    for draft in _drafts(visit):
        dropped += discard(draft, concerns=visit.unit.concerns, now=visit.now)
    if not dropped:
        return _nothing_waiting()
    document = visit.page("draft-thrown-away")
    return Answer(document=document, show=Show.REPLACE)


def _nothing_waiting() -> Answer:
    # A new message, for the one that was tapped may hold a receipt, or say that it has all been passed on.
    nothing = says_only(
        Text(
            "Nothing is waiting here now. What you wrote before has been passed on, thrown away or wiped already. "
            "If you want to tell us something, just write it, or type /report.",
        ),
    )
    return replace(nothing, buttons_spent=True)


def media(visit: Visit) -> Answer:
    """A photo, voice note, file or sticker: refused before download; only the refusal is noted."""
    visit.unit.concerns.log.write(Act.MEDIA_REFUSED, actor=SENDER, now=visit.now)
    visit.unit.evidence.write(
        Evidence(clause="C40", kind="media.refused", when=visit.now, what=f"Media was refused on {visit.incoming.via}"),
    )
    document = visit.page("media-refused") + Document("", (paragraph(Text("You can tell us in words at any time.")),))
    rows: tuple[tuple[Choice, ...], ...] = ((button(Text("Tell someone"), "report.start"),),)
    if visit.incoming.via is Via.TELEGRAM:
        link = Choice(label=Text("Open the school's form"), href=visit.address("/report"))
        rows = (*rows, (link,))
    return Answer(document=document, choices=rows)
