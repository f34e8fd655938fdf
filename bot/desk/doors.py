"""The doors from the list of reports, and from a report, to what lies beside it."""

from collections.abc import Iterator

from bot.desk.predicates import FINDING, REGISTER_ROLES
from bot.desk.visit import Visit, button
from bot.wire import Choice, Look
from safeguarding import Concern, may_ask, standing, waiting_for
from school.words import Text

LOG_LOW_LEVEL = button(Text("Log a low-level concern about an adult"), "lowlevel.form")
FOUND = button(Text("What has turned up"), "found.list")
BACK_TO_LIST = button(Text("Back to the list"), "inbox.list")


def register_doors(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    """Anybody on the staff may write an entry; the way in to read them is for those whose they are."""
    rows: tuple[tuple[Choice, ...], ...] = ((LOG_LOW_LEVEL,),)
    if visit.person is not None and visit.person.holds(*REGISTER_ROLES):
        rows = ((button(Text("Low-level concerns about adults"), "lowlevel.list"),), *rows)
    if visit.person is not None and visit.person.holds(*FINDING):
        rows = (*rows, (FOUND,))
    return (*_asked_of(visit), *rows)


def _asked_of(visit: Visit) -> Iterator[tuple[Choice, ...]]:
    """First of all, for somebody may be in danger: a second person's agreement is waited for."""
    if visit.person and waiting_for(visit.person.id, identities=visit.unit.identities, now=visit.now):
        yield (button(Text("A colleague asks for your agreement"), "identity.list", Look.PRIMARY),)


def identity_doors(visit: Visit, concern: Concern) -> Iterator[tuple[Choice, ...]]:
    """From a report to whoever wrote it, for a reader who holds half of the key; as far as that has come."""
    identities, ref = visit.unit.identities, {"ref": concern.reference}
    if visit.person is None or not may_ask(concern, identities=identities, person=visit.person.id):
        return
    found = standing(concern, identities=identities, now=visit.now)
    if found is None:
        yield (button(Text("Somebody is in danger: find out who wrote"), "identity.ask", args=ref),)
    elif found.asked_by != visit.person.id:
        if not found.agreed and visit.person.id in identities.holders(concern.id)[1 - found.half]:
            yield (button(Text("Look at what is asked"), "identity.look", Look.PRIMARY, ref),)
    elif found.agreed:
        yield (button(Text("See who wrote, once"), "identity.see", Look.PRIMARY, ref),)
    else:
        yield (button(Text("Take back that you asked who wrote"), "identity.take_back", args=ref),)
