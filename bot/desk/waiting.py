"""A message to the chat that an answer waits: whether somebody wants it, asked when their report is on its way.

Off unless they say so: many a phone is shared. What is sent then is constant, and says nothing of a report.
"""

from collections.abc import Sequence

from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, Look, Via
from pages import Document, Tone, note
from safeguarding import State, answer_here
from school.notices import Chat
from school.sensitive import Sensitive
from school.words import Text

Rows = tuple[tuple[Choice, ...], ...]

CHATS = frozenset({Via.TELEGRAM, Via.SLACK})
BEGINS, DASH_AFTER = "LP-", 4
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
    return Document("", (note(ASKED),)), ((_button(WANTED, "report.tell", references),),)


def change(reference: str, *, wanted: bool) -> Rows:
    """The way to the other answer, for whoever has the receipt."""
    return (
        (_button(UNWANTED, "report.hush", [reference]) if wanted else _button(WANTED, "report.tell", [reference]),),
    )


def _button(label: Text, verb: str, references: Sequence[str]) -> Choice:
    short = [each.removeprefix(BEGINS).replace("-", "") for each in references[:MOST]]
    return button(label, verb, Look.PLAIN, {"r": ",".join(short)})


def _named(visit: Visit) -> list[str]:
    asked = [each for each in visit.incoming.args.get("r", "").split(",") if each]
    return [f"{BEGINS}{each[:DASH_AFTER]}-{each[DASH_AFTER:]}" for each in asked]


def tell_here(visit: Visit) -> Answer:
    """They want to hear in this chat that an answer waits."""
    return _set(visit, this_chat(visit), WANTED_DONE)


def tell_nowhere(visit: Visit) -> Answer:
    """They don't, or not any more."""
    return _set(visit, None, UNWANTED_DONE)


def _set(visit: Visit, chat: Chat | None, done: Text) -> Answer:
    """A new message below: the one that was tapped may hold the receipt, which nobody can be shown again."""
    found = [concern for each in _named(visit) if (concern := visit.unit.concerns.by_reference(each))]
    theirs = [concern for concern in found if concern.state is not State.DRAFT]
    for concern in theirs:
        answer_here(concern, chat=chat, concerns=visit.unit.concerns, now=visit.now)
    told = says_only(done if theirs else GONE, title=Text("Your report"), tone=Tone.GOOD if theirs else Tone.CALM)
    return Answer(document=told.document, buttons_spent=True)
