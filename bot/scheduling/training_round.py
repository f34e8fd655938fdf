"""Once a day what there is to learn is laid down: modules by their month, and the scenario of the month."""

from datetime import datetime
from uuid import UUID

from bot.clock import MachineClock
from bot.storage import new_id
from bot.unit import Unit
from pages import Shelf
from school.school import School
from staff import all_modules, all_scenarios, lay_modules, lay_scenarios


def lay_training(unit: Unit, *, school: School, shelf: Shelf, now: datetime) -> int:
    """Lay it; how much. The caller commits."""
    machine = MachineClock()

    def fresh(_: datetime) -> UUID:
        return new_id(machine.now())

    laid = lay_modules(all_modules(shelf), school=school, new=(), duties=unit.duties, new_id=fresh, now=now)
    return laid + lay_scenarios(all_scenarios(shelf), school=school, duties=unit.duties, new_id=fresh, now=now)
