"""A question comes back after a week, a half-term and a year, by the class's own hands, and never on a day off."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum import SECURE, Gap, Hands, Outcome, Taught, due_today, revisits, shares
from school.calendar import Calendar, HalfTerm

LONDON = ZoneInfo("Europe/London")
TERMS = (
    ("autumn-1", date(2026, 9, 2), date(2026, 10, 23)),
    ("autumn-2", date(2026, 11, 2), date(2026, 12, 18)),
    ("spring-1", date(2027, 1, 4), date(2027, 2, 12)),
    ("spring-2", date(2027, 2, 22), date(2027, 3, 25)),
    ("summer-1", date(2027, 4, 12), date(2027, 5, 28)),
    ("summer-2", date(2027, 6, 7), date(2027, 7, 21)),
)
CALENDAR = Calendar(
    zone=LONDON,
    half_terms=tuple(HalfTerm(id=name, first=first, last=last) for name, first, last in TERMS),
    inset=frozenset({date(2026, 11, 2), date(2027, 1, 4)}),
    closed=frozenset({date(2027, 5, 3)}),
)
MONDAY = date(2026, 9, 14)
SURE, UNSURE = Hands((24, 1, 0), 0), Hands((10, 12, 3), 0)


def entry(on, *hands, lesson="privacy", outcome=Outcome.TAUGHT, turn=0):
    return Taught(
        class_id="oak",
        turn=turn,
        lesson=lesson,
        version=1,
        strand="privacy-and-security",
        outcome=outcome,
        hands=hands,
        by="amara",
        when=datetime.combine(on, time(11), tzinfo=UTC),
    )


def again(on, *hands, **rest):
    return entry(on, *hands, outcome=Outcome.REVISITED, **rest)


def one(*entries):
    (found,) = revisits(entries, calendar=CALENDAR)
    return found


NOBODY = Hands((0, 0, 0), 0)


def test_oak_is_asked_within_the_week_what_not_everybody_was_sure_of():
    found = one(entry(MONDAY, SURE, UNSURE, SURE))

    assert (found.question, found.gap, found.due, found.share) == (1, Gap.WEEK, date(2026, 9, 21), 0.4)


def test_oak_is_left_in_peace_for_half_a_term_by_what_it_knew_on_the_day():
    found = one(entry(MONDAY, SURE, SURE, SURE))

    assert found.gap is Gap.HALF_TERM
    # Six weeks on is in the autumn holiday, and the Monday after it is an INSET day.
    assert found.due == date(2026, 11, 3)


def test_a_question_goes_from_the_week_to_the_half_term_to_the_year():
    taught = entry(MONDAY, UNSURE, UNSURE, UNSURE)
    first = again(date(2026, 9, 21), SURE, NOBODY, NOBODY, turn=1)
    second = again(date(2026, 11, 3), NOBODY, SURE, NOBODY, turn=2)

    assert one(taught, first).gap is Gap.HALF_TERM
    assert revisits((taught, first, second), calendar=CALENDAR) == ()  # a year on is beyond this calendar


def test_a_year_on_it_is_asked_once_more_and_then_it_is_done():
    long_ago = [entry(date(2025, 9, 15), SURE, SURE), again(date(2025, 11, 4), SURE, NOBODY, turn=1)]

    found = one(*long_ago)

    assert (found.gap, found.due, found.question) == (Gap.YEAR, date(2026, 11, 4), 1)
    assert revisits((*long_ago, again(date(2026, 11, 4), NOBODY, SURE, turn=2)), calendar=CALENDAR) == ()


def test_weak_answers_bring_it_back_twice_and_the_third_time_it_moves_on():
    days = [date(2026, 9, 21), date(2026, 9, 28), date(2026, 10, 5)]
    so_far = [entry(MONDAY, UNSURE)]
    gaps = []
    for turn, day in enumerate(days, start=1):
        so_far.append(again(day, UNSURE, turn=turn))
        gaps.append(one(*so_far).gap)

    assert gaps == [Gap.WEEK, Gap.WEEK, Gap.HALF_TERM]


def test_a_lesson_that_is_taught_once_more_begins_anew():
    found = one(entry(MONDAY, SURE), again(date(2026, 11, 3), SURE, turn=1), entry(date(2026, 11, 10), UNSURE, turn=2))

    assert (found.gap, found.due) == (Gap.WEEK, date(2026, 11, 17))


def test_a_lesson_that_was_only_begun_is_not_asked_about():
    assert revisits((entry(MONDAY, outcome=Outcome.PARTLY),), calendar=CALENDAR) == ()


@pytest.mark.parametrize("day_off", [date(2026, 10, 28), date(2026, 11, 2), date(2026, 11, 7), date(2027, 5, 3)])
def test_oak_is_asked_nothing_on_a_day_off(day_off):
    assert due_today((entry(MONDAY, UNSURE),), calendar=CALENDAR, on=day_off) == ()


def test_oak_is_asked_two_at_most_the_least_sure_first():
    taught = [
        entry(MONDAY + timedelta(days=n), Hands((10 - n, n, 0), 0), lesson=f"lesson-{n}", turn=n) for n in (3, 4, 5, 6)
    ]

    due = due_today(taught, calendar=CALENDAR, on=date(2026, 10, 5))

    assert [each.lesson for each in due] == ["lesson-6", "lesson-5"]


DAYS = [date(2026, 9, 2) + timedelta(days=n) for n in range(330)]
SCHOOL_DAYS = [day for day in DAYS if CALENDAR.is_school_day(day)]
COUNTS = st.tuples(*[st.integers(0, 30)] * 3)


@st.composite
def histories(draw):
    days = sorted(draw(st.lists(st.sampled_from(SCHOOL_DAYS), min_size=1, max_size=25)))
    found = []
    for turn, day in enumerate(days):
        outcome = draw(st.sampled_from(list(Outcome)))
        counted = [Hands(draw(COUNTS), draw(st.integers(0, 2))) for _ in range(draw(st.integers(0, 4)))]
        if outcome is Outcome.REVISITED and counted:
            kept = draw(st.integers(0, len(counted) - 1))
            counted = [each if n == kept else NOBODY for n, each in enumerate(counted)]
        lesson = f"lesson-{draw(st.integers(0, 5))}"
        found.append(entry(day, *counted, lesson=lesson, outcome=outcome, turn=turn))
    return found


@pytest.mark.clause(6)
@settings(max_examples=500, deadline=None)
@given(histories(), st.sampled_from(DAYS))
def test_whatever_a_class_has_had_every_revisit_is_on_a_school_day_after_it_and_of_something_taught(history, today):
    found = revisits(history, calendar=CALENDAR)

    taught = {each.lesson for each in history if each.outcome is Outcome.TAUGHT}
    assert len({each.lesson for each in found}) == len(found)
    for each in found:
        last = max(
            CALENDAR.today(entry.when)
            for entry in history
            if entry.lesson == each.lesson and entry.outcome in {Outcome.TAUGHT, Outcome.REVISITED}
        )
        assert each.lesson in taught
        assert CALENDAR.is_school_day(each.due)
        assert each.due >= last + timedelta(days=7)
        known = shares(each.lesson, history)
        assert each.question < max(len(known), 1)
        if known:
            # Nobody asks for what the class knows while there is something that it does not.
            unsure = [share for share in known if share is not None and share < SECURE]
            assert not unsure or each.share == min([*unsure, *([0.5] if None in known else [])]) or each.share is None
    due = due_today(history, calendar=CALENDAR, on=today)
    assert len(due) <= 2
    assert all(each.due <= today for each in due)
    assert not due or CALENDAR.is_school_day(today)
    assert set(due) <= set(found)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_a_class_that_answers_everything_as_it_falls_due_is_done_with_it_in_the_end(history):
    """Each lesson ends: nothing comes back for ever."""
    so_far = list(history)
    for _ in range(200):
        found = revisits(so_far, calendar=CALENDAR)
        if not found:
            break
        each = found[0]
        hands = [SURE if n == each.question else NOBODY for n in range(each.question + 1)]
        so_far.append(again(each.due, *hands, lesson=each.lesson, turn=len(so_far)))
    else:
        pytest.fail("it comes back for ever")
