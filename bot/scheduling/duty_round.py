"""Once a day what staff are asked for is laid down, and whoever has something to do hears of it, and is chased."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from bot.clock import MachineClock
from bot.scheduling.training_round import lay_training
from bot.storage import new_id
from bot.unit import Unit
from pages import Shelf
from school.school import School
from staff import (
    Check,
    Duty,
    Sort,
    documents_to_sign,
    lay_checks,
    lay_signs,
    look_after_leavers,
    policy_of,
    registers_round,
    tell_of_duties,
    tell_of_review,
)


def duty_round(unit: Unit, *, school: School, shelf: Shelf, now: datetime) -> int:
    """Lay, then tell; how many of both. The caller commits."""
    if not school.asks_staff:
        return 0
    machine, checks = MachineClock(), policy_of(unit.policies).checks

    def fresh(_: datetime) -> UUID:
        return new_id(machine.now())

    look_after_leavers(checks, school=school, duties=unit.duties, now=now)
    laid = lay_checks(checks, school=school, duties=unit.duties, new_id=fresh, now=now)
    laid += lay_signs(documents_to_sign(shelf), school=school, duties=unit.duties, new_id=fresh, now=now)
    laid += lay_training(unit, school=school, shelf=shelf, now=now)
    laid += tell_of_review(school=school, policies=unit.policies, outbox=unit.outbox, now=now)
    laid += registers_round(school=school, registers=unit.registers, outbox=unit.outbox, new_id=fresh, now=now)
    titled = titles(shelf, checks)
    return laid + tell_of_duties(school=school, duties=unit.duties, titled=titled, outbox=unit.outbox, now=now)


def titles(shelf: Shelf, checks: Sequence[Check]) -> Callable[[Duty], str]:
    """What a duty is called: a check's title, or its page's."""
    known = {check.id: check.title for check in checks}

    def titled(duty: Duty) -> str:
        if duty.sort is Sort.CHECK:
            return known.get(duty.subject, duty.subject)
        return shelf.title(duty.subject)

    return titled
