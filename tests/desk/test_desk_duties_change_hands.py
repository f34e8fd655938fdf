"""Duties when people and plans change: somebody comes back, stands in or is handed late work, and an event is off."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.scheduling.duty_round import duty_round
from school.events import EventKind, SchoolEvent
from school.people import Person, Role
from school.roles import Leave
from staff import NEEDS, PLAN, DutyState, Sort, Version, Yes, all_scenarios, thought_about
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_signing import on_day, with_school
from tests.desk.test_desk_todo import MORNING, SERVERS, holder, rounds_until, school_of, servers, tap, told

DAY = timedelta(days=1)
JANUARY = datetime(2027, 1, 18, 9, 35, tzinfo=ZoneInfo("Europe/London"))

ONE_CLAUSE = """
[[clause]]
id = "C70"
theme = "network"
text = "The computer club's 3D printer is used with an adult."
who = ["TCH"]
rhythm = "termly"
carries = "A check"
reach = "R"
counts = ["check."]
next = "Answer the check."
"""


def round_for(desk, school, now):
    house = desk.product.house
    with house.units.write("oakfield") as unit:
        duty_round(unit, school=school, shelf=house.shelf, now=now)
        unit.commit()


def without(desk, *ids):
    school = school_of(desk)
    return replace(school, people=tuple(each for each in school.people if each.id not in ids))


def states(desk, sort, person):
    with desk.product.house.units.read("oakfield") as unit:
        return {each.subject: each.said for each in unit.duties.of(sort) if each.person == person}


@pytest.mark.parametrize(
    ("sort", "subject", "day"),
    [
        (Sort.CHECK, "good-example", MORNING + 7 * DAY),
        (Sort.SIGN, "staff-aup", MORNING),
        (Sort.MODULE, "module-reporting", MORNING),
        (Sort.SCENARIO, "scenario-odd-socks", MORNING),
        (Sort.SURVEY, NEEDS, JANUARY),
    ],
)
def test_whoever_comes_back_in_the_same_year_is_asked_again(front_desk, sort, subject, day):
    # Of checks nobody gets more than two a day.
    rounds_until(front_desk, MORNING if sort is Sort.CHECK else day, day)
    round_for(front_desk, without(front_desk, "ben"), day + DAY)
    assert states(front_desk, sort, "ben")[subject] is DutyState.DROPPED

    round_for(front_desk, school_of(front_desk), day + 2 * DAY)

    assert states(front_desk, sort, "ben")[subject] is DutyState.OPEN


def test_the_plan_of_a_lead_who_has_left_is_asked_of_the_next(front_desk):
    house = front_desk.product.house
    rounds_until(front_desk, JANUARY, JANUARY)
    with house.units.write("oakfield") as unit:
        for each in unit.duties.of(Sort.SURVEY, subject=NEEDS):
            unit.duties.answer(each.id, said=DutyState.DONE, by=each.person, note="", now=JANUARY)
        unit.commit()
    round_for(front_desk, school_of(front_desk), JANUARY + timedelta(days=1))
    assert states(front_desk, Sort.SURVEY, "amara")[PLAN] is DutyState.OPEN

    round_for(front_desk, without(front_desk, "amara"), JANUARY + timedelta(days=2))

    assert states(front_desk, Sort.SURVEY, "hannah")[PLAN] is DutyState.OPEN


def test_whoever_takes_over_late_work_hears_of_it_before_it_is_told_of_them(front_desk):
    rounds_until(front_desk, MORNING, MORNING)
    newcomer = Person(id="tess", name="Tess Hall", roles=frozenset({Role.TECHNICIAN}), slack="U0TESS")
    school = without(front_desk, "ben")
    school = replace(school, people=(*school.people, newcomer))
    late = MORNING + timedelta(days=56)

    round_for(front_desk, school, late)

    assert servers(front_desk)[-1].person == "tess"
    assert [person for person, said in told(front_desk, "duties-yours") if SERVERS in said][-1] == "tess"
    assert not [said for _, said in told(front_desk, "duties-late") if f"{SERVERS} (Tess" in said]
    round_for(front_desk, school, late + timedelta(days=1))
    assert [said for _, said in told(front_desk, "duties-late") if f"{SERVERS} (Tess" in said]


def test_dilys_who_is_told_of_late_work_while_head_and_lead_are_away_can_see_it_and_do_it(front_desk):
    rounds_until(front_desk, MORNING, MORNING)
    after = MORNING + timedelta(days=29)
    days = {"first": after.date(), "last": after.date() + timedelta(days=3)}
    gone = [each.id for each in school_of(front_desk).people if each.holds(Role.HEAD, Role.ESAFETY_LEAD)]
    desk = on_day(with_school(front_desk, leave=tuple(Leave(person=each, **days) for each in gone)), after)
    rounds_until(desk, after, after)
    dilys = holder(desk, Role.DSL)
    assert dilys.id in {person for person, said in told(desk, "duties-late") if SERVERS in said}

    listed = desk("todo", sender=dilys.slack, lang="en")
    assert f"{SERVERS}: was due by" in read(listed)
    tap(desk, dilys.slack, tap(desk, dilys.slack, listed, SERVERS), "All is well")

    assert servers(desk)[-1].said_by == dilys.id
    back = on_day(with_school(front_desk), after)
    assert "Late with colleagues" not in read(back("todo", sender=dilys.slack, lang="en"))


def test_nobody_is_chased_about_an_event_that_is_off(front_desk):
    event = SchoolEvent(id="show", kind=EventKind.PHOTOS, name="The show", day=date(2026, 11, 20))
    school = replace(school_of(front_desk), events=(event,))
    round_for(front_desk, school, MORNING)
    assert {each.said for each in subjects(front_desk) if each.period == "event-show"} == {DutyState.OPEN}

    off = replace(school, events=(replace(event, cancelled=True),))
    round_for(front_desk, off, MORNING + timedelta(days=1))

    assert {each.said for each in subjects(front_desk) if each.period == "event-show"} == {DutyState.DROPPED}
    round_for(front_desk, school, MORNING + timedelta(days=2))
    assert {each.said for each in subjects(front_desk) if each.period == "event-show"} == {DutyState.OPEN}


def test_whoever_has_left_does_not_count_among_those_who_have_not_thought_about_a_scenario(front_desk):
    rounds_until(front_desk, MORNING, MORNING)
    round_for(front_desk, without(front_desk, "ben"), MORNING + timedelta(days=1))

    scenarios = all_scenarios(front_desk.product.house.shelf)
    with front_desk.product.house.units.read("oakfield") as unit:
        asked = {each.person for each in unit.duties.of(Sort.SCENARIO)}
        thought = thought_about(scenarios, duties=unit.duties, on=MORNING.date())

    assert "ben" in asked
    assert thought.asked == len(asked) - 1


def subjects(desk):
    with desk.product.house.units.read("oakfield") as unit:
        return unit.duties.of(Sort.CHECK)


def test_what_is_wrong_stays_on_the_list_also_once_nobody_asks_for_the_check_any_more(front_desk):
    round_for(front_desk, school_of(front_desk), MORNING)
    ben = holder(front_desk, Role.TECHNICIAN)
    assert SERVERS in buttons(front_desk("todo", sender=ben.slack, lang="en"))
    with front_desk.product.house.units.write("oakfield") as unit:
        (duty,) = unit.duties.of(Sort.CHECK, subject="server-room")
        unit.duties.answer(duty.id, said=DutyState.WRONG, by="ben", note="The lock is broken", now=MORNING)
        unit.policies.add(Version(number=1, text=ONE_CLAUSE, loaded=MORNING, loaded_by=""))
        for person, office in (("hannah", Role.HEAD), ("grace", Role.CHAIR_OF_GOVERNORS)):
            unit.policies.agree(Yes(number=1, person=person, offices=frozenset({office}), at=MORNING))
        unit.commit()

    round_for(front_desk, school_of(front_desk), MORNING + timedelta(days=1))

    assert servers(front_desk)[0].said is DutyState.WRONG
    others = [each for each in subjects(front_desk) if each.subject != "server-room"]
    assert others
    assert {each.said for each in others} == {DutyState.DROPPED}
