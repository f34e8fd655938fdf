from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from sqlalchemy import select, text

from bot.commands.sample import SCHOOL
from bot.school_file import SchoolFile
from bot.storage import Posting, SqlUnits, open_engines
from bot.storage.tables import vault_concern, vault_wrap
from safeguarding import (
    About,
    NewConcern,
    NotForYouError,
    Recipient,
    State,
    acknowledge,
    read,
    status_of,
)
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_vault import CANARY, HOUR, add, concern, enrol


def drafted(storage: Storage, *routed: Recipient) -> NewConcern:
    draft = concern(storage, *routed, about=About.NOT_SURE, state=State.DRAFT, sent_from="ab", destroy_after=NOW + HOUR)
    add(storage, draft)
    return draft


def test_nobody_opens_a_draft_although_it_is_locked_for_them(storage: Storage) -> None:
    (dsl, key), (head, heads_key) = enrol(storage), enrol(storage, "head")
    draft = drafted(storage, dsl, head)
    school = SchoolFile.parse(SCHOOL.format(id=HERE, name="Here"), place="school.toml").school()

    with storage.units.write(HERE) as unit:
        unit.concerns.mark(draft.id, state=State.OPENED, by="dsl", now=NOW)
        for person, with_key in (("dsl", key), ("head", heads_key)):
            assert unit.concerns.for_reader(person) == ()
            with pytest.raises(NotForYouError):
                unit.concerns.open(draft.id, person=person, key=with_key)
            for ask in (
                lambda person=person, key=with_key: read(
                    draft.reference, school=school, concerns=unit.concerns, person=person, key=key, now=NOW
                ),
                lambda person=person: acknowledge(
                    draft.reference, concerns=unit.concerns, evidence=unit.evidence, person=person, now=NOW
                ),
            ):
                with pytest.raises(NotForYouError):
                    ask()
    with storage.units.write(HERE) as unit:
        receipt = draft.receipt
        told = status_of(receipt.lookup, concerns=unit.concerns, wrapping=receipt.wrapping, now=NOW)
        assert told == (State.DRAFT, ())


@pytest.mark.parametrize("about", list(About))
def test_a_draft_that_is_handed_over_opens_for_those_named_and_for_nobody_else_ever(
    storage: Storage, about: About
) -> None:
    (dsl, key), (head, heads_key) = enrol(storage), enrol(storage, "head")
    draft = drafted(storage, dsl, head)

    with storage.units.write(HERE) as unit:
        assert unit.concerns.hand_over(draft.id, about=about, to=["head", "chair"])
        unit.commit()

    with storage.units.read(HERE) as unit:
        opened = unit.concerns.open(draft.id, person="head", key=heads_key)
        assert unit.concerns.for_reader("dsl") == ()
        with pytest.raises(NotForYouError):
            unit.concerns.open(draft.id, person="dsl", key=key)
    assert (opened.words.reveal(), opened.about, opened.details) == (CANARY, about, draft.details)
    assert (opened.concern.state, opened.concern.readers) == (State.NEW, ("head",))
    with storage.engines.reading() as connection:
        wraps = connection.execute(select(vault_wrap.c.person, vault_wrap.c.wrapped)).all()
        assert connection.execute(select(vault_concern.c.sent_from, vault_concern.c.destroy_after)).all() == [
            ("", None)
        ]
    assert [person for person, _ in wraps] == ["head"]
    assert about.value.encode() not in wraps[0].wrapped
    assert len(wraps[0].wrapped) == 148


def test_a_second_answer_changes_nothing(storage: Storage) -> None:
    (dsl, key), (head, heads_key) = enrol(storage), enrol(storage, "head")
    draft = drafted(storage, dsl, head)

    with storage.units.write(HERE) as unit:
        assert unit.concerns.hand_over(draft.id, about=About.LEAD, to=["head"])
        assert not unit.concerns.hand_over(draft.id, about=About.PUPIL, to=["dsl"])
        assert not unit.concerns.destroy(draft.id)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.concerns.open(draft.id, person="head", key=heads_key).about is About.LEAD
        with pytest.raises(NotForYouError):
            unit.concerns.open(draft.id, person="dsl", key=key)


def test_two_answers_at_one_time_cannot_lose_the_words(storage: Storage) -> None:
    (dsl, _), (head, heads_key) = enrol(storage), enrol(storage, "head")
    draft = drafted(storage, dsl, head)
    elsewhere = open_engines(storage.url, wait_seconds=20)
    units = SqlUnits(elsewhere, Posting(school_clock=storage.clock, machine_clock=storage.clock))

    def second() -> bool:
        with units.write(HERE) as unit:
            changed = unit.concerns.hand_over(draft.id, about=About.PUPIL, to=["dsl"])
            unit.commit()
        return changed

    with ThreadPoolExecutor(1) as thread:
        with storage.units.write(HERE) as unit:
            assert unit.concerns.hand_over(draft.id, about=About.LEAD, to=["head"])
            changed = thread.submit(second)
            wait_for_a_waiter(storage)
            unit.commit()
        assert not changed.result(30)
    elsewhere.close()

    with storage.units.read(HERE) as unit:
        opened = unit.concerns.open(draft.id, person="head", key=heads_key)
    assert (opened.words.reveal(), opened.about, opened.concern.readers) == (CANARY, About.LEAD, ("head",))


def wait_for_a_waiter(storage: Storage) -> None:
    """Until somebody waits for a row; on SQLite a second writer cannot even begin."""
    end = monotonic() + 20
    while storage.engines.write.dialect.name == "postgresql":
        with storage.engines.reading() as connection:
            if connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                return
        assert monotonic() < end


def test_words_are_not_handed_to_nobody(storage: Storage) -> None:
    dsl, _ = enrol(storage)
    draft = drafted(storage, dsl)

    with storage.units.write(HERE) as unit, pytest.raises(ValueError, match="nobody"):
        unit.concerns.hand_over(draft.id, about=About.HEAD, to=["chair"])

    with storage.units.read(HERE) as unit:
        kept = unit.concerns.draft_of("ab")
    assert kept
    assert kept.readers == ("dsl",)
