"""Every check of the calendar by its real way: it is laid, told of, tapped, and its clauses are green by that."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from school.events import EventKind, SchoolEvent
from school.people import Role
from staff import Colour, DutyState, Rhythm, Sort, all_checks, asked_for, lay_checks, load_clauses, period_of, weigh
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_signing import with_school
from tests.desk.test_desk_todo import school_of, tap

LONDON = ZoneInfo("Europe/London")
SHOW = SchoolEvent(id="show", name="A show", day=datetime(2027, 6, 24, tzinfo=LONDON).date(), kind=EventKind.PHOTOS)
# A Monday in summer: whatever is asked once a year has been asked for by then.
DAY = datetime(2027, 6, 21, 9, 35, tzinfo=LONDON)
CHECKS = [
    pytest.param(check, id=check.id, marks=[pytest.mark.clause(int(clause[1:])) for clause in check.clauses])
    for check in all_checks()
]


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_is_asked_of_whoever_it_is_for_and_one_tap_turns_its_clauses_green(front_desk, check):
    desk = with_school(front_desk, events=(SHOW,))
    house = desk.product.house
    house.school_clock.instant = DAY
    with house.units.write("oakfield") as unit:
        lay_checks([check], school=school_of(desk), duties=unit.duties, new_id=house.new_id, now=DAY)
        unit.commit()
    person = asked_for(check, school=school_of(desk), on=DAY.date())[0]
    with house.units.read("oakfield") as unit:
        before = {each.clause.id: each.colour for each in weigh(load_clauses(), book=unit.evidence.by_kind(), now=DAY)}

    listed = desk("todo", sender=person.slack, lang="en")
    card = tap(desk, person.slack, listed, check.title)
    assert check.ask in read(card)
    assert ("All is well, with a note" in buttons(card)) == check.note
    tap(desk, person.slack, card, "All is well")

    with house.units.read("oakfield") as unit:
        after = {each.clause.id: each.colour for each in weigh(load_clauses(), book=unit.evidence.by_kind(), now=DAY)}
        mine = [each for each in unit.duties.of(Sort.CHECK, subject=check.id) if each.person == person.id]
    assert [each.said for each in mine] == [DutyState.DONE]
    assert {before[clause] for clause in check.clauses} == {Colour.RED}
    assert {after[clause] for clause in check.clauses} == {Colour.GREEN}


def test_a_check_of_every_rhythm_is_on_the_calendar(front_desk):
    assert {check.rhythm for check in all_checks()} == set(Rhythm) - {Rhythm.ONCE}
    period = period_of(Rhythm.YEARLY, on=DAY.date(), calendar=school_of(front_desk).calendar)
    assert period is not None
    assert period.id == "2026"
    assert any(check.who is Role.TECHNICIAN for check in all_checks())
