from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lessons import assembly_of_the_week
from pages import AssemblyFront, Facts, load_shelf
from school.calendar import Calendar, HalfTerm

ASSEMBLIES = Path(__file__).resolve().parents[2] / "lessons" / "content" / "assemblies"
SAFER_INTERNET_DAY = date(2027, 2, 9)
# As in the sample school's file.
TERMS = Calendar(
    zone=ZoneInfo("Europe/London"),
    half_terms=(
        HalfTerm(id="autumn-1", first=date(2026, 9, 1), last=date(2026, 10, 23)),
        HalfTerm(id="autumn-2", first=date(2026, 11, 2), last=date(2026, 12, 18)),
        HalfTerm(id="spring-1", first=date(2027, 1, 4), last=date(2027, 2, 12)),
        HalfTerm(id="spring-2", first=date(2027, 2, 22), last=date(2027, 3, 25)),
    ),
    inset=frozenset({date(2026, 9, 1), date(2026, 10, 23), date(2027, 1, 4)}),
)
# A school with a fortnight's holiday in the autumn comes to every later week one number sooner.
LONG_HOLIDAY = replace(
    TERMS,
    half_terms=(*TERMS.half_terms[:1], replace(TERMS.half_terms[1], first=date(2026, 11, 9)), *TERMS.half_terms[2:]),
)


@pytest.fixture(scope="module")
def shelf():
    return load_shelf([ASSEMBLIES], ages=False)


def told_week(document):
    facts = next(block for block in document.blocks if isinstance(block, Facts))
    return {str(label): value for label, value in facts.pairs}["School week"]


def test_amara_reads_one_and_the_same_week_on_the_page_and_in_the_calendar(shelf):
    page, document = assembly_of_the_week(shelf=shelf, calendar=TERMS, on=SAFER_INTERNET_DAY)

    assert page.id == "assembly-a-better-internet"
    assert isinstance(page.front, AssemblyFront)
    assert told_week(document) == str(page.front.week) == str(TERMS.school_week(SAFER_INTERNET_DAY))


@pytest.mark.parametrize("calendar", [TERMS, LONG_HOLIDAY], ids=["a week's holiday", "a fortnight's holiday"])
def test_amara_is_given_the_assembly_that_names_a_day_in_that_days_week_and_not_before(shelf, calendar):
    the_week_before = date(2027, 2, 5)

    early, _ = assembly_of_the_week(shelf=shelf, calendar=calendar, on=the_week_before)
    on_time, _ = assembly_of_the_week(shelf=shelf, calendar=calendar, on=date(2027, 2, 8))

    assert early.id != "assembly-a-better-internet"
    assert on_time.id == "assembly-a-better-internet"


def test_amara_is_given_it_by_its_number_in_a_year_that_does_not_have_the_day(shelf):
    a_year_on = Calendar(
        zone=ZoneInfo("Europe/London"),
        half_terms=(HalfTerm(id="autumn-1", first=date(2027, 9, 1), last=date(2028, 3, 1)),),
    )
    week_21 = next(day for day in a_year_on.school_days(date(2027, 9, 1)) if a_year_on.school_week(day) == 21)

    page, _ = assembly_of_the_week(shelf=shelf, calendar=a_year_on, on=week_21)

    assert page.id == "assembly-a-better-internet"


@pytest.mark.parametrize("calendar", [TERMS, LONG_HOLIDAY], ids=["a week's holiday", "a fortnight's holiday"])
def test_amara_is_given_another_assembly_every_week_whatever_a_day_moves(shelf, calendar):
    first, last = calendar.half_terms[0].first, calendar.half_terms[-1].last
    term = (first + timedelta(days=number) for number in range((last - first).days + 1))
    given = {
        calendar.school_week(day): assembly_of_the_week(shelf=shelf, calendar=calendar, on=day)[0].id
        for day in term
        if calendar.is_school_day(day)
    }

    assert sorted(given) == list(range(1, len(given) + 1))
    assert len(set(given.values())) == len(given)
