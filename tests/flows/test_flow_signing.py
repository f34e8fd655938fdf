"""Through Slack as it is: Amara reads what staff agree, answers and signs; Hannah sees it and reminds the others."""

import pytest

from staff import DutyState, Sort
from tests.flows.rig import AMARA, HANNAH, button_of
from tests.flows.test_flow_lessons import _newest


@pytest.mark.clause(67)
async def test_amara_signs_in_slack_and_hannah_reminds_whoever_has_not(school):
    async with school(duties=True) as rig:
        quiz = rig.product.house.shelf.get("staff-aup", "en").front.quiz
        await rig.slack.slash(AMARA, "/lollipop", "sign", "C0OAK")
        await _until_shown(rig, AMARA, "use my own school account")
        assert "use my own school account" not in str(rig.slack.snapshot(HANNAH)), "she alone sees it"
        taps = [
            ("I have read it: on to the questions", "Question 1 of 3"),
            (quiz[0].options[0], "Not quite"),
            (quiz[0].options[quiz[0].answer - 1], "Question 2 of 3"),
            (quiz[1].options[quiz[1].answer - 1], "Question 3 of 3"),
            (quiz[2].options[quiz[2].answer - 1], "Those were all the questions"),
            ("I have read it and will keep to it", "You have signed"),
        ]

        for label, shown in taps:
            await _press(rig, AMARA, label)
            await _until_shown(rig, AMARA, shown)

        with rig.product.house.units.read("oakfield") as unit:
            done = [each.person for each in unit.duties.of(Sort.SIGN) if each.said is DutyState.DONE]
        assert done == ["amara"]
        await rig.slack.slash(HANNAH, "/lollipop", "roll", "C0OAK")
        await _until_shown(rig, HANNAH, "Signed: Amara Okafor")
        await _press(rig, HANNAH, "Remind whoever has not signed")
        await _until_shown(rig, HANNAH, "Reminded: ")
        await _press(rig, HANNAH, "Somebody signed on paper")
        await rig.until(lambda: rig.slack.snapshot(HANNAH)["modal"])
        await rig.slack.submit(HANNAH, values={"who": "grace/governor-aup", "day": "32/11/2026"})
        await rig.until(lambda: "day that stands on the paper" in str(rig.slack.snapshot(HANNAH)["modal"]))


async def _press(rig, person, label):
    card = _newest(rig, person, "C0OAK")
    await rig.slack.press(person, "C0OAK", card["ts"], *button_of(card["blocks"], label))


async def _until_shown(rig, person, words):
    await rig.until(lambda: words in str(_newest(rig, person, "C0OAK")["blocks"]))
