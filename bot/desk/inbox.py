"""The safeguarding inbox at the desk: list, read, acknowledge. Reached on the web only, by a recipient with a key."""

from collections.abc import Iterator

from bot.desk.visit import Visit, button
from bot.wire import Answer, Card, Choice, Look
from pages import Block, Document, Facts, Heading, Paragraph, Quote, Tone, note, says
from safeguarding import About, Concern, NotForYouError, Opened, State, acknowledge, read
from school.people import Person
from school.sensitive import SecretKey
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


# Nobody is to rest because no word of a list was found: a list knows few of the words that children use.
FLAGGED = Text("Flagged by the word list: please read it first")
NOT_FLAGGED = Text("Not flagged by the word list; please read it all the same")


def _reader(visit: Visit) -> tuple[Person, SecretKey]:
    if visit.person is None or visit.incoming.key is None:
        raise NotForYouError
    return visit.person, visit.incoming.key


def _when(visit: Visit, concern: Concern) -> str:
    return f"{visit.school.calendar.local(concern.received):%a %d %b %Y, %H:%M}"


def _state(visit: Visit, concern: Concern) -> Text:
    """Where it stands; a colleague who may read it sees who has taken it on."""
    if concern.state is not State.ACKNOWLEDGED or not concern.acknowledged_by:
        return STATES[concern.state]
    person = visit.school.person(concern.acknowledged_by)
    if person is None:
        return Text("acknowledged by somebody who is no longer in the school file")
    return Text("acknowledged by {name}", {"name": person.name})


def listed(visit: Visit) -> Answer:
    """Everything that this recipient holds a key to."""
    reader, _ = _reader(visit)
    concerns = visit.unit.concerns.for_reader(reader.id)
    title = Text("Concerns")
    if not concerns:
        return Answer(document=Document(title, (note(Text("There is nothing to read."), Tone.GOOD),)))
    return Answer(document=Document(title), cards=tuple(_card(visit, concern) for concern in concerns))


def _card(visit: Visit, concern: Concern) -> Card:
    facts = Facts(
        (
            (Text("Reference"), concern.reference),
            (Text("Received"), _when(visit, concern)),
            (Text("State"), _state(visit, concern)),
            (Text("Triage"), FLAGGED if concern.urgent else NOT_FLAGGED),
        ),
    )
    look = Look.PRIMARY if concern.state is State.NEW else Look.PLAIN
    label = Text("Open {reference}", {"reference": concern.reference})
    return Card(Document("", (facts,)), ((button(label, "inbox.read", look, {"ref": concern.reference}),),))


def opened(visit: Visit) -> Answer:
    """The words, for the page that shows them; the reading is recorded."""
    return _page(visit, _read(visit))


def acknowledged(visit: Visit) -> Answer:
    """Taken on; whoever has the receipt can see that now. The words stay open: they have yet to be copied."""
    reader, _ = _reader(visit)
    fresh = acknowledge(
        visit.incoming.args.get("ref", ""),
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
    return _page(visit, _read(visit), note(words, Tone.GOOD))


def _read(visit: Visit) -> Opened:
    reader, key = _reader(visit)
    reference = visit.incoming.args.get("ref", "")
    return read(reference, concerns=visit.unit.concerns, person=reader.id, key=key, now=visit.now)


def _page(visit: Visit, found: Opened, *above: Block) -> Answer:
    """A concern with its words, and the way back to the list."""
    concern = found.concern
    rows: list[tuple[Choice, ...]] = []
    if concern.state is not State.ACKNOWLEDGED:
        taken = button(Text("I am dealing with this"), "inbox.acknowledge", Look.PRIMARY, {"ref": concern.reference})
        rows.append((taken,))
    rows.append((button(Text("Back to the list"), "inbox.list"),))
    title = Text("Concern {reference}", {"reference": concern.reference})
    return Answer(document=Document(title, (*above, *_blocks(visit, found))), choices=tuple(rows))


def _blocks(visit: Visit, found: Opened) -> Iterator[Block]:
    yield Facts(
        (
            (Text("Received"), _when(visit, found.concern)),
            (Text("By way of"), found.via),
            (Text("About"), ABOUT[found.about]),
            (Text("State"), _state(visit, found.concern)),
        ),
    )
    for name, value in found.details:
        yield Paragraph((*says(f"{name.replace('_', ' ')}: ", strong=True), *says(value)))
    yield Heading(says(Text("Their own words")), 2)
    yield Quote(tuple(says(line) for line in found.words.reveal().split("\n") if line.strip()))
    yield note(
        Text(
            "Don't promise secrecy and don't investigate. Put this in {system} in the child's own words. "
            "If a child is in danger now, call 999.",
            {"system": visit.school.reporting.record_system},
        ),
        Tone.URGENT,
    )
