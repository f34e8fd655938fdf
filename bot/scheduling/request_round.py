"""Requests are looked after each minute: the filter may have been left off."""

from datetime import datetime

from bot.unit import Unit
from school.school import School
from staff import Books, look_after_requests


def follow_requests(unit: Unit, *, school: School, now: datetime) -> int:
    """Whatever is due of a school's requests; how many were moved on or spoken of. The caller commits."""
    books = Books(school=school, requests=unit.requests, outbox=unit.outbox, evidence=unit.evidence)
    return look_after_requests(books=books, now=now)
