"""Once a day what staff are asked for is laid down, and whoever has something to do hears of it, and is chased."""

from datetime import datetime
from uuid import UUID

from bot.clock import MachineClock
from bot.scheduling.training_round import lay_training
from bot.storage import new_id
from bot.unit import Unit
from pages import Shelf
from school.school import School
from staff import (
    checks_of,
    documents_to_sign,
    drop_unasked,
    lay_checks,
    lay_signs,
    look_after_leavers,
    look_after_registers,
    registers_round,
    tell_of_duties,
    tell_of_review,
    titles_of,
)


def duty_round(unit: Unit, *, school: School, shelf: Shelf, now: datetime) -> int:
    """Lay, then tell; how many of both. Whoever left owns nothing, also where nobody is asked. The caller commits."""
    machine, checks = MachineClock(), checks_of(unit.policies, unit.releases)

    def fresh(_: datetime) -> UUID:
        return new_id(machine.now())

    left = look_after_registers(school=school, registers=unit.registers, outbox=unit.outbox, new_id=fresh, now=now)
    if not school.asks_staff:
        return left
    look_after_leavers(checks, school=school, duties=unit.duties, now=now)
    drop_unasked(checks, school=school, duties=unit.duties, now=now)
    laid = lay_checks(checks, school=school, duties=unit.duties, new_id=fresh, now=now)
    laid += lay_signs(documents_to_sign(shelf), school=school, duties=unit.duties, new_id=fresh, now=now)
    laid += lay_training(unit, school=school, shelf=shelf, now=now)
    laid += tell_of_review(school=school, policies=unit.policies, outbox=unit.outbox, now=now)
    laid += left + registers_round(school=school, registers=unit.registers, outbox=unit.outbox, now=now)
    titled = titles_of(shelf, policies=unit.policies, releases=unit.releases).of
    return laid + tell_of_duties(school=school, duties=unit.duties, titled=titled, outbox=unit.outbox, now=now)
