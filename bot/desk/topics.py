"""What a report is about: one optional question, in the form where there is one, else asked when it is on its way."""

from collections.abc import Mapping, Sequence

from bot.desk.naming import named_in, short
from bot.desk.visit import Visit, button, says_only
from bot.wire import Answer, Choice, FormField, Kind, Option, Show
from pages import Document, Heading, Tone, note, says
from safeguarding import Level, Topic, say_topic, topic_named
from school.words import Text

ASKED = Text("What is it about, most of all?")
NEED_NOT = Text("You don't have to say. It helps us to ask the right people.")
# As staff read them, and whoever is old enough for a chat, where each is a button.
LABELS: Mapping[Topic, Text] = {
    Topic.BULLYING: Text("Bullying, online or not"),
    Topic.NUDES: Text("Nude or nearly nude pictures"),
    Topic.GROOMING: Text("Someone who gets too close, or asks for things"),
    Topic.SELF_HARM: Text("Self-harm, or not wanting to live"),
    Topic.PREVENT: Text("Being drawn into hate or violence"),
    Topic.MONEY: Text("Scams, money or blackmail"),
    Topic.OTHER: Text("Something else"),
    Topic.UNSAID: Text("I'd rather not say"),
}
# Each says the same thing at every level, for staff are shown it in their own words: nothing is softened into
# something else, and no topic is left out, so that whatever raises urgency can be said by the youngest too.
LABELS_AT: Mapping[Level, Mapping[Topic, Text]] = {
    Level.KS1: {
        Topic.BULLYING: Text("Someone is mean, again and again"),
        Topic.NUDES: Text("Someone shows or wants pictures of private parts"),
        Topic.GROOMING: Text("Someone gets too close, or asks me for things"),
        Topic.SELF_HARM: Text("Someone hurts themselves, or does not want to live"),
        Topic.PREVENT: Text("Someone wants us to hate or hurt people"),
        Topic.MONEY: Text("Someone tricks me, or wants money"),
        Topic.OTHER: Text("Something else"),
        Topic.UNSAID: Text("I don't want to say"),
    },
    Level.KS2: {
        Topic.BULLYING: Text("Bullying, online or not"),
        Topic.NUDES: Text("Pictures with no clothes on, or of private parts"),
        Topic.GROOMING: Text("Someone who gets too close, or asks for things"),
        Topic.SELF_HARM: Text("Hurting yourself, or not wanting to live"),
        Topic.PREVENT: Text("Someone who wants us to hate or hurt people"),
        Topic.MONEY: Text("Tricks, money, or threats to make you pay"),
        Topic.OTHER: Text("Something else"),
        Topic.UNSAID: Text("I'd rather not say"),
    },
    Level.KS3: LABELS,
}
ASKED_AT: Mapping[Level, Text] = {Level.KS1: Text("What is it about?"), Level.KS2: ASKED, Level.KS3: ASKED}
NEED_NOT_AT: Mapping[Level, Text] = {
    Level.KS1: Text("You don't have to say. It helps us to help you."),
    Level.KS2: NEED_NOT,
    Level.KS3: NEED_NOT,
}
# As many as its button has room for beside the verb and the answer.
MOST = 2


def field(level: Level) -> FormField:
    """The question as a field of the form; after the words, so that it puts none into anybody's mouth."""
    return FormField(
        name="topic",
        label=ASKED_AT[level],
        kind=Kind.CHOICE,
        options=tuple(Option(value=topic, label=label) for topic, label in LABELS_AT[level].items()),
        hint=NEED_NOT_AT[level],
        optional=True,
        folded=True,
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
