"""The coverage map: what was planned, is due, was taught and is secure, and what waits; nothing is counted twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum import Hands, Outcome, Planned, State, Taught, class_years, coverage_map
from school.calendar import Calendar, HalfTerm
from school.people import LANGUAGES, Person, Role, SchoolClass, YearGroup
from school.roles import Leave
from school.school import School
from staff import calm_hour, tell_of_gaps

HALVES = ("autumn-1", "autumn-2", "spring-1", "spring-2", "summer-1", "summer-2")
FIRSTS = ((2026, 9, 2), (2026, 11, 2), (2027, 1, 4), (2027, 2, 22), (2027, 4, 12), (2027, 6, 7))
LASTS = ((2026, 10, 23), (2026, 12, 18), (2027, 2, 12), (2027, 3, 25), (2027, 5, 28), (2027, 7, 21))
CALENDAR = Calendar(
    zone=ZoneInfo("Europe/London"),
    half_terms=tuple(
        HalfTerm(id=name, first=date(*first), last=date(*last))
        for name, first, last in zip(HALVES, FIRSTS, LASTS, strict=True)
    ),
    inset=frozenset({date(2026, 11, 2)}),
)
THREE, FOUR = YearGroup(3), YearGroup(4)
STRANDS = ("identity", "privacy", "bullying")
NAMES = {"identity": "Self-image", "privacy": "Privacy", "bullying": "Bullying"}
# Each year has two lessons in the first half-term, and one in each of the two that follow.
PLACES = (("identity", "autumn-1"), ("privacy", "autumn-1"), ("bullying", "autumn-2"), ("privacy", "spring-1"))
PLAN = tuple(
    Planned(lesson=f"y{year.code}-{number}", strand=strand, year=year, order=number, half_term=half)
    for year in (THREE, FOUR)
    for number, (strand, half) in enumerate(PLACES, start=1)
)
OAK = SchoolClass(id="oak", name="Oak", years=(FOUR,))
ELM = SchoolClass(id="elm", name="Elm", years=(THREE,))
AMARA = Person(id="amara", name="Amara", roles=frozenset({Role.TEACHER, Role.ESAFETY_LEAD}))
HANNAH = Person(id="hannah", name="Hannah", roles=frozenset({Role.HEAD}))
SCHOOL = School(
    id="oakfield",
    name="Oakfield",
    calendar=CALENDAR,
    classes=(OAK, ELM),
    people=(AMARA, HANNAH),
    languages=(LANGUAGES["en"],),
)
NOVEMBER = date(2026, 11, 24)
STRAND_OF = {entry.lesson: entry.strand for entry in PLAN}


def had(lesson, *, on=date(2026, 10, 5), outcome=Outcome.TAUGHT, right=None, strand="", klass="oak"):
    hands = () if right is None else (Hands((right, 100 - right), 0),)
    return Taught(
        class_id=klass,
        turn=0,
        lesson=lesson,
        version=1,
        strand=strand or STRAND_OF[lesson],
        outcome=outcome,
        hands=hands,
        by="amara",
        when=datetime.combine(on, time(10), UTC),
    )


class Had:
    def __init__(self, **classes):
        self.classes = classes

    def taught(self, class_id):
        return tuple(replace(entry, turn=turn) for turn, entry in enumerate(self.classes.get(class_id, ())))

    def record(self, taught):
        raise NotImplementedError(taught)


def map_of(*, on=NOVEMBER, school=SCHOOL, **classes):
    return coverage_map(school, plan=PLAN, strands=STRANDS, progress=Had(**classes), on=on)


def states(found, klass="oak"):
    row = next(row for row in found.rows if row.id == klass)
    return {cell.strand: cell.state for cell in row.cells}


def test_a_lesson_is_due_when_its_half_term_is_over_and_not_on_its_last_day():
    on_the_last_day = map_of(on=date(2026, 10, 23))
    after = map_of(on=date(2026, 10, 24))

    assert states(on_the_last_day) == {"identity": State.NOW, "privacy": State.NOW, "bullying": State.LATER}
    assert (on_the_last_day.due, on_the_last_day.gaps) == (0, False)
    assert states(after) == {"identity": State.GAP, "privacy": State.GAP, "bullying": State.LATER}
    assert (after.due, after.done) == (4, 0)


def test_oak_is_taught_or_secure_by_its_hands_and_elm_still_waits():
    found = map_of(oak=[had("y4-1", right=85), had("y4-2", right=60)])

    assert states(found) == {"identity": State.SECURE, "privacy": State.TAUGHT, "bullying": State.NOW}
    assert states(found, "elm") == {"identity": State.GAP, "privacy": State.GAP, "bullying": State.NOW}
    assert (found.due, found.done) == (4, 2)
    assert [(each.name, each.lessons, each.strands, each.since) for each in found.behind] == [
        ("Elm", 2, ("identity", "privacy"), date(2026, 10, 23))
    ]
    assert found.missed == ()


def test_a_lesson_half_done_or_put_off_still_waits():
    found = map_of(oak=[had("y4-1", outcome=Outcome.PARTLY), had("y4-2", outcome=Outcome.NOT_TODAY)])

    assert states(found)["identity"] is State.GAP
    assert states(found)["privacy"] is State.GAP


def test_a_class_that_misses_one_lesson_is_not_behind_and_a_strand_that_nobody_had_is_missed():
    found = map_of(oak=[had("y4-1")], elm=[had("y3-1", klass="elm")])

    assert found.behind == ()
    assert [(each.strand, each.classes, each.since) for each in found.missed] == [
        ("privacy", ("Elm", "Oak"), date(2026, 10, 23))
    ]
    assert found.gaps


def test_one_class_that_had_a_strand_is_enough_for_nobody_to_be_told_that_none_had_it():
    found = map_of(oak=[had("y4-1"), had("y4-2")], elm=[had("y3-1", klass="elm")])

    assert (found.behind, found.missed, found.gaps) == ((), (), False)
    assert states(found, "elm")["privacy"] is State.GAP


def test_whoever_has_waited_longest_comes_first_and_then_whoever_waits_for_most():
    ash = SchoolClass(id="ash", name="Ash", years=(FOUR,))
    school = replace(SCHOOL, classes=(OAK, ELM, ash))

    found = map_of(
        on=date(2027, 2, 22),
        school=school,
        oak=[had("y4-1"), had("y4-2")],
        ash=[had("y4-1"), had("y4-3")],
    )

    assert [(each.name, each.lessons, each.since) for each in found.behind] == [
        ("Elm", 4, date(2026, 10, 23)),
        ("Ash", 2, date(2026, 10, 23)),
        ("Oak", 2, date(2026, 12, 18)),
    ]


def test_what_the_room_had_last_year_is_no_lesson_of_this_year():
    found = map_of(oak=[had("y4-1", on=date(2025, 10, 6))])

    assert states(found)["identity"] is State.GAP


def test_a_mixed_class_is_held_to_the_plan_of_the_year_whose_turn_it_is():
    mixed = replace(OAK, years=(THREE, FOUR))
    school = replace(SCHOOL, classes=(mixed,))

    found = map_of(school=school, oak=[])

    assert found.rows[0].year == mixed.year_in(date(2026, 9, 2))
    assert {lesson[:2] for cell in found.rows[0].cells for lesson in cell.missing} == {f"y{found.rows[0].year.code}"}


def test_a_class_of_a_year_that_has_no_lessons_has_nothing_planned_and_no_gap():
    school = replace(SCHOOL, classes=(replace(OAK, years=(YearGroup(9),)),))

    found = map_of(school=school, on=date(2027, 7, 30))

    assert set(states(found).values()) == {State.NOTHING}
    assert not found.gaps


def test_a_lesson_of_another_year_counts_beside_the_plan_and_stops_no_gap():
    (oak,) = (row for row in map_of(oak=[had("y3-1", strand="identity")]).rows if row.id == "oak")

    cell = oak.cells[0]

    assert (cell.planned, cell.taught, cell.besides, cell.had, cell.state) == (1, 1, 1, 0, State.GAP)


def year_of(klass=OAK, *, on=NOVEMBER, school=SCHOOL, **classes):
    (found,) = class_years(school, classes=(klass,), plan=PLAN, strands=STRANDS, progress=Had(**classes), on=on)
    return {(row.strand, half): cell for row in found.rows for half, cell in zip(HALVES, row.cells, strict=True)}


def test_a_lesson_taught_late_stands_in_the_half_term_that_the_plan_has_it_in():
    found = year_of(oak=[had("y4-1", on=date(2026, 11, 20), right=90)])

    assert found["identity", "autumn-1"].state is State.SECURE
    assert found["privacy", "autumn-1"].state is State.GAP
    assert found["privacy", "spring-1"].state is State.LATER
    assert found["bullying", "autumn-2"].state is State.NOW
    assert found["bullying", "summer-2"].state is State.NOTHING


@pytest.mark.parametrize(("on", "half"), [((2026, 11, 20), "autumn-2"), ((2026, 10, 27), "autumn-1")])
def test_a_lesson_besides_the_plan_stands_in_the_half_term_that_it_was_taught_in(on, half):
    found = year_of(oak=[had("y3-1", strand="identity", on=date(*on))])

    assert {place for (_, place), cell in found.items() if cell.besides} == {half}


@given(st.lists(st.tuples(st.sampled_from([entry.lesson for entry in PLAN]), st.integers(0, 320)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_half_terms_of_a_strand_add_up_to_its_square_in_the_map(taught):
    oak = [had(lesson, on=date(2026, 9, 2) + timedelta(days=after), right=90) for lesson, after in taught]
    on = date(2027, 7, 30)
    parts = year_of(on=on, oak=oak)
    (row,) = (each for each in map_of(on=on, oak=oak).rows if each.id == "oak")

    for cell in row.cells:
        for figure in ("planned", "due", "taught", "besides", "secure"):
            assert sum(getattr(parts[cell.strand, half], figure) for half in HALVES) == getattr(cell, figure)


def test_in_the_summer_all_of_the_year_is_due_and_in_september_nothing():
    assert map_of(on=date(2027, 8, 20)).due == 8
    following = HalfTerm(id="autumn-1", first=date(2027, 9, 1), last=date(2027, 10, 22))
    longer = replace(SCHOOL, calendar=replace(CALENDAR, half_terms=(*CALENDAR.half_terms, following)))
    assert map_of(on=date(2027, 8, 20), school=longer).due == 8
    assert map_of(on=date(2027, 9, 1), school=longer).due == 0


def test_a_school_of_three_terms_by_other_names_has_the_plan_in_its_order():
    terms = tuple(
        HalfTerm(id=name, first=CALENDAR.half_terms[2 * n].first, last=CALENDAR.half_terms[2 * n + 1].last)
        for n, name in enumerate(("autumn", "spring", "summer"))
    )
    school = replace(SCHOOL, calendar=replace(CALENDAR, half_terms=terms))

    assert map_of(on=date(2026, 12, 18), school=school).due == 0
    assert map_of(on=date(2026, 12, 19), school=school).due == 6
    assert map_of(on=date(2027, 5, 1), school=school).due == 8


lessons = st.sampled_from(sorted(STRAND_OF))
entries = st.lists(
    st.builds(
        had,
        lessons,
        on=st.dates(date(2026, 9, 2), date(2027, 7, 20)),
        outcome=st.sampled_from(Outcome),
        right=st.none() | st.integers(0, 100),
    ),
    max_size=12,
)


@settings(max_examples=200)
@given(oak=entries, elm=entries, on=st.dates(date(2026, 8, 1), date(2027, 8, 31)))
def test_whatever_was_taught_on_whatever_day_the_figures_add_up(oak, elm, on):
    found = map_of(on=on, oak=oak, elm=elm)

    for row in found.rows:
        for cell in row.cells:
            assert cell.planned >= cell.due >= len(cell.missing) >= 0
            assert cell.planned >= cell.had >= cell.due - len(cell.missing)
            assert cell.taught == cell.had + cell.besides
            assert cell.taught >= cell.secure >= 0
            assert (cell.state is State.GAP) == bool(cell.missing)
            assert (cell.state is State.SECURE) <= (cell.secure == cell.taught > 0)
            assert (cell.state is State.NOTHING) == (cell.planned == cell.taught == 0)
    assert found.due >= found.done >= 0
    waiting = sum(len(cell.missing) for row in found.rows for cell in row.cells)
    assert found.due - found.done == waiting >= sum(each.lessons for each in found.behind)
    assert [each.since for each in found.behind] == sorted(each.since for each in found.behind)


@given(oak=entries, more=lessons, on=st.dates(date(2026, 9, 2), date(2027, 8, 31)))
def test_one_more_lesson_never_makes_a_gap(oak, more, on):
    before = map_of(on=on, oak=oak)
    after = map_of(on=on, oak=[*oak, had(more)])

    assert after.done >= before.done
    assert sum(each.lessons for each in after.behind) <= sum(each.lessons for each in before.behind)
    assert {each.strand for each in after.missed} <= {each.strand for each in before.missed}


class Outbox:
    """Keeps each key once, as the real one does."""

    def __init__(self):
        self.left = {}

    def leave(self, notice):
        return self.left.setdefault(notice.key, notice) is notice

    def withdraw(self, *, to, recipient):
        raise NotImplementedError


def london(*when):
    return datetime(*when, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def told(outbox, now, *, school=SCHOOL, **classes):
    found = map_of(on=school.calendar.today(now), school=school, **classes)
    return tell_of_gaps(found, strands=NAMES, school=school, outbox=outbox, now=now)


def test_amara_is_told_on_the_first_school_day_of_the_week_and_once():
    outbox = Outbox()

    for day in range(3, 14):
        for hour in range(24):
            told(outbox, london(2026, 11, day, hour, 31), elm=[had("y3-1")])

    notices = list(outbox.left.values())
    # On Monday the second of November there are no pupils; so it is Tuesday in that week, and Monday in the next.
    assert [each.due for each in notices] == [london(2026, 11, 3, 9, 31), london(2026, 11, 9, 9, 31)]
    assert {each.recipient for each in notices} == {"amara"}
    assert [each.key for each in notices] == ["coverage-gaps:2026-W45:amara", "coverage-gaps:2026-W46:amara"]
    assert [each.not_after for each in notices] == [london(2026, 11, 6, 16), london(2026, 11, 13, 16)]


def test_amara_reads_the_names_of_classes_and_strands():
    outbox = Outbox()

    told(outbox, london(2026, 11, 23, 9, 30), oak=[had("y4-1")], elm=[])

    (notice,) = outbox.left.values()
    assert (notice.page, notice.part) == ("coverage-gaps", "both")
    assert notice.values == {"classes": "Elm (2: Self-image, Privacy)", "strands": "Privacy"}


@pytest.mark.parametrize(
    ("part", "classes"),
    [
        ("classes", {"oak": [had("y4-1"), had("y4-2")], "elm": []}),
        ("strands", {"oak": [had("y4-1")], "elm": [had("y3-1")]}),
    ],
)
def test_amara_reads_only_of_what_waits(part, classes):
    outbox = Outbox()

    told(outbox, london(2026, 11, 23, 9, 30), **classes)

    assert [notice.part for notice in outbox.left.values()] == [part]


def test_nobody_is_told_in_a_school_that_has_not_begun():
    assert map_of(on=date(2026, 11, 23)).gaps
    assert told(Outbox(), london(2026, 11, 23, 9, 30)) == 0


def test_nobody_is_told_where_nothing_waits():
    everything = {"oak": [had("y4-1"), had("y4-2")], "elm": [had("y3-1"), had("y3-2")]}

    assert told(Outbox(), london(2026, 11, 23, 9, 30), **everything) == 0


def test_the_head_is_told_where_the_e_safety_lead_is_away():
    away = Leave(person="amara", first=date(2026, 11, 20), last=date(2026, 11, 25))
    outbox = Outbox()

    told(outbox, london(2026, 11, 23, 9, 30), school=replace(SCHOOL, leave=(away,)), elm=[had("y3-1")])

    assert [notice.recipient for notice in outbox.left.values()] == ["hannah"]


instants = st.datetimes(datetime(2026, 8, 1), datetime(2027, 8, 31)).map(lambda when: when.replace(tzinfo=UTC))  # noqa: DTZ001
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@settings(max_examples=300)
@given(now=instants, quiet_from=clocks, quiet_until=clocks, opens=clocks, hours=st.integers(1, 12))
def test_a_calm_hour_is_never_in_a_holiday_nor_in_the_quiet_nor_when_nobody_is_there(
    now, quiet_from, quiet_until, opens, hours
):
    closes = min(opens.hour + hours, 23)
    calendar = replace(
        CALENDAR,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        open_from=opens.replace(hour=min(opens.hour, 22)),
        open_until=time(max(closes, min(opens.hour, 22) + 1), 59),
    )

    hour = calm_hour(calendar, now=now)

    if hour is not None:
        day = calendar.today(hour)
        assert hour >= now
        assert calendar.is_first_of_week(day)
        assert calendar.is_staffed(hour)
        assert not calendar.is_quiet(hour)
        assert hour - now < timedelta(days=1)


def test_every_week_with_pupils_has_its_calm_hour_and_no_other_week_has_one():
    hours = [london(2026, 8, 31, 9, 30) + timedelta(days=n) for n in range(350)]
    local = [calm_hour(CALENDAR, now=CALENDAR.at(CALENDAR.today(hour), time(9, 30))) for hour in hours]

    weeks = {CALENDAR.today(found).isocalendar()[:2] for found in local if found}
    days = (date(2026, 8, 31) + timedelta(days=n) for n in range(350))
    assert weeks == {day.isocalendar()[:2] for day in days if CALENDAR.is_school_day(day)}
    assert len([found for found in local if found]) == len(weeks)
