"""What do I do when ...: a few taps to what to do at once, whom to tell by name, and what follows. Staff alone."""

from collections.abc import Iterator, Mapping

from bot.desk.cards import card_seen, where
from bot.desk.doors import LOG_LOW_LEVEL
from bot.desk.ladder import LADDER
from bot.desk.may import may
from bot.desk.offices import OFFICE, names_of
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Look
from pages import Block, Bullets, Document, Facts, Heading, Tone, note, paragraph, says
from safeguarding import Audience, help_lines
from school.words import Text
from staff import Situation, all_situations, whom_to_tell

TITLE = Text("What do I do now?")
# On a button beside its verb: which situation.
WHICH, MENU = "p", "menu"
WHATNOW = button(TITLE, "whatnow", Look.PRIMARY)
# Below another card, which stays where it is.
WHATNOW_BESIDE = button(TITLE, "whatnow", args={"topic": "whatnow"})
DANGER = Text("If a child is in danger now, call 999 first.")
# Where a card can't know whom it is about: below the names, before anybody is told.
NOT_TO_THEM = Text(
    "Is it about somebody who is named here? Then don't tell them: tap “Something else” and choose the line about them."
)
# What a card of a situation can lead to, by the verb.
OPENS: Mapping[str, Choice] = {
    "report.start": button(Text("Log a concern"), "report.start", Look.DANGER),
    "lowlevel.form": LOG_LOW_LEVEL,
    "found": button(Text("Something on a screen"), "found"),
    "filterfault": button(Text("The filter has a fault"), "filterfault"),
    "unblock": button(Text("Ask for a site"), "unblock"),
    "breach": button(Text("A breach, perhaps"), "breach", Look.DANGER),
    "ask": button(Text("Ask the e-safety lead"), "ask"),
}


def whatnow(visit: Visit) -> Answer:
    """`/lollipop whatnow`: what may have happened, or the one that was tapped; nobody notes which."""
    card_seen(visit)
    named = visit.incoming.args.get(WHICH, "")
    found = next((each for each in all_situations() if each.id == named), None)
    return _menu(visit) if found is None else _one(visit, found)


def _menu(visit: Visit) -> Answer:
    blocks: tuple[Block, ...] = (
        note(DANGER, Tone.URGENT),
        paragraph(Text("What is it about? Choose what comes nearest. Nobody is told that you looked, nor at what.")),
    )
    taps = [
        button(Text("{label}", {"label": each.button}), "whatnow", args={WHICH: each.id}) for each in all_situations()
    ]
    rows = tuple(tuple(taps[at : at + 2]) for at in range(0, len(taps), 2))
    return Answer(document=Document(TITLE, blocks), choices=rows, show=where(visit))


def _one(visit: Visit, situation: Situation) -> Answer:
    blocks: list[Block] = []
    if situation.id != "danger":
        blocks.append(note(DANGER, Tone.URGENT))
    blocks += [
        Heading(says(Text("Now")), 3),
        Bullets(tuple(says(each) for each in situation.now), ordered=True),
        Heading(says(Text("Whom to tell")), 3),
        *_told(visit, situation),
        Heading(says(Text("What follows")), 3),
        Bullets(tuple(says(each) for each in situation.follows)),
    ]
    title = Text("{label}", {"label": situation.button})
    return Answer(document=Document(title, tuple(blocks)), choices=tuple(_ways(visit, situation)), show=where(visit))


def _told(visit: Visit, situation: Situation) -> Iterator[Block]:
    """The first first; then whoever is outside of school, where it may be for them."""
    lines: list[tuple[Text, str | Text]] = [
        (OFFICE[each.role], names_of(visit, each.people))
        for each in whom_to_tell(situation, school=visit.school, on=visit.today)
    ]
    nobody = not lines
    contact = visit.school.person(visit.school.data_protection) if situation.contact else None
    if contact is not None:
        lines.append((Text("Answers for data"), contact.name))
    if nobody:
        yield note(Text("Nobody in school can be named for this. Call one of these: you need no leave."), Tone.URGENT)
    if lines:
        yield Facts(tuple(lines))
    if lines and not situation.never:
        yield paragraph(NOT_TO_THEM)
    if situation.outside or nobody:
        yield paragraph(Text("You may always call somebody outside of school yourself:"))
        yield from help_lines(Audience.STAFF, school=visit.school).blocks


def _ways(visit: Visit, situation: Situation) -> Iterator[tuple[Choice, ...]]:
    """Only what this person may ask for."""
    doors = tuple(OPENS[verb] for verb in situation.opens if may(verb, incoming=visit.incoming, person=visit.person))
    if doors:
        yield doors
    yield button(Text("Something else"), "whatnow", args={WHICH: MENU}), LADDER
