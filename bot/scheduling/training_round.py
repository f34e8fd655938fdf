"""Once a day what there is to learn is laid down: modules by their month, the scenario of the month, the survey."""

from datetime import datetime
from uuid import UUID

from bot.clock import MachineClock
from bot.storage import new_id
from bot.unit import Unit
from pages import Shelf
from school.school import School
from staff import all_modules, all_scenarios, lay_modules, lay_scenarios, lay_survey, newcomers, note_joiners


def lay_training(unit: Unit, *, school: School, shelf: Shelf, now: datetime) -> int:
    """Lay it; how much. The caller commits."""
    machine = MachineClock()

    def fresh(_: datetime) -> UUID:
        return new_id(machine.now())

    note_joiners(school=school, book=unit.learning, now=now)
    new = newcomers(school=school, book=unit.learning, now=now)
    laid = lay_modules(all_modules(shelf), school=school, new=new, duties=unit.duties, new_id=fresh, now=now)
    laid += lay_scenarios(all_scenarios(shelf), school=school, duties=unit.duties, new_id=fresh, now=now)
    return laid + lay_survey(school=school, duties=unit.duties, new_id=fresh, now=now)
