"""Through Slack as it is: Amara asks for a site, three others say yes by the buttons in their own chats."""

from datetime import timedelta

import pytest

from tests.flows.rig import AMARA, HANNAH, button_of

FEMI, BEN = "U0FEMI", "U0BEN"
SITE = {"address": "https://www.example.org/maps?child=Samira", "why": "Maps of rivers", "class": "elm", "weeks": "1"}


def _chat(rig, user):
    """The newest message in somebody's own chat with the bot."""
    chats = [each for each in rig.slack.snapshot(user)["channels"] if each["id"].startswith("D") and each["messages"]]
    return chats[0]["id"], chats[0]["messages"][-1]


async def _press(rig, user, label, *, then):
    channel, message = _chat(rig, user)
    action, value = button_of(message["blocks"], label)
    await rig.slack.press(user, channel, message["ts"], action, value)
    await rig.until(lambda: then in str(rig.slack.snapshot(user)))


def _requests(rig):
    with rig.product.house.units.read("oakfield") as unit:
        return unit.requests.newest(limit=9)


async def _asked(rig, verb, values):
    await rig.slack.slash(FEMI, "/lollipop", verb, "C0OAK")
    await rig.until(lambda: rig.slack.snapshot(FEMI)["modal"])
    await rig.slack.submit(FEMI, values=values)
    await rig.until(lambda: _requests(rig))
    await rig.settle()
    return _requests(rig)[0]


@pytest.mark.clause(36)
async def test_femi_s_site_is_unblocked_by_three_in_their_own_chats_and_blocked_again(school):
    async with school() as rig:
        asked = await _asked(rig, "unblock", SITE)
        ref = asked.reference
        await rig.until(lambda: f"Open {ref}" in str(rig.slack.snapshot(BEN)))
        assert "rivers" not in str(rig.slack.snapshot(BEN)), "nobody's words stand in a notice"

        for user, then in ((BEN, "Your yes is kept"), (HANNAH, "Your yes is kept"), (AMARA, "It is granted")):
            await rig.until(lambda user=user: f"Open {ref}" in str(rig.slack.snapshot(user)))
            await _press(rig, user, f"Open {ref}", then="Maps of rivers")
            await _press(rig, user, "Yes", then=then)

        await rig.until(lambda: "is granted" in str(rig.slack.snapshot(FEMI)))
        assert _requests(rig)[0].state == "granted"
        rig.clock.move_to(rig.clock.now() + timedelta(weeks=2, hours=1))
        await rig.settle()
        await rig.until(lambda: "Please block it again" in str(rig.slack.snapshot(BEN)))
        await _press(rig, BEN, f"Open {ref}", then="Blocked again")
        await _press(rig, BEN, "Blocked again", then="Whoever asked is told")
        assert _requests(rig)[0].state == "closed"


@pytest.mark.clause(33, 38)
async def test_femi_tells_of_a_fault_and_of_a_breach_and_who_has_to_know_hears_at_once(school):
    async with school() as rig:
        fault = await _asked(
            rig, "filterfault", {"choice": "lets_through", "address": "", "where": "Room 3", "why": "A game site"}
        )
        await rig.until(lambda: fault.reference in str(rig.slack.snapshot(BEN)))
        assert "Please send this to" in str(rig.slack.snapshot(FEMI)["modal"])

        await rig.slack.slash(FEMI, "/lollipop", "breach", "C0OAK")
        await rig.until(lambda: "What happened" in str(rig.slack.snapshot(FEMI)["modal"]))
        told = {"choice": "lost", "day": "2026-11-23", "time": "as_soon", "personal": "yes", "why": ""}
        await rig.slack.submit(FEMI, values=told)

        await rig.until(lambda: len(_requests(rig)) == 2)
        rig.clock.move_to(rig.clock.now() + timedelta(minutes=2))
        await rig.settle()
        await rig.until(lambda: "suspected breach" in str(rig.slack.snapshot(HANNAH)))
        await rig.until(lambda: "72 hours" in str(rig.slack.snapshot(HANNAH)))
        await rig.slack.slash(HANNAH, "/lollipop", "requests", "C0OAK")
        await rig.until(lambda: "Waiting for you" in str(rig.slack.snapshot(HANNAH)))
