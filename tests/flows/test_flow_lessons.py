import pytest

from tests.flows.rig import AMARA, HANNAH, button_of


def _newest(rig, user, channel):
    return next(each for each in rig.slack.snapshot(user)["channels"] if each["id"] == channel)["messages"][-1]


async def _press(rig, label, *, then):
    card = _newest(rig, AMARA, "C0OAK")
    action, value = button_of(card["blocks"], label)
    await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)
    await rig.until(lambda: then in str(_newest(rig, AMARA, "C0OAK")["blocks"]))


@pytest.mark.clause(6)
async def test_amara_teaches_oak_the_next_lesson_and_the_class_moves_on(school):
    async with school() as rig:
        await rig.slack.slash(AMARA, "/lesson", "Oak", "C0OAK")
        await rig.until(lambda: _newest(rig, AMARA, "C0OAK")["blocks"])
        card = _newest(rig, AMARA, "C0OAK")
        assert "first lesson" in str(card["blocks"])

        await _press(rig, "Start the lesson", then="Step 1 of 6")
        for number in range(2, 7):
            await _press(rig, "Next step", then=f"Step {number} of 6")
        card = _newest(rig, AMARA, "C0OAK")
        action, value = button_of(card["blocks"], "Mark as taught")
        await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)
        await rig.until(lambda: rig.slack.snapshot(AMARA)["modal"])
        await rig.slack.submit(AMARA, values={"h0_0": "20", "h0_1": "4"})
        await rig.settle()
        await rig.until(lambda: rig.product.ledger.counts().states.get("sent", 0) == 1)

        shown = _newest(rig, HANNAH, "C0OAK")
        assert shown["user"]["id"] == rig.slack.bot.id
        header, body = shown["blocks"]
        assert header["text"]["text"] == "Keep it yours: private things and strong passwords"
        (section,) = body["elements"]
        (said,) = section["elements"]
        assert said["text"].startswith("We learned what to keep private and how to build a strong password.")
        assert said["text"].endswith("If too much has been shared, it is not too late: we tell an adult we trust.")
        with rig.product.house.units.read("oakfield") as unit:
            taught = unit.progress.taught("oak")
        assert len(taught) == 1
        assert taught[0].hands[0].counts[:2] == (20, 4)
        await rig.slack.slash(AMARA, "/lesson", "Oak", "C0OAK")
        await rig.until(lambda: "1 of 8" in str(_newest(rig, AMARA, "C0OAK")))


async def test_amara_is_told_the_classes_when_she_names_one_that_is_not_there(school):
    async with school() as rig:
        await rig.slack.slash(AMARA, "/lesson", "Willow", "C0OAK")

        await rig.until(lambda: "Willow" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))
        assert "Oak, Elm" in str(_newest(rig, AMARA, "C0OAK")["blocks"])


@pytest.mark.clause(7)
async def test_amara_gets_this_weeks_assembly(school):
    async with school() as rig:
        await rig.slack.slash(AMARA, "/assembly", "", "C0OAK")

        await rig.until(lambda: "School week" in str(_newest(rig, AMARA, "C0OAK")))
