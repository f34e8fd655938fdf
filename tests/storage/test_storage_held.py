"""What nobody is at work on: held by the dead, too late, cancelled, in doubt, or over and done with."""

from datetime import timedelta

from bot.storage import DeliveryState, Ledger, Recovered
from bot.unit import Late
from school.notices import Doubt, Lane, MailingState
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage
from tests.storage.post import (
    AUTUMN,
    LEASE,
    MINUTE,
    OF_AUTUMN,
    begin,
    claim,
    end,
    header,
    lay,
    leave,
    notice,
    set_state,
    states,
    who,
)

NOTHING = Recovered(planned=0, repeats=0, unknown=0)


def doubtful(storage: Storage) -> list[str]:
    with storage.units.read(HERE) as unit:
        return [line.id for line in unit.deliveries.doubtful(limit=99)]


def decide(storage: Storage, delivery_id: str, *, again: bool, school: str = HERE) -> bool:
    with storage.units.write(school) as unit:
        done = unit.deliveries.decide(delivery_id, again=again, now=NOW)
        unit.commit()
    return done


def expire(storage: Storage, *, limit: int = 99, school: str = HERE) -> tuple[int, tuple[Late, ...]]:
    with storage.units.write(school) as unit:
        done = unit.deliveries.expire(now=NOW, limit=limit)
        unit.commit()
    return done


def test_dilys_is_told_again_after_a_crash_and_marta_s_news_waits_for_a_person(storage: Storage) -> None:
    leave(storage, notice("dilys", doubt=Doubt.REPEAT), notice("marta"), notice("sam"))
    ledger = Ledger(storage.engines)
    rows = {row.recipient: row for row in claim(storage)}
    begin(storage, rows["dilys"], rows["marta"])

    assert ledger.recover(NOW + LEASE - timedelta(seconds=1)) == NOTHING
    assert ledger.recover(NOW + LEASE) == Recovered(planned=1, repeats=1, unknown=1)
    assert ledger.recover(NOW + LEASE) == NOTHING

    assert states(storage) == {
        "dilys": ("planned", "perhaps a repeat"),
        "marta": ("unknown", "stopped while sending"),
        "sam": ("planned", ""),
    }


def test_sam_does_not_wait_for_a_lease_where_nobody_else_can_be_at_work(storage: Storage) -> None:
    leave(storage, notice("sam"), notice("marta"))
    begin(storage, claim(storage, limit=1)[0])
    claim(storage, limit=1)

    assert Ledger(storage.engines).recover(NOW, all_of_it=True) == Recovered(planned=1, repeats=0, unknown=1)


def test_marta_is_spared_what_is_too_late_and_it_is_told_by_school_and_page(storage: Storage) -> None:
    ledger = Ledger(storage.engines)
    leave(storage, notice("marta", not_after=NOW), notice("sam", not_after=NOW + MINUTE), notice("amara"))
    leave(storage, notice("elsewhere", page="news", lane=Lane.BULK, not_after=NOW), school=ELSEWHERE)

    assert who(claim(storage, limit=1)) == ["sam"]
    assert {ledger.late(NOW)} <= {HERE, ELSEWHERE}

    assert expire(storage) == (1, (Late(page="concern-notice", mailing="", count=1),))
    assert ledger.late(NOW) == ELSEWHERE
    assert expire(storage, school=ELSEWHERE) == (1, (Late(page="news", mailing="", count=1),))
    assert states(storage)["marta"] == ("skipped", "expired")
    assert states(storage)["sam"] == ("claimed", "")
    assert ledger.late(NOW) is None
    assert expire(storage) == (0, ())


def test_marta_s_late_news_is_skipped_so_many_at_a_time(storage: Storage) -> None:
    leave(storage, *(notice(f"n{number}", not_after=NOW) for number in range(5)))

    found = [expire(storage, limit=2) for _ in range(4)]

    assert [count for count, _ in found] == [2, 2, 1, 0]
    assert [late.count for _, each in found for late in each] == [5, 3, 1], "the first to hear hears of all"


def test_marta_gets_nothing_of_a_cancelled_mailing_but_what_was_on_its_way(storage: Storage) -> None:
    ledger = Ledger(storage.engines)
    lay(storage, [1, 2, 3, 4])
    (going,) = claim(storage, OF_AUTUMN, limit=1)
    begin(storage, going)

    assert set_state(storage, MailingState.CANCELLED) == 1
    assert claim(storage, OF_AUTUMN) == []
    assert [ledger.sweep_cancelled(limit=2), ledger.sweep_cancelled(limit=2), ledger.sweep_cancelled()] == [2, 1, 0]
    end(storage, going, DeliveryState.SENT, external_id="1")

    assert sorted(states(storage).values()) == [("sent", ""), *[("skipped", "cancelled")] * 3]
    assert set_state(storage, MailingState.RUNNING) == 0
    assert header(storage).state is MailingState.CANCELLED


def test_amara_sees_a_mailing_finished_when_nothing_of_it_is_pending_any_more(storage: Storage) -> None:
    ledger = Ledger(storage.engines)
    lay(storage, [1, 2], done=False)
    for number, row in enumerate(claim(storage, OF_AUTUMN)):
        begin(storage, row)
        end(storage, row, (DeliveryState.SENT, DeliveryState.FAILED)[number])
    assert ledger.finish(NOW) == 0, "more of its audience is to come"

    lay(storage, [3], after=2)
    assert ledger.finish(NOW) == 0
    (last,) = claim(storage, OF_AUTUMN)
    assert ledger.finish(NOW) == 0
    begin(storage, last)
    assert ledger.finish(NOW) == 0
    end(storage, last, DeliveryState.UNKNOWN, reason="timed out")

    assert ledger.finish(NOW) == 1
    assert header(storage).state is MailingState.FINISHED
    assert ledger.finish(NOW) == 0


def test_marta_gets_hers_again_when_amara_says_so_although_the_mailing_was_over(storage: Storage) -> None:
    ledger = Ledger(storage.engines)
    lay(storage, [1, 2])
    for row in claim(storage, OF_AUTUMN):
        begin(storage, row)
        end(storage, row, DeliveryState.UNKNOWN, reason="timed out")
    assert ledger.finish(NOW) == 1
    first, second = doubtful(storage)

    assert not decide(storage, first, again=True, school=ELSEWHERE)
    assert decide(storage, first, again=True)
    assert not decide(storage, first, again=True), "it is decided"
    assert decide(storage, second, again=False)

    assert doubtful(storage) == []
    assert header(storage).state is MailingState.RUNNING
    (row,) = claim(storage, OF_AUTUMN)
    assert str(row.id) == first
    assert sorted(states(storage).values()) == [("claimed", ""), ("unknown", "left as it is")]


def test_marta_gets_what_is_sent_again_however_late_it_is(storage: Storage) -> None:
    leave(storage, notice("marta", not_after=NOW + MINUTE))
    (row,) = claim(storage)
    begin(storage, row)
    end(storage, row, DeliveryState.UNKNOWN, reason="timed out")

    assert decide(storage, str(row.id), again=True)
    assert Ledger(storage.engines).late(NOW + timedelta(days=9)) is None
    assert who(claim(storage, now=NOW + timedelta(days=9))) == ["marta"]


def test_marta_s_second_sending_is_not_lost_when_the_mailing_is_finished_at_that_moment(storage: Storage) -> None:
    if storage.engines.writer is not None:
        return  # one writer at a time: nothing can come between
    ledger = Ledger(storage.engines)
    lay(storage, [1])
    (row,) = claim(storage, OF_AUTUMN)
    begin(storage, row)
    end(storage, row, DeliveryState.UNKNOWN, reason="timed out")

    with storage.units.write(HERE) as unit:
        assert unit.deliveries.decide(str(row.id), again=True, now=NOW)
        assert ledger.finish(NOW) == 0, "somebody has just asked for more of it"
        unit.commit()

    assert header(storage).state is MailingState.RUNNING
    assert len(claim(storage, OF_AUTUMN)) == 1
    assert AUTUMN.id == OF_AUTUMN.mailing
