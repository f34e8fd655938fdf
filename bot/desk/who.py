"""Who does what: the card for the wall and for whoever is new. Offices, names, and the way to each."""

from collections.abc import Iterator

from bot.desk.visit import Visit
from bot.wire import Answer
from pages import Block, Document, Facts, Tone, note, paragraph
from school.people import Person, Role
from school.words import Refusal, Text

TITLE = Text("Who does what")
# In the order in which somebody looks for them, and what they are there for.
OFFICES_HERE: tuple[tuple[Role, Text, Text], ...] = (
    (Role.DSL, Text("Safeguarding lead"), Text("any worry about a child: in person, or /report")),
    (Role.DEPUTY_DSL, Text("Deputy"), Text("the same, when the lead is away")),
    (Role.HEAD, Text("Head"), Text("a worry about an adult in school; a breach: /lollipop breach")),
    (Role.CHAIR_OF_GOVERNORS, Text("Chair of governors"), Text("a worry about the head")),
    (Role.ESAFETY_LEAD, Text("E-safety lead"), Text("questions about life online: /lollipop ask")),
    (
        Role.TECHNICIAN,
        Text("Technician"),
        Text("the filter, accounts, devices: /lollipop filterfault"),
    ),
    (Role.OFFICE, Text("Office"), Text("letters for families, photo consent, the website")),
)


class NotYourRoleError(Refusal):
    """A colleague asked for what belongs to another role."""

    text = Text(
        "That belongs to another role at school. /lollipop who says who does what. If you should have it, ask the "
        "office to put your role right."
    )


def who_does_what(visit: Visit) -> Answer:
    """Today's people; whoever is away today is said to be, and an office that nobody holds is said to be empty."""
    facts = tuple(_line(visit, *each) for each in OFFICES_HERE if _is_told(visit, each[0]))
    blocks: list[Block] = [
        note(Text("If a child is in danger now, call 999 first."), Tone.URGENT),
        Facts(facts),
        *_outside(visit),
        paragraph(
            Text("Something on a screen that should not be there: /found. What may follow is in the behaviour policy.")
        ),
    ]
    return Answer(document=Document(TITLE, tuple(blocks)))


def _is_told(visit: Visit, role: Role) -> bool:
    """A school may do without a technician or an office of its own; not without the others."""
    return bool(visit.school.holders(role)) or role not in {Role.TECHNICIAN, Role.OFFICE}


def _line(visit: Visit, role: Role, office: Text, what: Text) -> tuple[Text, Text]:
    people, away = visit.school.holders(role), visit.school.away(visit.today)
    if not people:
        return office, Text("nobody yet; until then the head. {what}", {"what": what})
    together: Text | str = _named(people[0], away)
    for person in people[1:]:
        together = Text("{some}, {other}", {"some": together, "other": _named(person, away)})
    return office, Text("{names}: {what}", {"names": together, "what": what})


def _named(person: Person, away: frozenset[str]) -> Text:
    if person.id in away:
        return Text("{name} (away today)", {"name": person.name})
    return Text("{name}", {"name": person.name})


def _outside(visit: Visit) -> Iterator[Block]:
    phone = visit.school.reporting.out_of_hours_phone
    lines = [(Text("When school is closed"), phone)] if phone else []
    lines += [
        (Text("{name}", {"name": each.name}), f"{each.phone} {each.hours}".strip()) for each in visit.school.services
    ]
    if lines:
        yield Facts(tuple(lines))
