from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.storage import DeliveryRow, Ledger, Posting, Recovered, SqlUnits
from bot.storage.tables import delivery
from parents import Family, FamilyState
from school.notices import Doubt, Lane, Notice, To
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage

LEASE = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)


def notice(key: str, **rest: object) -> Notice:
    return Notice(**{"key": key, "to": To.PERSON, "recipient": "t-khan", "page": "concern-notice", **rest})


def leave(storage: Storage, *notices: Notice, school: str = HERE) -> None:
    with storage.units.write(school) as unit:
        for each in notices:
            unit.outbox.leave(each)
        unit.commit()


def claim(storage: Storage, *, now: datetime = NOW, machine_now: datetime = NOW, limit: int = 10) -> list[DeliveryRow]:
    return Ledger(storage.engines).claim(now=now, machine_now=machine_now, limit=limit, lease=LEASE)


def states(storage: Storage) -> dict[str, tuple[str, str]]:
    with storage.engines.reading() as connection:
        rows = connection.execute(select(delivery.c.key, delivery.c.state, delivery.c.reason)).all()
    return {row.key: (row.state, row.reason) for row in rows}


def keys(rows: Iterable[DeliveryRow]) -> list[str]:
    return [row.key for row in rows]


def test_planning_twice_stores_once(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        assert unit.outbox.leave(notice("a"))
        assert not unit.outbox.leave(notice("a"))
        unit.commit()

    assert Ledger(storage.engines).counts().states["planned"] == 1


def test_a_notice_comes_out_of_the_ledger_as_it_was_left(storage: Storage) -> None:
    left = notice(
        "a",
        part="reminder",
        values={"reference": "LP-7KQ4-M2"},
        lane=Lane.SAFEGUARDING,
        due=NOW - MINUTE,
        campaign="sid",
    )
    leave(storage, left)

    (row,) = claim(storage)

    assert (row.key, row.to, row.recipient, row.page, row.part) == ("a", To.PERSON, "t-khan", left.page, "reminder")
    assert dict(row.values) == {"reference": "LP-7KQ4-M2"}
    assert (row.lane, row.due, row.campaign, row.school) == (Lane.SAFEGUARDING, NOW - MINUTE, "sid", HERE)
    assert (row.attempts, row.repeat, row.channel) == (0, False, "slack")


def test_the_wall_clock_intent_stands_beside_the_instant(storage: Storage) -> None:
    summer = datetime(2027, 6, 1, 7, 30, tzinfo=ZoneInfo("Europe/London"))
    leave(storage, notice("a", due=summer))

    with storage.engines.reading() as connection:
        row = connection.execute(select(delivery.c.due_at, delivery.c.wall_clock, delivery.c.zone)).one()
    assert (row.due_at, row.wall_clock, row.zone) == (summer, "2027-06-01T07:30:00", "Europe/London")


def test_a_family_is_written_to_where_it_joined_and_a_class_where_the_school_says(storage: Storage) -> None:
    family = Family(
        id=UUID(int=7),
        via="email",
        address="someone@example.org",
        lang="en",
        classes=(),
        state=FamilyState.ACTIVE,
        joined=NOW,
    )
    posting = Posting(
        school_clock=storage.clock,
        machine_clock=storage.clock,
        channel_of=lambda school, to, recipient: f"{to}-channel",
    )
    with SqlUnits(storage.engines, posting).write(HERE) as unit:
        unit.families.save(family)
        unit.outbox.leave(notice("family", to=To.FAMILY, recipient=str(family.id)))
        unit.outbox.leave(notice("class", to=To.CLASS, recipient="oak"))
        unit.outbox.leave(notice("nobody", to=To.FAMILY, recipient="not-an-id"))
        unit.commit()

    assert {row.key: row.channel for row in claim(storage)} == {
        "family": "email",
        "class": "class-channel",
        "nobody": "telegram",
    }


def test_lanes_go_first_and_then_the_earliest_due(storage: Storage) -> None:
    leave(
        storage,
        notice("news", lane=Lane.BULK, due=NOW - 9 * MINUTE),
        notice("reply", lane=Lane.REPLIES, due=NOW - 5 * MINUTE),
        notice("later", lane=Lane.SAFEGUARDING, due=NOW - MINUTE),
        notice("sooner", lane=Lane.SAFEGUARDING, due=NOW - 2 * MINUTE),
        notice("tomorrow", lane=Lane.SAFEGUARDING, due=NOW + MINUTE),
    )

    assert keys(claim(storage, limit=3)) == ["sooner", "later", "reply"]
    assert keys(claim(storage)) == ["news"]
    assert keys(claim(storage)) == []


def test_a_lane_or_a_channel_may_be_left_out(storage: Storage) -> None:
    leave(storage, notice("news", lane=Lane.BULK), notice("reply"))
    ledger = Ledger(storage.engines)

    rest = {"now": NOW, "machine_now": NOW, "limit": 9, "lease": LEASE}
    assert ledger.claim(**rest, channels=["telegram"]) == []
    assert keys(ledger.claim(**rest, lanes=[Lane.REPLIES])) == ["reply"]


def test_two_claimers_never_get_the_same_row(storage: Storage) -> None:
    leave(storage, *(notice(f"n{number}") for number in range(60)))

    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: claim(storage, limit=7), range(12)))

    assert max(len(rows) for rows in claims) == 7
    claimed = [key for rows in claims for key in keys(rows)]
    assert len(claimed) == len(set(claimed)) == 60


def test_a_delivery_goes_from_planned_to_sent(storage: Storage) -> None:
    leave(storage, notice("a"))
    ledger = Ledger(storage.engines)

    (row,) = claim(storage)
    assert states(storage) == {"a": ("claimed", "")}
    assert ledger.sending([row.id]) == {row.id}
    assert states(storage) == {"a": ("sending", "")}
    ledger.sent(row.id, "1732.55")

    assert states(storage) == {"a": ("sent", "")}
    with storage.units.read(HERE) as unit:
        counts = unit.deliveries.counts()
        (line,) = unit.deliveries.lines(limit=5)
    assert counts.states == {
        "planned": 0, "claimed": 0, "sending": 0, "sent": 1, "failed": 0, "skipped": 0, "unknown": 0,
    }  # fmt: skip
    assert counts.by_channel["slack"]["sent"] == 1
    assert (line.page, line.to, line.state, line.due) == ("concern-notice", "person t-khan", "sent", NOW)


def test_several_are_acknowledged_in_one_commit(storage: Storage) -> None:
    leave(storage, notice("a"), notice("b"))
    ledger = Ledger(storage.engines)
    rows = claim(storage)
    ledger.sending(row.id for row in rows)

    ledger.sent_many({row.id: f"id-{row.key}" for row in rows})
    ledger.sent_many({})

    with storage.engines.reading() as connection:
        external = connection.execute(select(delivery.c.key, delivery.c.external_id)).all()
    assert sorted(tuple(row) for row in external) == [("a", "id-a"), ("b", "id-b")]


@pytest.mark.parametrize("end", ["failed", "skipped", "unknown"])
def test_a_delivery_ends_with_its_reason(storage: Storage, end: str) -> None:
    leave(storage, notice("a"))
    ledger = Ledger(storage.engines)
    (row,) = claim(storage)
    ledger.sending([row.id])

    getattr(ledger, end)(row.id, "blocked" * 40)

    state, reason = states(storage)["a"]
    assert (state, reason[:7], len(reason)) == (end, "blocked", 120)


def test_what_was_sent_stays_sent(storage: Storage) -> None:
    leave(storage, notice("a"))
    ledger = Ledger(storage.engines)
    (row,) = claim(storage)
    ledger.sending([row.id])
    ledger.sent(row.id, "1")

    ledger.failed(row.id, "too late")
    ledger.again(row.id, NOW)
    assert ledger.sending([row.id]) == frozenset()

    assert states(storage) == {"a": ("sent", "")}


def test_a_retry_waits_by_the_machines_clock_whatever_the_school_clock_shows(storage: Storage) -> None:
    leave(storage, notice("a"))
    ledger = Ledger(storage.engines)
    (row,) = claim(storage)
    ledger.sending([row.id])
    ledger.again(row.id, NOW + MINUTE, reason="429")

    assert claim(storage, now=NOW + timedelta(days=90)) == []
    (again,) = claim(storage, machine_now=NOW + MINUTE)
    assert (again.id, again.attempts, again.due) == (row.id, 1, NOW)


def test_a_family_that_stops_gets_nothing_more(storage: Storage) -> None:
    leave(storage, *(notice(key, to=To.FAMILY, recipient="f1") for key in "ab"), notice("other"))
    leave(storage, notice("elsewhere", to=To.FAMILY, recipient="f1"), school=ELSEWHERE)
    first = next(row for row in claim(storage, limit=1))

    with storage.units.write(HERE) as unit:
        assert unit.outbox.withdraw(to=To.FAMILY, recipient="f1") == 2
        unit.commit()

    assert Ledger(storage.engines).sending([first.id]) == frozenset()
    assert states(storage) == {
        "a": ("skipped", "withdrawn"),
        "b": ("skipped", "withdrawn"),
        "other": ("planned", ""),
        "elsewhere": ("planned", ""),
    }


def test_after_a_crash_safeguarding_goes_again_and_news_waits_for_a_person(storage: Storage) -> None:
    leave(
        storage,
        notice("concern", doubt=Doubt.REPEAT),
        notice("news", doubt=Doubt.LEAVE),
        notice("claimed"),
        notice("alive"),
    )
    ledger = Ledger(storage.engines)
    rows = {row.key: row for row in claim(storage)}
    ledger.sending([rows["concern"].id, rows["news"].id])
    ledger.sending([rows["alive"].id], lease_until=NOW + timedelta(hours=1))

    assert ledger.recover(NOW + LEASE - timedelta(seconds=1)) == Recovered(planned=0, repeats=0, unknown=0)
    assert ledger.recover(NOW + LEASE) == Recovered(planned=1, repeats=1, unknown=1)

    assert states(storage) == {
        "concern": ("planned", "perhaps a repeat"),
        "news": ("unknown", "stopped while sending"),
        "claimed": ("planned", ""),
        "alive": ("sending", ""),
    }


def test_a_repeat_stays_marked_through_another_try(storage: Storage) -> None:
    leave(storage, notice("concern", doubt=Doubt.REPEAT))
    ledger = Ledger(storage.engines)
    (row,) = claim(storage)
    ledger.sending([row.id])
    ledger.recover(NOW + LEASE)

    (second,) = claim(storage)
    ledger.sending([second.id])
    ledger.again(second.id, NOW, reason="429")
    (third,) = claim(storage)

    assert (second.repeat, third.repeat, third.attempts) == (True, True, 2)


def test_what_is_too_late_is_skipped_and_never_claimed(storage: Storage) -> None:
    leave(storage, notice("late", not_after=NOW), notice("in-time", not_after=NOW + MINUTE), notice("always"))

    assert keys(claim(storage)) == ["in-time", "always"]
    assert Ledger(storage.engines).expire(NOW) == 1
    assert states(storage)["late"] == ("skipped", "expired")


def test_counts_are_of_one_school_or_of_all(storage: Storage) -> None:
    leave(storage, notice("a"), notice("b"))
    leave(storage, notice("a"), school=ELSEWHERE)
    ledger = Ledger(storage.engines)

    assert ledger.counts().states["planned"] == 3
    assert ledger.counts(ELSEWHERE).states["planned"] == 1


def test_staff_see_the_newest_due_first_and_one_state_alone(storage: Storage) -> None:
    leave(storage, *(notice(f"n{hour}", page=f"page-{hour}", due=NOW + hour * MINUTE) for hour in range(4)))
    Ledger(storage.engines).claim(now=NOW, machine_now=NOW, limit=1, lease=LEASE)

    with storage.units.read(HERE) as unit:
        newest = unit.deliveries.lines(limit=2)
        claimed = unit.deliveries.lines(limit=9, state="claimed")

    assert [line.page for line in newest] == ["page-3", "page-2"]
    assert [line.page for line in claimed] == ["page-0"]
