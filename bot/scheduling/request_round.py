"""Requests are looked after each minute: the filter may have been left off."""

from datetime import datetime

from bot.logs import log
from bot.unit import Units
from school.school import School
from staff import Books, look_after_requests


def follow_requests(units: Units, school: School, now: datetime) -> int:
    """Whatever is due of a school's requests; how many were moved on or spoken of.

    In a transaction of its own: nothing that happens here undoes a report's climb, and no writer is held for nothing.
    """
    with units.read(school.id) as unit:
        if not unit.requests.going_on():
            return 0
    try:
        with units.write(school.id) as unit:
            books = Books(school=school, requests=unit.requests, outbox=unit.outbox, evidence=unit.evidence)
            moved = look_after_requests(books=books, now=now)
            unit.commit()
    except Exception as error:  # noqa: BLE001 - it is logged, stays due, and the next minute tries again
        log("rounds.failed", school=school.id, verb="requests", error=error)
        return 0
    return moved
