"""Events where somebody must be left in peace, or must hear: a place at night, a day that moved, an old reply."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.scheduling.event_round import forget_events
from bot.storage.event_tables import event_reply
from bot.storage.tables import delivery
from parents import reply
from school.events import EventKind, SchoolEvent
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_events import DAY, DUE, PLAY, bind, minute, school, told

EVENING = replace(PLAY, kind=EventKind.PARENTS_EVENING, rsvp=True, places=2)


def says(storage: Storage, number: int, adults: int, *, at: datetime, event: SchoolEvent = EVENING) -> None:
    storage.clock.move_to(at)
    with storage.units.write(HERE) as unit:
        family = unit.families.get(UUID(int=number))
        assert family
        reply(
            event,
            family=family,
            pupil=f"OAK-{number}",
            adults=adults,
            school=school(event),
            children=unit.children,
            events=unit.events,
            outbox=unit.outbox,
            evidence=unit.evidence,
            now=at,
        )
        unit.commit()


@pytest.mark.clause(17)
def test_a_place_that_is_free_at_night_is_told_in_the_morning_and_not_once_the_evening_has_begun(storage: Storage):
    bind(storage, 1)
    bind(storage, 2)
    says(storage, 1, 2, at=NOW)
    says(storage, 2, 1, at=NOW + timedelta(minutes=1))

    says(storage, 1, 0, at=datetime(2026, 11, 25, 23, 30, tzinfo=UTC))

    with storage.engines.reading() as connection:
        (place,) = connection.execute(select(delivery).where(delivery.c.page == "event-place")).all()
    assert UUID(place.recipient).int == 2
    assert place.due_at == datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
    assert place.not_after == datetime(2026, 12, 15, 14, tzinfo=UTC)


@pytest.mark.clause(17)
@pytest.mark.parametrize(
    ("file", "page"), [((replace(EVENING, starts=EVENING.starts.replace(hour=15)),), "event-moved"), ((), "event-off")]
)
def test_who_comes_without_ever_having_had_the_notice_hears_that_it_moved_or_is_off(storage: Storage, file, page):
    minute(storage, DUE, EVENING)
    for number in (1, 2):
        bind(storage, number)
    says(storage, 1, 2, at=DUE + timedelta(hours=1))
    says(storage, 2, 0, at=DUE + timedelta(hours=1))
    with storage.units.write(HERE) as unit:
        joined = unit.families.get(UUID(int=1))
        assert joined
        unit.families.save(replace(joined, classes=("elm",)))
        unit.commit()

    minute(storage, DUE + DAY, *file)
    minute(storage, DUE + DAY + timedelta(minutes=1), *file)

    assert [(who, what) for who, what, _ in told(storage) if who == 1] == [(1, page)]
    assert (2, page) not in [(who, what) for who, what, _ in told(storage)]


@pytest.mark.clause(17)
@pytest.mark.parametrize(
    ("file", "page"),
    [
        ((replace(EVENING, starts=EVENING.starts.replace(hour=15)),), "event-moved"),
        ((replace(EVENING, cancelled=True),), "event-off"),
        ((), "event-off"),
    ],
    ids=["moved", "called off", "gone from the file"],
)
def test_who_said_yes_before_anybody_had_the_notice_hears_what_becomes_of_it_and_nobody_else(
    storage: Storage, file, page
):
    for number in (1, 2, 3):
        bind(storage, number)
    minute(storage, NOW, EVENING)
    says(storage, 1, 2, at=NOW + timedelta(minutes=1))
    says(storage, 2, 0, at=NOW + timedelta(minutes=1))
    minute(storage, NOW + timedelta(minutes=2), EVENING)
    assert told(storage) == []

    for later in (DAY, DAY + timedelta(minutes=1)):
        minute(storage, NOW + later, *file)

    assert [(who, what) for who, what, _ in told(storage)] == [(1, page)]


@pytest.mark.clause(17)
def test_an_early_reply_brings_nobody_s_notice_forward_and_keeps_it_from_nobody(storage: Storage):
    for number in (1, 2):
        bind(storage, number)
    says(storage, 1, 2, at=NOW)
    minute(storage, NOW + timedelta(minutes=1), EVENING)

    minute(storage, DUE - timedelta(minutes=1), EVENING)
    assert told(storage) == []
    minute(storage, DUE, EVENING)

    assert sorted((who, what) for who, what, _ in told(storage)) == [(1, "event-evening"), (2, "event-evening")]


def test_a_reply_to_an_event_that_was_taken_out_before_anybody_was_told_is_forgotten_too(storage: Storage):
    bind(storage, 1)
    says(storage, 1, 2, at=NOW)

    def forgotten(now: datetime, *events: SchoolEvent) -> int:
        with storage.units.write(HERE) as unit:
            gone = forget_events(unit, school=school(*events), now=now, limit=9)
            unit.commit()
        return gone

    assert forgotten(NOW + 30 * DAY) == 0
    assert forgotten(NOW + 31 * DAY, EVENING) == 0
    assert forgotten(NOW + 31 * DAY) == 1
    with storage.engines.reading() as connection:
        assert connection.execute(select(event_reply)).all() == []
