"""The calendar of checks: when each is asked, whose it is, and that every clause out of a bot's reach has one."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from school.calendar import Calendar, HalfTerm
from school.events import EventKind, SchoolEvent
from school.people import Person, Role
from school.roles import Leave
from school.school import School
from staff import Rhythm, all_checks, asked_for, load_checks, load_clauses, period_of
from staff.checks import periods_on
from staff.policy import PolicyFault

YEAR = Calendar(
    zone=ZoneInfo("Europe/London"),
    half_terms=(
        HalfTerm(id="autumn-1", first=date(2026, 9, 1), last=date(2026, 10, 23)),
        HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18)),
        HalfTerm(id="spring-1", first=date(2027, 1, 4), last=date(2027, 2, 12)),
    ),
    quiet_from=time(20),
    quiet_until=time(7, 30),
    open_from=time(8, 30),
    open_until=time(16),
)


def person(name, *roles):
    return Person(id=name, name=name.title(), roles=frozenset(roles))


def school(*people, leave=(), events=()):
    return School(
        id="oak", name="Oak", calendar=YEAR, classes=(), people=people, languages=(), leave=leave, events=events
    )


def test_every_clause_out_of_a_bot_s_reach_is_on_the_calendar():
    asked = {clause for check in all_checks() for clause in check.clauses}

    assert {clause.id for clause in load_clauses() if clause.reach == "R"} <= asked
    assert asked <= {clause.id for clause in load_clauses()}


def test_no_check_lets_a_password_be_typed():
    (passwords,) = (check for check in all_checks() if "C31" in check.clauses)

    assert not passwords.note


@pytest.mark.parametrize(
    ("rhythm", "on", "period", "first"),
    [
        (Rhythm.MONTHLY, date(2026, 11, 16), "2026-11", date(2026, 11, 1)),
        (Rhythm.HALF_TERMLY, date(2026, 11, 16), "2026-autumn-2", date(2026, 11, 2)),
        (Rhythm.TERMLY, date(2026, 11, 16), "2026-autumn", date(2026, 9, 1)),
        (Rhythm.TERMLY, date(2027, 1, 5), "2026-spring", date(2027, 1, 4)),
        (Rhythm.YEARLY, date(2027, 1, 5), "2026", date(2026, 9, 1)),
    ],
)
def test_a_day_is_in_one_period_of_each_rhythm(rhythm, on, period, first):
    found = period_of(rhythm, on=on, calendar=YEAR)

    assert (found.id, found.first) == (period, first)


def test_a_yearly_check_of_february_is_asked_in_the_year_that_began_in_september():
    found = period_of(Rhythm.YEARLY, on=date(2026, 11, 16), calendar=YEAR, month=2)

    assert (found.id, found.first) == ("2026", date(2027, 2, 1))


def test_nothing_goes_by_terms_in_a_holiday():
    assert period_of(Rhythm.TERMLY, on=date(2026, 10, 28), calendar=YEAR) is None


def test_before_a_show_at_which_people_film_somebody_is_asked_and_not_after_it():
    show = SchoolEvent(id="play", name="The play", day=date(2026, 12, 15), kind=EventKind.PHOTOS)
    (check,) = (each for each in all_checks() if each.id == "before-pictures")
    oak = school(person("amara", Role.ESAFETY_LEAD), events=(show,))

    days = [date(2026, 12, day) for day in (4, 7, 8, 15, 16)]
    assert [[each.id for each in periods_on(check, school=oak, on=day)] for day in days] == [
        [],
        [],
        ["event-play"],
        ["event-play"],
        [],
    ]


def test_whoever_is_in_is_asked_and_a_check_without_a_holder_goes_to_whoever_stands_in():
    (check,) = (each for each in all_checks() if each.id == "server-room")
    ben, amara, hannah = person("ben", Role.TECHNICIAN), person("amara", Role.ESAFETY_LEAD), person("hannah", Role.HEAD)
    away = Leave(person="ben", first=date(2026, 11, 16), last=date(2026, 11, 20))
    on = date(2026, 11, 16)

    assert asked_for(check, school=school(ben, amara, hannah), on=on) == (ben,)
    assert asked_for(check, school=school(ben, amara, hannah, leave=(away,)), on=on) == (amara,)
    assert asked_for(check, school=school(ben, leave=(away,)), on=on) == (ben,)
    assert asked_for(check, school=school(hannah), on=on) == (hannah,)


def test_governors_are_not_asked_what_every_member_of_staff_is():
    (check,) = (each for each in all_checks() if each.id == "good-example")
    grace, amara = person("grace", Role.CHAIR_OF_GOVERNORS), person("amara", Role.TEACHER)

    assert asked_for(check, school=school(grace, amara), on=date(2026, 11, 16)) == (amara,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[check]]\nid = 'x'", "check.0"),
        ("not toml", "checks.toml"),
        (
            "[[check]]\nid = 'show'\ntitle = 'A'\nask = 'B'\nclauses = ['C1']\nrhythm = 'event'\n",
            "name the kinds of event",
        ),
    ],
)
def test_an_author_reads_what_is_wrong_with_a_calendar(tmp_path, text, fault):
    file = tmp_path / "checks.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(PolicyFault, match=fault):
        load_checks(file)


def test_the_calendar_s_titles_fit_on_a_button():
    assert all(len(check.title) <= 70 for check in all_checks())
