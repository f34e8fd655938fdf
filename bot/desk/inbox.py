"""The safeguarding inbox at the desk: list, read, acknowledge. Reached on the web only, by a recipient with a key."""

from collections.abc import Iterator, Mapping

from bot.desk.doors import BACK_TO_LIST, identity_doors, register_doors
from bot.desk.origins import origin_facts
from bot.desk.sorting import SHOWN, apart, heading
from bot.desk.topics import LABELS
from bot.desk.visit import Visit, button, name_of
from bot.wire import Answer, Card, Choice, Look
from pages import Block, Bullets, Document, Facts, Heading, Paragraph, Quote, Span, Tone, note, says
from safeguarding import (
    ENDS,
    TOPIC,
    About,
    Act,
    Concern,
    EntryKind,
    NotForYouError,
    Opened,
    Outcome,
    State,
    Topic,
    acknowledge,
    besides_origin,
    cards_for,
    guidance,
    read,
    topic_of,
)
from school.people import ANSWERING_ROLES, Person, Role
from school.sensitive import SecretKey, Sensitive
from school.words import Text

STATES: dict[State, Text] = {
    State.DRAFT: Text("not passed on"),
    State.NEW: Text("new"),
    State.OPENED: Text("opened"),
    State.ACKNOWLEDGED: Text("acknowledged"),
    State.REFERRED: Text("with a service outside"),
    State.TRANSFERRED: Text("handed over"),
    State.CLOSED: Text("closed"),
}

ABOUT: dict[About, Text] = {
    About.PUPIL: Text("a pupil"),
    About.ADULT: Text("an adult at school"),
    About.HEAD: Text("the headteacher"),
    About.LEAD: Text("the safeguarding lead"),
    About.NOT_SURE: Text("the sender wasn't sure"),
}


# Nobody is to rest because no word of a list was found: a list knows few of the words that children use.
FLAGGED = Text("Flagged, by the word list or by its sender: please read it first")
NOT_FLAGGED = Text("Not flagged by the word list; please read it all the same")


def reader_of(visit: Visit) -> tuple[Person, SecretKey]:
    """Who is signed in, and their key. Raises NotForYouError."""
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
    reader, _ = reader_of(visit)
    concerns = visit.unit.concerns.for_reader(reader.id)
    title = Text("Concerns")
    sorts = reader.holds(Role.DSL, Role.DEPUTY_DSL)
    rows = ((button(Text("Bring in an alert"), "alerts"),),) if sorts else ()
    doors = (*rows, *register_doors(visit), (button(Text("Who gets which report"), "inbox.routing"),))
    if not concerns:
        nothing = Document(title, (note(Text("There is nothing to read."), Tone.GOOD),))
        return Answer(document=nothing, choices=doors)
    like_any, held = apart(concerns)
    cards = [_card(visit, concern) for concern in like_any]
    cards += [*heading(held), *(_card(visit, concern) for concern in held[:SHOWN])]
    return Answer(document=Document(title), cards=tuple(cards), choices=doors)


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
    return case_page(visit)


def acknowledged(visit: Visit) -> Answer:
    """Taken on; whoever has the receipt can see that now. The words stay open: they have yet to be copied."""
    reader, _ = reader_of(visit)
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
    return case_page(visit, note(words, Tone.GOOD))


def _read(visit: Visit) -> Opened:
    reader, key = reader_of(visit)
    reference = visit.incoming.args.get("ref", "")
    return read(
        reference,
        school=visit.school,
        concerns=visit.unit.concerns,
        person=reader.id,
        key=key,
        now=visit.now,
    )


def case_page(visit: Visit, *above: Block) -> Answer:
    """A report with its words and everything that was added, what can be done with it, and the way back to the list."""
    found = _read(visit)
    title = Text("Concern {reference}", {"reference": found.concern.reference})
    blocks = (
        *above,
        *_blocks(visit, found),
        *_added(visit, found),
        *_chronology(visit, found.concern),
        *_what_to_do(visit, found),
    )
    return Answer(document=Document(title, blocks), choices=_doings(visit, found.concern))


def _doings(visit: Visit, concern: Concern) -> tuple[tuple[Choice, ...], ...]:
    ref = {"ref": concern.reference}
    rows: list[tuple[Choice, ...]] = []
    if concern.state in {State.NEW, State.OPENED}:
        rows.append((button(Text("I am dealing with this"), "inbox.acknowledge", Look.PRIMARY, ref),))
    if concern.state in ENDS:
        out = button(Text("Take it out as a file"), "inbox.papers", args=ref)
        rows.append((button(Text("Open it again"), "inbox.reopen", args=ref), *((out,) if _answers(visit) else ())))
    else:
        rows += _open_doings(visit, concern)
    rows += identity_doors(visit, concern)
    rows.append((BACK_TO_LIST,))
    return tuple(rows)


def _open_doings(visit: Visit, concern: Concern) -> Iterator[tuple[Choice, ...]]:
    ref = {"ref": concern.reference}
    yield (
        button(Text("Write to the sender"), "inbox.reply", args=ref),
        button(Text("Write a private note"), "inbox.note", args=ref),
    )
    if len(concern.readers) > 1:
        yield (button(Text("Say who deals with it"), "inbox.assign", args=ref),)
    yield (button(Text("Let a colleague read it"), "inbox.give", args=ref),)
    outside = button(Text("It is with a service outside"), "inbox.refer", args=ref)
    if not _answers(visit):
        yield (outside,)
        return
    system = {"system": visit.school.reporting.record_system}
    yield (outside, button(Text("It is in {system} now", system), "inbox.hand_over", args=ref))
    person = visit.person.id if visit.person else ""
    if concern.close_asked_by and concern.close_asked_by != person:
        yield (button(Text("I agree that it needs no record"), "inbox.close.agree", Look.DANGER, ref),)
    elif not concern.close_asked_by:
        yield (button(Text("Close it without a record"), "inbox.close", args=ref),)


def _answers(visit: Visit) -> bool:
    """Whether whoever looks may end a case (MAY): a year lead may not."""
    return visit.person is not None and visit.person.holds(*ANSWERING_ROLES)


SAID = frozenset({EntryKind.FROM_SENDER, EntryKind.TO_SENDER, EntryKind.NOTE})


def _added(visit: Visit, found: Opened) -> Iterator[Block]:
    """What was added since, in its order: the dialogue, and the notes of the readers."""
    for entry in (each for each in found.entries if each.kind in SAID):
        when = {"when": f"{visit.school.calendar.local(entry.at):%a %d %b %Y, %H:%M}"}
        match entry.kind:
            case EntryKind.FROM_SENDER:
                said = Text("The sender added, {when}", when)
            case EntryKind.TO_SENDER:
                said = Text("{name} wrote to the sender, {when}", {"name": name_of(visit, entry.author), **when})
            case EntryKind.NOTE:
                said = Text("A private note of {name}, {when}", {"name": name_of(visit, entry.author), **when})
        yield Heading(says(said), 2)
        if entry.words is None:
            yield note(
                Text(
                    "This can't be read: it was changed after it was written. Tell whoever looks after the "
                    "computer, and the head."
                ),
                Tone.URGENT,
            )
        else:
            yield quoted(entry.words)


def quoted(words: Sensitive) -> Quote:
    """Somebody's own words, line by line."""
    return Quote(tuple(says(line) for line in words.reveal().split("\n") if line.strip()))


ACTS: Mapping[str, Text] = {
    Act.RECEIVED: Text("It was received"),
    Act.BROUGHT_IN: Text("{name} brought it in from another system"),
    Act.HELD: Text("It was written in a chat and locked away"),
    Act.PASSED_ON: Text("Its sender passed it on"),
    Act.WENT: Text("A sign of danger stood in it, so it was passed on after five minutes without a word"),
    Act.KEPT_BACK: Text("Its sender first said no"),
    Act.TOPIC_SAID: Text("The sender said what it is about"),
    Act.CHAT_GIVEN: Text("The sender is told in a chat when you write"),
    Act.CHAT_TAKEN: Text("The sender is not told in a chat any more when you write"),
    Act.TOLD: Text("The sender was told that something is waiting"),
    Act.READ: Text("{name} opened it"),
    Act.ACKNOWLEDGED: Text("{name} took it on"),
    Act.ASKED: Text("Somebody asked about it with the receipt"),
    Act.ESCALATED: Text("Nobody had opened it, and the next people were told"),
    Act.ALARMED: Text("Nobody could be reached, and everybody was told"),
    Act.REPLIED: Text("{name} wrote to the sender"),
    Act.ADDED: Text("The sender added something"),
    Act.NOTED: Text("{name} wrote a note"),
    Act.ASSIGNED: Text("{name} said who deals with it"),
    Act.SHARED: Text("{name} let a colleague read it"),
    Act.LET_IN: Text("{name} could read it from then on"),
    Act.KEY_LEFT: Text("The key of somebody who left the team was destroyed"),
    Act.REFERRED: Text("{name} marked it as with a service outside"),
    Act.HANDED_OVER: Text("{name} handed it over"),
    Act.CLOSE_ASKED: Text("{name} asked to close it without a record"),
    Act.CLOSED: Text("{name} agreed to close it"),
    Act.REOPENED: Text("{name} opened it again"),
    Act.EXPORTED: Text("{name} took it out as a file"),
    Act.IDENTITY_ASKED: Text("{name} asked to find out who wrote"),
    Act.IDENTITY_REFUSED: Text("{name} did not agree to find out who wrote"),
    Act.IDENTITY_ENDED: Text("What was asked about who wrote came to nothing"),
    Act.UNCOVERED: Text("{name} agreed and saw who wrote"),
    Act.IDENTITY_SEEN: Text("{name} saw who wrote"),
}


def _what_to_do(visit: Visit, found: Opened) -> Iterator[Block]:
    """The cards for whoever reads it: by whom it is about, and by what its sender says it is about."""
    for name in cards_for(found.about, topic_of(found)):
        card = guidance(name, school=visit.school)
        yield Heading(says(card.title), 2)
        yield from card.blocks


def _chronology(visit: Visit, concern: Concern) -> Iterator[Block]:
    """Who did what and when, from the log that cannot be changed unseen."""
    yield Heading(says(Text("What was done")), 2)
    lines: list[tuple[Span, ...]] = []
    last = ""
    for row in visit.unit.concerns.log.of(concern.reference):
        # Every step shows the page anew: only that somebody else looks says anything.
        again = row.act == Act.READ and row.actor == last
        last = row.actor
        if row.act in ACTS and row.outcome == Outcome.DONE and not again:
            when = f"{visit.school.calendar.local(row.at):%d/%m/%Y %H:%M}"
            lines.append((Span(f"{when} "), Span(Text(ACTS[row.act].msgid, {"name": name_of(visit, row.actor)}))))
    yield Bullets(tuple(lines))


def _blocks(visit: Visit, found: Opened) -> Iterator[Block]:
    topic = topic_of(found)
    yield Facts(
        (
            (Text("Received"), _when(visit, found.concern)),
            (Text("By way of"), found.via),
            (Text("About"), ABOUT[found.about]),
            *(((Text("By its sender's word"), LABELS[topic]),) if topic is not Topic.UNSAID else ()),
            (Text("State"), _state(visit, found.concern)),
            *(((Text("Dealt with by"), name_of(visit, found.concern.assigned)),) if found.concern.assigned else ()),
            *origin_facts(visit, found),
        ),
    )
    for name, value in (each for each in besides_origin(found.details) if each[0] != TOPIC):
        yield Paragraph((*says(f"{name.replace('_', ' ')}: ", strong=True), *says(value)))
    yield Heading(says(Text("Their own words")), 2)
    yield quoted(found.words)
    yield note(
        Text(
            "Don't promise secrecy and don't investigate. Put this in {system} in the child's own words. "
            "If a child is in danger now, call 999.",
            {"system": visit.school.reporting.record_system},
        ),
        Tone.URGENT,
    )
