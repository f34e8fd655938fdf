"""A letter that is taken back takes with it what it brought to one chat: the class's news, and replies to events."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage import new_id
from bot.storage.units import SqlUnit
from parents import (
    SCHOOL_ALONE,
    Comes,
    Event,
    Family,
    children_of,
    confirm,
    forget_pupil,
    free_places,
    give_again,
    give_out,
    invite,
    is_theirs,
    leave_class,
    redeem,
    replayed,
    reply,
    standing_of,
    take_back,
    wants,
)
from school.events import SchoolEvent
from school.people import YearGroup
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_events import PLAY, school

ASHGROVE = school()
HOUR = timedelta(hours=1)


class Chat:
    """One adult's chat, which uses letters and links; each tap is an hour after the one before."""

    def __init__(self, unit: SqlUnit) -> None:
        self.unit, self.now = unit, NOW

    @property
    def family(self) -> Family:
        found = self.unit.families.by_address(via="telegram", address="4711")
        assert found
        return found

    def tapped(self) -> dict:
        self.now += HOUR
        here = {"via": "telegram", "address": "4711", "lang": "en", "wording": "page:1:en", "now": self.now}
        return here | {"school": ASHGROVE, "evidence": self.unit.evidence, "family_id": new_id(self.now)}

    def letter(self, pupil: str, class_id: str) -> None:
        code = f"{pupil[:3]}{pupil[-2:]}000"
        ids = [new_id(self.now)]
        given = {"children": self.unit.children, "now": self.now}
        give_out([pupil], class_id=class_id, adults=1, codes=[code], ids=ids, **given)
        redeem(code, families=self.unit.families, children=self.unit.children, **self.tapped())

    def link(self, class_id: str) -> None:
        klass = next((each for each in ASHGROVE.classes if each.id == class_id), None)
        code = f"link{class_id:0>4}"
        invite(klass, families=self.unit.families, code=code, now=self.now)
        confirm(code, families=self.unit.families, **self.tapped())

    def moved(self, pupil: str, class_id: str) -> None:
        self.unit.children.move(pupil, class_id=class_id)

    def again(self, pupil: str) -> None:
        rest = {"code": "AGAIN234", "code_id": new_id(self.now), "children": self.unit.children, "now": self.now}
        give_again(pupil, adult=1, **rest)

    def taken_back(self, pupil: str) -> bool:
        self.now += HOUR
        stores = {"families": self.unit.families, "children": self.unit.children, "events": self.unit.events}
        return take_back(pupil, adult=1, now=self.now, evidence=self.unit.evidence, **stores)

    def replies(self, pupil: str, event: SchoolEvent) -> Comes:
        family, stores = self.family, {"children": self.unit.children, "events": self.unit.events}
        now = self.tapped()["now"]
        rest = {"school": school(event), "outbox": self.unit.outbox, "evidence": self.unit.evidence, "now": now}
        return reply(event, family=family, pupil=pupil, adults=2, **stores, **rest).comes

    def replied_for(self) -> list[str]:
        return [each.pupil for each in self.unit.events.replies_of(self.family.id)]


@pytest.mark.clause(16)
def test_an_adult_whose_letter_is_taken_back_has_the_class_s_news_no_more_and_that_of_the_school_as_before(
    storage: Storage,
) -> None:
    with storage.units.write(HERE) as unit:
        chat = Chat(unit)
        chat.letter("OAK-01", "oak")

        assert chat.taken_back("OAK-01")
        assert not chat.taken_back("OAK-01")

        assert chat.family.classes == (SCHOOL_ALONE,)
        assert not is_theirs(PLAY, chat.family, school=ASHGROVE)
        assert not wants(chat.family, years=frozenset({YearGroup(4)}), school=ASHGROVE)
        assert is_theirs(replace(PLAY, classes=()), chat.family, school=ASHGROVE)
        assert wants(chat.family, years=frozenset(), school=ASHGROVE)
        log = unit.families.events(chat.family.id)
        assert [each.event for each in log] == [Event.JOINED, Event.CHILD, Event.CLASS_LEFT]
        assert replayed(log) == standing_of(chat.family)


@pytest.mark.clause(16)
@pytest.mark.parametrize(
    ("before", "stays"),
    [
        ([("link", "oak"), ("letter", "OAK-01", "oak")], ("oak",)),
        ([("letter", "OAK-01", "oak"), ("link", "elm")], ("elm",)),
        ([("letter", "OAK-01", "oak"), ("letter", "OAK-02", "oak")], ("oak",)),
        ([("letter", "OAK-01", "oak"), ("letter", "ELM-02", "elm")], ("elm",)),
        ([("letter", "OAK-01", "oak"), ("moved", "OAK-01", "elm")], (SCHOOL_ALONE,)),
        ([("letter", "OAK-01", "oak"), ("again", "OAK-01")], (SCHOOL_ALONE,)),
        ([("letter", "ELM-02", "elm"), ("letter", "OAK-01", "oak"), ("moved", "ELM-02", "oak")], ("elm", "oak")),
    ],
    ids=[
        "by link first",
        "another by link",
        "a sibling there",
        "a sibling elsewhere",
        "moved up",
        "made anew before",
        "a sibling moved",
    ],
)
def test_a_class_stays_that_was_joined_by_its_link_or_that_another_letter_stands_for(
    storage: Storage, before, stays
) -> None:
    with storage.units.write(HERE) as unit:
        chat = Chat(unit)
        for what, *rest in before:
            getattr(chat, what)(*rest)

        assert chat.taken_back("OAK-01")

        assert chat.family.classes == stays
        assert "OAK-01" not in {each.pupil for each in children_of(chat.family, children=unit.children)}
        assert replayed(unit.families.events(chat.family.id)) == standing_of(chat.family)


def test_who_has_the_school_s_news_alone_joins_a_class_by_its_link_as_anybody_and_leaves_it_all_by_a_tap(
    storage: Storage,
) -> None:
    with storage.units.write(HERE) as unit:
        chat = Chat(unit)
        chat.letter("OAK-01", "oak")
        chat.taken_back("OAK-01")
        alone = chat.family

        chat.link("elm")
        assert chat.family.classes == ("elm",)
        assert replayed(unit.families.events(alone.id)) == standing_of(chat.family)

        left = leave_class(alone, SCHOOL_ALONE, families=unit.families, outbox=unit.outbox, now=chat.now)
        assert left.classes == ()
        assert unit.families.events(alone.id)[-1].event is Event.LEFT


def test_a_sibling_s_letter_goes_on_where_the_last_class_ends(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        chat = Chat(unit)
        chat.letter("OAK-01", "oak")
        chat.letter("ELM-02", "elm")
        leave_class(chat.family, "elm", families=unit.families, outbox=unit.outbox, now=chat.now)

        chat.taken_back("OAK-01")

        assert chat.family.classes == (SCHOOL_ALONE,)
        assert [each.pupil for each in children_of(chat.family, children=unit.children)] == ["ELM-02"]


@pytest.mark.clause(17)
@pytest.mark.parametrize("how", ["taken back", "left the school"])
def test_a_place_is_free_at_once_when_the_letter_ends_and_a_sibling_s_place_stays(storage: Storage, how: str) -> None:
    evening = replace(PLAY, rsvp=True, places=4, classes=())
    with storage.units.write(HERE) as unit:
        chat = Chat(unit)
        chat.letter("OAK-01", "oak")
        chat.letter("ELM-02", "elm")
        assert {chat.replies(pupil, evening) for pupil in ("OAK-01", "ELM-02")} == {Comes.YES}

        if how == "taken back":
            chat.taken_back("OAK-01")
        else:
            forget_pupil("OAK-01", children=unit.children, answers=unit.answers, events=unit.events)

        assert chat.replied_for() == ["ELM-02"]
        assert free_places(evening, unit.events.replies(evening.id)) == 2


def test_a_letter_made_anew_leaves_the_replies_of_its_chat_until_it_is_taken_back(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        chat = Chat(unit)
        chat.letter("OAK-01", "oak")
        chat.replies("OAK-01", replace(PLAY, rsvp=True))
        chat.again("OAK-01")

        chat.taken_back("OAK-01")

        assert chat.replied_for() == []
