"""Codes of adults: in whatever order the office and families act, one chat uses one code, and a taken-back one ends."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage import new_id
from bot.storage.units import SqlUnit
from parents import (
    Child,
    CodeNotGoodError,
    Event,
    NoSuchPupilError,
    PupilElsewhereError,
    Wanted,
    children_of,
    give_again,
    give_out,
    hand_out,
    leave,
    redeem,
    some_at_a_time,
    withdraw,
)
from school.calendar import Calendar
from school.people import LANGUAGES, SchoolClass, YearGroup
from school.school import School
from tests.storage.conftest import HERE, NOW, Storage

OAK = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),), slack_channel=None)
PUPILS, ADULTS, CHATS = ("OAK-01", "OAK-02"), (1, 2), ("4711", "4712", "4713")
ASHGROVE = School(
    id=HERE,
    name="Ashgrove",
    people=(),
    classes=(OAK,),
    calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
    languages=(LANGUAGES["en"],),
)
DAY = timedelta(days=1)
OFFICE = st.tuples(st.sampled_from(["give", "withdraw", "again"]), st.sampled_from(PUPILS), st.sampled_from(ADULTS))
FAMILY = st.one_of(
    st.tuples(st.just("redeem"), st.sampled_from(CHATS), st.integers(0, 9)),
    st.tuples(st.just("leave"), st.sampled_from(CHATS), st.just(0)),
)


class Office:
    """The office and its families in one transaction, and what should be so by a plain reading of the rules."""

    def __init__(self, unit: SqlUnit) -> None:
        self.unit, self.steps = unit, 0
        # Letters in the order in which they were printed: (code, pupil, adult).
        self.letters: list[tuple[str, str, int]] = []
        self.dead: set[str] = set()
        self.used: dict[str, str] = {}
        self.bound: dict[str, str] = {}

    @property
    def now(self):
        return NOW + timedelta(minutes=self.steps)

    def fresh(self) -> tuple[str, UUID]:
        return f"{self.steps:04}{len(self.letters):04}", new_id(self.now)

    def do(self, act: str, whom: str, which: int) -> None:
        self.steps += 1
        getattr(self, act)(whom, which)

    def give(self, pupil: str, adults: int) -> None:
        fresh = [(f"{self.steps:04}{adult:04}", new_id(self.now)) for adult in range(adults)]
        codes, ids = [code for code, _ in fresh], [code_id for _, code_id in fresh]
        known = {(whose, adult) for _, whose, adult in self.letters}
        made = give_out(
            [pupil], class_id="oak", adults=adults, codes=codes, ids=ids, children=self.unit.children, now=self.now
        )
        assert {each.adult for each in made} == {n for n in range(1, adults + 1) if (pupil, n) not in known}
        self.letters += [(each.code, each.pupil, each.adult) for each in made]

    def withdraw(self, pupil: str, adult: int) -> None:
        theirs = {code for code, whose, n in self.letters if (whose, n) == (pupil, adult)}
        rest = {"adult": adult, "children": self.unit.children, "evidence": self.unit.evidence, "now": self.now}
        if not theirs:
            with pytest.raises(NoSuchPupilError):
                withdraw(pupil, **rest)
            return
        assert withdraw(pupil, **rest) is bool(theirs - self.dead)
        self.end(theirs)

    def again(self, pupil: str, adult: int) -> None:
        theirs = {code for code, whose, n in self.letters if (whose, n) == (pupil, adult)}
        code, code_id = self.fresh()
        rest = {"adult": adult, "code": code, "code_id": code_id, "children": self.unit.children, "now": self.now}
        if not theirs:
            with pytest.raises(NoSuchPupilError):
                give_again(pupil, **rest)
            return
        give_again(pupil, **rest)
        self.end(theirs)
        self.letters.append((code, pupil, adult))

    def end(self, codes: set[str]) -> None:
        self.dead |= codes
        for code in codes:
            self.bound.pop(code, None)

    def redeem(self, chat: str, number: int) -> None:
        if not self.letters:
            return
        code, pupil, _ = self.letters[number % len(self.letters)]
        has = {whose for letter, whose, _ in self.letters if self.bound.get(letter) == chat}
        try:
            child, fresh = redeemed(self.unit, code, chat=chat, now=self.now)
        except CodeNotGoodError:
            assert self.bound.get(code) != chat
            assert code in self.dead or code in self.used
            return
        assert child == Child(pupil=pupil, class_id="oak")
        assert fresh is (pupil not in has)
        if fresh:
            assert code not in self.dead, "a letter that was taken back binds nobody"
            assert code not in self.used, "a letter binds one chat, once"
            self.used[code] = self.bound[code] = chat

    def leave(self, chat: str, _: int) -> None:
        family = self.unit.families.by_address(via="telegram", address=chat)
        if family:
            leave(family, families=self.unit.families, outbox=self.unit.outbox, now=self.now, source="telegram:/stop")
        self.bound = {code: whose for code, whose in self.bound.items() if whose != chat}

    def check(self) -> None:
        for chat in CHATS:
            family = self.unit.families.by_address(via="telegram", address=chat)
            acts_for = {each.pupil for each in children_of(family, children=self.unit.children)} if family else set()
            assert acts_for == {pupil for code, pupil, _ in self.letters if self.bound.get(code) == chat}


def redeemed(unit: SqlUnit, code: str, *, chat: str = "4711", now=NOW):
    return redeem(
        code,
        school=ASHGROVE,
        families=unit.families,
        children=unit.children,
        evidence=unit.evidence,
        via="telegram",
        address=chat,
        lang="en",
        wording="child-ask:1:en",
        family_id=new_id(now),
        now=now,
    )


def given_out(unit: SqlUnit, *, class_id: str = "oak", adults: int = 2, move: bool = False):
    codes = [f"{class_id.upper()}{adult:05}"[:8] for adult in range(adults)]
    return give_out(
        ["OAK-01"],
        class_id=class_id,
        adults=adults,
        codes=codes,
        ids=[new_id(NOW) for _ in codes],
        children=unit.children,
        now=NOW,
        move=move,
    )


@pytest.mark.clause(16)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(OFFICE, FAMILY), max_size=25))
def test_no_order_of_events_lets_a_withdrawn_adult_act_or_two_chats_use_one_letter(storage: Storage, acts) -> None:
    with storage.units.write(HERE) as unit:  # never committed: each order begins with a school without codes
        office = Office(unit)
        for act in acts:
            office.do(*act)
            office.check()


def test_marta_who_left_and_joins_the_class_again_has_no_child_until_another_letter(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        one, _ = given_out(unit)
        assert redeemed(unit, one.code) == (Child(pupil="OAK-01", class_id="oak"), True)
        marta = unit.families.by_address(via="telegram", address="4711")
        assert marta is not None
        assert [each.event for each in unit.families.events(marta.id)] == [Event.JOINED, Event.CHILD]
        leave(marta, families=unit.families, outbox=unit.outbox, now=NOW + DAY, source="telegram:/stop")

        unit.families.save(marta)

        assert children_of(marta, children=unit.children) == ()
        (left, _) = unit.children.listed("oak")
        assert (left.left, left.withdrawn, left.used) == (True, None, NOW)


def test_a_pupil_who_moved_keeps_the_codes_once_the_office_says_so(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        one, _ = given_out(unit)
        redeemed(unit, one.code)

        with pytest.raises(PupilElsewhereError, match="OAK-01 is in another class already"):
            given_out(unit, class_id="elm")
        assert {each.class_id for each in unit.children.of_pupil("OAK-01")} == {"oak"}
        assert given_out(unit, class_id="elm", move=True) == ()

        marta = unit.families.by_address(via="telegram", address="4711")
        assert children_of(marta, children=unit.children) == (Child(pupil="OAK-01", class_id="elm"),)


def a_list(*pupils: str, class_id: str = "oak", adults: int = 2) -> list[Wanted]:
    return [Wanted(pupil=pupil, class_id=class_id, adults=adults) for pupil in pupils]


def handed_out(unit: SqlUnit, wanted: list[Wanted], codes: Iterator[str], *, move: bool = False):
    return hand_out(wanted, fresh=lambda: (next(codes), new_id(NOW)), children=unit.children, now=NOW, move=move)


def test_a_long_list_gives_a_letter_to_each_adult_who_had_none_and_none_has_another_s_code(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        (old,) = handed_out(unit, a_list("OAK-02", adults=1), iter(["AAAA0000"]))

        codes = iter(["AAAA0001", "AAAA0000", "AAAA0003", "AAAA0003", "AAAA0004", "AAAA0005", "AAAA0006"])
        made = handed_out(unit, [*a_list("OAK-01", "OAK-02"), *a_list("ELM-01", class_id="elm", adults=1)], codes)

        told = [(each.pupil, each.class_id, each.adult) for each in made]
        assert told == [("OAK-01", "oak", 1), ("OAK-01", "oak", 2), ("OAK-02", "oak", 2), ("ELM-01", "elm", 1)]
        assert len({each.code for each in (old, *made)}) == 5
        found = [unit.children.by_code(each.code) for each in made]
        assert [(each.pupil, each.class_id, each.adult) for each in found if each] == told
        assert handed_out(unit, a_list("OAK-01", "OAK-02"), iter(())) == ()


def test_a_long_list_with_a_pupil_of_another_class_keeps_nothing_until_the_office_says_so(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        handed_out(unit, a_list("OAK-02", adults=1), iter(["AAAA0000"]))
        wanted = a_list("ELM-01", "OAK-02", class_id="elm", adults=1)

        with pytest.raises(PupilElsewhereError, match="OAK-02"):
            handed_out(unit, wanted, iter(["AAAA0001"]))
        assert [each.pupil for each in unit.children.listed()] == ["OAK-02"]

        (made,) = handed_out(unit, wanted, iter(["AAAA0001"]), move=True)
        assert made.pupil == "ELM-01"
        assert {each.class_id for each in unit.children.listed()} == {"elm"}


@pytest.mark.parametrize("at_once", [1, 2, 3, 500])
def test_letters_of_a_list_are_the_same_in_pieces_of_any_size(storage: Storage, at_once: int) -> None:
    wanted = [*a_list("OAK-01", "OAK-02", "OAK-03"), *a_list("ELM-01", class_id="elm", adults=3)]
    codes = (f"AAAA{number:04}" for number in range(20))
    with storage.units.write(HERE) as unit:
        handed_out(unit, a_list("OAK-02", adults=1), iter(["BBBB0000"]))

        made = [each for some in some_at_a_time(wanted, at_once=at_once) for each in handed_out(unit, some, codes)]

        assert [(each.pupil, each.adult, each.code) for each in made] == [
            ("OAK-01", 1, "AAAA0000"),
            ("OAK-01", 2, "AAAA0001"),
            ("OAK-02", 2, "AAAA0002"),
            ("OAK-03", 1, "AAAA0003"),
            ("OAK-03", 2, "AAAA0004"),
            ("ELM-01", 1, "AAAA0005"),
            ("ELM-01", 2, "AAAA0006"),
            ("ELM-01", 3, "AAAA0007"),
        ]
        assert len(unit.children.listed()) == len(made) + 1


def test_a_piece_of_a_list_is_as_many_letters_as_one_transaction_may_hold() -> None:
    wanted = [*a_list("OAK-01", adults=1), *a_list(*(f"OAK-{number}" for number in range(10, 160)), adults=9)]

    pieces = list(some_at_a_time(wanted))

    assert [each for piece in pieces for each in piece] == wanted
    assert [sum(each.adults for each in piece) for piece in pieces] == [496, 495, 360]
    assert list(some_at_a_time([])) == []


def test_a_pupil_who_left_the_school_is_forgotten(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        given_out(unit)

        assert unit.children.drop("OAK-01") == 2

        assert unit.children.listed() == ()


def test_a_letter_is_kept_as_a_keyed_mark_alone(storage: Storage) -> None:
    with storage.units.write(HERE) as unit:
        one, _ = given_out(unit)
        unit.commit()

    with storage.engines.reading() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM family_code").all())
    assert "OAK-01" in rows
    assert one.code not in rows
