"""A school year begins anew: the room's new children have had nothing of what the last ones had."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from curriculum import Outcome, standing
from school.people import SchoolClass, YearGroup
from tests.rooms.test_rooms_revisits import CALENDAR, entry

OAK = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),), moved_up_from=("ash",))


class Had:
    def __init__(self, **classes):
        self.classes = classes

    def taught(self, class_id):
        return tuple(self.classes.get(class_id, ()))

    def record(self, taught):
        raise NotImplementedError(taught)


def stands(klass, progress, on=date(2026, 11, 24)):
    return standing(klass, progress=progress, calendar=CALENDAR, on=on)


def test_oak_begins_in_september_with_nothing_whatever_its_room_had_last_year():
    had = Had(oak=[entry(date(2025, 10, 6)), entry(date(2026, 9, 14), turn=1)])

    now = stands(OAK, had)

    assert [each.when.date() for each in now.this_year] == [date(2026, 9, 14)]
    assert now.turn == 2


def test_the_children_of_oak_bring_with_them_what_they_had_in_ash():
    had = Had(
        ash=[entry(date(2024, 10, 7)), entry(date(2025, 10, 6), turn=1), entry(date(2026, 10, 5), turn=2)],
        oak=[entry(date(2026, 9, 14))],
    )

    assert [each.when.date() for each in stands(OAK, had).before] == [date(2025, 10, 6)]
    assert stands(replace(OAK, moved_up_from=()), had).before == ()


def test_a_mixed_class_has_each_of_its_years_once_in_as_many_years():
    willow = SchoolClass(id="willow", name="Willow", years=(YearGroup(4), YearGroup(3)))

    years = [willow.year_in(date(2026 + n, 9, 1)).code for n in range(4)]

    assert sorted(years[:2]) == ["3", "4"]
    assert years[:2] == years[2:]


def test_the_year_began_with_the_autumn_term_or_else_in_september():
    assert CALENDAR.year_began(date(2027, 3, 1)) == date(2026, 9, 2)
    assert CALENDAR.year_began(date(2026, 9, 1)) == date(2026, 9, 1)
    assert CALENDAR.year_began(date(2026, 8, 31)) == date(2025, 9, 1)
    assert CALENDAR.year_began(date(2026, 9, 2) - timedelta(days=400)) == date(2024, 9, 1)


def test_a_lesson_at_midnight_of_the_first_day_is_of_the_new_year():
    late = replace(entry(date(2026, 9, 1)), when=datetime(2026, 9, 1, 23, 30, tzinfo=UTC), outcome=Outcome.TAUGHT)

    assert stands(OAK, Had(oak=[late])).this_year == (late,)  # half past midnight in London
