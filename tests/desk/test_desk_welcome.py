"""A bare /start: whoever has joined is in and sees what they can do; whoever has not is told the way in."""

import pytest

from bot.channels.telegram.channel import MENU
from bot.channels.telegram.handlers import COMMANDS
from parents import FamilyState

WAY_IN = "To join, use the link or poster from the school."


def test_marta_who_joined_already_sees_her_class_and_what_she_can_do(front_desk):
    front_desk.joined("en")

    answer = front_desk("start", lang="en", code="")
    told = front_desk.told("start", lang="en", code="")

    assert "You have joined" in told
    assert "Oak" in told
    assert WAY_IN not in told
    verbs = {choice.verb for row in answer.choices for choice in row}
    assert {"news", "events", "years", "ask", "whatif", "report.start"} <= verbs


def test_every_button_of_hers_leads_on(front_desk):
    front_desk.joined("en")

    buttons = [choice for row in front_desk("start", lang="en", code="").choices for choice in row]

    asked = [front_desk(choice.verb, lang="en", **choice.args) for choice in buttons]
    assert [answer.document is not None for answer in asked] == [True] * len(buttons)


@pytest.mark.parametrize("state", [None, FamilyState.STOPPED])
def test_whoever_has_not_joined_or_has_left_is_told_the_way_in(front_desk, state):
    if state:
        front_desk.joined("en", state=state)

    assert WAY_IN in front_desk.told("start", lang="en", code="")


def test_whatever_a_family_may_type_stands_in_the_menu():
    assert set(COMMANDS) - set(MENU) == {"start"}
