"""A process that lets drafts go, and is killed with -9 before its n-th step: a statement, or a commit."""

import os
import signal
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import event

from bot.clock import SetClock
from bot.scheduling import Rounds
from bot.storage import Engines, Posting, SqlUnits, open_engines
from pages import Shelf
from school.calendar import Calendar
from school.people import LANGUAGES, Person, Role
from school.school import School

WROTE = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
WENT = WROTE + timedelta(minutes=5)
SCHOOL = School(
    id="ashgrove",
    name="Ashgrove School",
    calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
    classes=(),
    people=tuple(
        Person(id=role.value, name=role.value, roles=frozenset({role})) for role in (Role.HEAD, Role.CHAIR_OF_GOVERNORS)
    ),
    languages=(LANGUAGES["en"],),
)
# As the server has them in its home folder: what one process sealed another one opens.
CHAT_KEYS = (b"k" * 32,)


def units_of(engines: Engines, now: datetime) -> SqlUnits:
    clock = SetClock(now)
    return SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock, chat_keys=lambda _school: CHAT_KEYS))


def go_once(url: str, now: datetime, die_before: int = 0) -> int:
    """The rounds, once; how many steps that took. Nothing is ever caught of a kill."""
    engines = open_engines(url)
    numbers = count(1)
    steps = [0]

    def step(*_rest: object) -> None:
        steps[0] = next(numbers)
        if steps[0] == die_before:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engines.write, "before_cursor_execute", step)
    event.listen(engines.write, "commit", step)
    clock = SetClock(now)
    Rounds({SCHOOL.id: SCHOOL}, units_of(engines, now), Shelf([]), {}, clock, clock).go()
    engines.close()
    return steps[0]
