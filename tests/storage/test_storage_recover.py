"""What the dead held comes back, whatever else stands still; and a newsletter that was over goes on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.clock import SetClock
from bot.storage import (
    QUICK,
    Claim,
    DeliveryState,
    End,
    Ledger,
    Posting,
    Recovered,
    Source,
    SqlUnits,
    SqlVault,
    new_id,
    open_engines,
)
from bot.storage.tables import delivery
from parents import Family, FamilyState
from school.notices import Lane, Mailing, Notice, To
from tests.storage.conftest import HERE, NOW, Storage

LEASE = timedelta(seconds=30)
LAPSED = NOW + 2 * LEASE


@pytest.fixture
def on_postgresql(postgresql, postgresql_template) -> Iterator[Storage]:
    with postgresql.database(like=postgresql_template) as url:
        engines, clock = open_engines(url, wait_seconds=0.3), SetClock(NOW)
        units = SqlUnits(engines, Posting(school_clock=clock, machine_clock=clock))
        assert units.add_school(HERE)
        yield Storage(engines=engines, units=units, vault=SqlVault(engines, costs=QUICK), clock=clock, url=url)
        engines.close()


def _claimed(storage: Storage, source: Source) -> list:
    return Ledger(storage.engines).claim(Claim(source=source, now=NOW, machine_now=NOW, limit=10, lease=LEASE))


def test_dilys_is_not_kept_waiting_by_a_worker_that_stands_still_in_the_middle_of_writing(on_postgresql):
    storage = on_postgresql
    with storage.units.write(HERE) as unit:
        for key in ("written", "dilys"):
            unit.outbox.leave(
                Notice(key=key, to=To.PERSON, recipient="dilys", page="concern-notice", lane=Lane.SAFEGUARDING)
            )
        unit.commit()
    rows = _claimed(storage, Source(school=HERE, lane=Lane.SAFEGUARDING))
    assert len(rows) == 2
    other = open_engines(storage.url)
    with other.writing() as standing_still:
        standing_still.execute(update(delivery).where(delivery.c.id == rows[0].id).values(external_id="half written"))

        recovered = Ledger(storage.engines).recover(LAPSED)

        assert recovered == Recovered(planned=1, repeats=0, unknown=0)
    other.close()
    assert Ledger(storage.engines).recover(LAPSED) == Recovered(planned=1, repeats=0, unknown=0)


def test_a_newsletter_that_seemed_to_be_over_goes_on_where_a_family_turns_out_to_have_been_told_to_wait(storage):
    family = Family(
        id=new_id(NOW), via="telegram", address="501", lang="en", classes=(), state=FamilyState.ACTIVE, joined=NOW
    )
    mailing = Mailing(id="news-1", campaign="news-1", page="news-1", due=NOW)
    with storage.units.write(HERE) as unit:
        unit.families.save(family)
        unit.mailings.open(mailing, now=NOW)
        unit.mailings.freeze(mailing, expected=1, now=NOW)
        unit.mailings.lay(mailing, [(family.id, "telegram")], excluded=0, after=None, upto=None, done=True)
        unit.commit()
    ledger, source = Ledger(storage.engines), Source(school=HERE, lane=Lane.BULK, mailing="news-1")
    (row,) = _claimed(storage, source)
    assert ledger.write([row.id], []).may_go == {row.id}

    # The database was away for longer than the lease. Whoever looks first takes the row for a dead process's, and the
    # newsletter for over; then the process that was told to wait gets to write so.
    assert ledger.recover(LAPSED) == Recovered(planned=0, repeats=0, unknown=1)
    assert ledger.finish(LAPSED) == 1
    ledger.write([], [End(id=row.id, state=DeliveryState.PLANNED, reason="the platform said to wait", not_before=NOW)])

    assert ledger.work(now=LAPSED, machine_now=LAPSED) == [source]
    anew = Claim(source=source, now=LAPSED, machine_now=LAPSED, limit=10, lease=LEASE)
    assert [each.id for each in ledger.claim(anew)] == [row.id]
