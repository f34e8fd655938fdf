"""Through Slack as it is: Amara's screen shows what it should not, and the site she would rather use is listed."""

import pytest

from tests.flows.rig import AMARA, HANNAH, button_of
from tests.flows.test_flow_lessons import _newest

GIVEN = {"kind": "violent", "device": "board", "when": "now", "year": "4", "seen": "yes", "upset": "yes"}


@pytest.mark.clause(11, 12)
async def test_amara_is_told_what_to_do_and_lists_a_site_that_she_has_looked_at(school):
    async with school() as rig:
        await rig.slack.slash(AMARA, "/found", "", "C0OAK")
        await rig.until(lambda: "Turn the screen off" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))
        card = _newest(rig, AMARA, "C0OAK")
        assert "Turn the screen off" not in str(rig.slack.snapshot(HANNAH)), "she alone sees it"
        action, value = button_of(card["blocks"], "Tell whoever looks after the filter")
        await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)
        await rig.until(lambda: rig.slack.snapshot(AMARA)["modal"])

        await rig.slack.submit(
            AMARA, values={**GIVEN, "address": "https://www.example.org/x?child=Samira", "mark": "Room 3"}
        )

        await rig.until(lambda: "You did the right thing" in str(rig.slack.snapshot(AMARA)["modal"]))
        assert "Log a concern for a child" in str(rig.slack.snapshot(AMARA)["modal"])
        with rig.product.house.units.read("oakfield") as unit:
            (find,) = unit.finds.newest(limit=9)
        assert (find.kind, find.mark) == ("violent", "Room 3")

        # One school for both: it takes longer to open than to ask.
        await rig.slack.slash(AMARA, "/lollipop", "sites", "C0OAK")
        await rig.until(lambda: "nothing on the list yet" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))
        card = _newest(rig, AMARA, "C0OAK")
        action, value = button_of(card["blocks"], "Add a site")
        await rig.slack.press(AMARA, "C0OAK", card["ts"], action, value)
        await rig.until(lambda: rig.slack.snapshot(AMARA)["modal"])
        typed = {"address": "https://www.example.org/maps", "purpose": "Maps of rivers"}
        chosen = {"youngest": "4", "oldest": "4", "lesson": "none", "looked": "looked"}

        await rig.slack.submit(AMARA, values={**typed, **chosen})

        await rig.until(lambda: "It is on the list" in str(rig.slack.snapshot(AMARA)["modal"]))
        await rig.slack.slash(AMARA, "/lollipop", "sites", "C0OAK")
        await rig.until(lambda: "Still fine: example.org/maps" in str(_newest(rig, AMARA, "C0OAK")["blocks"]))
