"""What a report is about: one optional question, in the form where there is one, else asked when it is on its way."""

from collections.abc import Sequence

from bot.desk.naming import named_in, short
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, FormField, Kind, Option, Show
from pages import Document, Heading, Tone, note, says
from safeguarding import Topic, say_topic, topic_named
from school.words import Text

ASKED = Text("What is it about, most of all?")
NEED_NOT = Text("You don't have to say. It helps us to ask the right people.")
LABELS: dict[Topic, Text] = {
    Topic.BULLYING: Text("Bullying, online or not"),
    Topic.NUDES: Text("Nude or nearly nude pictures"),
    Topic.GROOMING: Text("Someone who gets too close, or asks for things"),
    Topic.SELF_HARM: Text("Self-harm, or not wanting to live"),
    Topic.PREVENT: Text("Being drawn into hate or violence"),
    Topic.MONEY: Text("Scams, money or blackmail"),
    Topic.OTHER: Text("Something else"),
    Topic.UNSAID: Text("I'd rather not say"),
}
# As many as its button has room for beside the verb and the answer.
MOST = 2


def field() -> FormField:
    """The question as a field of the form; after the words, so that it puts none into anybody's mouth."""
    return FormField(
        name="topic",
        label=ASKED,
        kind=Kind.CHOICE,
        options=tuple(Option(value=topic, label=label) for topic, label in LABELS.items()),
        hint=NEED_NOT,
        optional=True,
    )


def way_to_say(references: Sequence[str]) -> tuple[Choice, ...]:
    """The way to the question, for whoever wrote where no form is."""
    return (button(Text("Say what it is about"), "report.topic", args={"r": short(references, MOST)}),)


def asked(visit: Visit) -> Answer:
    """The question; a tap is an answer, and so is none. A new message: the one above may hold the receipt."""
    refs = visit.incoming.args.get("r", "")
    rows = tuple((button(label, "report.is", args={"r": refs, "t": topic[0]}),) for topic, label in LABELS.items())
    return Answer(document=Document("", (Heading(says(ASKED), 3), note(NEED_NOT))), choices=rows)


def said(visit: Visit) -> Answer:
    """It is sealed with the report."""
    topic = topic_named(visit.incoming.args.get("t", ""))
    for concern in named_in(visit):
        say_topic(concern, topic, concerns=visit.unit.concerns, now=visit.now)
    thanks = says_only(Text("Thank you."), title=Text("Your report"), tone=Tone.GOOD)
    return Answer(document=thanks.document, show=Show.REPLACE)
