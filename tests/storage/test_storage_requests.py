"""A request that two people, or a person and a round, change at one moment: nobody's words are lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from staff import Ask, RequestState, StaffRequest
from staff.deciding import change
from staff.request_notices import Books
from staff.requests import OverError
from tests.storage.conftest import HERE, NOW

BREACH = StaffRequest(
    id=UUID(int=7),
    reference="RQ-7",
    kind=Ask.BREACH,
    asked_by="teacher",
    asked=NOW,
    state=RequestState.OPEN,
    choice="lost",
    personal="yes",
    starts=NOW,
)
LATER = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def changed(storage):
    """Change what was read a moment before, as a transaction does that began before another's end."""

    def one(read: StaffRequest, **new: object) -> StaffRequest:
        with storage.units.write(HERE) as unit:
            # Of a change the school says nothing.
            books = Books(school=None, requests=unit.requests, outbox=unit.outbox, evidence=unit.evidence)
            done = change(books, read, **new)
            unit.commit()
        return done

    return one


@pytest.fixture
def kept(storage):
    with storage.units.write(HERE) as unit:
        unit.requests.add(BREACH)
        unit.commit()

    def now() -> StaffRequest:
        with storage.units.read(HERE) as unit:
            found = unit.requests.by_reference(BREACH.reference)
        assert found is not None
        return found

    return now


def test_a_round_that_read_it_before_the_head_decided_does_not_wipe_out_the_decision(changed, kept):
    changed(BREACH, outcome="not_reported", said="It was empty", decided=LATER)

    with pytest.raises(OverError):
        changed(BREACH, told=LATER, times=2)

    assert (kept().outcome, kept().said, kept().times) == ("not_reported", "It was empty", 0)


def test_of_two_decisions_at_one_moment_the_first_stands(changed, kept):
    changed(BREACH, outcome="reported", said="By the head", decided=LATER)

    with pytest.raises(OverError):
        changed(BREACH, outcome="not_reported", said="By the contact", decided=LATER)

    assert (kept().outcome, kept().said) == ("reported", "By the head")


def test_a_reminder_at_the_same_moment_takes_nobody_s_tap_away(changed, kept):
    changed(BREACH, told=LATER, times=1)

    changed(BREACH, outcome="reported", said="By the head", decided=LATER + timedelta(minutes=1))

    assert kept() == replace(
        BREACH, told=LATER, times=1, outcome="reported", said="By the head", decided=LATER + timedelta(minutes=1)
    )
