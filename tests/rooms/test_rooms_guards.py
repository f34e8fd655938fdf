"""Who could find out together who wrote a report, over schools made up."""

import pytest
from hypothesis import given, settings

from safeguarding import About, guarded, two_groups
from school.people import SAFEGUARDING_ROLES, Role
from tests.rooms.test_rooms_routing import MONDAY, NAMED, USUAL, cases, school_of

EVERYBODY = {"p0", "p1", "p2", "p3", "p4", "p5"}


def ids(groups):
    return tuple([person.id for person in group] for group in groups) if groups else None


@pytest.mark.parametrize(
    ("about", "who"),
    [
        (About.PUPIL, (["p0", "p1"], ["p2", "p3"])),
        (About.ADULT, (["p2"], ["p3"])),
        (About.HEAD, (["p3"], ["p0"])),
        (About.LEAD, (["p2"], ["p3"])),
        (About.NOT_SURE, (["p2"], ["p3"])),
    ],
)
def test_it_takes_two_people_whom_the_report_is_not_about(about, who):
    assert ids(two_groups(about, school=USUAL, on=MONDAY, keys=EVERYBODY)) == who


@pytest.mark.clause(41)
@settings(max_examples=500, deadline=None)
@given(cases())
def test_nobody_is_ever_in_both_groups_and_whoever_is_accused_is_in_neither(case):
    groups = two_groups(case.about, school=case.school, on=MONDAY, keys=case.keys)
    could = [person for person in case.school.people if person.id in case.keys and person.holds(*SAFEGUARDING_ROLES)]
    away = {leave.person for leave in case.school.leave}

    if groups is None:
        return
    first, second = ({person.id for person in group} for group in groups)
    assert first
    assert second
    assert not first & second
    assert first | second <= {person.id for person in could}
    assert not any(person.holds(*NAMED.get(case.about, ())) for group in groups for person in group)
    if (first | second) & away:
        here = case.keys - away
        assert two_groups(case.about, school=case.school, on=MONDAY, keys=here) is None, "two who are in would do"


@settings(max_examples=300, deadline=None)
@given(cases())
def test_wherever_there_are_two_such_people_it_can_be_done(case):
    """Counted by hand: some two different people, one fit for each group."""
    leads, over = {Role.DSL, Role.DEPUTY_DSL}, {Role.HEAD, Role.CHAIR_OF_GOVERNORS}
    wanted = {About.PUPIL: (leads, over), About.HEAD: ({Role.CHAIR_OF_GOVERNORS}, {Role.DSL})}
    one, other = wanted.get(case.about, ({Role.HEAD}, {Role.CHAIR_OF_GOVERNORS}))
    fit = [
        person
        for person in case.school.people
        if person.id in case.keys and not person.holds(*NAMED.get(case.about, ()))
    ]
    pairs = [(a, b) for a in fit for b in fit if a is not b and a.holds(*one) and b.holds(*other)]

    assert bool(pairs) == (two_groups(case.about, school=case.school, on=MONDAY, keys=case.keys) is not None)


def test_in_a_small_school_whose_head_is_the_lead_it_takes_the_chair_as_well():
    small = school_of({Role.HEAD, Role.DSL}, {Role.CHAIR_OF_GOVERNORS})

    assert ids(two_groups(About.PUPIL, school=small, on=MONDAY, keys={"p0", "p1"})) == (["p0"], ["p1"])
    assert two_groups(About.LEAD, school=small, on=MONDAY, keys={"p0", "p1"}) is None
    assert two_groups(About.HEAD, school=small, on=MONDAY, keys={"p0", "p1"}) is None


def test_a_lead_and_a_deputy_are_no_two_groups_however_many_they_are():
    leads = school_of({Role.DSL}, {Role.DEPUTY_DSL}, {Role.DEPUTY_DSL})

    assert guarded(school=leads, on=MONDAY, keys={"p0", "p1", "p2"}, abouts=tuple(About)) == {}
