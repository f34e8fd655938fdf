"""Amara hears an hour before her lesson what is next, and Hannah on Friday which assembly comes on Monday."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from bot.clock import SetClock
from bot.scheduling import Rounds
from bot.storage.tables import delivery
from school.people import Slot
from tests.desk.conftest import ours

TUESDAY = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


@pytest.fixture
def rounds(front_desk):
    """Go round at an instant; Oak has its lesson on Tuesdays at half past one, and Hannah leads assemblies."""
    house = front_desk.product.house
    here = house.schools["oakfield"]
    oak, *others = here.classes
    school = replace(
        here,
        classes=(replace(oak, slot=Slot(weekday=1, at=time(13, 30))), *others),
        assemblies_by=("hannah",),
    )
    clock = SetClock(datetime(2026, 11, 19, 12, tzinfo=UTC))
    made = Rounds(
        schools={"oakfield": school},
        units=house.units,
        shelf=ours().shelf,
        campaigns={},
        clock=clock,
        machine_clock=clock,
    )
    made.go()

    def go(now):
        clock.move_to(now)
        made.go()
        with front_desk.product.engines.reading() as connection:
            columns = (delivery.c.recipient, delivery.c["values"], delivery.c.due_at, delivery.c.not_after)
            chosen = (
                select(delivery.c.page, *columns).where(delivery.c.page.like("%-ahead")).order_by(delivery.c.due_at)
            )
            return connection.execute(chosen).all()

    return go


@pytest.mark.clause(6)
def test_amara_is_told_of_oak_s_lesson_an_hour_before_it(rounds):
    (told,) = rounds(TUESDAY)

    assert (told.page, told.recipient) == ("lesson-ahead", "amara")
    assert told.values == {"class": "Oak", "title": "Keep it yours: private things and strong passwords"}
    assert told.due_at == datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    assert told.not_after == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert len(rounds(TUESDAY.replace(hour=9))) == 1


@pytest.mark.clause(7)
def test_hannah_is_told_on_friday_of_monday_s_assembly(rounds):
    rounds(TUESDAY)

    *_, told = rounds(FRIDAY)

    assert (told.page, told.recipient) == ("assembly-ahead", "hannah")
    assert told.values["title"]
    assert told.due_at == datetime(2026, 11, 27, 8, 30, tzinfo=UTC)


def test_nobody_is_told_anything_on_a_day_off(rounds):
    assert rounds(datetime(2026, 12, 22, 7, 0, tzinfo=UTC)) == []
