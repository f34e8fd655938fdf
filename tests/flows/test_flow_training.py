"""Through Slack's real SDK: Amara learns, finds her place again, says how sure she is, keeps her log, opens a roll."""

from datetime import UTC, datetime

import pytest

from staff import all_topics
from tests.flows.rig import AMARA, button_of
from tests.flows.test_flow_lessons import _newest

REPORTING = "When a child tells you, and when you see it"


@pytest.mark.clause(21, 59)
async def test_amara_learns_in_slack_and_finds_her_place_again(school):
    async with school(duties=True) as rig:
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


@pytest.mark.clause(22, 24, 25)
async def test_amara_fills_in_the_forms_of_her_training(school):
    async with school(duties=True) as rig:
        rig.clock.instant = datetime(2027, 1, 18, 9, 35, tzinfo=UTC)
        await rig.settle()

        async def press(label):
            card = _newest(rig, AMARA, "C0OAK")
            action, value = button_of(card["blocks"], label)
            await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)
            await rig.until(lambda: rig.slack.snapshot(AMARA)["modal"])

        def shows(words):
            return words in str(_newest(rig, AMARA, "C0OAK")["blocks"])

        await rig.slack.slash(AMARA, "/lollipop", "todo", "C0OAK")
        await rig.until(lambda: shows("Eight questions, two minutes"))
        await press("How sure are you? Eight questions, two minutes")
        await rig.slack.submit(AMARA, values={topic.id: "3" for topic in all_topics()})
        await rig.until(lambda: "nobody sees which are yours" in str(rig.slack.snapshot(AMARA)))

        await rig.slack.slash(AMARA, "/lollipop", "cpd", "C0OAK")
        await rig.until(lambda: shows("Add something"))
        await press("Add something")
        await rig.slack.submit(AMARA, values={"what": "Webinar on AI", "day": "15/01/2027", "minutes": "60"})
        await rig.until(lambda: "15/01/2027: Webinar on AI (60 minutes)" in str(rig.slack.snapshot(AMARA)))

        await rig.slack.slash(AMARA, "/lollipop", "inset", "C0OAK")
        await rig.until(lambda: shows("Open a roll"))
        await press("Open a roll")
        await rig.slack.submit(AMARA, values={"kind": "inset", "day": "04/01/2027"})
        await rig.until(lambda: "The roll is open" in str(rig.slack.snapshot(AMARA)))
        assert "Webinar on AI" not in rig.logs.getvalue()
