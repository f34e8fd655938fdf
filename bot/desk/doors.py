"""The doors from the list of reports to what lies beside it."""

from bot.desk.visit import Visit, button
from bot.wire import Choice
from school.people import Role
from school.words import Text

LOG_LOW_LEVEL = button(Text("Log a low-level concern about an adult"), "lowlevel.form")
# Whoever may be the reader of an entry, by office; a lead never is.
REGISTER_ROLES = (Role.HEAD, Role.CHAIR_OF_GOVERNORS)


def register_doors(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    """Anybody on the staff may write an entry; the way in to read them is for those whose they are."""
    rows: tuple[tuple[Choice, ...], ...] = ((LOG_LOW_LEVEL,),)
    if visit.person is not None and visit.person.holds(*REGISTER_ROLES):
        rows = ((button(Text("Low-level concerns about adults"), "lowlevel.list"),), *rows)
    return rows
