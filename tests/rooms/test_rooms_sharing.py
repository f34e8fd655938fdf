"""To whom a reader may give a report: never to anybody whom the routing leaves out."""

import pytest
from hypothesis import given, settings

from safeguarding import About, may_be_given
from school.people import SAFEGUARDING_ROLES
from tests.rooms.test_rooms_routing import MONDAY, NAMED, USUAL, cases, school_of


@pytest.mark.clause(40)
@settings(max_examples=5_000, deadline=None)
@given(cases())
def test_whoever_is_accused_or_away_is_never_given_a_report(case):
    people = may_be_given(case.about, school=case.school, on=MONDAY, keys=case.keys, readers=())
    away = {leave.person for leave in case.school.leave}

    assert not any(person.holds(*NAMED.get(case.about, ())) for person in people)
    assert not {person.id for person in people} & away
    assert {person.id for person in people} <= case.keys
    assert all(person.holds(*SAFEGUARDING_ROLES) for person in people)
    assert len({person.id for person in people}) == len(people)


@pytest.mark.parametrize(
    ("about", "who"),
    [
        (About.PUPIL, ["p0", "p1", "p2"]),
        (About.ADULT, ["p2", "p3"]),
        (About.HEAD, ["p3"]),
        (About.LEAD, ["p2", "p3"]),
        (About.NOT_SURE, ["p2", "p3"]),
    ],
)
def test_a_report_may_be_given_along_its_own_ladder(about, who):
    keys = {person.id for person in USUAL.people}

    found = may_be_given(about, school=USUAL, on=MONDAY, keys=keys, readers=())

    assert [person.id for person in found] == who


def test_who_can_read_it_already_or_has_no_key_is_not_offered():
    found = may_be_given(About.PUPIL, school=USUAL, on=MONDAY, keys={"p0", "p1"}, readers={"p0"})

    assert [person.id for person in found] == ["p1"]


def test_a_head_who_is_the_lead_as_well_is_never_given_what_is_about_either():
    both = school_of({"head", "dsl"}, {"chair_of_governors"})

    for about in (About.HEAD, About.LEAD):
        found = may_be_given(about, school=both, on=MONDAY, keys={"p0", "p1"}, readers=())
        assert [person.id for person in found] == ["p1"]
