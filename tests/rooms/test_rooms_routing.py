from dataclasses import dataclass
from datetime import date
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguarding.intake import says_nothing
from safeguarding.routing import About, arrange, arrange_for_any, climb, ladder, route
from school.calendar import Calendar
from school.people import LANGUAGES, SAFEGUARDING_ROLES, Person, Role
from school.roles import Leave
from school.school import School
from school.sensitive import Sensitive

MONDAY = date(2026, 11, 23)
LEADS = {Role.DSL, Role.DEPUTY_DSL}
NAMED = {About.HEAD: {Role.HEAD}, About.LEAD: LEADS}
roles = st.frozensets(st.sampled_from(list(Role)), min_size=1, max_size=3)


def school_of(*held, leave=()):
    people = tuple(Person(id=f"p{n}", name=f"Person {n}", roles=frozenset(each)) for n, each in enumerate(held))
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
    return School(
        id="ashgrove",
        name="Ashgrove",
        calendar=calendar,
        classes=(),
        people=people,
        languages=(LANGUAGES["en"],),
        leave=tuple(Leave(person=person, first=MONDAY, last=MONDAY) for person in leave),
    )


USUAL = school_of({Role.DSL}, {Role.DEPUTY_DSL}, {Role.HEAD}, {Role.CHAIR_OF_GOVERNORS}, {Role.TEACHER}, {Role.OFFICE})


@pytest.mark.parametrize(
    ("about", "who"),
    [
        (About.PUPIL, ["p0", "p1"]),
        (About.ADULT, ["p2"]),
        (About.HEAD, ["p3"]),
        (About.LEAD, ["p2"]),
        (About.NOT_SURE, ["p2", "p3"]),
    ],
)
def test_a_concern_goes_to_those_who_may_read_it_and_nobody_else(about, who):
    assert [person.id for person in route(about, school=USUAL)] == who


@pytest.mark.parametrize(
    ("about", "who"),
    [
        (About.PUPIL, [["p0"], ["p1"], ["p2"]]),
        (About.ADULT, [["p2"], ["p3"]]),
        (About.HEAD, [["p3"]]),
        (About.LEAD, [["p2"], ["p3"]]),
        (About.NOT_SURE, [["p2", "p3"]]),
    ],
)
def test_a_concern_that_nobody_opens_goes_up_its_ladder(about, who):
    assert [[person.id for person in rung] for rung in ladder(about, school=USUAL)] == who


@dataclass(frozen=True)
class Case:
    """A school made up, a report made up, who is away and who has a key."""

    about: About
    school: School
    keys: frozenset[str]
    urgent: bool


@st.composite
def cases(draw):
    held = draw(st.lists(roles, min_size=1, max_size=7))
    ids = [f"p{number}" for number in range(len(held))]
    school = school_of(*held, leave=draw(st.sets(st.sampled_from(ids))))
    keys = draw(st.sets(st.sampled_from(ids)) | st.just(set(ids)))
    return Case(draw(st.sampled_from(list(About))), school, frozenset(keys), draw(st.booleans()))


@pytest.mark.clause(40)
@settings(max_examples=10_000, deadline=None)
@given(cases())
def test_whoever_is_accused_or_away_holds_no_key_and_hears_nothing_and_somebody_always_does(case):
    way = arrange(case.about, school=case.school, on=MONDAY, keys=case.keys, urgent=case.urgent)
    holding = {*way.readers, *way.reserve}
    could = [person for rung in ladder(case.about, school=case.school) for person in rung if person.id in case.keys]
    away = {leave.person for leave in case.school.leave}

    assert not any(person.holds(*NAMED.get(case.about, ())) for person in (*holding, *way.told))
    assert all(person.holds(*SAFEGUARDING_ROLES) for person in holding)
    assert set(way.told) <= set(way.readers)
    assert len(holding) == len(way.readers) + len(way.reserve)
    assert {person.id for person in holding} == set(way.rungs) <= case.keys
    assert bool(way.told) == bool(could), "somebody is told wherever there is anybody"
    if any(person.id not in away for person in could):
        assert not {person.id for person in (*holding, *way.told)} & away
        assert not way.alarm
    else:
        assert way.alarm


@pytest.mark.clause(41)
@settings(deadline=None)
@given(cases(), st.integers(0, 6))
def test_going_up_the_ladder_tells_nobody_who_is_accused_away_or_without_a_key(case, start):
    rungs = ladder(case.about, school=case.school)
    told = climb(rungs, start=start, school=case.school, on=MONDAY, keys=case.keys)
    away = {leave.person for leave in case.school.leave}

    assert not any(person.holds(*NAMED.get(case.about, ())) for person in told.people)
    assert {person.id for person in told.people} <= case.keys
    assert told.next_rung >= min(start + 1, len(rungs))
    if not told.alarm:
        assert told.people
        assert not {person.id for person in told.people} & away


@pytest.mark.parametrize("away", [set(pair) for size in (0, 1) for pair in combinations(["p0", "p1"], size)])
def test_a_lead_who_is_away_is_not_told_while_another_is_in(away):
    school = school_of({Role.DSL}, {Role.DEPUTY_DSL}, leave=away)

    way = arrange(About.PUPIL, school=school, on=MONDAY, keys={"p0", "p1"})

    assert [person.id for person in way.told] == ["p1" if "p0" in away else "p0"]
    assert {person.id for person in way.readers} == {"p0", "p1"} - away


def test_the_deputy_is_told_with_the_lead_where_it_is_urgent_and_the_head_holds_a_key_in_reserve():
    way = arrange(About.PUPIL, school=USUAL, on=MONDAY, keys={"p0", "p1", "p2", "p3"}, urgent=True)

    assert [person.id for person in way.told] == ["p0", "p1"]
    assert [person.id for person in way.reserve] == ["p2"]


def test_somebody_is_told_although_everybody_is_away():
    school = school_of({Role.DSL}, {Role.DEPUTY_DSL}, leave=("p0", "p1"))

    way = arrange(About.PUPIL, school=school, on=MONDAY, keys={"p0", "p1"})

    assert ([person.id for person in way.told], way.alarm) == (["p0", "p1"], True)


def test_the_head_may_read_at_once_where_neither_lead_nor_deputy_is_in():
    school = school_of({Role.DSL}, {Role.DEPUTY_DSL}, {Role.HEAD}, leave=("p0", "p1"))

    way = arrange(About.PUPIL, school=school, on=MONDAY, keys={"p0", "p1", "p2"})

    assert [person.id for person in way.told] == [person.id for person in way.readers] == ["p2"]


def test_a_lead_with_a_key_is_told_although_away_where_the_deputy_who_is_in_has_none():
    school = school_of({Role.DSL}, {Role.DEPUTY_DSL}, leave=("p0",))

    assert [person.id for person in arrange(About.PUPIL, school=school, on=MONDAY, keys={"p0"}).told] == ["p0"]
    assert [person.id for person in arrange(About.PUPIL, school=school, on=MONDAY, keys={"p0", "p1"}).told] == ["p1"]


def test_words_of_a_chat_are_locked_for_everybody_they_may_go_to_and_for_no_teacher():
    everybody = {person.id for person in USUAL.people}

    locked = arrange_for_any(school=USUAL, on=MONDAY, keys=everybody)

    assert sorted(person.id for person in locked) == ["p0", "p1", "p2", "p3"]


@settings(deadline=None)
@given(cases())
def test_whatever_a_child_answers_those_it_goes_to_were_locked_in(case):
    locked = arrange_for_any(school=case.school, on=MONDAY, keys=case.keys)
    way = arrange(case.about, school=case.school, on=MONDAY, keys=case.keys)

    assert {*way.readers, *way.reserve} <= set(locked)


@pytest.mark.parametrize(
    "words", ["", "   \n\t", "\u200b\u200d\ufeff", "\x00\x07\x1b", "\u3164 \u2800", "\u202e\u2066"]
)
def test_a_child_who_sends_nothing_that_can_be_seen_has_said_nothing(words):
    assert says_nothing(Sensitive(words))


@pytest.mark.parametrize("words", ["x", "\N{CRYING FACE}", "\ud83d", "شخص", "?", "he\x07", "\U000e0fff1", "\U0001faef"])
def test_a_child_who_sends_one_thing_that_can_be_seen_has_spoken(words):
    assert not says_nothing(Sensitive(words))


def test_in_a_small_school_whose_head_is_the_lead_nothing_is_refused():
    small = school_of({Role.HEAD, Role.DSL}, {Role.CHAIR_OF_GOVERNORS})
    both, chair = small.people

    assert route(About.ADULT, school=small) == (both,)
    assert route(About.LEAD, school=small) == (chair,)
    assert route(About.HEAD, school=small) == (chair,)
