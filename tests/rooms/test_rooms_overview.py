"""The table of the whole routing says what the routing does, for every school."""

import pytest
from hypothesis import given, settings

from safeguarding import About, outline
from safeguarding.routing import arrange
from school.people import SAFEGUARDING_ROLES, YearGroup
from tests.rooms.test_rooms_routing import EVERY_KEY, MONDAY, cases, phase


def names(people):
    return [person.id for person in people]


@pytest.mark.clause(41)
@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_table_says_of_every_report_who_gets_it_and_of_everybody_else_why_not(case):
    rows = outline(school=case.school, on=MONDAY, keys=case.keys)
    (row,) = [
        each
        for each in rows
        if each.about is case.about
        and (
            case.year in each.years
            or (not each.years and not any(case.year in other.years for other in rows if other.about is case.about))
        )
    ]

    way = arrange(case.about, school=case.school, on=MONDAY, keys=case.keys, urgent=case.urgent, year=case.year)

    told_in_a_hurry = {*row.in_a_hurry} if case.urgent else set()
    assert {*row.readers} | told_in_a_hurry == {*way.readers}
    assert {*row.reserve} - told_in_a_hurry == {*way.reserve}
    assert (row.in_a_hurry if case.urgent else row.first) == way.told
    shown = names((*row.readers, *row.reserve, *row.away, *row.no_key, *row.others))
    assert sorted(shown) == sorted(p.id for p in case.school.people if p.holds(*SAFEGUARDING_ROLES))
    assert not {person.id for person in row.no_key} & case.keys


@pytest.mark.clause(41)
def test_the_head_reads_off_the_table_who_leads_which_years_and_whom_nobody_tells():
    rows = outline(school=phase(leave=("p1",)), on=MONDAY, keys=EVERY_KEY - {"p5"})

    assert [(row.about, [year.code for year in row.years]) for row in rows] == [
        (About.PUPIL, ["R", "1", "2"]),
        (About.PUPIL, ["3", "4"]),
        (About.PUPIL, []),
        *((about, []) for about in (About.ADULT, About.HEAD, About.LEAD, About.NOT_SURE)),
    ]
    infants, juniors, *_, head, _, _ = rows
    assert (names(infants.readers), names(infants.reserve)) == (["p0", "p4"], ["p2"])
    assert (names(infants.away), names(infants.others)) == (["p1"], ["p3", "p5"])
    assert (names(juniors.readers), names(juniors.no_key)) == (["p0"], ["p5"])
    assert names(head.readers) == ["p3"]
    assert names(head.others) == ["p0", "p1", "p2", "p4", "p5"]
    assert all(year in infants.years for year in (YearGroup(0), YearGroup(1), YearGroup(2)))
