from datetime import date
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.intake import says_nothing
from safeguarding.routing import TABLE, About, any_route, route, to_be_told
from school.calendar import Calendar
from school.people import LANGUAGES, Person, Role
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


@pytest.mark.parametrize("about", list(About))
def test_whatever_a_concern_is_about_somebody_is_named_for_it(about):
    assert TABLE[about][0]


@given(st.sampled_from(sorted(NAMED)), st.lists(roles, min_size=1, max_size=8))
def test_whoever_is_named_is_never_among_the_recipients(about, held):
    school = school_of(*held)
    routed = route(about, school=school)

    told = to_be_told(routed, school=school, on=MONDAY, readers={person.id for person in routed})
    assert not any(person.holds(*NAMED[about]) for person in (*routed, *told))


@given(st.sampled_from(list(About)), st.lists(roles, min_size=1, max_size=8))
def test_nobody_without_a_safeguarding_role_is_given_a_key(about, held):
    wanted, _ = TABLE[about]

    routed = route(about, school=school_of(*held))

    assert all(person.holds(*wanted, Role.CHAIR_OF_GOVERNORS) for person in routed)
    assert len({person.id for person in routed}) == len(routed)


@pytest.mark.parametrize("away", [set(pair) for size in (0, 1) for pair in combinations(["p0", "p1"], size)])
def test_a_lead_who_is_away_is_not_told_while_another_is_in(away):
    school = school_of({Role.DSL}, {Role.DEPUTY_DSL}, leave=away)
    routed = route(About.PUPIL, school=school)

    told = to_be_told(routed, school=school, on=MONDAY, readers={"p0", "p1"})
    assert {person.id for person in told} == {"p0", "p1"} - away
    assert len(routed) == 2


def test_somebody_is_told_although_everybody_is_away():
    school = school_of({Role.DSL}, {Role.DEPUTY_DSL}, leave=("p0", "p1"))
    routed = route(About.PUPIL, school=school)

    assert to_be_told(routed, school=school, on=MONDAY, readers={"p0"}) == routed


def test_a_lead_with_a_key_is_told_although_away_where_the_deputy_who_is_in_has_none():
    school = school_of({Role.DSL}, {Role.DEPUTY_DSL}, leave=("p0",))
    routed = route(About.PUPIL, school=school)

    assert to_be_told(routed, school=school, on=MONDAY, readers={"p0"}) == routed
    assert [person.id for person in to_be_told(routed, school=school, on=MONDAY, readers={"p0", "p1"})] == ["p1"]


def test_words_of_a_chat_are_locked_for_everybody_they_may_go_to_and_for_no_teacher():
    assert sorted(person.id for person in any_route(USUAL)) == ["p0", "p1", "p2", "p3"]


@given(st.sampled_from(list(About)), st.lists(roles, min_size=1, max_size=8))
def test_whatever_a_child_answers_those_it_goes_to_were_locked_in(about, held):
    school = school_of(*held)

    assert set(route(about, school=school)) <= set(any_route(school))


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
