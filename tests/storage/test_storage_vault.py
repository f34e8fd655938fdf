from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from nacl.public import PrivateKey
from sqlalchemy import func, make_url, select, text, update

from bot.storage import QUICK, SqlVault, WrongPassphraseError, new_code, new_id
from bot.storage.key_tables import vault_enrolment
from bot.storage.keys import make_pair, unlock
from bot.storage.sealing import CannotOpenError
from bot.storage.slow import SlowHash
from bot.storage.tables import vault_concern, vault_reading, vault_wrap
from bot.storage.vault import UnknownSchoolError
from safeguarding import (
    About,
    NewConcern,
    NotForYouError,
    Recipient,
    State,
    UnknownReceiptError,
    WrappedKey,
)
from school.sensitive import SecretKey, Sensitive
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage

CANARY = "kanarienvogel-7f3e-singt"
PASSPHRASE = Sensitive("correct horse battery staple")
HOUR = timedelta(hours=1)


def enrol(
    storage: Storage, person: str = "dsl", *, school: str = HERE, at: datetime = NOW
) -> tuple[Recipient, SecretKey]:
    pair = storage.vault.pair(person=person, key_id=new_id(at), passphrase=PASSPHRASE)
    with storage.units.write(HERE) as unit:
        unit.concerns.add_key(pair, now=at)
        unit.commit()
    return Recipient(person=person, key_id=pair.key_id, public=pair.public), storage.vault.unlock([pair], PASSPHRASE)


def concern(storage: Storage, *routed: Recipient, school: str = HERE, **rest: object) -> NewConcern:
    return NewConcern(
        **{
            "id": new_id(NOW),
            "reference": storage.vault.reference(),
            "about": About.PUPIL,
            "via": "web",
            "state": State.NEW,
            "received": NOW,
            "urgent": True,
            "words": Sensitive(CANARY),
            "details": (("where", f"at the gate, {CANARY}"),),
            "routed": routed,
            "receipt": storage.vault.receipt(school),
            **rest,
        },
    )


def add(storage: Storage, *concerns: NewConcern, school: str = HERE) -> None:
    with storage.units.write(school) as unit:
        for each in concerns:
            unit.concerns.add(each)
        unit.commit()


def test_a_concern_opens_for_its_recipient_with_every_word(storage: Storage) -> None:
    dsl, key = enrol(storage)
    sent = concern(storage, dsl)
    add(storage, sent)

    with storage.units.read(HERE) as unit:
        opened = unit.concerns.open(sent.id, person="dsl", key=key)

    assert opened.words.reveal() == CANARY
    assert (opened.about, opened.via, opened.details) == (sent.about, sent.via, sent.details)
    assert opened.concern.readers == ("dsl",)
    assert (opened.concern.reference, opened.concern.urgent) == (sent.reference, True)


def test_nobody_else_opens_it_and_cannot_tell_why(storage: Storage) -> None:
    dsl, key = enrol(storage)
    _, heads_key = enrol(storage, "head")
    sent = concern(storage, dsl)
    add(storage, sent)

    with storage.units.read(HERE) as unit:
        for concern_id, person, with_key in (
            (sent.id, "head", heads_key),
            (sent.id, "dsl", heads_key),
            (sent.id, "head", key),
            (UUID(int=1), "dsl", key),
        ):
            with pytest.raises(NotForYouError):
                unit.concerns.open(concern_id, person=person, key=with_key)


def test_an_envelope_put_into_another_row_does_not_open_there(storage: Storage) -> None:
    dsl, key = enrol(storage)
    one, other = concern(storage, dsl), concern(storage, dsl)
    add(storage, one, other)
    with storage.engines.writing() as connection:
        for table, columns in ((vault_concern, ["sealed"]), (vault_wrap, ["wrapped"])):
            own = table.c.id if table is vault_concern else table.c.concern_id
            value = select(*(table.c[name] for name in columns)).where(own == one.id).scalar_subquery()
            connection.execute(update(table).where(own == other.id).values({columns[0]: value}))
        connection.commit()

    with storage.units.read(HERE) as unit, pytest.raises(CannotOpenError):
        unit.concerns.open(other.id, person="dsl", key=key)


def test_the_words_are_in_no_file_of_the_database(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    draft = concern(storage, dsl, state=State.DRAFT, sent_from="ab", destroy_after=NOW)
    add(storage, concern(storage, dsl), draft)
    with storage.units.write(HERE) as unit:
        assert unit.concerns.hand_over(draft.id, about=About.HEAD, to=["dsl"])
        unit.commit()

    if storage.engines.write.dialect.name == "sqlite":
        kept = Path(make_url(storage.url).database or "")
        files = [each for each in kept.parent.iterdir() if each.name.startswith(kept.name)]
        assert {each.suffix for each in files} >= {".db", ".db-wal"}
        content = b"".join(each.read_bytes() for each in files)
    else:
        with storage.engines.reading() as connection:
            rows = [
                row
                for table in ("vault_concern", "vault_wrap", "delivery", "inbox", "evidence", "conversation")
                for row in connection.execute(text(f"SELECT {table}::text FROM {table}")).scalars()
            ]
        content = "".join(rows).encode()
        assert CANARY.encode().hex() not in content.decode()
    assert content
    assert CANARY.encode() not in content


def test_a_receipt_finds_its_concern_and_opens_its_key(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    sent = concern(storage, dsl)
    add(storage, sent)
    typed = Sensitive(f"  {sent.receipt.shown.lower()} ")

    lookup = storage.vault.lookup(HERE, typed)

    with storage.units.read(HERE) as unit:
        found = unit.concerns.by_receipt(lookup)
    assert found
    assert found.id == sent.id


def test_a_receipt_of_one_school_finds_nothing_in_another(storage: Storage) -> None:
    receipt = storage.vault.receipt(HERE)

    assert storage.vault.lookup(HERE, Sensitive(receipt.shown)) == receipt.lookup
    assert storage.vault.lookup(ELSEWHERE, Sensitive(receipt.shown)) != receipt.lookup
    assert receipt.wrapping.reveal() != receipt.lookup
    assert receipt.shown not in repr(receipt)


def test_what_is_no_receipt_is_refused(storage: Storage) -> None:
    with pytest.raises(UnknownReceiptError):
        storage.vault.lookup(HERE, Sensitive("please"))


def test_a_draft_is_found_by_its_sender_until_it_is_passed_on(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    sender = storage.vault.sender(HERE, via="telegram", address="4711")
    older, newer = (
        concern(
            storage, dsl, state=State.DRAFT, sent_from=sender, received=NOW + n * HOUR, destroy_after=NOW + 9 * HOUR
        )
        for n in (0, 1)
    )
    add(storage, newer, older)

    with storage.units.write(HERE) as unit:
        found = unit.concerns.draft_of(sender)
        assert found
        assert found.id == newer.id
        assert unit.concerns.for_reader("dsl") == ()
        assert unit.concerns.draft_of("") is None
        assert unit.concerns.hand_over(newer.id, about=About.PUPIL, to=["dsl"])
        assert unit.concerns.destroy(older.id)
        assert unit.concerns.draft_of(sender) is None
        (passed_on,) = unit.concerns.for_reader("dsl")
        unit.commit()

    assert (passed_on.id, passed_on.state, passed_on.destroy_after) == (newer.id, State.NEW, None)
    with storage.engines.reading() as connection:
        assert connection.execute(select(vault_concern.c.sent_from)).scalars().all() == [""]
        assert connection.execute(select(func.count()).select_from(vault_wrap)).scalar_one() == 1


def test_the_first_opening_and_acknowledgement_are_kept(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    sent = concern(storage, dsl)
    add(storage, sent)

    with storage.units.write(HERE) as unit:
        for hours, state, who in (
            (1, State.OPENED, "dsl"),
            (2, State.ACKNOWLEDGED, "deputy"),
            (3, State.OPENED, "dsl"),
            (4, State.ACKNOWLEDGED, "dsl"),
        ):
            unit.concerns.mark(sent.id, state=state, by=who, now=NOW + hours * HOUR)
        unit.concerns.note_reading(sent.id, person="dsl", now=NOW)
        unit.commit()

    with storage.units.read(HERE) as unit:
        found = unit.concerns.by_reference(f" {sent.reference.lower()} ")
    assert found
    assert (found.opened, found.acknowledged) == (NOW + HOUR, NOW + 2 * HOUR)
    assert found.acknowledged_by == "deputy"
    with storage.engines.reading() as connection:
        assert connection.execute(select(vault_reading.c.person, vault_reading.c.at)).all() == [("dsl", NOW)]


def test_drafts_go_stale_at_their_time(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    draft = concern(storage, dsl, state=State.DRAFT, sent_from="x", destroy_after=NOW + HOUR)
    add(storage, draft, concern(storage, dsl))

    with storage.units.read(HERE) as unit:
        assert unit.concerns.stale_drafts(NOW) == ()
        assert [each.id for each in unit.concerns.stale_drafts(NOW + HOUR)] == [draft.id]


def test_a_concern_is_sealed_to_the_newest_key_of_each_and_earlier_keys_stay(storage: Storage) -> None:
    first, _ = enrol(storage, at=NOW)
    second, _ = enrol(storage, at=NOW + HOUR)
    head, _ = enrol(storage, "head")

    with storage.units.read(HERE) as unit:
        assert unit.concerns.recipients(["head", "nobody", "dsl", "head"]) == (head, second)
        assert [key.key_id for key in unit.concerns.wrapped_keys("dsl")] == [second.key_id, first.key_id]


def test_a_wrong_passphrase_opens_nothing(storage: Storage) -> None:
    pair = storage.vault.pair(person="dsl", key_id=UUID(int=1), passphrase=PASSPHRASE)

    assert bytes(PrivateKey(storage.vault.unlock([pair], PASSPHRASE).reveal()).public_key) == pair.public
    for keys, passphrase in (
        ([pair], "wrong"),
        ([], PASSPHRASE.reveal()),
        ([replace(pair, wrapped=pair.wrapped[:9])], PASSPHRASE.reveal()),
        ([replace(pair, wrapped=b"\x02" + pair.wrapped[1:])], PASSPHRASE.reveal()),
        ([replace(pair, salt=bytes(16))], PASSPHRASE.reveal()),
    ):
        with pytest.raises(WrongPassphraseError):
            storage.vault.unlock(keys, Sensitive(passphrase))


def test_a_passphrase_is_the_same_however_the_keyboard_spells_it() -> None:
    slow = SlowHash(QUICK)
    pair = make_pair(Sensitive("Caf\u00e9 au lait"), person="dsl", key_id=UUID(int=1), slow=slow)

    assert unlock(pair, Sensitive("Cafe\u0301 au lait "), slow=slow)


def test_a_pair_made_at_one_cost_opens_after_the_cost_was_raised() -> None:
    pair: WrappedKey = make_pair(PASSPHRASE, person="dsl", key_id=UUID(int=1), slow=SlowHash(QUICK))

    assert unlock(pair, PASSPHRASE, slow=SlowHash(replace(QUICK, passes=2)))


def test_a_code_enrols_its_person_once_within_a_fortnight(storage: Storage) -> None:
    code, late = new_code(), new_code()
    with storage.units.write(HERE) as unit:
        unit.enrolments.invite(code=code, person="dsl", now=NOW)
        unit.enrolments.invite(code=late, person="head", now=NOW)
        unit.commit()
    typed = Sensitive(code.reveal().lower().replace("-", " "))

    with storage.units.write(HERE) as unit:
        assert unit.enrolments.use(code=new_code(), now=NOW) is None
        assert unit.enrolments.use(code=late, now=NOW + timedelta(days=14)) is None
        assert unit.enrolments.use(code=typed, now=NOW + timedelta(days=13)) == "dsl"
        assert unit.enrolments.use(code=typed, now=NOW + timedelta(days=13)) is None
        unit.commit()

    with storage.engines.reading() as connection:
        for kept in connection.execute(select(vault_enrolment.c.code_hash)).scalars():
            assert len(kept) == 32
            assert code.reveal().encode() not in kept


def test_a_sender_is_recognised_in_its_own_school_alone(storage: Storage) -> None:
    def sender(school: str, address: str) -> str:
        return storage.vault.sender(school, via="telegram", address=address)

    assert sender(HERE, "4711") == sender(HERE, "4711")
    assert len({sender(HERE, "4711"), sender(HERE, "4712"), sender(ELSEWHERE, "4711")}) == 3
    assert SqlVault(storage.engines, costs=QUICK).sender(HERE, via="telegram", address="4711") == sender(HERE, "4711")


def test_references_are_random_and_easy_to_say(storage: Storage) -> None:
    references = {storage.vault.reference() for _ in range(200)}

    assert len(references) == 200
    for each in references:
        mark, first, second = each.split("-")
        assert (mark, len(first), len(second)) == ("LP", 4, 2)


def test_a_school_that_was_never_added_has_no_vault(storage: Storage) -> None:
    with pytest.raises(UnknownSchoolError):
        storage.vault.receipt("nowhere")
