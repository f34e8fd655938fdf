"""Which newsletters are looked at: a machine that slept through the hour still finds one that is good."""

from datetime import datetime, timedelta

import pytest

from bot.library import load_library
from bot.scheduling.rounds import NEWS_AT, due_newsletters
from parents import Newsletter, newsletter_mailing
from tests.web.web_school import a_school

SCHOOL = a_school()
PAGE = load_library().shelf.all(kind="newsletter")[0]


def due() -> datetime:
    return SCHOOL.calendar.at(PAGE.front.send_on, NEWS_AT)


def looked_at(now: datetime) -> bool:
    return (PAGE, PAGE.front.send_on) in due_newsletters([PAGE], school=SCHOOL, now=now)


@pytest.mark.clause(18)
def test_a_machine_down_over_the_weekend_still_finds_friday_s_newsletter() -> None:
    news = Newsletter(page=PAGE.id, version=PAGE.version, years=frozenset(), digest="a")
    good_until = newsletter_mailing(news, school=SCHOOL, due=due()).not_after

    assert good_until is not None
    hours = int((good_until - due()) / timedelta(hours=1))
    assert hours >= 72
    assert all(looked_at(due() + timedelta(hours=hour)) for hour in range(hours + 1))
    # And a while longer, so that the owner hears that it never went.
    assert looked_at(good_until + timedelta(days=2))


def test_a_newsletter_of_last_term_is_history() -> None:
    assert not looked_at(due() + timedelta(days=8))
    assert looked_at(due() - timedelta(days=7))
    assert not looked_at(due() - timedelta(days=8))
