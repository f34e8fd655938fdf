"""Mailings: headers and the rows under them, laid down once whoever lays them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.storage import DeliveryState
from bot.storage.tables import delivery
from parents.mailings import lay_next
from school.notices import CampaignAccount, MailingState, To
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage
from tests.storage.post import AUTUMN, MINUTE, OF_AUTUMN, begin, claim, end, family, header, lay, set_state


def join(storage: Storage, *numbers: int, **rest: object) -> None:
    with storage.units.write(HERE) as unit:
        for number in numbers:
            unit.families.save(family(number, **rest))
        unit.commit()


def laid_for(storage: Storage) -> list[int]:
    with storage.engines.reading() as connection:
        return sorted(UUID(each).int for each in connection.execute(select(delivery.c.recipient)).scalars())


def lay_once(storage: Storage, *, chunk: int = 2) -> bool:
    """What a process does: open, freeze, look for the next chunk, lay it down."""
    with storage.units.write(HERE) as unit:
        laid = lay_next(
            AUTUMN,
            meant=lambda _family: True,
            families=unit.families,
            mailings=unit.mailings,
            now=NOW,
            chunk=chunk,
        )
        unit.commit()
    return laid.done


def test_marta_s_row_says_all_that_the_ledger_needs(storage: Storage) -> None:
    lay(storage, [7], mailing=replace(AUTUMN, not_after=NOW + MINUTE))

    with storage.engines.reading() as connection:
        row = connection.execute(select(delivery)).one()
    assert (row.key, row.recipient) == (f"{AUTUMN.id}:{UUID(int=7)}", str(UUID(int=7)))
    assert (row.page, row.channel, row.lane, row.state) == ("autumn", "telegram", "bulk", "planned")
    assert (row.mailing, row.doubt, row.to_kind) == (AUTUMN.id, "leave", "family")
    assert (row.due_at, row.not_after, row.wall_clock) == (NOW, NOW + MINUTE, "2026-11-24T09:00:00")


def test_amara_s_row_of_a_step_for_staff_goes_by_the_channel_that_she_is_reached_by(storage: Storage) -> None:
    step = replace(AUTUMN, to=To.PERSON, values={"theme": "Kind words"})
    with storage.units.write(HERE) as unit:
        unit.mailings.open(step, now=NOW)
        unit.mailings.lay(step, [("amara", "")], excluded=0, after=None, upto=None, done=True)
        unit.commit()

    (row,) = claim(storage, OF_AUTUMN)
    assert (row.recipient, row.to, row.channel, row.values) == ("amara", To.PERSON, "slack", {"theme": "Kind words"})
    assert header(storage).candidates == 1


def test_ines_reads_what_went_to_families_and_who_has_had_a_step(storage: Storage) -> None:
    names = ("thanks:1", "thanks:2", "thanks-2:1", "staff:1")
    first, second, other, staff = (replace(AUTUMN, id=f"campaign:sid:{name}", campaign="sid") for name in names)
    lay(storage, [1, 2, 3], mailing=first)
    lay(storage, [1], mailing=other)
    lay(storage, [9], mailing=replace(staff, to=To.PERSON))
    lay(storage, [4], school=ELSEWHERE, mailing=first)
    ends = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED)
    for mailing in (first, other, staff):
        for row, state in zip(claim(storage, replace(OF_AUTUMN, mailing=mailing.id)), ends, strict=False):
            begin(storage, row)
            end(storage, row, state)

    with storage.units.read(HERE) as unit:
        account = unit.mailings.account("sid")
        among = [str(UUID(int=number)) for number in (1, 2, 3, 4)]
        had = unit.mailings.had("campaign:sid:thanks:", besides=second.id, to=To.FAMILY, among=among)
        nobody = unit.mailings.had("campaign:sid:thanks:", besides=second.id, to=To.FAMILY, among=among[2:])

    assert account == CampaignAccount(sent=2, families=1, mailings=frozenset({first.id, other.id}))
    # What failed is sent once more with the next version; what may have gone is not.
    assert had == set(among[:2])
    assert nobody == frozenset()


def test_amara_reads_how_far_an_audience_has_been_laid_down(storage: Storage) -> None:
    first = lay(storage, [1, 2], done=False, excluded=3)
    assert (first.frozen, first.expected, first.candidates, first.excluded) == (NOW, 2, 2, 3)
    assert (first.upto, first.laid) == (UUID(int=2), False)

    last = lay(storage, [5], after=2, excluded=1)
    assert (last.frozen, last.expected, last.candidates, last.excluded) == (NOW, 2, 3, 4)
    assert (last.upto, last.laid) == (None, True)


def test_marta_gets_one_when_two_lay_down_the_same_chunk(storage: Storage) -> None:
    lay(storage, [1, 2], done=False)
    lay(storage, [3, 4], after=2, done=False)

    late = lay(storage, [3, 4], after=2, done=False)

    assert (late.candidates, late.upto) == (4, UUID(int=4))
    assert laid_for(storage) == [1, 2, 3, 4]


def test_marta_counts_once_when_another_process_laid_her_chunk_while_this_one_looked(storage: Storage) -> None:
    if storage.engines.writer is not None:
        return  # one writer at a time: nothing can come between
    join(storage, 1, 2, 3, 4)
    assert not lay_once(storage)

    with storage.units.write(HERE) as slow:
        seen = slow.mailings.open(AUTUMN, now=NOW)
        chunk = slow.families.audience(after=seen.upto, until=NOW, limit=2)
        assert not lay_once(storage)
        slow.mailings.lay(
            AUTUMN,
            [(each.id, each.via) for each in chunk],
            excluded=0,
            after=seen.upto,
            upto=chunk[-1].id,
            done=False,
        )
        slow.commit()

    assert header(storage).candidates == len(laid_for(storage)) == 4


def test_marta_gets_one_when_two_processes_lay_down_everything_at_once(storage: Storage) -> None:
    join(storage, *range(1, 16))
    together = Barrier(2)

    def process(_: int) -> None:
        together.wait(10)
        while not lay_once(storage):
            pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(process, range(2)))

    found = header(storage)
    assert laid_for(storage) == list(range(1, 16))
    assert (found.expected, found.candidates, found.excluded, found.laid) == (15, 15, 0, True)


def test_marta_is_in_an_audience_once_frozen_and_sam_who_joins_after_it_is_not(storage: Storage) -> None:
    join(storage, 1, 2)
    assert not lay_once(storage, chunk=1)

    join(storage, 3, joined=NOW + MINUTE)
    while not lay_once(storage, chunk=1):
        pass

    assert laid_for(storage) == [1, 2]
    assert header(storage).expected == 2


def test_marta_waits_for_the_next_step_of_a_paused_campaign_and_never_gets_one_of_a_cancelled(
    storage: Storage,
) -> None:
    second = replace(AUTUMN, id="campaign:sid:2:1")
    lay(storage, [1])
    assert set_state(storage, MailingState.PAUSED) == 1

    with storage.units.write(HERE) as unit:
        assert unit.mailings.open(second, now=NOW).state is MailingState.PAUSED
        unit.commit()
    assert set_state(storage, MailingState.CANCELLED) == 2
    third = replace(AUTUMN, id="campaign:sid:3:1")
    with storage.units.write(HERE) as unit:
        assert unit.mailings.open(third, now=NOW).state is MailingState.CANCELLED
        assert unit.mailings.open(replace(third, id="x", campaign="other"), now=NOW).state is MailingState.RUNNING
        unit.commit()


@pytest.mark.parametrize("state", [MailingState.PAUSED, MailingState.CANCELLED])
def test_marta_gets_the_steps_that_come_after_one_that_was_held_or_cancelled_alone(
    storage: Storage, state: MailingState
) -> None:
    lay(storage, [1])
    assert set_state(storage, state, of=AUTUMN.id) == 1

    with storage.units.write(HERE) as unit:
        after = unit.mailings.open(replace(AUTUMN, id="campaign:sid:2:1"), now=NOW)
        unit.commit()

    assert after.state is MailingState.RUNNING
    assert header(storage).state is state


def test_a_campaign_that_was_cancelled_as_a_whole_stays_so_and_is_no_mailing_of_its_own(storage: Storage) -> None:
    lay(storage, [1])
    assert set_state(storage, MailingState.CANCELLED, of=AUTUMN.campaign) == 1
    assert set_state(storage, MailingState.RUNNING, of=AUTUMN.campaign) == 0

    with storage.units.write(HERE) as unit:
        assert unit.mailings.open(replace(AUTUMN, id="campaign:sid:2:1"), now=NOW).state is MailingState.CANCELLED
        assert {each.mailing.id for each in unit.mailings.standings(limit=9)} == {AUTUMN.id, "campaign:sid:2:1"}


def test_amara_pauses_by_campaign_by_page_or_one_mailing_alone(storage: Storage) -> None:
    lay(storage, [1])
    lay(storage, [1], mailing=replace(AUTUMN, id="newsletter:autumn:2", campaign="autumn@2"))

    assert set_state(storage, MailingState.PAUSED, of="newsletter:autumn:2") == 1
    assert set_state(storage, MailingState.PAUSED, of="autumn@1") == 1
    assert set_state(storage, MailingState.RUNNING, of="autumn") == 2
    assert set_state(storage, MailingState.PAUSED, of="winter") == 0


def test_amara_reads_accounts_that_balance_with_the_newest_first(storage: Storage) -> None:
    lay(storage, [1, 2])
    lay(storage, [1], mailing=replace(AUTUMN, id="newsletter:winter:1", due=NOW + timedelta(days=9)))
    lay(storage, [1, 2, 3], school=ELSEWHERE)

    with storage.units.read(HERE) as unit:
        winter, autumn = unit.deliveries.progress(limit=9)

    assert (winter.header.mailing.id, autumn.header.mailing.id) == ("newsletter:winter:1", AUTUMN.id)
    assert (winter.pending, autumn.pending) == (1, 2)
    assert winter.balanced
    assert autumn.balanced
    assert not replace(autumn, states={"sent": 1}).balanced


def test_what_runs_is_due_and_not_yet_laid_is_found_by_how_its_id_begins(storage: Storage) -> None:
    mine = replace(AUTUMN, id="home:oak:1", campaign="home@oak")
    with storage.units.write(HERE) as unit:
        for each in (mine, replace(mine, id="home:elm:1", due=NOW + MINUTE), replace(mine, id="homework:oak")):
            unit.mailings.open(each, now=NOW)
        assert [header.mailing.id for header in unit.mailings.to_lay("home:", now=NOW)] == ["home:oak:1"]
        assert unit.mailings.to_lay("home_", now=NOW) == ()
        unit.mailings.freeze(mine, expected=0, now=NOW)
        unit.mailings.lay(mine, [], excluded=0, after=None, upto=None, done=True)

        assert unit.mailings.to_lay("home:", now=NOW) == ()


def test_marta_s_copy_holds_the_part_and_the_values_of_its_mailing(storage: Storage) -> None:
    mine = replace(AUTUMN, part="home", values={"class": "Oak"})
    with storage.units.write(HERE) as unit:
        unit.mailings.open(mine, now=NOW)
        unit.mailings.freeze(mine, expected=1, now=NOW)
        unit.mailings.lay(mine, [(UUID(int=1), "telegram")], excluded=0, after=None, upto=None, done=True)
        unit.commit()

    (row,) = claim(storage, OF_AUTUMN)
    assert (row.part, row.values) == ("home", {"class": "Oak"})
