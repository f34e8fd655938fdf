"""Amara in the middle of a lesson: the clock of a step, what a class knows, a poll. One school for all of it."""

import json
import re
from datetime import timedelta

import pytest

from tests.flows.rig import AMARA, button_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _newest(rig):
    return rig.slack.messages("C0OAK")[-1]


async def _press(rig, label, *, then):
    card = _newest(rig)
    action, value = button_of(card.blocks, label)
    await rig.slack.press(AMARA, "C0OAK", card.ts, action, value)
    await rig.until(lambda: then in str(_newest(rig).blocks))


async def _card_of(rig, name):
    await rig.slack.slash(AMARA, "/lesson", name, "C0OAK")
    await rig.until(lambda: rig.slack.messages("C0OAK") and "Start the lesson" in str(_newest(rig).blocks))


def _dms(rig):
    return json.dumps([message.blocks for message in rig.slack.dm_messages(AMARA)])


def _modal(rig):
    return json.dumps(rig.slack.snapshot(AMARA)["modal"])


async def test_amara_gets_one_short_message_when_a_step_s_time_is_up_and_none_where_she_went_on_or_it_is_late(
    open_school,
):
    rig, over = open_school, "has had its minutes"
    await _card_of(rig, "Oak")
    await _press(rig, "Start the lesson", then="3 minutes: began at 09:00, until 09:03.")

    await _press(rig, "Remind me when time is up", then="You get a short message at 09:03")
    rig.clock.move_to(rig.clock.now() + timedelta(minutes=2))
    await rig.settle()
    assert over not in _dms(rig), "not before its time"
    rig.clock.move_to(rig.clock.now() + timedelta(minutes=1))
    await rig.settle()
    assert _dms(rig).count(over) == 1

    await _press(rig, "Next step", then="5 minutes: began at 09:03, until 09:08.")
    await _press(rig, "Remind me when time is up", then="You get a short message at 09:08")
    await _press(rig, "Next step", then="Step 3 of 6")
    rig.clock.move_to(rig.clock.now() + timedelta(minutes=5))
    await rig.settle()
    assert _dms(rig).count(over) == 1, "she went on"

    await _press(rig, "Next step", then="Step 4 of 6")
    await _press(rig, "Remind me when time is up", then="You get a short message at")
    rig.clock.move_to(rig.clock.now() + timedelta(minutes=20))
    await rig.settle()
    assert _dms(rig).count(over) == 1, "it is late"
    assert rig.product.ledger.counts().states["skipped"] == 2


@pytest.mark.clause(6)
async def test_amara_asks_what_oak_knows_in_one_window_and_takes_a_poll(open_school):
    rig = open_school
    await _card_of(rig, "Elm")
    await _press(rig, "Ask what they know first", then="Question 1 of")
    total = int(re.search(r"Question 1 of (\d)", str(_newest(rig).blocks))[1])
    card = _newest(rig)
    action, value = button_of(card.blocks, "Count hands")
    await rig.slack.press(AMARA, "C0OAK", card.ts, action, value)
    for number in range(total):
        await rig.until(lambda box=f"h{number}_0": box in _modal(rig))
        await rig.slack.submit(AMARA, values={f"h{number}_0": "9", f"h{number}_1": "19"})
        await rig.until(lambda said=f"Kept. Question {number + 1}": said in _modal(rig))
        if number + 1 < total:
            action, value = button_of(rig.slack.snapshot(AMARA)["modal"]["blocks"], "Count hands")
            await rig.slack.press_in_view(AMARA, action, value)

    assert "is asked the same questions after its last lesson" in _modal(rig)
    with rig.product.house.units.read("oakfield") as unit:
        assert [entry.hands[n].all for n, entry in enumerate(unit.progress.taught("elm"))] == [28] * total

    await rig.slack.slash(AMARA, "/lollipop", "poll", "C0OAK")
    await rig.until(lambda: "unsure" in _modal(rig))
    await rig.slack.submit(AMARA, values={"yes": "14", "unsure": "120"})
    assert "a whole number from 0 to 99" in _modal(rig)
    await rig.slack.submit(AMARA, values={"yes": "14", "unsure": "7"})
    await rig.until(lambda: "14 of 21" in _modal(rig))
