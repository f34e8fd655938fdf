"""Wrapped keys that move to a newer pair, are given to a colleague, and are destroyed with whoever leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.storage import new_id
from bot.storage.tables import vault_key, vault_wrap
from safeguarding import About, LeftBehind, Moved, NewConcern, NotForYouError, Recipient, State
from school.sensitive import SecretKey
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_vault import CANARY, HOUR, PASSPHRASE, add, concern, enrol


def succeed(storage: Storage, person: str, half: SecretKey, *, at=NOW + HOUR) -> SecretKey:
    """A newer pair; its private half."""
    pair = storage.vault.pair(person=person, key_id=new_id(at), passphrase=PASSPHRASE)
    with storage.units.write(HERE) as unit:
        older = unit.keyring.newest(person)
        assert older
        assert unit.keyring.succeed(pair, older=older, half=half, now=at)
        unit.commit()
    return storage.vault.unlock([pair], PASSPHRASE)


def reads(storage: Storage, sent: NewConcern, person: str, key: SecretKey) -> bool:
    with storage.units.read(HERE) as unit:
        try:
            opened = unit.concerns.open(sent.id, person=person, key=key)
        except NotForYouError:
            return False
    assert opened.words.reveal() == CANARY
    return True


def move(storage: Storage, person: str, key: SecretKey, *, limit: int = 9) -> list[Moved]:
    after, found = None, []
    while True:
        with storage.units.write(HERE) as unit:
            moved, after = unit.keyring.move(person, key=key, after=after, limit=limit)
            unit.commit()
        found.append(moved)
        if after is None:
            return found


def wraps_of(storage: Storage, person: str) -> int:
    with storage.engines.reading() as connection:
        mine = select(func.count()).select_from(vault_wrap).where(vault_wrap.c.person == person)
        return connection.execute(mine).scalar_one()


def give(storage: Storage, sent: NewConcern, *, by: str, key: SecretKey, to: Recipient) -> bool:
    with storage.units.write(HERE) as unit:
        given = unit.keyring.give(sent.id, by=by, key=key, to=to, rung=0)
        unit.commit()
    return given


def test_before_during_and_after_a_move_the_new_key_reads_everything(storage: Storage) -> None:
    dsl, old = enrol(storage)
    sent = [concern(storage, dsl) for _ in range(5)]
    add(storage, *sent)

    new = succeed(storage, "dsl", old)

    assert all(reads(storage, each, "dsl", new) for each in sent)
    with storage.units.write(HERE) as unit:
        _, after = unit.keyring.move("dsl", key=new, after=None, limit=2)
        unit.commit()
    assert after
    assert all(reads(storage, each, "dsl", new) for each in sent)
    with storage.units.read(HERE) as unit:
        assert unit.keyring.hanging("dsl") == 3
    assert sum(each.moved for each in move(storage, "dsl", new, limit=2)) == 3
    assert all(reads(storage, each, "dsl", new) for each in sent)
    assert wraps_of(storage, "dsl") == 5
    assert [reads(storage, each, "dsl", old) for each in sent] == [False] * 5, "the old key opens nothing any more"


def test_a_move_keeps_who_waits_in_reserve_and_whom_the_words_are_about(storage: Storage) -> None:
    (dsl, _), (head, heads_old) = enrol(storage), enrol(storage, "head")
    draft = concern(storage, dsl, head, about=About.NOT_SURE, state=State.DRAFT, sent_from="x", destroy_after=NOW)
    add(storage, draft)
    with storage.units.write(HERE) as unit:
        handed = {"about": About.PUPIL, "to": ["dsl"], "reserve": ["head"], "rungs": {"head": 2}}
        assert unit.concerns.hand_over(draft.id, **handed)
        unit.commit()

    heads_new = succeed(storage, "head", heads_old)
    assert move(storage, "head", heads_new) == [Moved(moved=1, stuck=0, left=0)]

    assert not reads(storage, draft, "head", heads_new)
    with storage.units.write(HERE) as unit:
        found = unit.concerns.by_reference(draft.reference)
        assert found
        assert (found.readers, found.reserve, found.ladder) == (("dsl",), ("head",), (("dsl",), (), ("head",)))
        unit.keyring.let_in(draft.id, ["head"])
        assert unit.concerns.open(draft.id, person="head", key=heads_new).about is About.PUPIL


def test_a_pair_is_destroyed_when_nothing_hangs_on_it_and_not_before(storage: Storage) -> None:
    dsl, old = enrol(storage)
    sent = concern(storage, dsl)
    add(storage, sent)
    newer = succeed(storage, "dsl", old)

    def destroyed(*, before) -> int:
        with storage.units.write(HERE) as unit:
            gone = unit.keyring.destroy_pairs(staying=["dsl"], before=before)
            unit.commit()
        return len(gone)

    assert destroyed(before=NOW + 9 * HOUR) == 0, "a report hangs on it"
    move(storage, "dsl", newer)
    assert destroyed(before=NOW) == 0, "a report may be on its way to it"
    assert destroyed(before=NOW + HOUR) == 1
    assert destroyed(before=NOW + HOUR) == 0
    assert reads(storage, sent, "dsl", newer)


def test_two_moves_later_the_first_reports_open_still(storage: Storage) -> None:
    dsl, first = enrol(storage)
    sent = concern(storage, dsl)
    add(storage, sent)

    second = succeed(storage, "dsl", first, at=NOW + HOUR)
    third = succeed(storage, "dsl", second, at=NOW + 2 * HOUR)

    assert reads(storage, sent, "dsl", third)
    assert move(storage, "dsl", third) == [Moved(moved=1, stuck=0, left=0)]
    assert reads(storage, sent, "dsl", third)


def test_a_damaged_key_stays_where_it_is_and_holds_its_pair(storage: Storage) -> None:
    dsl, old = enrol(storage)
    sent, broken = concern(storage, dsl), concern(storage, dsl)
    add(storage, sent, broken)
    new = succeed(storage, "dsl", old)
    with storage.engines.writing() as connection:
        connection.execute(update(vault_wrap).where(vault_wrap.c.concern_id == broken.id).values(wrapped=b"\x01\x02no"))
        connection.commit()

    assert move(storage, "dsl", new) == [Moved(moved=1, stuck=1, left=1)]
    with storage.units.write(HERE) as unit:
        assert unit.keyring.destroy_pairs(staying=["dsl"], before=NOW + 9 * HOUR) == ()


def test_the_old_halves_row_swapped_for_a_colleagues_opens_nothing(storage: Storage) -> None:
    (dsl, mine), (head, heads) = enrol(storage), enrol(storage, "head")
    sent = concern(storage, head)
    add(storage, sent)
    mine_new, heads_new = succeed(storage, "dsl", mine), succeed(storage, "head", heads)
    with storage.engines.writing() as connection:
        rows = connection.execute(select(vault_key).where(vault_key.c.retired.is_not(None))).all()
        wrapped = {row.person: row.wrapped for row in rows}
        for person, other in (("dsl", "head"), ("head", "dsl")):
            theirs = update(vault_key).where(vault_key.c.person == person, vault_key.c.retired.is_not(None))
            connection.execute(theirs.values(wrapped=wrapped[other]))
        connection.commit()

    assert not reads(storage, sent, "head", heads_new)
    assert not reads(storage, sent, "dsl", mine_new)
    assert dsl


def test_of_two_new_pairs_at_one_time_one_is_made(storage: Storage) -> None:
    _, half = enrol(storage)
    with storage.units.read(HERE) as unit:
        older = unit.keyring.newest("dsl")
    assert older
    pairs = [storage.vault.pair(person="dsl", key_id=new_id(NOW), passphrase=PASSPHRASE) for _ in range(2)]

    made = []
    for pair in pairs:
        with storage.units.write(HERE) as unit:
            made.append(unit.keyring.succeed(pair, older=older, half=half, now=NOW + HOUR))
            unit.commit()

    assert made == [True, False]
    with storage.units.read(HERE) as unit:
        assert [key.key_id for key in unit.concerns.wrapped_keys("dsl")] == [pairs[0].key_id]


def test_a_reader_gives_a_report_to_somebody_who_had_no_key_when_it_came(storage: Storage) -> None:
    dsl, key = enrol(storage)
    sent = concern(storage, dsl)
    add(storage, sent)
    deputy, deputys = enrol(storage, "deputy")
    assert not reads(storage, sent, "deputy", deputys)

    assert give(storage, sent, by="dsl", key=key, to=deputy)

    assert reads(storage, sent, "deputy", deputys)
    assert reads(storage, sent, "dsl", key)
    assert not give(storage, sent, by="deputy", key=deputys, to=dsl), "she could already"


@pytest.mark.parametrize("state", [State.DRAFT, State.NEW])
def test_who_cannot_open_a_report_gives_it_to_nobody(storage: Storage, state: State) -> None:
    (dsl, key), (head, heads) = enrol(storage), enrol(storage, "head")
    sent = concern(storage, dsl, reserve=(head,), state=state, sent_from="x" if state is State.DRAFT else "")
    add(storage, sent)
    other, others = enrol(storage, "other")

    tries = [("head", heads), ("other", others), ("dsl", heads), ("head", key), ("dsl", SecretKey(bytes(32)))]
    if state is State.DRAFT:
        tries.append(("dsl", key))
    for by, with_key in tries:
        with storage.units.write(HERE) as unit, pytest.raises(NotForYouError):
            unit.keyring.give(sent.id, by=by, key=with_key, to=other, rung=0)
    assert wraps_of(storage, "other") == 0


def test_somebody_who_lost_a_passphrase_is_let_in_again_by_a_colleague(storage: Storage) -> None:
    (dsl, _), (head, heads) = enrol(storage), enrol(storage, "head")
    sent = concern(storage, dsl, head)
    add(storage, sent)
    again, fresh = enrol(storage, at=NOW + HOUR)
    with storage.units.read(HERE) as unit:
        (holding,) = unit.keyring.open_holdings()
    assert (holding.readers, holding.shut_out) == ({"head"}, {"dsl"})

    assert give(storage, sent, by="head", key=heads, to=again)

    assert reads(storage, sent, "dsl", fresh)
    with storage.units.write(HERE) as unit:
        (holding,) = unit.keyring.open_holdings()
        assert (holding.readers, holding.shut_out) == ({"head", "dsl"}, frozenset())
        assert len(unit.keyring.destroy_pairs(staying=["dsl", "head"], before=NOW + 9 * HOUR)) == 1


def test_the_last_key_to_a_report_is_never_among_those_left_behind(storage: Storage) -> None:
    (dsl, _), (head, _) = enrol(storage), enrol(storage, "head")
    shared, alone, kept = concern(storage, dsl, head), concern(storage, dsl), concern(storage, head)
    add(storage, shared, alone, kept)

    with storage.units.write(HERE) as unit:
        assert unit.keyring.left_behind(["head"], limit=9) == (LeftBehind(concern_id=shared.id, person="dsl"),)
        assert unit.keyring.last_ones(["head"]) == (LeftBehind(concern_id=alone.id, person="dsl"),)
        assert unit.keyring.left_behind([], limit=9) == ()
        assert {each.concern_id for each in unit.keyring.last_ones([])} == {shared.id, alone.id, kept.id}
        assert unit.keyring.left_behind(["dsl", "head"], limit=9) == ()
        unit.keyring.destroy_wraps(LeftBehind(concern_id=shared.id, person="dsl"))
        assert unit.keyring.destroy_pairs(staying=["head"], before=NOW) == (), "the last key is kept"


def test_a_key_that_its_owner_lost_is_no_second_key(storage: Storage) -> None:
    """Dilys enrolled anew: the key she had opens nothing for her, so the leaver's is the last."""
    (dsl, _), (deputy, _) = enrol(storage), enrol(storage, "deputy")
    sent = concern(storage, dsl, deputy)
    add(storage, sent)
    enrol(storage, at=NOW + HOUR)

    with storage.units.read(HERE) as unit:
        assert unit.keyring.left_behind(["dsl"], limit=9) == ()
        assert [each.person for each in unit.keyring.last_ones(["dsl"])] == ["deputy"]


def test_a_pair_that_was_put_back_under_another_name_is_nobodys(storage: Storage) -> None:
    _, half = enrol(storage)
    with storage.units.read(HERE) as unit:
        pair = unit.keyring.newest("dsl")
    assert pair
    with storage.units.write(HERE) as unit:
        assert not unit.keyring.replace_wrap(replace(pair, mark="PW-X"), instead_of=replace(pair, person="head"))
        assert not unit.keyring.succeed(replace(pair, person="head"), older=pair, half=half, now=NOW + timedelta(1))
