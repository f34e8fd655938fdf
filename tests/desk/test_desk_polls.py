"""Amara takes a quick poll by hands up. Nothing of it is kept."""

from sqlalchemy import func, select

from bot.storage.class_tables import progress
from bot.storage.tables import delivery, evidence
from bot.wire import Show
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import AMARA, buttons, press

AT = {"c": "oak", "l": "lesson-y4-privacy-1", "t": "0"}


def polled(front_desk, **counts):
    step = front_desk("lesson.step", sender=AMARA, lang="en", **AT, n="2")
    form = press(front_desk, step, "Quick poll").form
    assert {field.name for field in form.fields} == {"yes", "no", "unsure"}
    return front_desk(form.verb, sender=AMARA, lang="en", **form.args, **counts)


def test_amara_sees_bars_as_long_as_the_hands_are_many_and_nothing_is_kept(front_desk):
    bars = polled(front_desk, yes="14", no="7", unsure="")

    said = read(bars)
    assert f"Yes: 14 of 21 {'▇' * 14}" in said
    assert f"No: 7 of 21 {'▇' * 7} " in said
    assert "Not sure: 0 of 21" in said
    assert said.count("▇") == 21
    with front_desk.product.engines.reading() as connection:
        for table in (progress, evidence, delivery):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_amara_sees_a_bar_for_one_hand_among_many_and_none_where_no_hand_went_up(front_desk):
    assert read(polled(front_desk, yes="99", no="1")).count("▇") == 15
    assert "▇" not in read(polled(front_desk))


def test_amara_is_told_which_box_and_which_range_a_wrong_count_of_a_poll_is_out_of(front_desk):
    refused = polled(front_desk, yes="14", unsure="100")

    assert refused.refused
    assert "Not sure: “100” can't be right. A count is a whole number from 0 to 99" in read(refused)


def test_amara_takes_another_poll_at_once(front_desk):
    assert press(front_desk, polled(front_desk, yes="3"), "Another poll").show is Show.FORM
    assert list(buttons(polled(front_desk))) == ["Another poll"]


def test_marta_may_take_none(front_desk):
    assert front_desk("poll", lang="en").form is None
    assert "▇" not in read(front_desk("poll.show", lang="en", yes="3"))
