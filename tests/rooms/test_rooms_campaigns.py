"""Safer Internet Day from ten weeks before to a month after, for families and staff, with a clock that is moved."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parents import (
    Campaign,
    Meant,
    days_in_words,
    load_campaigns,
    plan_staff_step,
    plan_step,
    steps_soon,
    tell_of_cover,
    uncovered,
)
from school.calendar import Calendar, HalfTerm
from school.notices import MailingState, Notice
from school.people import Person, Role, SchoolClass, YearGroup
from school.roles import Leave
from school.school import School
from tests.rooms.test_rooms_mailings import Book

SID = load_campaigns()["safer-internet-day-2027"]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TERMS = (
    ("autumn-2", date(2026, 11, 2), date(2026, 12, 18)),
    ("spring-1", date(2027, 1, 5), date(2027, 2, 12)),
    ("spring-2", date(2027, 2, 22), date(2027, 3, 26)),
)
BEGINS = datetime(2026, 11, 29, tzinfo=UTC)
OVER = datetime(2027, 3, 20, tzinfo=UTC)


def person(name: str, *roles: Role, classes: tuple[str, ...] = ()) -> Person:
    return Person(id=name, name=name.title(), roles=frozenset(roles), classes=classes)


PEOPLE = (
    person("hannah", Role.HEAD),
    person("dilys", Role.DSL),
    person("femi", Role.DEPUTY_DSL, Role.TEACHER, classes=("elm",)),
    person("amara", Role.TEACHER, classes=("oak",)),
    person("ines", Role.ESAFETY_LEAD),
    person("kofi", Role.OFFICE),
    person("grace", Role.CHAIR_OF_GOVERNORS),
)


def school(**other: object) -> School:
    oak = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),))
    elm = SchoolClass(id="elm", name="Elm", years=(YearGroup(6),))
    terms = tuple(HalfTerm(id=name, first=first, last=last) for name, first, last in TERMS)
    calendar = Calendar(zone=ZoneInfo("Europe/London"), half_terms=terms)
    made = School(id="oakfield", name="Oakfield", calendar=calendar, classes=(oak, elm), people=PEOPLE, languages=())
    return replace(made, **other)


@dataclass
class Pigeonholes:
    """An outbox that keeps what is left once."""

    notices: dict[str, Notice] = field(default_factory=dict)

    def leave(self, notice: Notice) -> bool:
        return self.notices.setdefault(notice.key, notice) is notice


@pytest.fixture
def book() -> Book:
    return Book()


def go(book: Book, campaign: Campaign, now: datetime, *, here: School, years: Sequence[int] = ()) -> None:
    """One round, as the rounds do it."""
    rest = {"school": here, "mailings": book, "evidence": book, "now": now}
    for coming in steps_soon(campaign, school=here, now=now).steps:
        if coming.step.to is Meant.FAMILIES:
            plan_step(coming.mailing, years=frozenset(map(YearGroup, years)), families=book, **rest)
        else:
            plan_staff_step(coming, campaign, **rest)


def through(book: Book, campaign: Campaign = SID, *, here: School, until: datetime = OVER, since: datetime = BEGINS):
    now = since
    while now < until:
        go(book, campaign, now, here=here)
        now += 6 * HOUR


def told(book: Book, who: str) -> list[str]:
    return [mailing.page for mailing, recipient in book.sent if recipient == who]


def step(name: str, **other: object) -> dict[str, object]:
    return {"id": name, "page": name, "school_days": 0, "at": time(16, 0), **other}


def campaign(*steps: dict[str, object]) -> Campaign:
    return Campaign.model_validate({"id": "sid", "name": "Safer Internet Day", "anchor": SID.anchor, "step": steps})


@pytest.mark.clause(18)
def test_the_whole_of_safer_internet_day_reaches_everybody_once_with_what_is_theirs(book):
    book.join(1, at=BEGINS)
    book.join(2, at=datetime(2027, 1, 29, tzinfo=UTC))

    through(book, here=school())

    families = [[page for page in told(book, str(each)) if page] for each in book.families]
    # Sam joined after two steps: he enters at the one that comes next.
    assert families == [
        ["sid-2027-1", "sid-2027-2", "sid-2027-3", "sid-2027-4", "sid-2027-5", "sid-2027-6"],
        ["sid-2027-3", "sid-2027-4", "sid-2027-5", "sid-2027-6"],
    ]
    everybody = ["sid-2027-staff-4", "sid-2027-staff-6"]
    assert told(book, "kofi") == told(book, "hannah") == told(book, "dilys") == everybody
    assert told(book, "ines") == ["sid-2027-staff-1", *everybody, "sid-2027-staff-7"]
    assert told(book, "amara") == told(book, "femi") == [f"sid-2027-staff-{number}" for number in (2, 3, 4, 5, 6)]
    assert told(book, "grace") == []
    assert all(not school().calendar.is_quiet(mailing.due) for mailing, _ in book.sent)
    assert {each.clause for each in book.written} == {"C18"}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 444), st.integers(1, 3), st.booleans()), min_size=1, max_size=14))
def test_planning_any_step_twice_stores_it_once_whenever_and_however_often_it_is_planned(rounds):
    book, here = Book(), school()
    book.join(1, at=BEGINS)

    # A clock that goes back as well; each time somebody may join, and each round may be gone through again.
    for number, (slot, times, joins) in enumerate(rounds, start=2):
        now = BEGINS + slot * 6 * HOUR
        if joins:
            book.join(number, at=now)
        go(book, SID, now, here=here)
        once = list(book.sent)
        for _ in range(times):
            go(book, SID, now, here=here)
        assert book.sent == once

    stored = [(mailing.id, who) for mailing, who in book.sent]
    assert len(stored) == len(set(stored))


@pytest.mark.clause(18)
def test_ines_report_a_month_later_counts_messages_families_and_what_never_went(book):
    book.join(1, 2, at=BEGINS)
    here = school()
    through(book, here=here, until=datetime(2027, 2, 9, 10, tzinfo=UTC))
    # The machine is off on the day itself, and for two more: that step is not caught up.
    through(book, here=here, since=datetime(2027, 2, 12, 17, tzinfo=UTC))

    (values,) = [mailing.values for mailing, _ in book.sent if mailing.page == "sid-2027-staff-7"]

    assert values == {"messages": "8", "families": "2", "skipped": "1", "theme": "Safer Internet Day 2027"}


def test_amara_who_is_away_on_the_day_is_left_in_peace_and_hannah_hears_for_ines(book):
    days = {"first": date(2026, 11, 30), "last": date(2027, 2, 9)}

    through(book, here=school(leave=(Leave(person="amara", **days), Leave(person="ines", **days))))

    assert told(book, "amara") == ["sid-2027-staff-6"]
    assert told(book, "hannah")[0] == "sid-2027-staff-1"
    assert told(book, "ines") == ["sid-2027-staff-6", "sid-2027-staff-7"]


def test_a_step_for_staff_that_is_late_waits_for_a_school_morning(book):
    friday = campaign(step("ready", to="all_staff", school_days=-2, at=time(15, 45), catch_up="send"))
    here = school()

    for late in (datetime(2027, 2, 5, 21, tzinfo=UTC), datetime(2027, 2, 6, 11, tzinfo=UTC)):
        go(book, friday, late, here=here)
    assert book.sent == []
    monday = datetime(2027, 2, 8, 8, tzinfo=UTC)
    go(book, friday, monday, here=here)

    assert {who for _, who in book.sent} == {"hannah", "dilys", "femi", "amara", "ines", "kofi"}
    assert {mailing.not_after for mailing, _ in book.sent} == {monday + 2 * DAY}


def test_today_s_activity_is_of_no_use_to_amara_tomorrow(book):
    today = campaign(step("today", to="teachers", at=time(7, 45)))

    go(book, today, datetime(2027, 2, 9, 16, 30, tzinfo=UTC), here=school())
    assert book.sent == []
    go(book, today, datetime(2027, 2, 9, 9, tzinfo=UTC), here=school())

    assert told(book, "amara") == ["today"]
    assert {mailing.not_after for mailing, _ in book.sent} == {datetime(2027, 2, 9, 16, tzinfo=UTC)}


def test_what_leads_up_to_the_day_is_not_caught_up_when_the_day_is_over(book):
    ready = campaign(step("ready", to="all_staff", school_days=-1, catch_up="send"))

    go(book, ready, datetime(2027, 2, 11, 9, tzinfo=UTC), here=school())

    assert book.sent == []


def test_kofi_gets_nothing_of_a_cancelled_campaign(book):
    one = campaign(step("ready", to="all_staff"))
    go(book, one, datetime(2027, 2, 8, 9, tzinfo=UTC), here=school())
    (known,) = book.headers
    book.headers[known] = replace(book.headers[known], state=MailingState.CANCELLED)

    go(book, one, datetime(2027, 2, 9, 16, tzinfo=UTC), here=school())

    assert book.sent == []


def test_marta_at_night_is_not_woken_by_a_step_that_is_caught_up(book):
    book.join(1, at=BEGINS)
    one = campaign(step("today", catch_up="send"))

    go(book, one, datetime(2027, 2, 10, 2, tzinfo=UTC), here=school())
    assert book.sent == []
    go(book, one, datetime(2027, 2, 10, 8, tzinfo=UTC), here=school())

    assert len(book.sent) == 1


def test_only_those_who_had_no_version_of_a_step_get_the_edited_one(book):
    here = school(leave=(Leave(person="kofi", first=date(2027, 2, 9), last=date(2027, 2, 9)),))
    book.join(1, at=BEGINS)
    at = datetime(2027, 2, 9, 16, tzinfo=UTC)
    first = campaign(step("thanks", catch_up="send"), step("well-done", to="all_staff", catch_up="send"))
    go(book, first, at, here=here)
    before = list(book.sent)
    assert len(before) == 1 + 5

    # Another family that was there, and was not reached the first time.
    book.join(2, at=BEGINS)
    edited = campaign(
        step("thanks", catch_up="send", version=2), step("well-done", to="all_staff", catch_up="send", version=2)
    )
    go(book, edited, at + 17 * HOUR, here=here)
    go(book, edited, at + 18 * HOUR, here=here)

    again = book.sent[len(before) :]
    assert [(mailing.id, who[-1]) for mailing, who in again] == [
        ("campaign:sid:thanks:2", "2"),
        ("campaign:sid:well-done:2", "i"),
    ]


def test_a_step_for_year_6_reaches_elm_and_the_families_of_the_whole_school(book):
    book.join(1, at=BEGINS, classes=("oak",))
    book.join(2, at=BEGINS, classes=("elm",))
    book.join(3, at=BEGINS)
    book.join(4, at=BEGINS, classes=("oak", "elm"))

    go(book, campaign(step("phones")), datetime(2027, 2, 9, 16, tzinfo=UTC), here=school(), years=[6])

    assert book.rows == [2, 3, 4]


def test_a_school_s_own_date_and_theme_are_what_its_steps_go_by():
    here = school(campaigns={"sid": date(2027, 2, 23)}, themes={"sid": "Smart choices"})

    (mailing,) = steps_soon(campaign(step("today")), school=here, now=datetime(2027, 2, 20, tzinfo=UTC)).mailings

    assert (mailing.due.date(), mailing.values) == (date(2027, 2, 23), {"theme": "Smart choices"})


AWAY = {"first": date(2027, 2, 8), "last": date(2027, 2, 10)}


@pytest.mark.clause(18)
def test_ines_and_hannah_are_told_once_that_nobody_listens_in_the_week_of_the_day():
    here = school(leave=(Leave(person="dilys", **AWAY), Leave(person="femi", **AWAY)))
    outbox = Pigeonholes()

    def asked(*day: int, hour: int = 10) -> int:
        return tell_of_cover([SID], school=here, outbox=outbox, now=datetime(*day, hour, tzinfo=UTC))

    # The first message to families goes out on Monday 18 January: five school days before is the Monday before.
    assert asked(2027, 1, 8) == 0
    assert asked(2027, 1, 10) == 0
    assert asked(2027, 1, 11, hour=6) == 0
    assert asked(2027, 1, 11) == 2
    assert asked(2027, 1, 12) == asked(2027, 2, 8) == 0
    assert {each.recipient for each in outbox.notices.values()} == {"ines", "hannah"}
    (values,) = {tuple(each.values.items()) for each in outbox.notices.values()}
    assert values == (("campaign", "Safer Internet Day 2027"), ("days", "08/02, 09/02, 10/02"))
    assert uncovered(SID, school=here, on=date(2027, 2, 11)) == ()


def test_one_deputy_in_school_is_cover():
    here = school(leave=(Leave(person="dilys", **AWAY),))

    assert uncovered(SID, school=here, on=date(2027, 1, 18)) == ()


def test_a_long_list_of_days_is_cut_short():
    assert days_in_words(tuple(date(2027, 2, day) for day in range(1, 9))) == "01/02, 02/02, 03/02, 04/02, 05/02 (+3)"
