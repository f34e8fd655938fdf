"""Through Slack's real SDK: Amara asks for her training, reads on, answers a question, and finds her place again."""

import pytest

from tests.flows.rig import AMARA, button_of
from tests.flows.test_flow_lessons import _newest

REPORTING = "When a child tells you, and when you see it"


@pytest.mark.clause(21, 59)
async def test_amara_learns_in_slack_and_finds_her_place_again(school):
    async with school() as rig:
        await rig.settle()

        async def asked(words):
            await rig.slack.slash(AMARA, "/lollipop", words, "C0OAK")

        async def press(label):
            card = _newest(rig, AMARA, "C0OAK")
            action, value = button_of(card["blocks"], label)
            await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)

        def shows(words):
            return words in str(_newest(rig, AMARA, "C0OAK")["blocks"])

        await asked("training")
        await rig.until(lambda: shows(REPORTING))
        await press(REPORTING)
        await rig.until(lambda: shows("step 1 of 4"))
        for number in (2, 3, 4):
            await press("Next")
            await rig.until(lambda number=number: shows(f"step {number} of 4"))
        await press("To the questions")
        await rig.until(lambda: shows("question 1 of 4"))
        await press("Yes, so that they trust me")
        await rig.until(lambda: shows("A promise of secrecy cannot be kept"))

        await asked("training")
        await rig.until(lambda: shows(REPORTING))
        await press(REPORTING)
        await rig.until(lambda: shows("question 2 of 4"))
