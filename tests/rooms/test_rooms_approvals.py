"""Two people's look at a newsletter for the whole school: nobody's taps grant it early, in whatever order they come."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import load_shelf
from parents import STEERING, Approval, Newsletter, approve, for_everybody, may_go, newsletter_mailing
from parents.approvals import ChangedSinceError, NotWaitingError, NotYoursToApproveError, SaidYesAlreadyError
from parents.issues import newsletter_of
from school.calendar import Calendar, HalfTerm
from school.evidence import Evidence
from school.notices import Header, MailingState
from school.people import Person, Role, SchoolClass, YearGroup
from school.school import School
from school.words import Refusal

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
CALENDAR = Calendar(
    zone=ZoneInfo("Europe/London"),
    half_terms=(HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18)),),
)
PEOPLE = (
    Person(id="hannah", name="Hannah Lewis", roles=frozenset({Role.HEAD, Role.ESAFETY_LEAD})),
    Person(id="dilys", name="Dilys Morgan", roles=frozenset({Role.DSL, Role.TEACHER})),
    Person(id="amara", name="Amara Okafor", roles=frozenset({Role.ESAFETY_LEAD})),
    Person(id="femi", name="Femi Adeyemi", roles=frozenset({Role.TEACHER, Role.DEPUTY_DSL})),
    Person(id="grace", name="Grace Chen", roles=frozenset({Role.CHAIR_OF_GOVERNORS})),
)
CLASSES = (
    SchoolClass(id="oak", name="Oak", years=(YearGroup(4),)),
    SchoolClass(id="elm", name="Elm", years=(YearGroup(5), YearGroup(6))),
)
SCHOOL = School(
    id="oakfield", name="Oakfield", calendar=CALENDAR, classes=CLASSES, people=PEOPLE, languages=(), second_person=True
)
NEWS = Newsletter(page="autumn", version=1, years=frozenset(), digest="first words")
MAILING = newsletter_mailing(NEWS, school=SCHOOL, due=NOW + timedelta(days=7))


def header(state: MailingState = MailingState.RUNNING, *, laid: bool = False) -> Header:
    return Header(mailing=MAILING, state=state, frozen=None, upto=None, expected=0, candidates=0, excluded=0, laid=laid)


@dataclass
class Book:
    """A school's approvals, and its evidence."""

    given: dict[tuple[str, str, str], Approval] = field(default_factory=dict)
    written: list[Evidence] = field(default_factory=list)

    def add(self, approval: Approval) -> bool:
        key = (approval.mailing, approval.digest, approval.person)
        return self.given.setdefault(key, approval) is approval

    def of(self, mailing: str) -> Sequence[Approval]:
        return sorted((each for each in self.given.values() if each.mailing == mailing), key=lambda each: each.at)

    def write(self, evidence: Evidence) -> None:
        self.written.append(evidence)


def says_yes(book: Book, person: str, *, news: Newsletter = NEWS, seen: str = "", school: School = SCHOOL) -> int:
    who = next(each for each in PEOPLE if each.id == person)
    rest = {"school": school, "approvals": book, "evidence": book, "now": NOW + timedelta(minutes=len(book.given))}
    return approve(news, header(), seen=seen or news.digest, person=who, **rest)


def goes(book: Book, news: Newsletter = NEWS, school: School = SCHOOL) -> bool:
    return may_go(news, school=school, approvals=book)


@pytest.mark.clause(16)
def test_a_newsletter_for_the_whole_school_goes_with_hannah_s_yes_and_dilys_s_and_both_are_evidence() -> None:
    book = Book()
    assert not goes(book)

    assert says_yes(book, "hannah") == 1
    assert not goes(book)
    assert says_yes(book, "dilys") == 2

    assert goes(book)
    assert [(each.clause, each.by, each.what) for each in book.written] == [
        ("C16", "hannah", "autumn looked at before it goes to the whole school: 1 of 2"),
        ("C16", "dilys", "autumn looked at before it goes to the whole school: 2 of 2"),
    ]


def test_hannah_who_is_head_and_leads_on_e_safety_is_one_person() -> None:
    book = Book()
    says_yes(book, "hannah")

    with pytest.raises(SaidYesAlreadyError):
        says_yes(book, "hannah")

    assert not goes(book)
    assert len(book.written) == 1


@pytest.mark.parametrize("person", ["femi", "grace"])
def test_whoever_does_not_answer_for_what_goes_out_says_no_yes(person: str) -> None:
    book = Book()

    with pytest.raises(NotYoursToApproveError):
        says_yes(book, person)

    assert not book.given


def test_a_changed_page_voids_what_was_said_of_it_and_a_button_from_before_says_nothing_of_the_new_words() -> None:
    book = Book()
    says_yes(book, "hannah")
    says_yes(book, "dilys")
    changed = replace(NEWS, digest="other words")

    assert not goes(book, changed)
    with pytest.raises(ChangedSinceError):
        says_yes(book, "amara", news=changed, seen=NEWS.digest)
    assert says_yes(book, "amara", news=changed) == 1
    assert not goes(book, changed)
    assert goes(book), "the first words, should they come back, were approved"


def test_a_newsletter_for_one_year_or_of_a_school_that_asks_for_nobody_waits_for_nobody() -> None:
    one_year = replace(NEWS, years=frozenset({YearGroup(4)}))
    off = replace(SCHOOL, second_person=False)

    assert goes(Book(), one_year)
    assert goes(Book(), school=off)
    for news, school in ((one_year, SCHOOL), (NEWS, off)):
        with pytest.raises(NotWaitingError):
            says_yes(Book(), "hannah", news=news, school=school)


@pytest.mark.parametrize(
    ("years", "whole"),
    [((), True), ((4, 5, 6), True), ((1, 2, 3, 4, 5), True), ((4, 6), True), ((5, 6), False), ((4,), False)],
)
def test_the_whole_school_is_every_class_of_it(years: tuple[int, ...], *, whole: bool) -> None:
    assert for_everybody(frozenset(YearGroup(year) for year in years), school=SCHOOL) is whole


@pytest.mark.parametrize(
    "over", [header(MailingState.CANCELLED), header(MailingState.FINISHED), header(laid=True)], ids=str
)
def test_nobody_approves_what_is_over_or_on_its_way(over: Header) -> None:
    book = Book()

    with pytest.raises(NotWaitingError):
        approve(NEWS, over, seen=NEWS.digest, person=PEOPLE[0], school=SCHOOL, approvals=book, evidence=book, now=NOW)

    assert not book.given


VERSIONS = ("one", "two", "three")
TAPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.sampled_from(VERSIONS), st.just("")),
        st.tuples(st.just("tap"), st.sampled_from(VERSIONS), st.sampled_from([person.id for person in PEOPLE])),
    ),
    max_size=24,
)


@pytest.mark.clause(16)
@settings(max_examples=150, deadline=None)
@given(TAPS)
def test_no_order_of_taps_and_no_button_from_before_lets_it_go_without_two_people_s_yes_to_these_words(
    taps: list[tuple[str, str, str]],
) -> None:
    """The model is what was really looked at: people with a right to, and the words that were there at that moment."""
    book, there = Book(), "one"
    looked: dict[str, set[str]] = {version: set() for version in VERSIONS}
    steering = {person.id for person in PEOPLE if person.holds(*STEERING)}
    for kind, version, person in taps:
        if kind == "change":
            there = version
        else:
            try:
                # A button shows the words that were there when it was drawn, which may be others by now.
                says_yes(book, person, news=replace(NEWS, digest=there), seen=version)
            except Refusal:
                pass
            else:
                assert version == there
            if version == there and person in steering:
                looked[there].add(person)

        assert goes(book, replace(NEWS, digest=there)) is (len(looked[there]) >= 2)
    assert len(book.written) == sum(len(people) for people in looked.values()), "one line of evidence a yes"


WITH_PICTURE = """---
id: autumn
kind: newsletter
title: Kind words
version: 1
reader: parent
send_on: 2026-12-01
picture: kind.png
alt: Two hearts.
---

Hello to you all.
"""
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (960).to_bytes(4) + (480).to_bytes(4)


@pytest.mark.clause(16)
@pytest.mark.parametrize("then", [PNG + b"another picture", None], ids=["exchanged", "gone"])
def test_a_picture_that_is_exchanged_or_taken_away_voids_the_yeses_to_the_one_that_was_looked_at(
    tmp_path: Path, then: bytes | None
) -> None:
    (tmp_path / "autumn.en.md").write_text(WITH_PICTURE, "utf-8")
    (tmp_path / "kind.png").write_bytes(PNG)
    shelf = load_shelf([tmp_path])
    looked_at = newsletter_of(shelf.get("autumn", "en"), shelf=shelf)
    book = Book()
    assert says_yes(book, "amara", news=looked_at) + says_yes(book, "dilys", news=looked_at) == 3
    assert goes(book, newsletter_of(shelf.get("autumn", "en"), shelf=shelf))

    (tmp_path / "kind.png").unlink()
    if then is not None:
        (tmp_path / "kind.png").write_bytes(then)

    now_there = newsletter_of(shelf.get("autumn", "en"), shelf=shelf)
    assert not goes(book, now_there)
    with pytest.raises(ChangedSinceError):
        says_yes(book, "hannah", news=now_there, seen=looked_at.digest)
