"""What the offices of a school are called on cards for staff, and their holders by name, as of today."""

from collections.abc import Mapping, Sequence

from bot.desk.visit import Visit
from school.people import Person, Role
from school.words import Text

OFFICE: Mapping[Role, Text] = {
    Role.DSL: Text("Safeguarding lead"),
    Role.DEPUTY_DSL: Text("Deputy"),
    Role.HEAD: Text("Head"),
    Role.CHAIR_OF_GOVERNORS: Text("Chair of governors"),
    Role.GOVERNOR: Text("Governor"),
    Role.ESAFETY_LEAD: Text("E-safety lead"),
    Role.TECHNICIAN: Text("Technician"),
    Role.OFFICE: Text("Office"),
    Role.TEACHER: Text("Class teacher"),
    Role.YEAR_LEAD: Text("Year lead"),
    Role.STAFF: Text("Staff"),
    Role.VOLUNTEER: Text("Volunteer"),
}
THEN_THE_HEAD = Text("nobody yet; until then the head")


def names_of(visit: Visit, people: Sequence[Person]) -> Text:
    """One or more people by name; whoever is away today is said to be."""
    away = visit.school.away(visit.today)
    together: Text = _named(people[0], away)
    for person in people[1:]:
        together = Text("{some}, {other}", {"some": together, "other": _named(person, away)})
    return together


def _named(person: Person, away: frozenset[str]) -> Text:
    if person.id in away:
        return Text("{name} (away today)", {"name": person.name})
    return Text("{name}", {"name": person.name})
