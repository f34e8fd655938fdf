"""Amara sees until when a step goes, and is told once when its time is up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.storage.tables import delivery
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_revisits import AMARA, buttons, press

AT = {"c": "oak", "l": "lesson-y4-privacy-1", "t": "0"}
REMIND, FIVE = "Remind me when time is up", timedelta(minutes=5)


@pytest.fixture
def at(front_desk):
    """Move the school's clock on by so many minutes."""
    return lambda minutes: front_desk.product.house.school_clock.move_to(NOW + timedelta(minutes=minutes))


def shown(front_desk, number=1, **more):
    return front_desk("lesson.step", sender=AMARA, lang="en", **AT, n=str(number), **more)


def reminders(front_desk):
    with front_desk.product.engines.reading() as connection:
        chosen = select(delivery).where(delivery.c.page == "step-over").order_by(delivery.c.id)
        return connection.execute(chosen).all()


def states(front_desk):
    return [row.state for row in reminders(front_desk)]


def test_amara_reads_when_a_step_began_and_until_when_it_goes_by_the_clock_on_the_school_s_wall(front_desk):
    front_desk.product.house.school_clock.move_to(datetime(2026, 9, 29, 9, 32, 40, tzinfo=UTC))

    assert "5 minutes: began at 10:32, until 10:37." in read(shown(front_desk))


def test_amara_is_told_once_when_the_time_is_up_and_not_when_it_is_long_over(front_desk):
    card = press(front_desk, shown(front_desk), REMIND)

    (row,) = reminders(front_desk)
    assert (row.recipient, row.to_kind, row.lane) == ("amara", "person", "replies")
    assert row.values == {"step": "Recall", "class": "Oak"}
    assert row.due_at == NOW + FIVE
    assert row.not_after == NOW + FIVE + timedelta(minutes=2)
    assert "You get a short message at 11:05, unless you go on before." in read(card)
    assert REMIND not in buttons(card)


def test_amara_who_taps_twice_is_told_once(front_desk):
    card = shown(front_desk)

    for _ in range(2):
        press(front_desk, card, REMIND)

    assert sorted(states(front_desk)) == ["planned", "skipped"]


@pytest.mark.parametrize("on", ["Next step", "Back", "No reminder", "Only partly done"])
def test_amara_who_goes_on_is_not_told_of_the_step_that_she_left(front_desk, on):
    card = press(front_desk, shown(front_desk), REMIND)

    press(front_desk, card, on)

    assert states(front_desk) == ["skipped"]


def test_amara_who_marks_the_lesson_is_not_told_of_its_last_step(front_desk):
    press(front_desk, shown(front_desk, 5), REMIND)

    front_desk("lesson.taught", sender=AMARA, lang="en", **AT)

    assert states(front_desk) == ["skipped"]


def test_amara_may_ask_for_a_reminder_again_after_she_took_it_back(front_desk):
    told = press(front_desk, shown(front_desk), REMIND)
    press(front_desk, press(front_desk, told, "No reminder"), REMIND)

    assert states(front_desk) == ["skipped", "planned"]


def test_amara_who_looks_for_help_meanwhile_comes_back_to_the_same_minutes(front_desk, at):
    told = press(front_desk, shown(front_desk), REMIND)
    at(3)

    back = press(front_desk, press(front_desk, told, "Help for this lesson"), "Back to the lesson")

    assert "began at 11:00, until 11:05" in read(back)
    assert "You get a short message at 11:05" in read(back)
    assert states(front_desk) == ["planned"]


def test_amara_who_asks_too_late_is_told_that_the_minutes_are_over(front_desk, at):
    card = shown(front_desk)
    at(6)

    late = press(front_desk, card, REMIND)

    assert "Its 5 minutes are over already." in read(late)
    assert REMIND not in buttons(late)
    assert reminders(front_desk) == []


def test_nobody_is_bothered_with_a_reminder_that_came_too_late(front_desk, at):
    press(front_desk, shown(front_desk), REMIND)
    at(30)

    front_desk.product.loop._post.late("oakfield")

    with front_desk.product.engines.reading() as connection:
        rows = connection.execute(select(delivery.c.page, delivery.c.state)).all()
    assert [tuple(row) for row in rows] == [("step-over", "skipped")]


def test_marta_may_ask_for_none_of_it(front_desk):
    answer = front_desk("lesson.remind", lang="en", **AT, n="1", b="1790000000")

    assert "until" not in read(answer)
    assert reminders(front_desk) == []
