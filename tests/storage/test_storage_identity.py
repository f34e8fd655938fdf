"""An identity in two halves, as it is stored: what one person, or whoever holds the database, can make of it."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from sqlalchemy import select, text, update

from bot.storage import DatabaseLockedError, new_id
from bot.storage.copies import hangs_on, move_copies
from bot.storage.identity import HALF, IDENTITY, split
from bot.storage.scoped import Scoped
from bot.storage.sealed_tables import vault_identity, vault_identity_half, vault_uncovering, vault_uncovering_copy
from bot.storage.sealing import CannotOpenError, CopyPlace, open_copy, open_under, whole
from safeguarding import About, AlreadyAskedError, Identity, LowLevel, NothingAskedError, Recipient, State, guarded
from school.people import SAFEGUARDING_ROLES
from school.sensitive import SecretKey, Sensitive
from tests.rooms.test_rooms_routing import MONDAY, NAMED, cases
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_tenancy import ACCOUNT
from tests.storage.test_storage_vault import add, concern, enrol

SAM = Identity(via="telegram", address=Sensitive("canary-4711"), called=Sensitive("Sam Canary-Jones"))
WHY = Sensitive("They wrote that they are on a bridge.")
PAIRS = {f"p{number}": PrivateKey(bytes([number + 1]) * 32) for number in range(7)}
KEY_IDS = {person: UUID(int=number) for number, person in enumerate(PAIRS)}


def recipient(person: str) -> Recipient:
    return Recipient(person=person, key_id=KEY_IDS[person], public=bytes(PAIRS[person].public_key))


def opens(sealed: bytes, concern_id: UUID, first: bytes, second: bytes) -> bool:
    place = CopyPlace(name=IDENTITY, school=HERE, subject=concern_id, person="")
    try:
        return bool(open_under(sealed, place=place, key=whole(first, second)))
    except CannotOpenError:
        return False


@pytest.mark.clause(41)
@settings(max_examples=300, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_no_single_person_ever_opens_who_wrote_and_the_accused_holds_nothing(case, shuffled) -> None:
    """Every school made up, every answer, all halves as they are stored: each person tries all that their key opens."""
    concern_id = UUID(int=shuffled.getrandbits(128))
    groups = guarded(school=case.school, on=MONDAY, keys=case.keys, abouts=tuple(About))
    splits = {
        about: split(
            SAM,
            school=HERE,
            concern_id=concern_id,
            guards=tuple(tuple(recipient(person.id) for person in group) for group in both),
        )
        for about, both in groups.items()
    }
    stored = [(about, *half) for about, each in splits.items() for half in each.halves]

    for person in case.school.people:
        key = SecretKey(bytes(PAIRS[person.id]))
        mine = []
        for about, holder, number, sealed in stored:
            place = CopyPlace(name=HALF, school=HERE, subject=concern_id, person=holder.person, part=str(number))
            try:
                mine.append((about, open_copy(sealed, place=place, key=key)))
            except CannotOpenError:
                assert holder.person != person.id
        assert all(not person.holds(*NAMED.get(about, ())) for about, _ in mine)
        assert not mine or person.holds(*SAFEGUARDING_ROLES)
        halves = [half for _, half in mine] + [bytes(32)]
        pairs = [*combinations(halves, 2), *((half, half) for half in halves)]
        for each in splits.values():
            assert not any(opens(each.sealed, concern_id, *pair) for pair in pairs)


def test_two_people_of_the_two_groups_open_it_and_two_of_one_group_do_not() -> None:
    concern_id = UUID(int=9)
    guards = ((recipient("p0"), recipient("p1")), (recipient("p2"),))
    found = split(SAM, school=HERE, concern_id=concern_id, guards=guards)
    halves = {}
    for holder, number, sealed in found.halves:
        place = CopyPlace(name=HALF, school=HERE, subject=concern_id, person=holder.person, part=str(number))
        halves[holder.person] = open_copy(sealed, place=place, key=SecretKey(bytes(PAIRS[holder.person])))

    assert opens(found.sealed, concern_id, halves["p0"], halves["p2"])
    assert opens(found.sealed, concern_id, halves["p1"], halves["p2"])
    assert not opens(found.sealed, concern_id, halves["p0"], halves["p1"])
    assert not opens(found.sealed, UUID(int=8), halves["p0"], halves["p2"]), "it belongs to another report"


def test_nothing_is_sealed_where_one_person_would_hold_both_halves() -> None:
    with pytest.raises(ValueError, match="both halves"):
        split(SAM, school=HERE, concern_id=UUID(int=9), guards=((recipient("p0"),), (recipient("p0"),)))


@dataclass(frozen=True)
class Asked:
    """A report by Sam, whom the lead and the head could find out together."""

    storage: Storage
    id: UUID
    dsl: Recipient
    dsl_key: SecretKey
    head: Recipient
    head_key: SecretKey

    def ask(self, unit) -> bool:
        return unit.identities.ask(self.id, person="dsl", key=self.dsl_key, reason=WHY, to=[self.head], now=NOW)

    def agree(self, unit, **rest):
        given = {"person": "head", "key": self.head_key, "asker": self.dsl, "now": NOW, **rest}
        return unit.identities.agree(self.id, **given)

    def committed(self, do):
        with self.storage.units.write(HERE) as unit:
            done = do(unit)
            unit.commit()
        return done


@pytest.fixture
def sam(storage: Storage) -> Asked:
    dsl, dsl_key = enrol(storage)
    head, head_key = enrol(storage, "head")
    sent = concern(storage, dsl, identity=SAM, guards={About.PUPIL: ((dsl,), (head,))})
    add(storage, sent)
    return Asked(storage, sent.id, dsl, dsl_key, head, head_key)


def rows(storage: Storage) -> dict[str, int]:
    tables = (vault_identity, vault_identity_half, vault_uncovering, vault_uncovering_copy)
    with storage.engines.reading() as connection:
        return {table.name: len(connection.execute(select(table)).all()) for table in tables}


@pytest.mark.clause(41)
def test_the_lead_asks_the_head_agrees_and_each_has_it_once(sam: Asked) -> None:
    assert sam.committed(sam.ask)
    with sam.storage.units.read(HERE) as unit:
        assert unit.identities.reason(sam.id, person="head", key=sam.head_key).reveal() == WHY.reveal()
        assert unit.identities.reason(sam.id, person="dsl", key=sam.dsl_key) is None
    seen = sam.committed(sam.agree)
    assert (seen.via, seen.address.reveal(), seen.called.reveal()) == (
        "telegram",
        "canary-4711",
        "Sam Canary-Jones",
    )
    assert rows(sam.storage)["vault_uncovering_copy"] == 0, "what was passed on is gone"

    take = lambda unit: unit.identities.take(sam.id, person="dsl", key=sam.dsl_key)  # noqa: E731
    assert sam.committed(take).address.reveal() == "canary-4711"
    assert sam.committed(take) is None
    assert rows(sam.storage)["vault_uncovering"] == 0


def test_the_copy_for_whoever_asked_opens_for_nobody_else(sam: Asked) -> None:
    sam.committed(sam.ask)
    sam.committed(sam.agree)

    with sam.storage.units.write(HERE) as unit:
        for person, key in (("head", sam.head_key), ("dsl", sam.head_key), ("head", sam.dsl_key)):
            assert unit.identities.take(sam.id, person=person, key=key) is None


def test_of_two_who_ask_and_of_two_who_agree_the_second_finds_it_done(sam: Asked) -> None:
    sam.committed(sam.ask)
    with sam.storage.units.write(HERE) as unit, pytest.raises(AlreadyAskedError):
        sam.ask(unit)
    sam.committed(sam.agree)
    with sam.storage.units.write(HERE) as unit, pytest.raises(NothingAskedError):
        sam.agree(unit)


@pytest.mark.parametrize("wrong", [{"person": "dsl"}, {"key": SecretKey(bytes(range(32)))}])
def test_whoever_agrees_with_a_wrong_key_or_in_the_askers_name_sees_nothing_and_it_stays_open(sam, wrong) -> None:
    sam.committed(sam.ask)

    assert sam.committed(lambda unit: sam.agree(unit, **wrong)) is None

    with sam.storage.units.read(HERE) as unit:
        assert unit.identities.request(sam.id).agreed is None
    assert sam.committed(sam.agree).address.reveal() == "canary-4711"


@pytest.mark.parametrize("table", [vault_identity, vault_identity_half, vault_uncovering_copy])
@pytest.mark.parametrize("change", ["cut", "flipped", "replayed"])
def test_a_row_that_was_changed_cut_or_taken_from_another_report_fails_closed(sam, table, change) -> None:
    other = concern(sam.storage, sam.dsl, identity=SAM, guards={About.PUPIL: ((sam.dsl,), (sam.head,))})
    add(sam.storage, other)
    theirs = Asked(sam.storage, other.id, sam.dsl, sam.dsl_key, sam.head, sam.head_key)
    sam.committed(sam.ask)
    theirs.committed(theirs.ask)
    with sam.storage.engines.writing() as connection:
        here, there = (table.c.concern_id == each for each in (sam.id, other.id))
        sealed = connection.execute(select(table.c.sealed).where(here)).scalars().first()
        replayed = connection.execute(select(table.c.sealed).where(there)).scalars().first()
        changed = {"cut": sealed[:-1], "flipped": sealed[:-1] + bytes([sealed[-1] ^ 1]), "replayed": replayed}[change]
        connection.execute(update(table).where(here).values(sealed=changed))
        connection.commit()

    assert sam.committed(sam.agree) is None
    assert theirs.committed(theirs.agree) is not None


@pytest.mark.clause(41)
def test_of_a_draft_every_answer_has_its_guards_and_once_it_is_given_the_others_hold_nothing(storage) -> None:
    dsl, dsl_key = enrol(storage)
    head, head_key = enrol(storage, "head")
    chair, chair_key = enrol(storage, "chair")
    guards = {About.PUPIL: ((dsl,), (head,)), About.ADULT: ((head,), (chair,)), About.HEAD: ((chair,), (dsl,))}
    draft = concern(
        storage, dsl, head, chair, identity=SAM, guards=guards, state=State.DRAFT, sent_from="mark", destroy_after=NOW
    )
    add(storage, draft)
    with storage.units.read(HERE) as unit:
        assert unit.identities.holders(draft.id) == ((), ()), "nobody can ask about a draft"
    with storage.units.write(HERE) as unit:
        assert not unit.identities.ask(draft.id, person="dsl", key=dsl_key, reason=WHY, to=[head], now=NOW)
        assert unit.concerns.hand_over(draft.id, about=About.HEAD, to=["chair"])
        unit.commit()

    with storage.units.write(HERE) as unit:
        assert unit.identities.holders(draft.id) == (("chair",), ("dsl",))
        assert not unit.identities.ask(draft.id, person="head", key=head_key, reason=WHY, to=[chair], now=NOW)
        assert unit.identities.ask(draft.id, person="chair", key=chair_key, reason=WHY, to=[dsl], now=NOW)
        agreed = unit.identities.agree(draft.id, person="dsl", key=dsl_key, asker=chair, now=NOW)
    assert agreed.address.reveal() == "canary-4711"
    with storage.engines.reading() as connection:
        kept = connection.execute(select(vault_identity_half.c.person, vault_identity_half.c.about)).all()
    assert sorted(map(tuple, kept)) == [("chair", ""), ("dsl", "")], "nor does it say in the clear whom it is about"


def test_an_answer_without_two_people_leaves_nothing_of_who_wrote(storage) -> None:
    dsl, _ = enrol(storage)
    head, _ = enrol(storage, "head")
    draft = concern(
        storage, dsl, head, identity=SAM, guards={About.PUPIL: ((dsl,), (head,))}, state=State.DRAFT, destroy_after=NOW
    )
    add(storage, draft)

    with storage.units.write(HERE) as unit:
        unit.concerns.hand_over(draft.id, about=About.LEAD, to=["head"])
        unit.commit()

    assert set(rows(storage).values()) == {0}


def test_an_identity_goes_with_its_report(sam: Asked) -> None:
    sam.committed(sam.ask)
    with sam.storage.units.write(HERE) as unit:
        unit.concerns.mark(sam.id, state=State.TRANSFERRED, by="dsl", now=NOW)
        assert unit.concerns.destroy(sam.id)
        unit.commit()

    assert set(rows(sam.storage).values()) == {0}


def test_a_report_from_the_web_keeps_nothing_of_who_wrote(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    head, _ = enrol(storage, "head")
    add(storage, concern(storage, dsl, guards={About.PUPIL: ((dsl,), (head,))}))

    assert set(rows(storage).values()) == {0}


@pytest.mark.clause(41)
def test_neither_the_account_nor_its_name_stands_anywhere_in_the_clear(sam: Asked) -> None:
    sam.committed(sam.ask)
    sam.committed(sam.agree)

    with sam.storage.engines.reading() as connection:
        for table in rows(sam.storage):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                assert b"canary" not in repr(tuple(row)).lower().encode()


def test_what_is_a_day_old_is_found_to_be_ended(sam: Asked) -> None:
    sam.committed(sam.ask)

    with sam.storage.units.read(HERE) as unit:
        assert unit.identities.requests(asked_before=NOW - timedelta(seconds=1)) == ()
        assert [each.asked_by for each in unit.identities.requests(asked_before=NOW)] == ["dsl"]


def at_once(sam: Asked, *tries):
    """Each in a thread and a transaction of its own, all let go at one time; what came of them, in no order."""
    ready = threading.Barrier(len(tries))

    def one(attempt):
        ready.wait()
        while True:
            try:
                return sam.committed(attempt)
            except DatabaseLockedError:
                continue  # on a slow machine; nothing was changed, so that it is asked again
            except (AlreadyAskedError, NothingAskedError) as refusal:
                return type(refusal)

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(one, tries))


def test_of_two_who_ask_at_one_time_one_asks(sam: Asked) -> None:
    assert Counter(at_once(sam, sam.ask, sam.ask)) == {True: 1, AlreadyAskedError: 1}


def test_of_two_who_agree_at_one_time_one_agrees(sam: Asked) -> None:
    sam.committed(sam.ask)

    came = at_once(sam, sam.agree, sam.agree)

    assert came.count(NothingAskedError) == 1
    assert [each.address.reveal() for each in came if each is not NothingAskedError] == ["canary-4711"]


@pytest.mark.parametrize("_", range(5))
def test_who_agrees_and_who_takes_it_back_at_one_time_are_never_both_told_that_it_was_done(sam: Asked, _: int) -> None:
    sam.committed(sam.ask)

    agreed, withdrawn = at_once(sam, sam.agree, lambda unit: unit.identities.withdraw(sam.id))

    assert (agreed is NothingAskedError) == withdrawn
    assert rows(sam.storage)["vault_uncovering"] == (0 if withdrawn else 1)
    assert rows(sam.storage)["vault_uncovering_copy"] == 0


def test_copies_move_to_a_newer_pair_and_only_then_does_nothing_hang_on_the_older(sam: Asked) -> None:
    storage, older = sam.storage, sam.head
    sam.committed(sam.ask)
    newer, newer_key = enrol(storage, "head", at=NOW + timedelta(hours=1))
    with storage.engines.writing() as connection:
        scoped = Scoped(connection, HERE)
        stranger = SecretKey(bytes(range(32)))
        assert move_copies(scoped, halves=[stranger], to=newer) == (0, 2), "a half that opens nothing moves nothing"
        assert hangs_on(scoped, older.key_id)
        assert move_copies(scoped, halves=[stranger, sam.head_key], to=newer) == (2, 0)
        assert not hangs_on(scoped, older.key_id)
        assert hangs_on(scoped, newer.key_id)
        connection.commit()

    assert sam.committed(lambda unit: sam.agree(unit, key=sam.head_key)) is None, "the older pair opens it no more"
    assert sam.committed(lambda unit: sam.agree(unit, key=newer_key)).address.reveal() == "canary-4711"


def test_whoever_has_two_pairs_and_a_copy_to_each_keeps_one(storage: Storage) -> None:
    older, older_key = enrol(storage, "head")
    newer, newer_key = enrol(storage, "head", at=NOW + timedelta(hours=1))
    entry = LowLevel(id=new_id(NOW), reference="LP-10W1-EV", logged=NOW)
    with storage.units.write(HERE) as unit:
        unit.register.add(entry, ACCOUNT, readers=[older, newer])
        unit.commit()

    with storage.engines.writing() as connection:
        assert move_copies(Scoped(connection, HERE), halves=[older_key], to=newer) == (1, 0)
        connection.commit()

    with storage.units.read(HERE) as unit:
        assert unit.register.open(entry.id, person="head", key=newer_key).words.reveal() == "Uneasy"
        assert unit.register.open(entry.id, person="head", key=older_key) is None
