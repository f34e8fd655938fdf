from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguarding.intake import says_nothing
from safeguarding.routing import About, arrange, arrange_for_any, climb, ladder, route, year_said
from school.calendar import Calendar
from school.people import ANSWERING_ROLES, LANGUAGES, Person, Role, SchoolClass, YearGroup, YearRoute
from school.roles import Leave
from school.school import School
from school.sensitive import Sensitive

MONDAY = date(2026, 11, 23)
LEADS = {Role.DSL, Role.DEPUTY_DSL}
NAMED = {About.HEAD: {Role.HEAD}, About.LEAD: LEADS}
YEARS = [YearGroup(number) for number in range(5)]
# Every one, two or three roles that somebody may hold; one and two come as often as three.
HELD = [
    frozenset(each)
    for size, often in ((1, 15), (2, 3), (3, 1))
    for each in combinations(Role, size)
    for _ in range(often)
]


def school_of(*held, leave=(), routing=()):
    people = tuple(Person(id=f"p{n}", name=f"Person {n}", roles=frozenset(each)) for n, each in enumerate(held))
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
    return School(
        id="ashgrove",
        name="Ashgrove",
        calendar=calendar,
        classes=(SchoolClass(id="all", name="All", years=tuple(YearGroup(number) for number in range(5))),),
        people=people,
        languages=(LANGUAGES["en"],),
        leave=tuple(Leave(person=person, first=MONDAY, last=MONDAY) for person in leave),
        routing=tuple(YearRoute(years=tuple(each), also=tuple(also)) for each, also in routing),
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
    """A school made up, a report made up, who is away and who has a key. `year` is the pupil's, where it is known."""

    about: About
    school: School
    keys: frozenset[str]
    urgent: bool
    year: YearGroup | None


# A choice of several is one number, bit by bit: drawn one by one, they take most of the time of ten thousand cases.
STAFFED = st.lists(st.sampled_from(HELD), min_size=1, max_size=7)
ASKED = st.sampled_from(list(product(About, (False, True), (None, *YEARS))))


def some(of, mask):
    """Those whose bits are set."""
    return {each for number, each in enumerate(of) if mask >> number & 1}


@cache
def choices(people):
    """Of so many: who is away, who holds a key (in half of all cases everybody), and who leads which years."""
    everybody = 2**people - 1
    row = st.integers(0, (2 ** len(YEARS) - 1) * everybody - 1).map(lambda drawn: divmod(drawn, everybody))
    return st.tuples(st.integers(0, everybody), st.integers(0, 2 * everybody + 1), st.lists(row, max_size=4))


@st.composite
def cases(draw):
    held = draw(STAFFED)
    ids = [f"p{number}" for number in range(len(held))]
    away, keys, rows = draw(choices(len(held)))
    routing = [(some(YEARS, years + 1), some(ids, also + 1)) for years, also in rows]
    keyed = frozenset(some(ids, min(keys, 2 ** len(ids) - 1)))
    about, urgent, year = draw(ASKED)
    return Case(about, school_of(*held, leave=some(ids, away), routing=routing), keyed, urgent, year)


def arranged(case, **changed):
    told = {"school": case.school, "on": MONDAY, "keys": case.keys, "urgent": case.urgent, "year": case.year}
    return arrange(changed.pop("about", case.about), **{**told, **changed})


def leads_of(case):
    """Who may read it for the pupil's year alone, counted by hand."""
    named = {each for row in case.school.routing if case.year in row.years for each in row.also}
    leads = {p.id for p in case.school.people if p.holds(Role.YEAR_LEAD) and not p.holds(*ANSWERING_ROLES)}
    return named & leads if case.about is About.PUPIL and case.year is not None else set()


@pytest.mark.clause(40)
@settings(max_examples=10_000, deadline=None)
@given(cases())
def test_whoever_is_accused_or_away_holds_no_key_and_hears_nothing_and_somebody_always_does(case):
    way = arranged(case)
    holding = {*way.readers, *way.reserve}
    could = [person for rung in ladder(case.about, school=case.school) for person in rung if person.id in case.keys]
    away = {leave.person for leave in case.school.leave}

    assert not any(person.holds(*NAMED.get(case.about, ())) for person in (*holding, *way.told))
    assert all(person.holds(*ANSWERING_ROLES) or person.id in leads_of(case) for person in holding)
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
@settings(max_examples=400, deadline=None)
@given(cases())
def test_a_year_lead_reads_what_is_about_a_pupil_of_their_years_and_changes_nothing_for_anybody_else(case):
    way, without = arranged(case), arranged(case, school=replace(case.school, routing=()))
    away = {leave.person for leave in case.school.leave}
    also = leads_of(case) & case.keys - away if without.readers else set()

    assert {person.id for person in way.readers} == {person.id for person in without.readers} | also
    assert {person.id for person in way.told} == {person.id for person in without.told} | also
    assert (way.reserve, way.next_rung, way.alarm) == (without.reserve, without.next_rung, without.alarm)
    assert {each: rung for each, rung in way.rungs.items() if each not in also} == without.rungs
    assert all(way.rungs[each] == 0 for each in also)


@pytest.mark.clause(40)
@settings(max_examples=400, deadline=None)
@given(cases(), st.sampled_from(list(About)))
def test_a_year_lead_never_has_what_is_about_an_adult_or_of_another_year_or_of_none(case, about):
    leads = {p for p in case.school.people if p.holds(Role.YEAR_LEAD) and not p.holds(*ANSWERING_ROLES)}
    of_the_year = {each for row in case.school.routing if case.year in row.years for each in row.also}
    way = arranged(case, about=about)
    holding = {*way.readers, *way.reserve, *way.told} & leads

    assert not holding or (about is About.PUPIL and case.year is not None)
    assert {person.id for person in holding} <= of_the_year
    unknown = arranged(case, about=about, year=None)
    assert not {*unknown.readers, *unknown.reserve, *unknown.told} & leads
    assert not set(arrange_for_any(school=case.school, on=MONDAY, keys=case.keys)) & leads, "no draft is locked for one"


def phase(*, leave=(), also=("p4",)):
    """A school whose p4 leads Reception and Years 1 and 2, and whose p5 leads Years 3 and 4."""
    offices = ({Role.DSL}, {Role.DEPUTY_DSL}, {Role.HEAD}, {Role.CHAIR_OF_GOVERNORS})
    leads = ({Role.TEACHER, Role.YEAR_LEAD}, {Role.YEAR_LEAD})
    infants, juniors = ([YearGroup(number) for number in each] for each in ((0, 1, 2), (3, 4)))
    return school_of(*offices, *leads, leave=leave, routing=[(infants, also), (juniors, ("p5",))])


EVERY_KEY = frozenset(f"p{number}" for number in range(6))


@pytest.mark.clause(40)
@pytest.mark.parametrize(
    ("about", "year", "who"),
    [
        (About.PUPIL, 1, ["p0", "p1", "p4"]),
        (About.PUPIL, 4, ["p0", "p1", "p5"]),
        (About.PUPIL, 9, ["p0", "p1"]),
        (About.PUPIL, None, ["p0", "p1"]),
        (About.ADULT, 1, ["p2"]),
        (About.HEAD, 1, ["p3"]),
        (About.LEAD, 1, ["p2"]),
        (About.NOT_SURE, 1, ["p2", "p3"]),
    ],
)
def test_what_is_about_a_pupil_goes_to_the_lead_of_the_year_as_well(about, year, who):
    of = None if year is None else YearGroup(year)

    way = arrange(about, school=phase(), on=MONDAY, keys=EVERY_KEY, year=of)

    assert [person.id for person in way.readers] == who


def test_a_year_lead_who_is_in_silences_no_alarm_and_is_passed_over_by_no_rung():
    way = arrange(About.PUPIL, school=phase(leave=("p0", "p1", "p2")), on=MONDAY, keys=EVERY_KEY, year=YearGroup(0))

    assert way.alarm
    assert [person.id for person in way.told] == ["p0", "p1", "p2", "p4"]


def test_a_report_that_only_a_year_lead_could_open_is_not_taken():
    assert arrange(About.PUPIL, school=phase(), on=MONDAY, keys={"p4"}, year=YearGroup(0)).readers == ()


@pytest.mark.parametrize(
    ("answers", "year"),
    [
        ((("year_group", "R"),), YearGroup(0)),
        ((("topic", "money"), ("year_group", "4")), YearGroup(4)),
        ((), None),
        ((("year_group", "14"),), None),
        ((("year_group", "unsaid"),), None),
        ((("year_group", "3"), ("year_group", "4")), None),
    ],
)
def test_a_year_that_is_not_one_year_is_not_known(answers, year):
    assert year_said(answers) == year


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
