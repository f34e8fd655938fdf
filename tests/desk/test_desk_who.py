"""Who does what: the card that Femi shows a supply teacher."""

from dataclasses import replace
from datetime import date

import pytest

from school.people import LocalService
from school.roles import Leave
from tests.desk.conftest import read
from tests.desk.test_desk_signing import with_school
from tests.desk.test_desk_todo import school_of

FEMI = "U0FEMI"


@pytest.mark.clause(60)
def test_femi_reads_whom_to_tell_what_by_name(front_desk):
    card = read(front_desk("who", sender=FEMI, lang="en"))

    assert card.index("999") < card.index("Dilys Morgan")
    assert "Dilys Morgan: any worry about a child: in person, or /report" in card
    assert "Grace Chen: a worry about the head" in card
    assert "Ben Carter: the filter, accounts, devices" in card


def test_whoever_is_away_is_said_to_be_and_an_empty_office_too(front_desk):
    school = school_of(front_desk)
    desk = with_school(
        front_desk,
        leave=(Leave(person="dilys", first=date(2026, 11, 1), last=date(2026, 12, 1)),),
        people=tuple(each for each in school.people if each.id not in {"femi", "ben"}),
        reporting=replace(school.reporting, out_of_hours_phone="01632 960123"),
        services=(LocalService(id="mash", name="Children's services", phone="01632 960456", hours="day and night"),),
    )

    card = read(desk("who", sender="U0AMARA", lang="en"))

    assert "Dilys Morgan (away today)" in card
    assert "nobody yet; until then the head" in card
    assert "Technician" not in card
    assert "01632 960123" in card
    assert "01632 960456 day and night" in card


def test_a_pupil_is_not_told_who_is_away(front_desk):
    assert "Dilys" not in read(front_desk("who", sender="U0PUPIL", lang="en"))
