"""To whom a reader may give a report: never to anybody whom the routing leaves out."""

import pytest
from hypothesis import given, settings

from safeguarding import About, may_be_given
from school.people import ANSWERING_ROLES, YearGroup
from tests.rooms.test_rooms_routing import EVERY_KEY, MONDAY, NAMED, USUAL, cases, leads_of, phase, school_of


@pytest.mark.clause(40)
@settings(max_examples=400, deadline=None)
@given(cases())
def test_whoever_is_accused_or_away_is_never_given_a_report(case):
    told = {"school": case.school, "on": MONDAY, "keys": case.keys, "year": case.year}
    people = may_be_given(case.about, readers=(), **told)
    away = {leave.person for leave in case.school.leave}

    assert not any(person.holds(*NAMED.get(case.about, ())) for person in people)
    assert not {person.id for person in people} & away
    assert {person.id for person in people} <= case.keys
    assert all(person.holds(*ANSWERING_ROLES) or person.id in leads_of(case) for person in people)
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


@pytest.mark.parametrize(
    ("about", "year", "lead"),
    [
        (About.PUPIL, 2, ["p4"]),
        (About.PUPIL, None, []),
        (About.PUPIL, 9, []),
        (About.ADULT, 2, []),
        (About.LEAD, 2, []),
    ],
)
def test_a_new_year_lead_may_be_given_what_is_about_a_pupil_of_their_years_alone(about, year, lead):
    of = None if year is None else YearGroup(year)

    found = may_be_given(about, school=phase(), on=MONDAY, keys=EVERY_KEY, readers=(), year=of)

    assert [person.id for person in found if person.id in {"p4", "p5"}] == lead


def test_who_can_read_it_already_or_has_no_key_is_not_offered():
    found = may_be_given(About.PUPIL, school=USUAL, on=MONDAY, keys={"p0", "p1"}, readers={"p0"})

    assert [person.id for person in found] == ["p1"]


def test_a_head_who_is_the_lead_as_well_is_never_given_what_is_about_either():
    both = school_of({"head", "dsl"}, {"chair_of_governors"})

    for about in (About.HEAD, About.LEAD):
        found = may_be_given(about, school=both, on=MONDAY, keys={"p0", "p1"}, readers=())
        assert [person.id for person in found] == ["p1"]
