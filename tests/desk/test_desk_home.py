"""The App Home of five roles: at most five lines of what needs somebody now, and a tap for each."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.scheduling.duty_round import duty_round
from bot.wire import Look, Show
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_todo import round_on, school_of, tap

AMARA, BEN, HANNAH, GRACE, DILYS = "U0AMARA", "U0BEN", "U0HANNAH", "U0GRACE", "U0DILYS"
MORNING = datetime(2026, 11, 16, 9, 35, tzinfo=ZoneInfo("Europe/London"))
TAKE = "Take these clauses as our policy"


def at_home(desk, slack):
    return desk("home", sender=slack, lang="en")


def lines(answer):
    return [line.removeprefix("• ") for line in read(answer).splitlines() if line.startswith("• ")]


def test_a_new_school_needs_nobody_but_whoever_teaches(front_desk):
    assert "Nothing needs you now." in read(at_home(front_desk, BEN))
    amara = at_home(front_desk, AMARA)
    assert "Oak has a lesson coming" in read(amara)
    assert "Next for Oak" in buttons(amara)
    assert amara.show is Show.HOME


def test_what_waits_leads_each_to_their_own_list(front_desk):
    round_on(front_desk, MORNING)
    tap(front_desk, HANNAH, front_desk("policy", sender=HANNAH, lang="en"), TAKE)

    for slack, said, label, verb in (
        (BEN, "things for you to do", "Your list", "todo"),
        (HANNAH, "Version 1 of the policy waits for your agreement", "Read it", "policy"),
        (GRACE, "Version 1 of the policy waits for your agreement", "Read it", "policy"),
    ):
        home = at_home(front_desk, slack)
        assert said in read(home)
        assert buttons(home)[label].verb == verb
        assert front_desk(verb, sender=slack, lang="en", topic=verb).document is not None


def test_what_is_late_presses_more_than_what_is_new(front_desk):
    round_on(front_desk, MORNING)
    front_desk.product.house.school_clock.instant = MORNING + timedelta(days=30)

    home = at_home(front_desk, BEN)

    assert "of yours are late" in read(home)
    assert buttons(home)["Your list"].look in {Look.PRIMARY, Look.PLAIN}


@pytest.mark.parametrize("slack", [AMARA, BEN, HANNAH, GRACE, DILYS])
def test_nobody_has_more_than_five_lines_and_everybody_can_tell_of_a_worry(front_desk, slack):
    day = MORNING
    for _ in range(20):
        with front_desk.product.house.units.write("oakfield") as unit:
            duty_round(unit, school=school_of(front_desk), shelf=front_desk.product.house.shelf, now=day)
            unit.commit()
        day += timedelta(days=1)

    home = at_home(front_desk, slack)

    assert len(lines(home)) <= 5
    assert {"Report a concern", "Something on a screen"} <= set(buttons(home))
