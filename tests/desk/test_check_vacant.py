"""`lollipop check` names the seats that nobody can fill, before a colleague waits for a yes that never comes."""

from dataclasses import replace
from datetime import date

import pytest

from bot.commands.sample import SCHOOL
from bot.commands.vacant import vacancies
from bot.school_file import SchoolFile, SchoolFileError
from school.people import Role

ON = date(2026, 11, 24)
WHOLE = SCHOOL.format(id="oakfield", name="Oakfield Primary School")
NO_DEPUTIES = WHOLE.replace('technician = ["dilys"]\nhead = ["dilys"]\nesafety_lead = ["dilys"]\n', "")


def said_of(text, *, without=()):
    school = SchoolFile.parse(text, place="school.toml").school()
    school = replace(school, people=tuple(each for each in school.people if each.id not in without))
    return list(vacancies(school, ON))


def test_the_sample_school_has_no_vacant_seat():
    assert said_of(WHOLE) == []


@pytest.mark.clause(36)
def test_a_school_without_a_technician_and_a_deputy_is_told_which_requests_stay_refused():
    found = said_of(NO_DEPUTIES, without=("ben",))

    sites = [(what, cure) for what, cure in found if "a site to be opened" in what]
    assert sites == [
        (
            (
                "[approvers]: nobody can give the yes of the technician to a site to be opened, so every such "
                "request is refused."
            ),
            (
                "Give one more person the role of technician, or name who stands in, under [approvers.deputies]: "
                'technician = ["their-id"].'
            ),
        )
    ]


@pytest.mark.clause(36)
def test_where_only_an_approvers_own_requests_have_nobody_it_says_whose():
    found = [what for what, _ in said_of(NO_DEPUTIES) if "a site to be opened" in what]

    assert found == [
        (
            "[approvers]: when amara asks for a site to be opened, nobody can give the yes of the esafety_lead in "
            "their place."
        ),
        "[approvers]: when hannah asks for a site to be opened, nobody can give the yes of the head in their place.",
        "[approvers]: when ben asks for a site to be opened, nobody can give the yes of the technician in their place.",
    ]


@pytest.mark.clause(37)
def test_the_filter_off_is_asked_for_by_those_alone_who_may_switch_it():
    found = [what for what, _ in said_of(NO_DEPUTIES) if "without the filter" in what]

    assert found == [
        (
            "[approvers]: when hannah asks for a time without the filter, nobody can give the yes of the head in their "
            "place."
        )
    ]


def test_a_volunteer_named_as_a_deputy_fills_no_seat():
    val = '[[people]]\nid = "val"\nname = "Val Price"\nroles = ["volunteer"]\n\n[reporting]\n'
    text = WHOLE.replace("[reporting]\n", val, 1).replace('technician = ["dilys"]', 'technician = ["val"]')

    assert any("the technician to a site" in what for what, _ in said_of(text, without=("ben",)))


def test_a_volunteer_among_the_approvers_is_refused():
    text = WHOLE.replace('install = ["technician", ', 'install = ["volunteer", ')

    with pytest.raises(SchoolFileError) as refused:
        SchoolFile.parse(text, place="school.toml")

    assert "a volunteer says yes to no request: name a role of the staff" in str(refused.value)


@pytest.mark.clause(60)
def test_a_step_of_the_ladder_that_nobody_decides_on_is_named():
    steps = '{ step = "A talk", by = ["year_lead"] }, { step = "A call", by = ["head"] }'
    ours = f"[sanctions]\npupils = [{steps}]\n"

    found = said_of(f"{WHOLE}\n{ours}")

    assert found == [
        (
            "[sanctions]: nobody in the school file is the year_lead, so nobody decides on the step 'A talk'.",
            "Give somebody the role, or name another role for this step.",
        )
    ]
    assert Role.YEAR_LEAD in SchoolFile.parse(f"{WHOLE}\n{ours}", place="s").school().sanctions.pupils[0].by
