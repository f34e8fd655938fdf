"""Who does what: the card for the wall and for whoever is new. Offices, names, and the way to each."""

from collections.abc import Iterator

from bot.desk.cards import card_seen, where
from bot.desk.ladder import LADDER
from bot.desk.offices import OFFICE, names_of
from bot.desk.visit import Visit
from bot.desk.whatnow import WHATNOW
from bot.wire import Answer
from pages import Block, Document, Facts, Tone, note, paragraph
from school.people import Role
from school.words import Refusal, Text

TITLE = Text("Who does what")
# In the order in which somebody looks for them, and what they are there for.
OFFICES_HERE: tuple[tuple[Role, Text], ...] = (
    (Role.DSL, Text("any worry about a child: in person, or /report")),
    (Role.DEPUTY_DSL, Text("the same, when the lead is away")),
    (Role.HEAD, Text("a worry about an adult in school; a breach: /lollipop breach")),
    (Role.CHAIR_OF_GOVERNORS, Text("a worry about the head")),
    (Role.ESAFETY_LEAD, Text("questions about life online: /lollipop ask")),
    (
        Role.TECHNICIAN,
        Text("the filter, accounts, devices: /lollipop filterfault"),
    ),
    (Role.OFFICE, Text("letters for families, photo consent, the website")),
)


class NotYourRoleError(Refusal):
    """A colleague asked for what belongs to another role."""

    text = Text(
        "That belongs to another role at school. /lollipop who says who does what. If you should have it, ask the "
        "office to put your role right."
    )


def who_does_what(visit: Visit) -> Answer:
    """Today's people; whoever is away today is said to be, and an office that nobody holds is said to be empty."""
    card_seen(visit)
    facts = tuple(_line(visit, *each) for each in OFFICES_HERE if _is_told(visit, each[0]))
    blocks: list[Block] = [
        note(Text("If a child is in danger now, call 999 first."), Tone.URGENT),
        Facts(facts),
        *_outside(visit),
        paragraph(
            Text("Something on a screen that should not be there: /found. What may follow is a tap away, below.")
        ),
    ]
    return Answer(document=Document(TITLE, tuple(blocks)), choices=((WHATNOW, LADDER),), show=where(visit))


def _is_told(visit: Visit, role: Role) -> bool:
    """A school may do without a technician or an office of its own; not without the others."""
    return bool(visit.school.holders(role)) or role not in {Role.TECHNICIAN, Role.OFFICE}


def _line(visit: Visit, role: Role, what: Text) -> tuple[Text, Text]:
    people = visit.school.holders(role)
    if not people:
        return OFFICE[role], Text("nobody yet; until then the head. {what}", {"what": what})
    return OFFICE[role], Text("{names}: {what}", {"names": names_of(visit, people), "what": what})


def _outside(visit: Visit) -> Iterator[Block]:
    phone = visit.school.reporting.out_of_hours_phone
    lines = [(Text("When school is closed"), phone)] if phone else []
    lines += [
        (Text("{name}", {"name": each.name}), f"{each.phone} {each.hours}".strip()) for each in visit.school.services
    ]
    if lines:
        yield Facts(tuple(lines))
