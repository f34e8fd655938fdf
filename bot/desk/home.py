"""The App Home of staff: what needs me now, in at most five lines with a tap each, and below it what I do most."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from bot.desk import previewing
from bot.desk.counting import NUMBERS
from bot.desk.doors import FOUND, LOG_LOW_LEVEL
from bot.desk.events import events_to_come
from bot.desk.may import may
from bot.desk.pressing import LIST, Line, pressing
from bot.desk.visit import Visit, button
from bot.desk.whatnow import WHATNOW_BESIDE
from bot.desk.wording import notice
from bot.wire import Answer, Card, Choice, Look, Show
from pages import Block, Divider, Document, Heading, Tone, note, paragraph, says
from safeguarding import Level
from school.people import Person, Role
from school.words import Text

# So many are taken in at a glance; what is not among them stands behind the lists they lead to.
MOST = 5
# What somebody is offered first, of what they do most; and how many stand in a row below it.
MOST_OFFERED, IN_A_ROW = 3, 4
ASSEMBLY = button(Text("This week's assembly"), "assembly")
SENT = button(Text("What has been sent"), "deliveries", args={"topic": "deliveries"})
STANDS = button(Text("How the policy stands"), "evidence", args={"topic": "evidence"})
WHO = button(Text("Who does what"), "who", args={"topic": "who"})
REQUESTS = button(Text("Requests"), "requests", args={"topic": "requests"})
TRAINING = button(Text("Your training"), "training", args={"topic": "training"})
SIGNED = button(Text("Who has signed"), "roll", args={"topic": "roll"})
SITES = button(Text("Checked sites"), "sites", args={"topic": "sites"})
POLICY = button(Text("Our policy"), "policy", args={"topic": "policy"})
FAULT = button(Text("The filter has a fault"), "filterfault")
WHOSE_PICTURE = button(Text("Who may be in pictures"), "photos", args={"topic": "photos"})
# What each office does most, the first of it on top. Nobody is offered what would then be refused.
DOES: Mapping[Role, tuple[Choice, ...]] = {
    Role.HEAD: (STANDS, SIGNED, NUMBERS),
    Role.DSL: (replace(FOUND, args={"topic": "finds"}), STANDS, WHO),
    Role.DEPUTY_DSL: (replace(FOUND, args={"topic": "finds"}), STANDS, WHO),
    Role.ESAFETY_LEAD: (STANDS, SIGNED, SITES),
    Role.TECHNICIAN: (REQUESTS, SITES, FAULT),
    Role.CHAIR_OF_GOVERNORS: (POLICY, STANDS, WHO),
    Role.GOVERNOR: (POLICY, STANDS, WHO),
    Role.OFFICE: (WHOSE_PICTURE, SENT, WHO),
    Role.TEACHER: (ASSEMBLY, SITES, TRAINING),
    Role.YEAR_LEAD: (ASSEMBLY, TRAINING, WHO),
    Role.STAFF: (TRAINING, ASSEMBLY, WHO),
    Role.VOLUNTEER: (TRAINING, WHO),
}


def home_of(visit: Visit, person: Person) -> Answer:
    """The five that press most, in the order in which somebody waits for them; then what they do most; then doors."""
    lines = list(islice(pressing(visit, person), MOST + 1))
    blocks: list[Block] = [paragraph(Text("Good to see you, {name}.", {"name": person.name}))]
    blocks += notice(visit, Level.KS2).blocks
    if lines:
        blocks.append(Heading(says(Text("What needs you now")), 3))
    else:
        blocks.append(note(Text("Nothing waits for you. Thank you: that is your doing."), Tone.GOOD))
    # One stands out, the most pressing: five that shout are as good as none.
    looks = (Look.PRIMARY, *[Look.PLAIN] * (MOST - 1))
    cards = [_card(line, look) for line, look in zip(lines[:MOST], looks, strict=False)]
    cards.append(Card(Document("", tuple(_below(len(lines))))))
    rows = _doors(visit, person)
    return Answer(document=Document(Text("Lollipop"), tuple(blocks)), cards=tuple(cards), choices=rows, show=Show.HOME)


def _card(line: Line, look: Look) -> Card:
    return Card(Document("", (paragraph(line.said),)), ((replace(line.tap, look=look),),))


def _below(waiting: int) -> Iterator[Block]:
    if waiting > MOST:
        yield paragraph(Text("There is more. It comes up here as you go, and most of it is on your list."))
    yield Divider()
    yield Heading(says(Text("What you may want to do")), 3)


def _doors(visit: Visit, person: Person) -> tuple[tuple[Choice, ...], ...]:
    """What this person does most; the rest, each once; and always the ways to tell of a worry."""
    most = list(islice(_most(visit, person), MOST_OFFERED + len(person.classes)))
    rest = [each for each in _rest(visit) if each.verb not in {known.verb for known in most}]
    rows = [tuple(rest[at : at + IN_A_ROW]) for at in range(0, len(rest), IN_A_ROW)]
    coming = tuple(door for row in previewing.doors(visit) for door in row if door.look is not Look.PRIMARY)
    tell = button(Text("Report a concern"), "report.start", Look.DANGER)
    worries = (tell, button(Text("Something on a screen"), "found"), LOG_LOW_LEVEL, WHATNOW_BESIDE)
    return tuple(row for row in (tuple(most), worries, *rows, coming[:IN_A_ROW]) if row)


def _may(visit: Visit, verb: str) -> bool:
    return may(verb, incoming=visit.incoming, person=visit.person)


def _most(visit: Visit, person: Person) -> Iterator[Choice]:
    """Their classes' next lessons first; then by office, one of each in turn, so that none is crowded out."""
    for klass in visit.school.classes if _may(visit, "lesson") else ():
        if klass.id in person.classes:
            yield button(Text("Next for {name}", {"name": klass.name}), "lesson", args={"class": klass.id})
    seen: set[str] = set()
    theirs = [offered for role, offered in DOES.items() if person.holds(role)] or [DOES[Role.STAFF]]
    for place in range(MOST_OFFERED):
        for offered in theirs:
            choice = offered[place] if place < len(offered) else None
            if choice and choice.verb not in seen and _may(visit, choice.verb):
                seen.add(choice.verb)
                yield choice


def _rest(visit: Visit) -> Iterator[Choice]:
    """What anybody may want: where they may, and where there is something to see."""
    doors = [LIST, REQUESTS, ASSEMBLY, SENT, STANDS, NUMBERS]
    yield from (each for each in doors if _may(visit, each.verb))
    if _may(visit, "events.list") and events_to_come(visit):
        yield button(Text("Events, and who comes"), "events.list")
