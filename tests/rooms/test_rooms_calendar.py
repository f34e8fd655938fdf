from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.calendar import BeyondTheCalendarError, Calendar, HalfTerm, safer_internet_day

HALVES = (
    HalfTerm(id="autumn-1", first=date(2026, 9, 1), last=date(2026, 10, 23)),
    HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18)),
    HalfTerm(id="spring-1", first=date(2027, 1, 4), last=date(2027, 2, 12)),
    HalfTerm(id="spring-2", first=date(2027, 2, 22), last=date(2027, 3, 25)),
    HalfTerm(id="summer-1", first=date(2027, 4, 12), last=date(2027, 5, 28)),
    HalfTerm(id="summer-2", first=date(2027, 6, 7), last=date(2027, 7, 21)),
)
INSET = frozenset({date(2026, 9, 1), date(2026, 10, 23), date(2027, 1, 4)})
CLOSED = frozenset({date(2027, 5, 3)})
YEAR = Calendar(zone=ZoneInfo("Europe/London"), half_terms=HALVES, inset=INSET, closed=CLOSED)

# From the middle of the year, forty school days lie on either side.
middle = st.dates(date(2026, 12, 1), date(2027, 4, 30))
minutes = st.integers(0, 320 * 24 * 60)
instants = minutes.map(lambda after: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=after))
clocks = st.times().map(lambda clock: clock.replace(microsecond=0))
# The nights on which the clocks go forward and back, and the hours around the change, in and out of the school's wall.
NIGHTS = (date(2027, 3, 28), date(2026, 10, 25))
nights = st.sampled_from(NIGHTS)
small_hours = st.builds(time, st.integers(0, 3), st.integers(0, 59), st.integers(0, 59), fold=st.integers(0, 1))
nightly = st.builds(
    lambda night, after: datetime.combine(night, time(), UTC) - timedelta(hours=2) + timedelta(seconds=after),
    nights,
    st.integers(0, 8 * 3600),
)


@given(middle, st.integers(-40, 40))
def test_a_teacher_who_counts_school_days_there_and_back_is_where_they_began(anchor, days):
    start = YEAR.next_school_day(anchor)

    assert YEAR.add_school_days(YEAR.add_school_days(anchor, days), -days) == start


@given(middle, st.integers(-20, 20), st.integers(-20, 20))
def test_a_teacher_who_counts_school_days_in_two_goes_gets_as_far(anchor, some, more):
    assert YEAR.add_school_days(YEAR.add_school_days(anchor, some), more) == YEAR.add_school_days(anchor, some + more)


@given(middle, st.integers(-40, 40))
def test_nobody_is_asked_to_do_anything_on_a_day_the_school_is_closed(anchor, days):
    landed = YEAR.add_school_days(anchor, days)

    assert landed.weekday() < 5
    assert landed not in INSET | CLOSED
    assert any(half.first <= landed <= half.last for half in HALVES)


@given(middle, st.integers(1, 40))
def test_a_teacher_counts_every_school_day_between_and_no_other(anchor, days):
    start, end = YEAR.next_school_day(anchor), YEAR.add_school_days(anchor, days)
    between = [start + timedelta(days=n) for n in range((end - start).days)]

    assert sum(map(YEAR.is_school_day, between)) == days


def test_a_teacher_who_counts_past_the_last_term_is_told_that_the_calendar_ends():
    with pytest.raises(BeyondTheCalendarError):
        YEAR.add_school_days(date(2027, 7, 21), 1)


@given(instants)
def test_a_family_never_hears_anything_in_quiet_hours(now):
    opened = YEAR.next_open(now)

    assert not YEAR.is_quiet(opened)
    assert now <= opened <= now + timedelta(hours=13)


@given(instants, clocks, clocks)
def test_a_family_is_left_in_peace_whatever_hours_the_school_sets(now, quiet_from, quiet_until):
    school = Calendar(zone=YEAR.zone, half_terms=HALVES, quiet_from=quiet_from, quiet_until=quiet_until)

    assert not school.is_quiet(school.next_open(now))


@given(instants)
def test_a_family_that_may_be_told_is_told_at_once(now):
    if not YEAR.is_quiet(now):
        assert YEAR.next_open(now) == now


def test_a_family_hears_at_half_past_seven_on_the_morning_the_clocks_go_forward():
    late = YEAR.at(date(2027, 3, 27), time(23, 0))

    assert YEAR.next_open(late) == datetime(2027, 3, 28, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "published",
    [
        *(date(2013, 2, 5), date(2014, 2, 11), date(2015, 2, 10), date(2016, 2, 9), date(2017, 2, 7)),
        *(date(2018, 2, 6), date(2019, 2, 5), date(2020, 2, 11), date(2021, 2, 9), date(2022, 2, 8)),
        *(date(2023, 2, 7), date(2024, 2, 6), date(2025, 2, 11), date(2026, 2, 10)),
    ],
)
def test_a_lead_is_proposed_the_safer_internet_day_that_was_published(published):
    assert safer_internet_day(published.year) == published


@given(st.integers(2000, 2100))
def test_a_lead_is_always_proposed_a_tuesday_early_in_february(year):
    proposed = safer_internet_day(year)

    assert (proposed.weekday(), proposed.month) == (1, 2)
    assert 5 <= proposed.day <= 11


def quiet_between(quiet_from, quiet_until):
    return replace(YEAR, quiet_from=quiet_from, quiet_until=quiet_until)


@given(nights, small_hours, small_hours)
def test_a_later_time_on_the_wall_never_comes_due_earlier_on_the_night_the_clocks_change(night, one, other):
    sooner, later = sorted((one, other))

    assert YEAR.at(night, sooner) <= YEAR.at(night, later)


@given(nights, small_hours)
def test_a_time_due_on_the_night_the_clocks_change_comes_once_and_on_that_night(night, clock):
    around = [YEAR.at(night + timedelta(days=days), clock) for days in (-1, 0, 1)]

    assert [YEAR.today(due) for due in around] == [night + timedelta(days=days) for days in (-1, 0, 1)]
    assert all(timedelta(hours=22) < later - sooner < timedelta(hours=26) for sooner, later in pairwise(around))


@given(nights, small_hours)
def test_a_time_that_is_on_the_wall_is_kept_and_one_that_is_not_comes_as_soon_as_the_wall_is_past_it(night, clock):
    shown = YEAR.local(YEAR.at(night, clock)).time()

    skipped = night == NIGHTS[0] and clock.hour == 1
    assert shown == (time(2, 0) if skipped else clock.replace(fold=0))


@given(nights, small_hours)
def test_a_time_that_the_wall_shows_twice_is_always_the_first_of_the_two(night, clock):
    assert YEAR.at(night, clock.replace(fold=1)) == YEAR.at(night, clock.replace(fold=0))


def test_a_time_between_one_and_two_is_due_in_summer_time_on_the_night_the_clocks_go_back():
    assert YEAR.at(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(nightly, small_hours, small_hours)
def test_a_family_waits_forwards_only_whatever_quiet_hours_end_on_the_night_the_clocks_change(now, begins, ends):
    school = quiet_between(begins, ends)

    opened = school.next_open(now)

    # Where the only minutes that are not quiet are the ones that spring skips, the next day's are waited for.
    assert now <= opened <= now + timedelta(hours=50)
    assert not school.is_quiet(opened)


@given(nightly, nightly, small_hours, small_hours)
def test_a_family_is_never_told_the_later_news_first_on_the_night_the_clocks_change(one, other, begins, ends):
    school = quiet_between(begins, ends)
    sooner, later = sorted((one, other))

    assert school.next_open(sooner) <= school.next_open(later)


@given(nightly, small_hours, small_hours)
def test_a_family_that_waited_till_the_end_of_the_quiet_need_not_wait_again(now, begins, ends):
    school = quiet_between(begins, ends)

    opened = school.next_open(now)

    assert school.next_open(opened) == opened


@given(instants)
def test_sam_is_told_of_a_time_at_which_staff_are_there_and_of_the_first_one(now):
    looked = YEAR.next_staffed(now)

    assert looked >= now
    assert YEAR.is_staffed(looked)
    assert looked == now or not any(
        YEAR.is_staffed(now + timedelta(minutes=n)) for n in range(0, int((looked - now).total_seconds()) // 60, 20)
    )


@pytest.mark.parametrize(
    ("now", "looked"),
    [
        (datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC)),
        (datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        (datetime(2026, 11, 27, 16, tzinfo=UTC), datetime(2026, 11, 30, 8, 30, tzinfo=UTC)),
        (datetime(2026, 12, 18, 17, tzinfo=UTC), datetime(2027, 1, 4, 8, 30, tzinfo=UTC)),
        (datetime(2027, 3, 25, 17, tzinfo=UTC), datetime(2027, 4, 12, 7, 30, tzinfo=UTC)),
    ],
    ids=["in school", "before school", "on a Friday at the bell", "before Christmas", "before Easter and the clocks"],
)
def test_sam_is_told_when_somebody_will_look(now, looked):
    assert YEAR.next_staffed(now) == looked


def test_sam_is_promised_nothing_where_the_calendar_ends():
    with pytest.raises(BeyondTheCalendarError):
        YEAR.next_staffed(datetime(2027, 7, 21, 18, tzinfo=UTC))
