"""What comes after a report was sealed: who is told next, what is added, and what is written down of it all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.storage import new_id
from bot.storage.tables import vault_concern, vault_entry, vault_log
from safeguarding import (
    Act,
    Broken,
    EntryKind,
    NewConcern,
    NoPlaceError,
    NotForYouError,
    Outcome,
    State,
    first_break,
)
from school.sensitive import SecretKey, Sensitive
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage
from tests.storage.test_storage_vault import CANARY, add, concern, enrol

MINUTE = timedelta(minutes=1)


def case(storage: Storage) -> tuple[NewConcern, SecretKey, SecretKey]:
    """A report that the lead may read, with the head a rung further up; the keys of both."""
    dsl, key = enrol(storage)
    head, heads = enrol(storage, "head")
    sent = concern(storage, dsl, reserve=(head,), rungs={"dsl": 0, "head": 1}, watch_at=NOW + MINUTE, watch_rung=1)
    add(storage, sent)
    return sent, key, heads


def write(storage: Storage, sent: NewConcern, kind: EntryKind, words: str, author: str = "dsl") -> int:
    with storage.units.write(HERE) as unit:
        number = unit.concerns.add_entry(sent.id, kind=kind, author=author, words=Sensitive(words), now=NOW)
        unit.commit()
    return number


@pytest.mark.clause(41)
def test_the_head_reads_nothing_before_her_turn_and_everything_from_then_on(storage: Storage) -> None:
    sent, _, heads = case(storage)

    with storage.units.read(HERE) as unit:
        (found,) = unit.concerns.for_reader("dsl")
        assert unit.concerns.for_reader("head") == ()
        assert (found.readers, found.reserve, found.ladder) == (("dsl",), ("head",), (("dsl",), ("head",)))
        assert unit.concerns.watched(NOW) == ()
        with pytest.raises(NotForYouError):
            unit.concerns.open(sent.id, person="head", key=heads)
        assert [each.id for each in unit.concerns.watched(NOW + MINUTE)] == [sent.id]
    with storage.units.write(HERE) as unit:
        unit.concerns.watch(sent.id, rung=2, at=NOW + 2 * MINUTE, let_in=["head"])
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.concerns.open(sent.id, person="head", key=heads).words.reveal() == CANARY
        assert unit.concerns.watched(NOW + MINUTE) == ()


def test_nobody_further_up_is_told_once_a_person_has_seen_it(storage: Storage) -> None:
    sent, *_ = case(storage)

    with storage.units.write(HERE) as unit:
        unit.concerns.mark(sent.id, state=State.OPENED, by="dsl", now=NOW)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.concerns.watched(NOW + timedelta(days=9)) == ()


def test_what_is_added_is_read_by_its_readers_in_order_and_notes_by_nobody_with_a_receipt(storage: Storage) -> None:
    sent, key, _ = case(storage)
    told = [(EntryKind.TO_SENDER, "dsl"), (EntryKind.NOTE, "dsl"), (EntryKind.FROM_SENDER, "")]
    for number, (kind, author) in enumerate(told, start=1):
        assert write(storage, sent, kind, f"{CANARY} {number}", author) == number

    with storage.units.read(HERE) as unit:
        entries = unit.concerns.open(sent.id, person="dsl", key=key).entries
        theirs = unit.concerns.open_by_receipt(sent.id, wrapping=sent.receipt.wrapping)

    assert [(each.number, each.kind, each.author) for each in entries] == [
        (number, kind, author) for number, (kind, author) in enumerate(told, start=1)
    ]
    assert [each.words and each.words.reveal() for each in entries] == [f"{CANARY} {number}" for number in (1, 2, 3)]
    assert [each.number for each in theirs] == [1, 3]
    with storage.engines.reading() as connection:
        assert not [row for row in connection.execute(select(vault_entry)) if CANARY.encode() in row.sealed]


def test_another_receipt_opens_nothing(storage: Storage) -> None:
    sent, *_ = case(storage)
    write(storage, sent, EntryKind.TO_SENDER, CANARY)
    other = storage.vault.receipt(HERE)

    with storage.units.read(HERE) as unit, pytest.raises(NotForYouError):
        unit.concerns.open_by_receipt(sent.id, wrapping=other.wrapping)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"number": 2},
        {"kind": EntryKind.TO_SENDER.value},
        {"author": "head"},
        {"sealed": b"\x01\x05" + bytes(200)},
        {"sealed": b"\x01\x05"},
        {"sealed": b""},
    ],
    ids=str,
)
def test_an_entry_that_was_moved_or_changed_does_not_open(storage: Storage, spoilt: dict[str, object]) -> None:
    sent, key, _ = case(storage)
    write(storage, sent, EntryKind.NOTE, CANARY)
    with storage.engines.writing() as connection:
        connection.execute(update(vault_entry).values(**spoilt))
        connection.commit()

    with storage.units.read(HERE) as unit:
        opened = unit.concerns.open(sent.id, person="dsl", key=key)

    assert opened.words.reveal() == CANARY, "the rest is read all the same"
    assert [each.words for each in opened.entries] == [None]


def test_an_entry_of_one_report_does_not_open_in_another(storage: Storage) -> None:
    sent, key, _ = case(storage)
    dsl, _ = enrol(storage, at=NOW + MINUTE)
    other = concern(storage, dsl)
    add(storage, other)
    write(storage, sent, EntryKind.NOTE, CANARY)
    with storage.engines.writing() as connection:
        connection.execute(update(vault_entry).values(concern_id=other.id))
        connection.commit()

    with storage.units.read(HERE) as unit:
        assert unit.concerns.open(sent.id, person="dsl", key=key).entries == ()
        assert [each.words for each in unit.concerns.open_by_receipt(other.id, wrapping=other.receipt.wrapping)] == []


def test_two_who_add_at_one_time_take_a_number_each(storage: Storage) -> None:
    sent, *_ = case(storage)

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: write(storage, sent, EntryKind.NOTE, CANARY), range(8)))

    assert sorted(numbers) == list(range(1, 9))


def test_nothing_is_added_to_a_draft_to_a_report_of_old_or_to_none(storage: Storage) -> None:
    sent, *_ = case(storage)
    dsl, _ = enrol(storage, at=NOW + MINUTE)
    draft = concern(storage, dsl, state=State.DRAFT)
    add(storage, draft)
    with storage.engines.writing() as connection:
        connection.execute(update(vault_concern).where(vault_concern.c.id == sent.id).values(entry_public=None))
        connection.commit()

    for concern_id in (sent.id, draft.id, new_id(NOW)):
        with storage.units.write(HERE) as unit, pytest.raises(NoPlaceError):
            unit.concerns.add_entry(concern_id, kind=EntryKind.NOTE, author="dsl", words=Sensitive("x"), now=NOW)


def log(storage: Storage, count: int, *, school: str = HERE) -> None:
    for number in range(count):
        with storage.units.write(school) as unit:
            unit.concerns.log.write(Act.READ, actor="dsl", now=NOW + number * MINUTE, subject=f"LP-{number}")
            unit.commit()


def broken(storage: Storage, *, school: str = HERE) -> Broken | None:
    with storage.units.read(school) as unit:
        book = unit.concerns.log
        return first_break(book.rows(after=0, limit=999), school=school, head=book.head())


@pytest.mark.clause(41)
def test_each_school_has_a_chain_of_its_own_that_holds(storage: Storage) -> None:
    log(storage, 5)
    log(storage, 2, school=ELSEWHERE)

    assert (broken(storage), broken(storage, school=ELSEWHERE)) == (None, None)
    with storage.units.read(HERE) as unit:
        assert unit.concerns.log.head().number == 5
        assert [row.number for row in unit.concerns.log.rows(after=3, limit=9)] == [4, 5]
        assert [row.actor for row in unit.concerns.log.of("LP-2")] == ["dsl"]


@pytest.mark.clause(41)
@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_row_that_somebody_with_the_database_changes_or_removes_is_found(storage: Storage, place: int) -> None:
    log(storage, 5)
    there = (vault_log.c.school_id == HERE, vault_log.c.number == place)

    with storage.engines.writing() as connection:
        connection.execute(update(vault_log).where(*there).values(actor="head"))
        connection.commit()
    assert broken(storage) == Broken(number=place)

    with storage.engines.writing() as connection:
        connection.execute(delete(vault_log).where(*there))
        connection.commit()
    assert broken(storage) == Broken(number=place)


def test_rows_that_are_written_at_one_time_stand_in_one_chain(storage: Storage) -> None:
    def one(number: int) -> None:
        with storage.units.write(HERE) as unit:
            unit.concerns.log.write(Act.LISTED, actor=f"p{number}", now=NOW, outcome=Outcome.REFUSED)
            unit.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(12)))

    assert broken(storage) is None
    with storage.units.read(HERE) as unit:
        assert unit.concerns.log.head().number == 12


def test_what_is_undone_leaves_no_row(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        unit.concerns.log.write(Act.READ, actor="dsl", now=NOW)

    assert broken(storage) is None
    with storage.units.read(HERE) as unit:
        assert unit.concerns.log.head().number == 0
