"""Every quarter of an hour: adults who are asked about their child hear of it, and twice more if they don't answer.

The room decides who and when; nothing is left in quiet hours.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.scheduling.slots import Every
from bot.unit import Unit, Units
from pages import Shelf
from parents import STAGES, ask_families
from school.school import School

ASK = "ask"
QUARTERLY = Every(timedelta(minutes=15))
FURTHEST_ASK = timedelta(minutes=16)


def ask_round(school: School, now: datetime, *, units: Units, shelf: Shelf, take: Callable[[Unit], bool]) -> int:
    """Each asking in a transaction of its own: a class's notices and how far it has come stand or fall together."""
    with units.write(school.id) as unit:
        if not take(unit):
            return 0
        unit.commit()
    with units.read(school.id) as unit:
        askings = [each for each in unit.answers.asked() if each.stage < len(STAGES)]
    left = 0
    for asking in askings:
        with units.write(school.id) as unit:
            # Read again: another process may have been here meanwhile.
            same = next((each for each in unit.answers.asked(asking.class_id) if each.id == asking.id), asking)
            left += ask_families(
                same,
                school=school,
                shelf=shelf,
                families=unit.families,
                children=unit.children,
                answers=unit.answers,
                outbox=unit.outbox,
                evidence=unit.evidence,
                now=now,
            )
            unit.commit()
    return left
