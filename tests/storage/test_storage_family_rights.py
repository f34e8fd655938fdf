"""A family's copy shows every column that is about it, and erasing it empties every one of them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk import forget_family, plain_questions
from bot.storage import Posting, SqlUnits, new_id
from bot.storage.columns import METADATA, data_map
from bot.storage.families import NOBODY
from parents import (
    AdultAnswer,
    Comes,
    ConsentEvent,
    Event,
    Family,
    FamilyCode,
    ForgottenChatError,
    Frequency,
    Invitation,
    Reply,
    Said,
    erase,
    invite_anew,
    kept_about,
)
from school.notices import Mailing, Notice, To
from school.people import SchoolClass, YearGroup
from school.sensitive import Sensitive
from staff import Asker, Question
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_rooms import family

# Whose rows are about a family, by the words of the map itself.
ABOUT = ("family", "parent", "person, family")
KNOWN = {
    "adult_answer",
    "family",
    "consent_event",
    "event_reply",
    "family_code",
    "family_forgotten",
    "delivery",
    "mailing",
    "question",
}
# In the copy in words, and in the table never.
SEALED = {("question", "words"), ("question", "answer")}
# A second adult's number would tell of a first.
OF_ANOTHER = {("family_code", "adult"), ("adult_answer", "adult")}
SAID = AdultAnswer(
    id=new_id(NOW),
    pupil="OAK-07",
    adult=2,
    page="photo-consent",
    use="web",
    said=Said.YES,
    version=3,
    lang="ur",
    source="telegram",
    when=NOW + timedelta(minutes=1),
)
LETTER = FamilyCode(id=new_id(NOW), pupil="OAK-07", class_id="oak", adult=2, made=NOW)
MINUTE = timedelta(minutes=1)
AUTUMN = Mailing(id="newsletter:autumn:1", campaign="autumn@1", page="autumn", due=NOW)


@pytest.fixture
def marta(storage: Storage) -> Family:
    """A family in all its columns, with a message that waits and one that is being laid down."""
    known = replace(family("4711"), years=(YearGroup(3),), frequency=Frequency.NEWSLETTER)
    with storage.units.write(HERE) as unit:
        unit.families.save(known)
        unit.families.note(
            ConsentEvent(
                family=known.id,
                event=Event.JOINED,
                wording="join-ask:1:ur",
                lang="ur",
                source="telegram:ABCD1234",
                when=NOW,
                detail="oak",
            ),
        )
        unit.outbox.leave(
            Notice(
                key=f"hello:{known.id}", to=To.FAMILY, recipient=str(known.id), page="hello", values={"class": "Oak"}
            ),
        )
        unit.questions.add(
            Question(
                id=new_id(NOW),
                reference="LP-ASKD-22",
                asker=Asker.FAMILY,
                by=str(known.id),
                lang="ur",
                words=Sensitive("At what age is a phone right?"),
                asked=NOW,
            ),
        )
        unit.children.add(LETTER, code="K7QM4TXP")
        unit.children.use(LETTER.id, family_id=known.id, now=NOW + MINUTE)
        unit.answers.add(replace(SAID, family=known.id))
        unit.children.withdraw("OAK-07", adult=2, now=NOW + 2 * MINUTE)
        unit.events.keep(
            Reply(
                event="oak-evening",
                pupil="OAK-07",
                family=known.id,
                class_id="oak",
                adults=2,
                comes=Comes.WAITS,
                since=NOW + MINUTE,
            )
        )
        unit.mailings.open(AUTUMN, now=NOW)
        unit.mailings.freeze(AUTUMN, expected=2, now=NOW)
        unit.mailings.lay(AUTUMN, [(known.id, "telegram")], excluded=0, after=None, upto=known.id, done=False)
        unit.inbox.first_time(via="telegram", transport_id="81", semantic_id="4711:9", now=NOW)
        unit.inbox.first_time(via="telegram", transport_id="82", semantic_id="47110:9", now=NOW)
        unit.commit()
    return known


def erased(storage: Storage, known: Family) -> tuple[bool, int]:
    with storage.units.write(HERE) as unit:
        done = forget_family(known, unit=unit, now=NOW, new_id=new_id)
        unit.commit()
    return done


def values_of(storage: Storage, name: str, column: str) -> list[object]:
    table = METADATA.tables[name]
    with storage.engines.reading() as connection:
        return list(connection.execute(select(table.c[column])).scalars())


def about_a_family() -> list[tuple[str, str]]:
    rows = [row for row in data_map() if any(word in row.personal for word in ABOUT) and "no " not in row.personal]
    return [(row.table, row.column) for row in rows]


def test_the_map_tells_of_no_other_table_about_families() -> None:
    assert {table for table, _ in about_a_family()} == KNOWN


@pytest.mark.clause(16)
def test_marta_s_copy_shows_every_field_that_the_map_names(storage: Storage, marta: Family) -> None:
    with storage.units.read(HERE) as unit:
        kept = kept_about(
            marta, families=unit.families, children=unit.children, answers=unit.answers, events=unit.events
        ).plain()
        asked = plain_questions(unit.questions, family=marta.id)
    copy = json.dumps({**kept, "questions": asked}, ensure_ascii=False)
    assert "At what age is a phone right?" in copy

    columns = [
        row
        for row in data_map()
        if row.table
        in {"family", "consent_event", "delivery", "question", "family_code", "adult_answer", "event_reply"}
    ]
    for row in columns:
        if row.personal.startswith("none") or (row.table, row.column) in SEALED | OF_ANOTHER:
            continue
        for value in filter(None, values_of(storage, row.table, row.column)):
            told = json.dumps(value) if isinstance(value, list | dict) else str(value)
            told = value.isoformat() if hasattr(value, "isoformat") else told
            assert told.strip('"') in copy, (row.table, row.column)


@pytest.mark.clause(16)
def test_marta_is_in_no_field_that_the_map_names_once_she_is_erased(storage: Storage, marta: Family) -> None:
    assert erased(storage, marta) == (True, 2)

    for table, column in about_a_family():
        left = [str(value) for value in values_of(storage, table, column)]
        assert not [each for each in left if str(marta.id) in each or marta.address in each], (table, column)
    assert values_of(storage, "family", "id") == values_of(storage, "consent_event", "id") == []
    assert set(values_of(storage, "delivery", "recipient")) == {str(NOBODY)}
    assert (values_of(storage, "family_code", "family_id"), values_of(storage, "family_code", "left")) == (
        [None],
        [True],
    )
    assert set(values_of(storage, "delivery", "state")) == {"skipped"}
    assert erased(storage, marta) == (False, 0)


def test_sam_who_comes_after_marta_is_still_the_next_of_a_mailing_when_she_is_erased(
    storage: Storage, marta: Family
) -> None:
    sam = family("4712")
    with storage.units.write(HERE) as unit:
        unit.families.save(sam)
        unit.commit()

    erased(storage, marta)

    with storage.units.read(HERE) as unit:
        header = unit.mailings.open(AUTUMN, now=NOW)
        assert header.upto is not None
        assert [each.id for each in unit.families.audience(after=header.upto, until=NOW, limit=9)] == [sam.id]


def test_marta_s_chat_is_taken_out_of_the_inbox_and_no_other(storage: Storage, marta: Family) -> None:
    with storage.units.write(HERE) as unit:
        unit.inbox.forget_chat(via=marta.via, address=marta.address)
        unit.commit()

    assert sorted(map(str, values_of(storage, "inbox", "semantic_id"))) == ["47110:9", "None"]
    with storage.units.write(HERE) as unit:
        assert not unit.inbox.first_time(via="telegram", transport_id="81", semantic_id="4711:9", now=NOW)


@pytest.mark.clause(16)
def test_marta_who_was_erased_is_brought_back_by_nothing_but_her_own_tap(storage: Storage, marta: Family) -> None:
    erased(storage, marta)

    with storage.units.write(HERE) as unit, pytest.raises(ForgottenChatError):
        unit.families.save(marta)
    with storage.units.write(HERE) as unit:
        unit.families.moved(via="telegram", old=marta.address, new="4799")
        assert unit.families.forgotten(via="telegram", address="4799")
        unit.families.remember(via="telegram", address=marta.address)
        unit.families.save(marta)
        assert unit.families.get(marta.id) == marta


def test_a_mark_is_known_after_the_keys_were_changed_and_to_nobody_without_them(
    storage: Storage, marta: Family
) -> None:
    def units(*keys: bytes) -> SqlUnits:
        clock = storage.clock
        posting = Posting(school_clock=clock, machine_clock=clock, chat_keys=lambda _school: keys)
        return SqlUnits(storage.engines, posting)

    with units(b"old" * 11).write(HERE) as unit:
        erase(marta, families=unit.families, outbox=unit.outbox, evidence=unit.evidence, now=NOW)
        unit.commit()

    for keys, known in (((b"new" * 11, b"old" * 11), True), ((b"new" * 11,), False)):
        with units(*keys).read(HERE) as unit:
            assert unit.families.forgotten(via="telegram", address=marta.address) is known


def test_a_class_s_link_is_taken_back_and_another_given_out(storage: Storage) -> None:
    oak = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),), slack_channel=None)
    with storage.units.write(HERE) as unit:
        for code, class_id in (("OLDOAK00", "oak"), ("ELM00000", "elm")):
            unit.families.add_invitation(Invitation(code=code, class_id=class_id, created=NOW))

        fresh = invite_anew(oak, families=unit.families, code="NEWOAK00", now=NOW + MINUTE)

        assert unit.families.invitation_for("oak") == fresh
        assert unit.families.invitation("OLDOAK00").revoked == NOW + MINUTE
        assert unit.families.invitation("ELM00000").revoked is None
