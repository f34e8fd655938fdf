"""Somebody in a chat who sends more than people do: nothing is refused, and the lead is told of the rest once."""

from collections import Counter

import pytest
from sqlalchemy import select

from bot.limits import FROM_ONE_SENDER
from bot.storage.tables import delivery, vault_concern

PUPIL, OTHER = "U0PUPIL", "U0STRANGER"
MANY = FROM_ONE_SENDER + 10


def notices(front_desk) -> Counter[str]:
    with front_desk.product.engines.reading() as connection:
        return Counter(connection.execute(select(delivery.c.page)).scalars())


def held(front_desk) -> Counter[bool]:
    with front_desk.product.engines.reading() as connection:
        return Counter(connection.execute(select(vault_concern.c.flood)).scalars())


@pytest.mark.clause(40)
def test_a_sender_who_sends_forty_reports_is_taken_forty_times_and_the_lead_told_once_of_the_last_ten(front_desk):
    for number in range(MANY):
        told = front_desk.told("report.send", words=f"Report {number} of mine", sender=PUPIL, lang="en", about="pupil")
        assert "Your receipt" in told
    told = front_desk.told("report.send", words="Somebody writes to me", sender=OTHER, lang="en", about="pupil")

    assert "Your receipt" in told
    assert held(front_desk) == {False: FROM_ONE_SENDER + 1, True: 10}
    assert notices(front_desk) == {"concern-notice": FROM_ONE_SENDER + 1, "concern-flood": 1}


@pytest.mark.parametrize("sender", [PUPIL, "502"])
def test_words_out_of_the_blue_are_drafts_and_passing_them_on_tells_the_lead_no_more_often(front_desk, sender):
    for number in range(MANY):
        front_desk("words", words=f"and then she said thing {number} to me", sender=sender, lang="en")
    assert notices(front_desk) == {}

    front_desk("draft.about", sender=sender, lang="en", a="pupil")

    assert notices(front_desk) == {"concern-notice": FROM_ONE_SENDER, "concern-flood": 1}
    assert held(front_desk)[True] == 10


def test_a_sign_of_danger_in_the_fortieth_message_is_told_of_at_once(front_desk):
    for number in range(MANY):
        front_desk("report.send", words=f"Report {number} of mine", sender=PUPIL, lang="en", about="pupil")

    front_desk("report.send", words="I want to kill myself", sender=PUPIL, lang="en", about="pupil")

    assert notices(front_desk) == {"concern-notice": FROM_ONE_SENDER + 1, "concern-flood": 1}
