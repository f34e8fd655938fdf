"""The safeguarding inbox at the desk: list, read, acknowledge. Reached on the web only, by a recipient with a key."""

from bot.desk.visit import Visit, button
from bot.wire import Answer, Card, Choice, Look
from pages import Block, Document, Facts, Heading, Paragraph, Quote, Tone, note, paragraph, says
from safeguarding import About, Concern, NotForYouError, State, acknowledge, read
from school.people import Person
from school.words import Text

STATES: dict[State, Text] = {
    State.DRAFT: Text("not passed on"),
    State.NEW: Text("new"),
    State.OPENED: Text("opened"),
    State.ACKNOWLEDGED: Text("acknowledged"),
}

ABOUT: dict[About, Text] = {
    About.PUPIL: Text("a pupil"),
    About.ADULT: Text("an adult at school"),
    About.HEAD: Text("the headteacher"),
    About.LEAD: Text("the safeguarding lead"),
    About.NOT_SURE: Text("the sender wasn't sure"),
}


def _reader(visit: Visit) -> Person:
    if visit.person is None or visit.incoming.key is None:
        raise NotForYouError
    return visit.person


def _when(visit: Visit, concern: Concern) -> str:
    return f"{visit.school.calendar.local(concern.received):%a %d %b %Y, %H:%M}"


def listed(visit: Visit) -> Answer:
    """Everything that this recipient holds a key to."""
    reader = _reader(visit)
    concerns = visit.unit.concerns.for_reader(reader.id)
    title = Text("Concerns")
    if not concerns:
        return Answer(document=Document(title, (note(Text("There is nothing to read."), Tone.GOOD),)))
    return Answer(document=Document(title), cards=tuple(_card(visit, concern) for concern in concerns))


def _card(visit: Visit, concern: Concern) -> Card:
    urgent = Text("urgent words") if concern.urgent else Text("no urgent words found")
    facts = Facts(
        (
            (Text("Reference"), concern.reference),
            (Text("Received"), _when(visit, concern)),
            (Text("State"), STATES[concern.state]),
            (Text("Triage"), urgent),
        ),
    )
    look = Look.PRIMARY if concern.state is State.NEW else Look.PLAIN
    label = Text("Open {reference}", {"reference": concern.reference})
    return Card(Document("", (facts,)), ((button(label, "inbox.read", look, {"ref": concern.reference}),),))


def opened(visit: Visit) -> Answer:
    """The words, for the page that shows them; the reading is recorded."""
    reader, key = _reader(visit), visit.incoming.key
    if key is None:
        raise NotForYouError
    found = read(
        visit.incoming.args.get("ref", ""),
        concerns=visit.unit.concerns,
        person=reader.id,
        key=key,
        now=visit.now,
    )
    concern = found.concern
    words = tuple(says(line) for line in found.words.reveal().split("\n") if line.strip())
    blocks: list[Block] = [
        Facts(
            (
                (Text("Received"), _when(visit, concern)),
                (Text("By way of"), found.via),
                (Text("About"), ABOUT[found.about]),
            ),
        ),
    ]
    blocks += [
        Paragraph((*says(f"{name.replace('_', ' ')}: ", strong=True), *says(value))) for name, value in found.details
    ]
    blocks += [Heading(says(Text("Their own words")), 2), Quote(words)]
    blocks.append(
        note(
            Text(
                "Don't promise secrecy and don't investigate. Put this in {system} in the child's own words. "
                "If a child is in danger now, call 999.",
                {"system": visit.school.reporting.record_system},
            ),
            Tone.URGENT,
        ),
    )
    rows: tuple[tuple[Choice, ...], ...] = ()
    if concern.state is not State.ACKNOWLEDGED:
        rows = (
            (button(Text("I am dealing with this"), "inbox.acknowledge", Look.PRIMARY, {"ref": concern.reference}),),
        )
    else:
        blocks.append(paragraph(Text("This concern has been acknowledged.")))
    return Answer(
        document=Document(Text("Concern {reference}", {"reference": concern.reference}), tuple(blocks)), choices=rows
    )


def acknowledged(visit: Visit) -> Answer:
    """Taken on; whoever has the receipt can see that now."""
    reader = _reader(visit)
    reference = visit.incoming.args.get("ref", "")
    fresh = acknowledge(
        reference,
        concerns=visit.unit.concerns,
        evidence=visit.unit.evidence,
        person=reader.id,
        now=visit.now,
    )
    words = (
        Text("Thank you. Whoever sent it can now see that it is being dealt with.")
        if fresh
        else Text("This concern had been acknowledged already.")
    )
    title = Text("Concern {reference}", {"reference": reference})
    return Answer(document=Document(title, (note(words, Tone.GOOD),)))
