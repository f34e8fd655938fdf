"""The ledger's contract, on both databases: what is left comes out once, and what became of it stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.storage import Claim, DeliveryState, End, Ledger, Posting, SqlUnits
from bot.storage.states import PERHAPS_A_REPEAT
from bot.storage.tables import delivery
from school.notices import Doubt, Lane, MailingState, To
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage
from tests.storage.post import (
    AUTUMN,
    LEASE,
    MINUTE,
    NEWS,
    OF_AUTUMN,
    REPLIES,
    SAFEGUARDING,
    begin,
    claim,
    end,
    family,
    header,
    lay,
    leave,
    notice,
    set_state,
    states,
    who,
)


def work(storage: Storage, *, now: datetime = NOW, school: str | None = None) -> list[tuple[str, Lane, str]]:
    found = Ledger(storage.engines).work(now=now, machine_now=NOW, school_id=school)
    return [(each.school, each.lane, each.mailing) for each in found]


def pause(storage: Storage, *, since: datetime | None) -> None:
    with storage.units.write(HERE) as unit:
        unit.deliveries.pause(since=since)
        unit.commit()


def test_dilys_is_told_once_although_she_is_told_of_twice(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        assert unit.outbox.leave(notice("dilys"))
        assert not unit.outbox.leave(notice("dilys"))
        unit.commit()

    assert Ledger(storage.engines).counts().states["planned"] == 1


def test_what_dilys_is_told_comes_out_of_the_ledger_as_it_was_left(storage: Storage) -> None:
    left = notice("dilys", part="reminder", values={"reference": "LP-7KQ4-M2"}, lane=Lane.SAFEGUARDING)
    with storage.units.write(HERE, correlation="c-17") as unit:
        unit.outbox.leave(left)
        unit.commit()

    (row,) = claim(storage, SAFEGUARDING)

    assert (row.to, row.recipient, row.page, row.part) == (To.PERSON, "dilys", left.page, "reminder")
    assert dict(row.values) == {"reference": "LP-7KQ4-M2"}
    assert (row.lane, row.mailing, row.school, row.correlation) == (Lane.SAFEGUARDING, "", HERE, "c-17")
    assert (row.attempts, row.repeat, row.channel) == (0, False, "slack")


def test_amara_finds_the_clock_on_her_wall_beside_the_instant(storage: Storage) -> None:
    summer = datetime(2027, 6, 1, 7, 30, tzinfo=ZoneInfo("Europe/London"))
    leave(storage, notice("amara", due=summer))

    with storage.engines.reading() as connection:
        row = connection.execute(select(delivery.c.due_at, delivery.c.wall_clock, delivery.c.zone)).one()
    assert (row.due_at, row.wall_clock, row.zone) == (summer, "2027-06-01T07:30:00", "Europe/London")


def test_marta_is_written_to_where_she_joined_and_oak_class_where_the_school_says(storage: Storage) -> None:
    marta = family(7, via="email", address="marta@example.org")
    clock = storage.clock
    posting = Posting(school_clock=clock, machine_clock=clock, channel_of=lambda _school, to, _who: f"{to}-channel")
    with SqlUnits(storage.engines, posting).write(HERE) as unit:
        unit.families.save(marta)
        unit.outbox.leave(notice("a", to=To.FAMILY, recipient=str(marta.id)))
        unit.outbox.leave(notice("oak", to=To.CLASS))
        unit.outbox.leave(notice("not-an-id", to=To.FAMILY))
        unit.outbox.leave(notice("head", via="email"))
        unit.commit()

    assert {row.recipient: row.channel for row in claim(storage)} == {
        str(marta.id): "email",
        "oak": "class-channel",
        "not-an-id": "telegram",
        "head": "email",
    }


def test_dilys_comes_before_sam_and_sam_before_the_news_wherever_work_is_looked_for(storage: Storage) -> None:
    leave(storage, notice("marta", lane=Lane.BULK), notice("sam"), notice("dilys", lane=Lane.SAFEGUARDING))
    leave(storage, notice("elsewhere"), school=ELSEWHERE)
    leave(storage, notice("tomorrow", lane=Lane.SAFEGUARDING, due=NOW + MINUTE), school=ELSEWHERE)
    lay(storage, [1])

    assert work(storage, school=HERE) == [
        (HERE, Lane.SAFEGUARDING, ""),
        (HERE, Lane.REPLIES, ""),
        (HERE, Lane.BULK, ""),
        (HERE, Lane.BULK, AUTUMN.id),
    ]
    assert work(storage, school=ELSEWHERE) == [(ELSEWHERE, Lane.REPLIES, "")]
    assert sorted(work(storage)) == sorted([*work(storage, school=HERE), *work(storage, school=ELSEWHERE)])
    assert (ELSEWHERE, Lane.SAFEGUARDING, "") in work(storage, now=NOW + MINUTE)


def test_sam_who_was_due_first_is_claimed_first_and_nobody_before_they_are_due(storage: Storage) -> None:
    leave(
        storage,
        notice("sam", due=NOW - 2 * MINUTE),
        notice("marta", due=NOW - MINUTE),
        notice("amara", due=NOW + MINUTE),
    )

    assert who(claim(storage, limit=1)) == ["sam"]
    assert who(claim(storage)) == ["marta"]
    assert claim(storage) == []
    assert who(claim(storage, now=NOW + MINUTE)) == ["amara"]


def test_marta_is_claimed_by_one_of_two_who_claim_at_once(storage: Storage) -> None:
    leave(storage, *(notice(f"n{number}") for number in range(60)))

    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: claim(storage, limit=7), range(12)))

    assert max(len(rows) for rows in claims) == 7
    claimed = [name for rows in claims for name in who(rows)]
    assert len(claimed) == len(set(claimed)) == 60


def test_sam_s_message_goes_from_planned_to_sent(storage: Storage) -> None:
    leave(storage, notice("sam"))

    (row,) = claim(storage)
    assert states(storage) == {"sam": ("claimed", "")}
    assert begin(storage, row) == {row.id}
    assert states(storage) == {"sam": ("sending", "")}
    end(storage, row, DeliveryState.SENT, external_id="1732.55")

    assert states(storage) == {"sam": ("sent", "")}
    with storage.units.read(HERE) as unit:
        counts = unit.deliveries.counts()
        (line,) = unit.deliveries.lines(limit=5)
    assert {state: number for state, number in counts.states.items() if number} == {"sent": 1}
    assert set(counts.states) == {state.value for state in DeliveryState}
    assert counts.by_channel["slack"]["sent"] == 1
    assert (line.page, line.to, line.state, line.due) == ("concern-notice", "person sam", "sent", NOW)


def test_amara_is_claimed_in_one_commit_with_what_became_of_marta_and_sam_is_not_claimed_twice(
    storage: Storage,
) -> None:
    leave(storage, *(notice(who, lane=Lane.BULK) for who in ("marta", "sam", "amara")))
    one = Claim(source=NEWS, now=NOW, machine_now=NOW, limit=1, lease=LEASE, begun=True)
    ledger = Ledger(storage.engines)
    (marta,) = ledger.claim(one)

    written = ledger.write([], [End(id=marta.id, state=DeliveryState.PLANNED, not_before=NOW)], [one, one, one, one])

    claimed = [row.recipient for rows in written.claimed for row in rows]
    assert sorted(claimed) == ["amara", "marta", "sam"]
    assert {state for state, _ in states(storage).values()} == {"sending"}


def test_marta_and_sam_are_begun_and_ended_in_one_commit(storage: Storage) -> None:
    leave(storage, notice("marta"), notice("sam"), notice("amara"))
    marta, sam, amara = sorted(claim(storage), key=lambda row: ("marta", "sam", "amara").index(row.recipient))
    begin(storage, marta, sam)

    gone = Ledger(storage.engines).write(
        [amara.id],
        [
            End(id=marta.id, state=DeliveryState.SENT, external_id="1"),
            End(id=sam.id, state=DeliveryState.FAILED, reason="blocked"),
        ],
    )

    assert gone.may_go == {amara.id}
    assert states(storage) == {"marta": ("sent", ""), "sam": ("failed", "blocked"), "amara": ("sending", "")}


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.SKIPPED, DeliveryState.UNKNOWN])
def test_marta_s_message_ends_with_its_reason(storage: Storage, state: DeliveryState) -> None:
    leave(storage, notice("marta"))
    (row,) = claim(storage)
    begin(storage, row)

    end(storage, row, state, reason="blocked" * 40)

    kept, reason = states(storage)["marta"]
    assert (kept, reason[:7], len(reason)) == (state.value, "blocked", 120)


def test_what_marta_was_sent_stays_sent(storage: Storage) -> None:
    leave(storage, notice("marta"))
    (row,) = claim(storage)
    begin(storage, row)
    end(storage, row, DeliveryState.SENT, external_id="1")

    end(storage, row, DeliveryState.FAILED, reason="too late")
    end(storage, row, DeliveryState.PLANNED, not_before=NOW)
    Ledger(storage.engines).release([row.id])
    assert begin(storage, row) == frozenset()

    assert states(storage) == {"marta": ("sent", "")}


def test_sam_is_tried_again_by_the_machine_s_clock_whatever_the_school_s_shows(storage: Storage) -> None:
    leave(storage, notice("sam"))
    (row,) = claim(storage)
    begin(storage, row)
    end(storage, row, DeliveryState.PLANNED, reason="429", not_before=NOW + MINUTE)

    assert claim(storage, now=NOW + timedelta(days=90)) == []
    assert work(storage, now=NOW + timedelta(days=90)) == []
    (again,) = claim(storage, machine_now=NOW + MINUTE)
    assert (again.id, again.attempts) == (row.id, 1)


def test_marta_who_stops_gets_nothing_more_even_of_what_is_claimed(storage: Storage) -> None:
    leave(storage, *(notice(key, to=To.FAMILY, recipient="marta") for key in "ab"), notice("sam"))
    leave(storage, notice("a", to=To.FAMILY, recipient="marta"), school=ELSEWHERE)
    (first,) = claim(storage, limit=1)

    with storage.units.write(HERE) as unit:
        assert unit.outbox.withdraw(to=To.FAMILY, recipient="marta") == 2
        unit.commit()

    assert first.recipient == "marta"
    assert begin(storage, first) == frozenset()
    with storage.units.read(HERE) as unit:
        assert [line.reason for line in unit.deliveries.lines(limit=9, state="skipped")] == ["withdrawn"] * 2
    assert Ledger(storage.engines).counts(ELSEWHERE).states["planned"] == 1
    assert who(claim(storage)) == ["sam"]


def test_what_is_taken_back_of_one_page_leaves_amara_everything_else(storage: Storage) -> None:
    leave(storage, notice("amara", page="step-over"), notice("b", recipient="amara"))
    leave(storage, notice("amara", page="step-over"), school=ELSEWHERE)

    with storage.units.write(HERE) as unit:
        assert unit.outbox.withdraw(to=To.PERSON, recipient="amara", page="step-over") == 1
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert [line.page for line in unit.deliveries.lines(limit=9, state="skipped")] == ["step-over"]
    assert who(claim(storage)) == ["amara"]
    assert Ledger(storage.engines).counts(ELSEWHERE).states["planned"] == 1


def test_sam_is_claimed_by_the_next_when_what_was_claimed_is_let_go(storage: Storage) -> None:
    leave(storage, notice("sam"), notice("marta"))
    rows = claim(storage)
    begin(storage, rows[0])

    Ledger(storage.engines).release([row.id for row in rows])

    assert states(storage)[rows[0].recipient] == ("sending", "")
    assert claim(storage) == [rows[1]]


def test_marta_is_written_to_by_one_of_two_when_the_lease_of_the_first_ran_out(storage: Storage) -> None:
    leave(storage, notice("marta"))
    ledger = Ledger(storage.engines)
    (slow,) = claim(storage)
    assert ledger.recover(NOW + LEASE).planned == 1
    (quick,) = claim(storage, machine_now=NOW + LEASE)

    with ThreadPoolExecutor(2) as pool:
        went = list(pool.map(lambda row: begin(storage, row), [slow, quick]))

    assert sorted(went, key=len) == [frozenset(), {slow.id}]
    assert slow.id == quick.id
    end(storage, quick, DeliveryState.SENT, external_id="1")
    assert begin(storage, slow) == frozenset()


def test_marta_s_message_counts_as_sent_when_its_acknowledgement_comes_late(storage: Storage) -> None:
    leave(storage, notice("marta"))
    (row,) = claim(storage)
    begin(storage, row)
    assert Ledger(storage.engines).recover(NOW + LEASE).unknown == 1
    assert states(storage) == {"marta": ("unknown", "stopped while sending")}

    end(storage, row, DeliveryState.SENT, external_id="1732")

    assert states(storage) == {"marta": ("sent", "")}


def test_marta_gets_hers_when_a_late_word_says_that_it_did_not_go_after_all(storage: Storage) -> None:
    lay(storage, [1])
    (row,) = claim(storage, OF_AUTUMN)
    begin(storage, row)
    ledger = Ledger(storage.engines)
    assert ledger.recover(NOW + LEASE).unknown == 1
    assert ledger.finish(NOW) == 1

    end(storage, row, DeliveryState.PLANNED, reason="the platform said to wait", not_before=NOW)

    assert header(storage).state is MailingState.RUNNING
    assert claim(storage, OF_AUTUMN) != []


def test_dilys_is_told_while_her_school_is_paused_and_nobody_else_is(storage: Storage) -> None:
    leave(storage, notice("dilys", lane=Lane.SAFEGUARDING), notice("sam"), notice("amara", lane=Lane.BULK))
    leave(storage, notice("elsewhere"), school=ELSEWHERE)
    lay(storage, [1])

    pause(storage, since=NOW)
    assert work(storage) == [(HERE, Lane.SAFEGUARDING, ""), (ELSEWHERE, Lane.REPLIES, "")]
    assert [claim(storage, source) for source in (REPLIES, NEWS, OF_AUTUMN)] == [[], [], []]
    assert who(claim(storage, SAFEGUARDING)) == ["dilys"]

    pause(storage, since=None)
    assert [len(claim(storage, source)) for source in (REPLIES, NEWS, OF_AUTUMN)] == [1, 1, 1]


def test_marta_waits_while_the_mailing_to_her_is_paused(storage: Storage) -> None:
    lay(storage, [1])
    leave(storage, notice("amara", lane=Lane.BULK))

    assert set_state(storage, MailingState.PAUSED) == 1
    assert claim(storage, OF_AUTUMN) == []
    assert work(storage) == [(HERE, Lane.BULK, "")]

    assert set_state(storage, MailingState.RUNNING) == 1
    assert len(claim(storage, OF_AUTUMN)) == 1


def test_dilys_is_told_again_as_a_repeat_through_another_try(storage: Storage) -> None:
    leave(storage, notice("dilys", doubt=Doubt.REPEAT))
    (row,) = claim(storage)
    begin(storage, row)
    assert Ledger(storage.engines).recover(NOW + LEASE).repeats == 1

    (second,) = claim(storage)
    begin(storage, second)
    end(storage, second, DeliveryState.PLANNED, reason="429", not_before=NOW)
    (third,) = claim(storage)

    assert (second.repeat, third.repeat, third.attempts) == (True, True, 2)


def test_amara_reads_counts_of_her_school_alone(storage: Storage) -> None:
    leave(storage, notice("a"), notice("b"))
    leave(storage, notice("a"), school=ELSEWHERE)
    ledger = Ledger(storage.engines)

    assert ledger.counts().states["planned"] == 3
    assert ledger.counts(ELSEWHERE).states["planned"] == 1


def test_amara_sees_the_newest_due_first_and_one_state_alone(storage: Storage) -> None:
    leave(storage, *(notice(f"n{hour}", page=f"page-{hour}", due=NOW + hour * MINUTE) for hour in range(4)))
    claim(storage, limit=1)

    with storage.units.read(HERE) as unit:
        newest = unit.deliveries.lines(limit=2)
        claimed = unit.deliveries.lines(limit=9, state="claimed")

    assert [line.page for line in newest] == ["page-3", "page-2"]
    assert [line.page for line in claimed] == ["page-0"]


def test_marta_s_news_that_is_claimed_as_being_sent_is_in_doubt_when_its_process_dies(storage: Storage) -> None:
    leave(storage, notice("marta", lane=Lane.BULK), notice("sam", lane=Lane.BULK, doubt=Doubt.REPEAT))
    ledger = Ledger(storage.engines)

    rows = ledger.claim(Claim(source=NEWS, now=NOW, machine_now=NOW, limit=9, lease=LEASE, begun=True))

    assert [(row.recipient, row.attempts) for row in rows] == [("marta", 0), ("sam", 0)]
    assert set(states(storage).values()) == {("sending", "")}
    ledger.recover(NOW + 2 * LEASE)
    assert states(storage) == {"marta": ("unknown", "stopped while sending"), "sam": ("planned", PERHAPS_A_REPEAT)}


def test_what_marta_was_not_asked_to_take_was_no_try(storage: Storage) -> None:
    leave(storage, notice("marta", lane=Lane.BULK), notice("sam", lane=Lane.BULK))
    ledger = Ledger(storage.engines)
    marta, sam = ledger.claim(Claim(source=NEWS, now=NOW, machine_now=NOW, limit=9, lease=LEASE, begun=True))

    end(storage, marta, DeliveryState.PLANNED, reason="the channel is resting", not_before=NOW, untried=True)
    end(storage, sam, DeliveryState.PLANNED, reason="unreachable", not_before=NOW)

    again = ledger.claim(Claim(source=NEWS, now=NOW, machine_now=NOW, limit=9, lease=LEASE, begun=True))
    assert {row.recipient: row.attempts for row in again} == {"marta": 0, "sam": 1}
