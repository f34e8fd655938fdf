"""A unit of one school sees, changes and ends nothing of another's."""

import pytest
from sqlalchemy.exc import IntegrityError

from bot.storage import new_code
from bot.storage.columns import METADATA
from bot.unit import Conversation, Unit
from parents import ConsentEvent, Event, Family, FamilyState, Invitation
from safeguarding import NotForYouError, State
from school.evidence import Evidence
from school.notices import To
from school.sensitive import SecretKey
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage
from tests.storage.test_storage_ledger import notice
from tests.storage.test_storage_rooms import family, taught
from tests.storage.test_storage_vault import concern, enrol

CODE = new_code()
KEEP = Conversation(flow="join", step="language", held={}, touched=NOW)


def fill(unit: Unit, joined: Family) -> None:
    unit.inbox.first_time(via="slack", transport_id="Ev1", semantic_id="m1", now=NOW)
    unit.outbox.leave(notice("a"))
    unit.evidence.write(Evidence(clause="C6", kind="lesson.taught", when=NOW, what="A lesson"))
    unit.progress.record(taught(0))
    unit.families.save(joined)
    unit.families.note(
        ConsentEvent(family=joined.id, event=Event.JOINED, wording="w", lang="en", source="s", when=NOW),
    )
    unit.families.add_invitation(Invitation(code="ABCD1234", class_id="oak", created=NOW))
    unit.conversations.keep(via="telegram", address="4711", conversation=KEEP)
    unit.enrolments.invite(code=CODE, person="dsl", now=NOW)


def test_another_school_sees_nothing_through_any_store(storage: Storage) -> None:
    joined = family()
    dsl, key = enrol(storage)
    sent = concern(storage, dsl, state=State.DRAFT, sent_from="sender", destroy_after=NOW)
    with storage.units.write(HERE) as unit:
        fill(unit, joined)
        unit.concerns.add(sent)
        unit.commit()

    with storage.units.write(ELSEWHERE) as unit:
        assert unit.inbox.first_time(via="slack", transport_id="Ev1", semantic_id="m1", now=NOW)
        assert unit.evidence.latest() == {}
        assert unit.progress.taught("oak") == ()
        assert unit.families.get(joined.id) is None
        assert unit.families.by_address(via="telegram", address="4711") is None
        assert unit.families.events(joined.id) == ()
        assert list(unit.families.active()) == []
        assert unit.families.invitation("ABCD1234") is None
        assert unit.families.invitation_for("oak") is None
        assert unit.conversations.current(via="telegram", address="4711") is None
        assert unit.deliveries.lines(limit=9) == ()
        assert sum(unit.deliveries.counts().states.values()) == 0
        assert unit.enrolments.use(code=CODE, now=NOW) is None
        see_no_concern(unit, sent.id, sent.reference, sent.receipt.lookup, key)


def see_no_concern(unit: Unit, concern_id: object, reference: str, lookup: bytes, key: SecretKey) -> None:
    assert unit.concerns.recipients(["dsl"]) == ()
    assert unit.concerns.wrapped_keys("dsl") == ()
    assert unit.concerns.by_reference(reference) is None
    assert unit.concerns.by_receipt(lookup) is None
    assert unit.concerns.draft_of("sender") is None
    assert unit.concerns.for_reader("dsl") == ()
    assert unit.concerns.stale_drafts(NOW) == ()
    with pytest.raises(NotForYouError):
        unit.concerns.open(concern_id, person="dsl", key=key)


def test_another_school_changes_and_ends_nothing(storage: Storage) -> None:
    joined = family()
    dsl, _ = enrol(storage)
    sent = concern(storage, dsl, state=State.DRAFT, sent_from="sender", destroy_after=NOW)
    with storage.units.write(HERE) as unit:
        fill(unit, joined)
        unit.concerns.add(sent)
        unit.commit()

    with storage.units.write(ELSEWHERE) as unit:
        assert unit.outbox.withdraw(to=To.PERSON, recipient="t-khan") == 0
        unit.families.moved(via="telegram", old="4711", new="1")
        unit.families.save(Family(**{**vars(joined), "state": FamilyState.STOPPED}))
        unit.conversations.end(via="telegram", address="4711")
        unit.inbox.park(via="slack", transport_id="Ev1", now=NOW)
        unit.concerns.mark(sent.id, state=State.OPENED, by="dsl", now=NOW)
        unit.concerns.destroy(sent.id)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.deliveries.counts().states["planned"] == 1
        assert unit.families.get(joined.id) == joined
        assert unit.conversations.current(via="telegram", address="4711") == KEEP
        kept = unit.concerns.by_reference(sent.reference)
        assert kept
        assert (kept.state, kept.readers) == (State.DRAFT, ("dsl",))


def test_a_row_never_points_into_another_school(storage: Storage) -> None:
    joined = family()
    with storage.units.write(HERE) as unit:
        unit.families.save(joined)
        unit.commit()
    event = ConsentEvent(family=joined.id, event=Event.LEFT, wording="w", lang="en", source="s", when=NOW)

    with storage.units.write(ELSEWHERE) as unit, pytest.raises(IntegrityError):
        unit.families.note(event)


def test_a_school_that_was_never_added_keeps_nothing(storage: Storage) -> None:
    with storage.units.write("nowhere") as unit, pytest.raises(IntegrityError):
        unit.progress.record(taught(0))


def test_a_school_is_added_once(storage: Storage) -> None:
    assert not storage.units.add_school(HERE)


def test_every_key_begins_with_the_school() -> None:
    for table in METADATA.sorted_tables:
        if table.name == "school":
            continue
        assert next(iter(table.primary_key.columns)).name == "school_id", table
        for constraint in table.constraints:
            columns = [column.name for column in getattr(constraint, "columns", [])]
            assert not columns or columns[0] == "school_id", (table, constraint.name)
