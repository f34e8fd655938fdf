"""Through both platforms as they are: Marta asks, Amara answers in a form, and Marta reads it in her own chat."""

import pytest

from tests.flows.rig import AMARA, HANNAH, MARTA, button_of
from tests.flows.test_flow_lessons import _newest


@pytest.mark.clause(20, 26)
async def test_marta_asks_and_amara_answers_her_in_slack(school):
    async with school() as rig:
        rig.telegram.start(MARTA, rig.invite)
        await rig.tap(MARTA, "English")
        await rig.tap(MARTA, "Yes, join")
        await rig.tap(MARTA, "What to do if ...")
        await rig.tap(MARTA, "Someone is blackmailing my child")
        await rig.tap(MARTA, "Ask the school")
        await rig.until(lambda: "Send your question" in rig.chat(MARTA)[-1])
        rig.telegram.say(MARTA, "From what age a phone of their own?")
        await rig.until(lambda: "Thank you for asking" in rig.chat(MARTA)[-1])

        await rig.settle()
        await rig.slack.slash(AMARA, "/lollipop", "questions", "C0OAK")
        await rig.until(lambda: "a family asked" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))
        card = _newest(rig, AMARA, "C0OAK")
        assert "From what age" not in str(rig.slack.snapshot(HANNAH)), "nobody else reads it"
        label = next(each for each in _labels(card["blocks"]) if each.startswith("Open "))
        action, value = button_of(card["blocks"], label)
        await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)
        await rig.until(lambda: "From what age" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))
        card = _newest(rig, AMARA, "C0OAK")
        action, value = button_of(card["blocks"], "Answer")
        await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)
        await rig.until(lambda: rig.slack.snapshot(AMARA)["modal"])
        await rig.slack.submit(AMARA, values={"answer": "There is no one right age."})
        await rig.until(lambda: "Keep as a FAQ" in str(rig.slack.snapshot(AMARA)["modal"]))

        await rig.settle()
        await rig.until(lambda: "The school has answered" in rig.chat(MARTA)[-1])
        assert "no one right age" not in str(rig.chat(MARTA))
        rig.telegram.say(MARTA, "/ask")
        await rig.until(lambda: "no one right age" in rig.chat(MARTA)[-1])
        assert "From what age" not in rig.logs.getvalue()
        assert b"From what age" not in rig.everything_on_disk()


def _labels(blocks):
    found = [element for block in blocks for element in block.get("elements", ()) if element.get("type") == "button"]
    return [each["text"]["text"] for each in found]
