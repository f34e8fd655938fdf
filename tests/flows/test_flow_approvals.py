"""A newsletter for the whole school through the real Telegram and Slack: without two people's yes it stays here."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.flows.rig import AMARA, HANNAH, MARTA, Rig, button_of, school_up

DUE = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
TITLE = "New devices and games: a calm start"
WAITS = "Newsletter of 01/12: it waits for two people's look"


async def joined(rig: Rig) -> None:
    rig.telegram.say(MARTA, f"/start {rig.invite}")
    await rig.tap(MARTA, "English")
    await rig.tap(MARTA, "Yes, join")


def news(rig: Rig) -> int:
    return sum(TITLE in text for text in rig.chat(MARTA))


async def looks(rig: Rig, person: str) -> None:
    """By way of /lollipop status; what comes back is the newest in their own chat with the bot."""
    await rig.slack.slash(person, "/lollipop", "status")
    await press(rig, person, WAITS)


async def press(rig: Rig, person: str, label: str) -> None:
    await rig.until(lambda: any(_has(each.blocks, label) for each in rig.slack.dm_messages(person)))
    card = next(each for each in reversed(rig.slack.dm_messages(person)) if _has(each.blocks, label))
    await rig.slack.press(person, rig.slack.dm(person).id, card.ts, *button_of(card.blocks, label))


async def hears(rig: Rig, person: str, words: str) -> None:
    await rig.until(lambda: words in str([each.blocks for each in rig.slack.dm_messages(person)]))


def _has(blocks: list[dict[str, Any]], label: str) -> bool:
    elements = [each for block in blocks if block["type"] == "actions" for each in block["elements"]]
    return label in [each["text"]["text"] for each in elements]


def acts(rig: Rig) -> int:
    """How many lines of evidence there are for newsletters."""
    with rig.product.house.units.read("oakfield") as unit:
        return len(unit.evidence.trails(limit=9, clause="C16").get("C16", ()))


@pytest.mark.clause(16)
async def test_marta_gets_the_newsletter_once_two_people_have_looked_at_it_and_not_before(tmp_path) -> None:
    async with school_up(tmp_path, second_person=True) as rig:
        await joined(rig)
        rig.clock.move_to(DUE - timedelta(days=5, hours=5))
        await rig.settle()
        for person in (AMARA, HANNAH):
            await hears(rig, person, "once two people have looked at it and said yes")
        before = acts(rig)
        await looks(rig, HANNAH)
        await press(rig, HANNAH, "See it: Year 4, English")
        await hears(rig, HANNAH, "This is how a parent of Year 4 who reads English gets it")
        await press(rig, HANNAH, "Send me a test")
        await hears(rig, HANNAH, "A test is on its way")
        await rig.settle()
        await hears(rig, HANNAH, "This is a test. Only you have got it")
        await press(rig, HANNAH, "It's ready")
        await hears(rig, HANNAH, "It goes once one more person")

        rig.clock.move_to(DUE + timedelta(minutes=1))
        await rig.settle()
        assert news(rig) == 0
        assert TITLE not in (await rig.web.get("/news")).text
        assert (await rig.web.get("/news/newsletter-2026-12")).status_code == 404

        await press(rig, HANNAH, "It's ready")
        await hears(rig, HANNAH, "You have said yes to this one already")
        await rig.settle()
        assert news(rig) == 0

        await looks(rig, AMARA)
        await press(rig, AMARA, "Approve")
        await hears(rig, AMARA, "Two people have said yes")
        rig.clock.move_to(DUE + timedelta(minutes=3))
        await rig.settle()
        rig.clock.move_to(DUE + timedelta(minutes=5))
        await rig.settle()

        assert news(rig) == 1
        assert TITLE in (await rig.web.get("/news")).text
        with rig.product.house.units.read("oakfield") as unit:
            (sent,) = [
                each for each in unit.deliveries.progress(limit=9) if each.header.mailing.id.startswith("newsletter:")
            ]
            assert (sent.header.candidates, sent.states) == (1, {"sent": 1}), "a test is none of it"
        assert acts(rig) == before + 3, "two people's yes, and the sending"


async def test_what_nobody_approved_never_goes_and_amara_is_told_once(tmp_path) -> None:
    async with school_up(tmp_path, second_person=True) as rig:
        await joined(rig)
        for days in (0, 2, 6, 7):
            rig.clock.move_to(DUE + timedelta(days=days, hours=-3))
            await rig.settle()

        await hears(rig, AMARA, "A newsletter did not go out")
        said = [str(each.blocks) for each in rig.slack.dm_messages(AMARA)]
        assert sum("A newsletter did not go out" in each for each in said) == 1
        assert not any("A newsletter did not go out" in str(each.blocks) for each in rig.slack.dm_messages(HANNAH))
        assert news(rig) == 0
        assert TITLE not in (await rig.web.get("/news")).text
        rig.telegram.say(MARTA, "/news")
        await rig.until(lambda: "The next newsletter comes about 12/01/2027" in rig.chat(MARTA)[-1])
        assert news(rig) == 0
        with rig.product.house.units.read("oakfield") as unit:
            found = [each.header for each in unit.deliveries.progress(limit=20) if "2026-12" in each.header.mailing.id]
            assert [(each.state.value, each.candidates) for each in found] == [("cancelled", 0)]
