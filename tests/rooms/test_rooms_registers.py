"""The registers by themselves: what a form may hold, when a review is told, and which parts nobody has."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from school.people import Role
from school.school import Approvers
from school.words import Refusal
from staff import Alarm, Entry, Register, alarms, drafted, role_register
from staff.register_hand import in_a_year
from staff.register_rounds import stage_of
from staff.risks import all_risks, load_risks
from tests.rooms.test_rooms_checks import person, school

MONDAY = date(2026, 11, 16)
OFFICES = (
    person("hannah", Role.HEAD),
    person("grace", Role.CHAIR_OF_GOVERNORS),
    person("dilys", Role.DSL),
    person("femi", Role.DEPUTY_DSL),
    person("amara", Role.ESAFETY_LEAD, Role.TEACHER),
    person("ben", Role.TECHNICIAN),
)
COVERED = Approvers(deputies=dict.fromkeys((Role.TECHNICIAN, Role.HEAD, Role.ESAFETY_LEAD), ("dilys",)))
HERE = replace(school(*OFFICES), approvers=COVERED)
POLICY = {
    "area": "ICT",
    "title": "ICT",
    "link": "https://www.example.org/ict?version=2",
    "owner": "Ben",
    "approved": "2026-09-01",
    "review": "01/09/2027",
}


def entry(due):
    made = datetime(2026, 9, 1, tzinfo=UTC)
    return Entry(id=UUID(int=1), register=Register.RISK, title="A risk", made=made, made_by="hannah", due=due)


@pytest.mark.clause(58)
def test_the_proposals_name_abuse_of_staff_and_the_bot_itself_and_are_about_ten():
    proposed = {each.id: each for each in all_risks()}

    assert {"staff-abused", "staff-conduct", "lollipop"} <= proposed.keys()
    assert "impact assessment" in proposed["lollipop"].does
    assert 10 <= len(proposed) <= 14
    assert len({each.risk for each in proposed.values()}) == len(proposed)


def test_a_file_of_proposals_that_is_wrong_names_the_place(tmp_path):
    file = tmp_path / "risks.toml"
    file.write_text('[[risk]]\nid = "a-risk"\nrisk = "Short"\nlikelihood = 9\nimpact = 1\ndoes = "x"\nlegal = true\n')

    with pytest.raises(ValueError, match=r"risk\.0\.likelihood"):
        load_risks(file)


@pytest.mark.parametrize(("days", "stage"), [(-15, 0), (-14, 1), (-1, 1), (0, 2), (6, 2), (7, 3), (20, 3), (21, 4)])
def test_a_review_is_told_ahead_when_due_and_late_and_then_to_the_head(days, stage):
    assert stage_of(entry(MONDAY), on=MONDAY + timedelta(days=days)) == stage
    assert stage_of(entry(None), on=MONDAY) == 0


def test_a_year_from_a_leap_day_is_the_last_of_february():
    assert in_a_year(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.clause(1)
def test_a_policy_is_kept_with_its_area_its_owner_by_name_and_its_days():
    made = drafted(Register.POLICY, POLICY, school=HERE, on=MONDAY)

    assert (made.holder, made.due) == ("ben", date(2027, 9, 1))
    assert made.fields == {"area": "ict", "link": POLICY["link"], "approved": "2026-09-01"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"approved": "01/12/2026"}, "approved today or before"),
        ({"review": "01/09/2026"}, "comes after that day"),
        ({"link": "https://localhost"}, "has to begin with https"),
        ({"link": "https://[::1"}, "has to begin with https"),
        ({"link": "https://www.example.org/" + "a" * 300}, "“link” has room for 300"),
        ({"area": "parking"}, "“area” has to be one of"),
        ({"title": "x" * 161}, "at most 160"),
        ({"owner": "nobody"}, "“owner” has to be somebody"),
    ],
)
def test_what_cannot_stand_in_the_register_of_policies_is_refused_in_words(wrong, said):
    with pytest.raises(Refusal) as refusal:
        drafted(Register.POLICY, {**POLICY, **wrong}, school=HERE, on=MONDAY)

    assert said in str(refusal.value)


def test_a_volunteer_owns_no_risk():
    there = replace(HERE, people=(*OFFICES, person("val", Role.VOLUNTEER)))

    with pytest.raises(Refusal):
        drafted(Register.POLICY, {**POLICY, "owner": "val"}, school=there, on=MONDAY)


@pytest.mark.clause(27)
def test_every_part_has_its_people_and_nothing_is_alarming_where_somebody_stands_in():
    parts = {part.id: part for part in role_register(HERE, on=MONDAY)}

    assert [each.id for each in parts["technician"].holders] == ["ben"]
    assert [each.id for each in parts["dsl"].deputies] == ["femi"]
    assert parts["data_protection"].holders == ()
    assert alarms(HERE, on=MONDAY) == ()


@pytest.mark.parametrize(
    ("gone", "alarming"),
    [
        ("femi", {"dsl": Alarm.ALONE, "deputy_dsl": Alarm.VACANT}),
        ("grace", {"chair_of_governors": Alarm.VACANT}),
        ("ben", {"technician": Alarm.VACANT}),
    ],
)
@pytest.mark.clause(27)
def test_a_part_that_nobody_has_or_one_alone_is_an_alarm(gone, alarming):
    there = replace(HERE, people=tuple(each for each in OFFICES if each.id != gone))

    found = {part.id: part.alarm for part in alarms(there, on=MONDAY)}

    assert alarming.items() <= found.items()
    assert found.keys() - alarming.keys() <= {"unblock", "install", "research"}


@pytest.mark.clause(27)
def test_a_technician_without_anybody_who_stands_in_is_alone():
    there = replace(HERE, approvers=Approvers())

    assert {part.id: part.alarm for part in alarms(there, on=MONDAY)} == {
        "esafety_lead": Alarm.ALONE,
        "technician": Alarm.ALONE,
    }
