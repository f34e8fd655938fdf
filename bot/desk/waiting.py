"""A message to the chat that an answer waits: whether somebody wants it, asked when their report is on its way.

Off unless they say so: many a phone is shared. What is sent then is constant, and says nothing of a report.
"""

from collections.abc import Sequence

from bot.desk.naming import named_in, short
from bot.desk.topics import way_to_say
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, Via
from pages import Document, Tone, note
from safeguarding import answer_here
from school.notices import Chat
from school.sensitive import Sensitive
from school.words import Text

Rows = tuple[tuple[Choice, ...], ...]

CHATS = frozenset({Via.TELEGRAM, Via.SLACK})
# As many as a button has room for beside its verb (bot.wire.Choice).
MOST = 3
ASKED = Text(
    "We can write here when an answer is waiting for you. We would not say what it is about. If other people use this "
    "phone or computer, it is safer not to."
)
WANTED = Text("Write to me here when there is an answer")
UNWANTED = Text("Don't write to me here")
WANTED_DONE = Text("We will write here when something is waiting for you. To read it, send your receipt here.")
UNWANTED_DONE = Text("We won't write to you here about it. You can still ask with your receipt.")
GONE = Text("That report isn't here any more, so there will be no answer to it.")


def this_chat(visit: Visit) -> Chat:
    """Where this visit came from."""
    incoming = visit.incoming
    return Chat(via=incoming.via, address=Sensitive(incoming.sender), lang=incoming.lang)


def offer(references: Sequence[str]) -> tuple[Document, Rows]:
    """What is asked once a report is on its way; doing nothing is no. Newest first; they travel in the button alone."""
    rows = ((_button(WANTED, "report.tell", references),), way_to_say(references))
    return Document("", (note(ASKED),)), rows


def change(reference: str, *, wanted: bool) -> Rows:
    """The way to the other answer, for whoever has the receipt."""
    return (
        (_button(UNWANTED, "report.hush", [reference]) if wanted else _button(WANTED, "report.tell", [reference]),),
    )


def _button(label: Text, verb: str, references: Sequence[str]) -> Choice:
    return button(label, verb, args={"r": short(references, MOST)})


def tell_here(visit: Visit) -> Answer:
    """They want to hear in this chat that an answer waits."""
    return _set(visit, this_chat(visit), WANTED_DONE)


def tell_nowhere(visit: Visit) -> Answer:
    """They don't, or not any more."""
    return _set(visit, None, UNWANTED_DONE)


def _set(visit: Visit, chat: Chat | None, done: Text) -> Answer:
    """A new message below: the one that was tapped may hold the receipt, which nobody can be shown again."""
    theirs = named_in(visit)
    for concern in theirs:
        answer_here(concern, chat=chat, concerns=visit.unit.concerns, chats=visit.unit.chats, now=visit.now)
    told = says_only(done if theirs else GONE, title=Text("Your report"), tone=Tone.GOOD if theirs else Tone.CALM)
    rows = (way_to_say([each.reference for each in theirs]),) if theirs else ()
    return Answer(document=told.document, choices=rows, buttons_spent=True)
