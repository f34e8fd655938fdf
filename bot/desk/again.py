"""What is said when an answer was lost with the process that made it. The work was done once; it is only told again."""

from dataclasses import replace

from bot.desk.asides import RECEIPT, aside, offered
from bot.desk.chats import NOTHING_SEEN
from bot.desk.families import said_stop
from bot.desk.reports import still_in_chat
from bot.desk.visit import Visit, says_only
from bot.wire import Answer, Show
from pages import Document, Tone, note, paragraph
from safeguarding import says_nothing
from school.sensitive import Sensitive
from school.words import Text

TITLE = Text("We have what you sent")
LOST = Text("It reached us and is safe. Our answer was lost on the way: that was our fault. You needn't send it again.")
DANGER = Text("If anyone is in danger now, call 999. Childline is free at any time: 0800 1111.")


def _told(*sentences: Text) -> Document:
    said = [paragraph(each) for each in (LOST, *sentences)]
    return Document(TITLE, (*said, note(DANGER, Tone.URGENT)))


def report(visit: Visit) -> Answer:
    """A form that was sent: only a report that was taken is ever handled."""
    del visit
    arrived = Text("Your report has reached the adults at school who keep children safe.")
    return Answer(document=_told(arrived, RECEIPT), show=Show.REPLACE)


def words(visit: Visit) -> Answer:
    """Words in a chat: a report, or a draft still to be decided on. The inbox does not know which, on purpose."""
    said = visit.incoming.words.get("words", Sensitive(""))
    if says_nothing(said):
        return says_only(NOTHING_SEEN)
    if left := said_stop(visit, said.reveal()):
        return left
    if told := aside(visit):
        return told
    if waiting := offered(visit):
        # What was written is taken out of the chat, as it would have been the first time.
        return replace(waiting, delete_incoming=True)
    arrived = Text("If it was a report, it has reached the adults at school who keep children safe.")
    return Answer(document=_told(arrived, RECEIPT) + still_in_chat(visit), delete_incoming=True)


def question(visit: Visit) -> Answer:
    """A question to the school: kept as one, or sealed where it may be a worry."""
    if waiting := offered(visit):
        return replace(waiting, delete_incoming=True)
    here = Text("If it was a question, it is with the person who leads on e-safety. Type /ask to see how it stands.")
    return Answer(document=_told(here))


def choice(visit: Visit) -> Answer:
    """A tap on what is to become of a draft. What still waits is offered again; nothing is passed on or wiped twice."""
    if waiting := offered(visit):
        return waiting
    decided = Text(
        "Nothing of yours is waiting here now. If you chose to pass it on, it has reached the adults at school who "
        "keep children safe. If you chose to throw it away, our copy is gone.",
    )
    return Answer(document=Document(Text("We have your choice"), (paragraph(decided), note(DANGER, Tone.URGENT))))


def done(visit: Visit) -> Answer:
    """Anything else: it was done, and what came of it can be looked at."""
    del visit
    kept = Text("What you asked for was done, but our answer was lost on the way. You needn't do it again.")
    return Answer(document=Document(Text("Lollipop"), (note(kept),)))
