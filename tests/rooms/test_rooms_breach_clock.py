"""The clock of a breach: whenever the rounds run, and however long a machine slept, nobody is left in silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.people import Role
from staff import Ask, RequestState, ask_for, look_after_requests, request_for, start_clock
from tests.rooms.test_rooms_approving import REQUEST, books_for, school_of

HELD = {"hannah": {Role.HEAD}, "ben": {Role.TECHNICIAN}, "amara": {Role.ESAFETY_LEAD}, "dilys": {Role.DSL}}
# The night on which the clocks go back is among the hours that follow.
NOTICED = datetime(2026, 10, 23, 16, 30, tzinfo=UTC)
BREACH = replace(
    REQUEST,
    kind=Ask.BREACH,
    state=RequestState.OPEN,
    choice="lost",
    personal="yes",
    starts=NOTICED,
    asked=NOTICED,
    ends=None,
    lapses=None,
)
MINUTES = st.lists(st.integers(0, 130 * 60), min_size=1, max_size=12, unique=True).map(sorted)


@pytest.mark.clause(33)
@settings(max_examples=60, deadline=None)
@given(MINUTES)
def test_each_mark_that_was_passed_is_told_once_and_never_a_wrong_one(minutes):
    shelf, books = books_for(school_of(HELD))
    ask_for(BREACH, books=books)
    shelf.left.clear()
    passed = 0

    for minute in minutes:
        hours = minute / 60
        now_passed = sum(hours >= mark for mark in (0, 24, 48, 66, 72, 96, 120))
        look_after_requests(books=books, now=NOTICED + timedelta(minutes=minute))

        told = {each.partition(":")[0] for each in shelf.left}
        heads = [each for each in shelf.left if each.endswith(":hannah")]
        assert len(heads) == (now_passed > passed)
        assert told == (set() if now_passed == passed else {"breach-over" if hours >= 72 else "breach-clock"})
        passed = now_passed
        shelf.left.clear()


@pytest.mark.clause(33)
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 130))
def test_a_clock_that_is_started_late_tells_at_the_next_round_whatever_the_hour(hours):
    shelf, books = books_for(school_of(HELD))
    ask_for(replace(BREACH, personal="no"), books=books)
    shelf.left.clear()
    now = NOTICED + timedelta(hours=hours)
    femi = books.school.person("femi")

    start_clock(request_for(BREACH.reference, person=femi, books=books), person=femi, books=books, now=now)
    look_after_requests(books=books, now=now)

    assert f"breach-{'over' if hours >= 72 else 'clock'}:hannah" in shelf.left
