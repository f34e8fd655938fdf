"""Where somebody reported from: for the readers in the report, for the server on its way, and in the clear nowhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.storage import DeliveryState, End, Ledger, Posting, SqlUnits, new_id, open_engines
from bot.storage.chats import open_chat, seal_chat
from bot.storage.tables import delivery, vault_chat, vault_entry, vault_going
from safeguarding import EntryKind, NewConcern, NotForYouError, State, answer_here, chat_by_receipt, chat_of
from school.notices import Chat, Lane, To
from school.sensitive import Sensitive
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.post import SAFEGUARDING, claim, notice
from tests.storage.test_storage_cases import case
from tests.storage.test_storage_drafts import wait_for_a_waiter
from tests.storage.test_storage_vault import HOUR, add, concern, enrol

ADDRESS = "7733110099"
SAM = Chat(via="telegram", address=Sensitive(ADDRESS), lang="pl")
MINUTE = timedelta(minutes=1)
KEYS = (b"k" * 32, b"old" + b"k" * 29)


def same(chat: Chat | None) -> bool:
    return chat is not None and (chat.via, chat.address.reveal(), chat.lang) == ("telegram", ADDRESS, "pl")


def draft(storage: Storage, **rest: object) -> NewConcern:
    dsl, _ = enrol(storage)
    made = concern(storage, dsl, state=State.DRAFT, sent_from="ab", destroy_after=NOW + HOUR, **rest)
    add(storage, made)
    return made


def going(storage: Storage) -> NewConcern:
    made = draft(storage)
    with storage.units.write(HERE) as unit:
        unit.drafts.go(made.id, at=NOW + MINUTE, chat=SAM)
        unit.commit()
    return made


def wanted(storage: Storage, sent: NewConcern, chat: Chat | None) -> None:
    with storage.units.write(HERE) as unit:
        found = unit.concerns.by_reference(sent.reference)
        assert found
        answer_here(found, chat=chat, concerns=unit.concerns, chats=unit.chats, now=NOW)
        unit.commit()


def every_cell(storage: Storage) -> bytes:
    with storage.engines.reading() as connection:
        rows = [row for table in (vault_entry, vault_going, vault_chat) for row in connection.execute(select(table))]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)


def told(storage: Storage, sent: NewConcern, **session: object) -> Chat | None:
    """What somebody's session at this server finds, by their key or by the receipt."""
    with storage.units.read(HERE) as unit:
        found = unit.concerns.by_reference(sent.reference)
        assert found
        return (chat_of if "key" in session else chat_by_receipt)(
            found, concerns=unit.concerns, chats=unit.chats, **session
        )


@pytest.mark.clause(40)
def test_only_a_reader_and_whoever_holds_the_receipt_learn_where_sam_wrote_from(storage: Storage) -> None:
    sent, key, heads = case(storage)
    wanted(storage, sent, SAM)

    assert same(told(storage, sent, person="dsl", key=key))
    assert same(told(storage, sent, wrapping=sent.receipt.wrapping))
    for person, with_key in (("head", heads), ("dsl", heads), ("head", key)):
        with pytest.raises(NotForYouError):
            told(storage, sent, person=person, key=with_key)
    with pytest.raises(NotForYouError):
        told(storage, sent, wrapping=storage.vault.receipt(HERE).wrapping)
    assert ADDRESS.encode() not in every_cell(storage)


@pytest.mark.clause(40)
def test_a_reader_with_the_whole_database_and_their_key_but_not_the_server_s_learns_nothing(storage: Storage) -> None:
    sent, key, _ = case(storage)
    wanted(storage, sent, SAM)
    posting = Posting(school_clock=storage.clock, machine_clock=storage.clock, chat_keys=lambda _school: KEYS)

    with SqlUnits(storage.engines, posting).read(HERE) as unit:
        locked = unit.concerns.chat_of(sent.id, person="dsl", key=key)
        assert locked
        assert ADDRESS not in locked.reveal()
        assert unit.chats.unlock(locked, place=str(sent.id)) is None
    with storage.units.read(HERE) as unit:
        assert same(unit.chats.unlock(locked, place=str(sent.id)))
        assert unit.chats.unlock(locked, place=str(new_id(NOW))) is None, "nor is it another report's"


def test_it_is_among_nothing_that_a_reader_or_the_sender_is_shown(storage: Storage) -> None:
    sent, key, _ = case(storage)
    wanted(storage, sent, SAM)

    with storage.units.read(HERE) as unit:
        assert unit.concerns.open(sent.id, person="dsl", key=key).entries == ()
        assert unit.concerns.open_by_receipt(sent.id, wrapping=sent.receipt.wrapping) == ()


def test_the_last_word_on_it_counts(storage: Storage) -> None:
    sent, key, _ = case(storage)
    for chat in (SAM, None, SAM, None):
        wanted(storage, sent, chat)

    assert told(storage, sent, person="dsl", key=key) is None


def test_one_that_was_changed_is_no_chat_and_the_report_opens_all_the_same(storage: Storage) -> None:
    sent, key, _ = case(storage)
    wanted(storage, sent, SAM)
    with storage.engines.writing() as connection:
        connection.execute(update(vault_entry).values(author="dsl"))
        connection.commit()

    assert told(storage, sent, person="dsl", key=key) is None
    with storage.units.read(HERE) as unit:
        assert unit.concerns.open(sent.id, person="dsl", key=key).words


def test_it_is_destroyed_with_its_report(storage: Storage) -> None:
    sent, *_ = case(storage)
    wanted(storage, sent, SAM)
    with storage.units.write(HERE) as unit:
        unit.concerns.mark(sent.id, state=State.TRANSFERRED, by="dsl", now=NOW)
        assert unit.concerns.destroy(sent.id)
        unit.commit()

    with storage.engines.reading() as connection:
        assert connection.execute(select(vault_entry)).all() == []


@pytest.mark.parametrize("place", ["elsewhere", ""])
def test_a_sealed_chat_opens_where_it_was_put_and_under_its_school_s_keys_alone(place: str) -> None:
    sealed = seal_chat(SAM, keys=KEYS, school=HERE, place="here")

    assert same(open_chat(sealed, keys=KEYS, school=HERE, place="here"))
    assert same(open_chat(sealed, keys=(b"new" + b"k" * 29, *KEYS), school=HERE, place="here")), "keys rotate"
    assert open_chat(sealed, keys=KEYS, school=HERE, place=place) is None
    assert open_chat(sealed, keys=KEYS, school="beechwood", place="here") is None
    assert open_chat(sealed, keys=KEYS[1:], school=HERE, place="here") is None
    assert open_chat(sealed[:-1], keys=KEYS, school=HERE, place="here") is None
    assert len(sealed) == len(seal_chat(Chat(via="slack", address=Sensitive("U0")), keys=KEYS, school="x", place="y"))


def test_a_draft_s_chat_is_sealed_and_goes_with_the_draft(storage: Storage) -> None:
    made = going(storage)
    assert ADDRESS.encode() not in every_cell(storage)

    with storage.units.write(HERE) as unit:
        assert same(unit.drafts.chat(made.id))
        assert unit.drafts.due(NOW) == ()
        assert unit.drafts.due(NOW + MINUTE) == ("ab",)
        assert unit.concerns.hand_over(made.id, about=made.about, to=["dsl"])
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert (unit.drafts.chat(made.id), unit.drafts.due(NOW + MINUTE)) == (None, ())


def test_a_draft_that_goes_by_itself_is_never_stale(storage: Storage) -> None:
    made = going(storage)

    with storage.units.write(HERE) as unit:
        assert unit.concerns.stale_drafts(NOW + 99 * HOUR) == ()
        unit.drafts.keep_back(made.id)
        assert [each.id for each in unit.concerns.stale_drafts(NOW + 99 * HOUR)] == [made.id]
        assert unit.drafts.of("ab")[0].kept_back
        assert unit.drafts.chat(made.id) is None


@pytest.mark.clause(40)
@pytest.mark.parametrize("first", ["no", "round"])
def test_a_no_and_the_round_at_one_time_come_one_after_the_other(storage: Storage, first: str) -> None:
    made = going(storage)
    elsewhere = open_engines(storage.url, wait_seconds=20)
    units = SqlUnits(elsewhere, Posting(school_clock=storage.clock, machine_clock=storage.clock))

    def second() -> bool:
        with units.write(HERE) as unit:
            found = [each for each in unit.drafts.of("ab") if each.goes_at]
            unit.commit()
        return bool(found)

    with ThreadPoolExecutor(1) as thread:
        with storage.units.write(HERE) as unit:
            assert unit.drafts.of("ab")
            waiting = thread.submit(second)
            wait_for_a_waiter(storage)
            if first == "no":
                unit.drafts.keep_back(made.id)
            else:
                assert unit.concerns.hand_over(made.id, about=made.about, to=["dsl"])
            unit.commit()
        assert not waiting.result(30), "whoever comes second finds that it is decided"
    elsewhere.close()


def test_a_chat_is_forgotten_once_its_message_is_out_and_not_before(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        mark = unit.chats.keep(SAM)
        unit.outbox.leave(notice("c", to=To.CHAT, recipient=mark, via="telegram", lane=Lane.SAFEGUARDING))
        unit.chats.keep(SAM)
        assert unit.chats.forget_told() == 1, "the one that no message is for"
        unit.commit()
    ledger = Ledger(storage.engines)
    (row,) = claim(storage, SAFEGUARDING)
    assert (row.recipient, row.channel) == (mark, "telegram")

    for state in (DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN):
        with storage.engines.writing() as connection:
            connection.execute(update(delivery).values(state=state.value))
            connection.commit()
        with storage.units.write(HERE) as unit:
            assert unit.chats.forget_told() == 0
            assert same(unit.chats.find(mark))
    ledger.write([], [End(id=row.id, state=DeliveryState.SENT, external_id="1")])

    with storage.units.write(HERE) as unit:
        assert unit.chats.forget_told() == 1
        assert unit.chats.find(mark) is None


def test_another_server_s_chat_is_not_to_be_found(storage: Storage) -> None:
    posting = Posting(school_clock=storage.clock, machine_clock=storage.clock, chat_keys=lambda _school: KEYS)
    with storage.units.write(HERE) as unit:
        mark = unit.chats.keep(SAM)
        unit.commit()

    with SqlUnits(storage.engines, posting).read(HERE) as unit:
        assert unit.chats.find(mark) is None
        assert unit.chats.find(str(new_id(NOW))) is None


@pytest.mark.parametrize("forged", ["not a chat", "00", "", "é"])
def test_what_a_stranger_writes_into_the_database_is_no_chat(storage: Storage, forged: str) -> None:
    """Anybody who can write rows can seal something to a report; they cannot lock it as this server does."""
    sent, key, _ = case(storage)
    with storage.units.write(HERE) as unit:
        unit.concerns.add_entry(sent.id, kind=EntryKind.CHAT, author="", words=Sensitive(forged), now=NOW)
        unit.commit()

    assert told(storage, sent, person="dsl", key=key) is None
