"""What is typed straight into a chat and is no worry: a receipt, a greeting. Nothing of it is kept."""

from dataclasses import replace

from bot.desk.offering import offer_of, waiting_of
from bot.desk.reports import FLOW, still_in_chat, tell_us
from bot.desk.staff import commands
from bot.desk.standing import standing
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer
from pages import Document, Tone, note, paragraph
from safeguarding import UnknownReceiptError, only_greets
from school.sensitive import Sensitive
from school.words import Text

RECEIPT = Text(
    "A receipt can be shown only once. If you didn't see yours, ask an adult at school you trust how things stand. Or "
    "type /report and say that you have told us before: then you get a new receipt.",
)


def aside(visit: Visit) -> Answer | None:
    """The answer to it; None where it may be anything else, and is to be caught. It only reads."""
    said = visit.incoming.words.get("words", Sensitive(""))
    return _of_a_receipt(visit) or (_greeted(visit) if only_greets(said) else None)


def _of_a_receipt(visit: Visit) -> Answer | None:
    """How its report stands, in the words of the web page and by the same slow way."""
    asked = visit.asked
    if asked is None:
        return None
    try:
        told = standing(visit, asked.typed)
    except UnknownReceiptError as unknown:
        if not asked.sure:
            return None  # four short words, perhaps: they are caught
        told = says_only(unknown.text, title=Text("Your report"), tone=Tone.URGENT)
    document = (told.document or Document("")) + still_in_chat(visit)
    return replace(told, document=document, delete_incoming=True)


def _greeted(visit: Visit) -> Answer:
    """A friendly word. In the middle of something, what was asked is asked again: “ok” is not yet an answer."""
    incoming = visit.incoming
    at = visit.unit.conversations.current(via=incoming.via, address=incoming.sender)
    if at and at.flow == FLOW:
        return Answer(document=tell_us())
    if waiting := offered(visit):
        return waiting
    friendly = paragraph(Text("It's nice to hear from you. We don't keep hellos and thank-yous."))
    worry = note(Text("Is something worrying you? Just write it here, or type /report. Adults at school can help."))
    tell = (button(Text("Tell someone"), "report.start"),)
    return Answer(document=Document(Text("Hello!"), (friendly, worry, *commands(visit))), choices=(tell,))


def offered(visit: Visit) -> Answer | None:
    """The draft's question with its buttons once more, without the receipt; None where no draft waits."""
    found = waiting_of(visit)
    if not found:
        return None
    question = offer_of(going=found.going, kept_back=found.kept_back)
    return Answer(document=visit.page(question.page) + Document("", (note(RECEIPT),)), choices=question.rows)
