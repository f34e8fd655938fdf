from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bot.storage import new_id
from bot.unit import Conversation
from curriculum import Begun, Edition, Hands, Outcome, Taught
from parents import ConsentEvent, Event, Family, FamilyState, Invitation
from school.evidence import Evidence
from tests.storage.conftest import HERE, NOW, Storage

HOUR = timedelta(hours=1)
PAGE = Edition(page="strong-passwords", lang="en", version=2, content_hash="ab" * 32, text="---\nid: strong\n---\nŻ")
BEGUN = Begun(class_id="oak", lesson="strong-passwords", content_hash=PAGE.content_hash, when=NOW)


def taught(turn: int, class_id: str = "oak") -> Taught:
    return Taught(
        class_id=class_id,
        turn=turn,
        lesson="strong-passwords",
        version=2,
        strand="privacy",
        outcome=Outcome.PARTLY,
        hands=(Hands((3, 20, 4), 1), Hands((), 0)),
        by="t-khan",
        when=NOW + turn * HOUR,
        content_hash=PAGE.content_hash,
    )


def family(address: str = "4711", *, state: FamilyState = FamilyState.ACTIVE) -> Family:
    return Family(
        id=new_id(NOW),
        via="telegram",
        address=address,
        lang="ur",
        classes=("oak", "elm"),
        state=state,
        joined=NOW,
    )


def test_a_class_is_remembered_turn_by_turn(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        assert unit.progress.record(taught(1))
        assert unit.progress.record(taught(0))
        assert unit.progress.record(taught(0, "elm"))
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.progress.taught("oak") == (taught(0), taught(1))


def test_two_taps_on_one_button_are_one_turn(storage: Storage) -> None:
    for expected in (True, False):
        with storage.units.write(HERE) as unit:
            assert unit.progress.record(taught(0)) is expected
            unit.commit()


def test_what_was_not_committed_never_happened(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        unit.progress.record(taught(0))

    with storage.units.read(HERE) as unit:
        assert unit.progress.taught("oak") == ()


def test_a_class_has_in_hand_what_it_began_last_and_the_text_stays_when_it_is_through(storage: Storage) -> None:
    newer = Edition(page="strong-passwords", lang="en", version=3, content_hash="cd" * 32, text="Newer")
    with storage.units.write(HERE) as unit:
        assert unit.editions.begun("oak", "strong-passwords") is None
        for edition in (PAGE, PAGE, newer):
            unit.editions.begin(replace(BEGUN, content_hash=edition.content_hash), edition)
        unit.editions.begin(replace(BEGUN, class_id="elm"), PAGE)
        unit.commit()

    with storage.units.write(HERE) as unit:
        assert unit.editions.begun("oak", "strong-passwords") == replace(BEGUN, content_hash=newer.content_hash)
        unit.editions.over("oak", "strong-passwords")
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.editions.begun("oak", "strong-passwords") is None
        assert unit.editions.begun("elm", "strong-passwords") == replace(BEGUN, class_id="elm")
        assert (unit.editions.edition(PAGE.content_hash), unit.editions.edition(newer.content_hash)) == (PAGE, newer)


def test_evidence_is_counted_by_clause_with_its_newest(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        for hours, clause in ((0, "C6"), (5, "C6"), (2, "C40")):
            unit.evidence.write(Evidence(clause=clause, kind="lesson.taught", when=NOW + hours * HOUR, what="A lesson"))
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.evidence.by_kind() == {
            "C6": {"lesson.taught": (2, NOW + 5 * HOUR)},
            "C40": {"lesson.taught": (1, NOW + 2 * HOUR)},
        }


def test_a_family_comes_back_as_it_was_saved(storage: Storage) -> None:
    joined = family()
    with storage.units.write(HERE) as unit:
        unit.families.save(joined)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.families.get(joined.id) == joined
        assert unit.families.by_address(via="telegram", address="4711") == joined
        assert unit.families.by_address(via="slack", address="4711") is None


def test_a_family_that_stops_is_no_longer_written_to(storage: Storage) -> None:
    stopping, staying = family("1"), family("2")
    with storage.units.write(HERE) as unit:
        unit.families.save(stopping)
        unit.families.save(staying)
        stopped = Family(**{**vars(stopping), "state": FamilyState.STOPPED})
        unit.families.save(stopped)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert list(unit.families.active()) == [staying]
        assert unit.families.get(stopping.id) == stopped


def test_a_chat_that_moves_keeps_its_family(storage: Storage) -> None:
    joined = family("-100")
    with storage.units.write(HERE) as unit:
        unit.families.save(joined)
        unit.families.moved(via="telegram", old="-100", new="-200")
        unit.commit()

    with storage.units.read(HERE) as unit:
        moved = unit.families.by_address(via="telegram", address="-200")
        assert moved
        assert moved.id == joined.id
        assert unit.families.by_address(via="telegram", address="-100") is None


def test_a_chat_never_moves_onto_a_family_that_is_already_there(storage: Storage) -> None:
    old, there = family("-100"), family("-200")
    with storage.units.write(HERE) as unit:
        unit.families.save(old)
        unit.families.save(there)
        unit.families.moved(via="telegram", old="-100", new="-200")
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.families.by_address(via="telegram", address="-200") == there


def test_the_consent_log_keeps_its_order_within_one_instant(storage: Storage) -> None:
    joined = family()
    log = tuple(
        ConsentEvent(family=joined.id, event=event, wording="join-ask@1", lang="en", source="telegram:AB", when=NOW)
        for event in (Event.JOINED, Event.LANGUAGE, Event.LEFT, Event.JOINED)
    )
    with storage.units.write(HERE) as unit:
        unit.families.save(joined)
        for event in log:
            unit.families.note(event)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.families.events(joined.id) == log


def test_the_newest_invitation_in_force_is_a_classs_invitation(storage: Storage) -> None:
    revoked = Invitation(code="NEWEST00", class_id="oak", created=NOW + 2 * HOUR, revoked=NOW + 3 * HOUR)
    older, newer = (Invitation(code=f"CODE000{n}", class_id="oak", created=NOW + n * HOUR) for n in (0, 1))
    with storage.units.write(HERE) as unit:
        for each in (newer, older, revoked):
            unit.families.add_invitation(each)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.families.invitation_for("oak") == newer
        assert unit.families.invitation("NEWEST00") == revoked
        assert unit.families.invitation_for("") is None


def test_a_conversation_is_kept_replaced_and_ended(storage: Storage) -> None:
    first = Conversation(flow="join", step="language", held={"code": "ABC"}, touched=NOW)
    then = Conversation(flow="join", step="confirm", held={"code": "ABC", "lang": "pl"}, touched=NOW + HOUR)
    with storage.units.write(HERE) as unit:
        unit.conversations.keep(via="telegram", address="4711", conversation=first)
        unit.conversations.keep(via="telegram", address="4711", conversation=then)
        unit.commit()

    with storage.units.write(HERE) as unit:
        assert unit.conversations.current(via="telegram", address="4711") == then
        unit.conversations.end(via="telegram", address="4711")
        assert unit.conversations.current(via="telegram", address="4711") is None


def test_a_redelivery_is_known_by_either_id(storage: Storage) -> None:
    def arrives(transport: str | None, semantic: str | None) -> bool:
        with storage.units.write(HERE) as unit:
            first = unit.inbox.first_time(via="slack", transport_id=transport, semantic_id=semantic, now=NOW)
            unit.commit()
        return first

    assert arrives("Ev1", "msg-1")
    assert not arrives("Ev1", None)
    assert not arrives("Ev2", "msg-1")
    assert not arrives(None, "msg-1")
    assert arrives("Ev3", None)
    assert arrives("Ev4", None)
    assert arrives(None, None)


def test_an_arrival_that_failed_may_come_again_until_it_is_parked(storage: Storage) -> None:
    for count in (1, 2, 3):
        with storage.units.write(HERE) as unit:
            assert unit.inbox.first_time(via="telegram", transport_id="9", semantic_id="tap-9", now=NOW)
            unit.progress.record(taught(0))
            assert unit.inbox.failed(via="telegram", transport_id="9", now=NOW) == count

    with storage.units.write(HERE) as unit:
        unit.inbox.park(via="telegram", transport_id="9", now=NOW)
        unit.commit()

    with storage.units.write(HERE) as unit:
        assert not unit.inbox.first_time(via="telegram", transport_id="9", semantic_id="tap-9", now=NOW)
        assert unit.progress.taught("oak") == ()


def test_an_arrival_is_unanswered_until_somebody_says_so(storage: Storage) -> None:
    def unanswered(transport: str | None, semantic: str | None) -> bool:
        with storage.units.read(HERE) as unit:
            return unit.inbox.unanswered(via="slack", transport_id=transport, semantic_id=semantic)

    assert not unanswered("Ev1", "msg-1")
    with storage.units.write(HERE) as unit:
        unit.inbox.first_time(via="slack", transport_id="Ev1", semantic_id="msg-1", now=NOW)
        unit.inbox.first_time(via="slack", transport_id="Ev2", semantic_id="msg-2", now=NOW)
        unit.commit()
    assert [unanswered("Ev1", None), unanswered("Ev9", "msg-1"), unanswered(None, None)] == [True, True, False]

    with storage.units.write(HERE) as unit:
        unit.inbox.answered(via="slack", transport_id="Ev1", semantic_id=None, now=NOW)
        unit.commit()

    assert [unanswered("Ev1", "msg-1"), unanswered("Ev2", None)] == [False, True]


def test_an_arrival_that_failed_or_was_parked_is_not_taken_for_one_that_lost_its_answer(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        unit.inbox.failed(via="telegram", transport_id="9", now=NOW)
        assert not unit.inbox.unanswered(via="telegram", transport_id="9", semantic_id=None)
        unit.inbox.park(via="telegram", transport_id="9", now=NOW)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert not unit.inbox.unanswered(via="telegram", transport_id="9", semantic_id=None)


def test_ids_sort_as_they_were_made_and_tell_their_time() -> None:
    ids = [new_id(NOW) for _ in range(5000)] + [new_id(NOW + HOUR)]

    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {each.version for each in ids} == {7}
    assert {each.variant for each in ids} == {"specified in RFC 4122"}
    assert ids[-1].int >> 80 == int((NOW + HOUR).timestamp() * 1000)


@pytest.mark.parametrize("recipient", [UUID(int=7), UUID(int=8)])
def test_an_unknown_family_is_nobody(storage: Storage, recipient: UUID) -> None:
    with storage.units.read(HERE) as unit:
        assert unit.families.get(recipient) is None
        assert unit.families.events(recipient) == ()
