"""Through Slack's real SDK: Ben puts a camera into the log, Amara takes it and loses it; Hannah takes over a risk."""

import pytest

from tests.flows.rig import AMARA, HANNAH, button_of
from tests.flows.test_flow_lessons import _newest

BEN = "U0BEN"


@pytest.mark.clause(48, 58)
async def test_a_camera_goes_round_and_a_risk_is_taken_over(school):
    async with school() as rig:
        await rig.settle()

        async def press(who, label):
            card = _newest(rig, who, "C0OAK")
            action, value = button_of(card["blocks"], label)
            await rig.slack.press(who, "C0OAK", card["ts"], action, value)

        async def asked(who, words, shown):
            await rig.slack.slash(who, "/lollipop", words, "C0OAK")
            await rig.until(lambda: shown in str(_newest(rig, who, "C0OAK")["blocks"]))

        await asked(BEN, "devices", "nothing in the log yet")
        await press(BEN, "Add a device")
        await rig.until(lambda: rig.slack.snapshot(BEN)["modal"])
        values = {"label": "Camera 2", "sort": "camera", "encrypted": "no", "place": ""}
        await rig.slack.submit(BEN, values=values)
        await rig.until(lambda: "It is in the register" in str(rig.slack.snapshot(BEN)))

        await asked(AMARA, "devices", "Take Camera 2")
        await press(AMARA, "Take Camera 2")
        await rig.until(lambda: "You have Camera 2 now" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))
        await press(AMARA, "Camera 2 is lost")
        await rig.until(lambda: "Tell of a lost device" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))

        await asked(HANNAH, "risks", "Take it over")
        await press(HANNAH, "Take it over")
        await rig.until(lambda: "yours to look at" in str(_newest(rig, HANNAH, "C0OAK")["blocks"]))
        await press(HANNAH, "Change it")
        await rig.until(lambda: rig.slack.snapshot(HANNAH)["modal"])
        modal = str(rig.slack.snapshot(HANNAH)["modal"])
        assert "A member of staff is abused, imitated or threatened online" in modal
        assert "abused, imitated" not in rig.logs.getvalue()
