"""Safer Internet Day for Amara in Slack and for Marta on Telegram: packs beforehand, the day, and a report after it."""

import json
from datetime import UTC, datetime

import pytest

from tests.flows.rig import AMARA, DILYS, MARTA


def said_to(rig, person: str) -> list[str]:
    """What the bot wrote to somebody in their own chat, oldest first, with its blocks."""
    chats = [each for each in rig.slack.snapshot(person)["channels"] if each["id"].startswith("D")]
    return [json.dumps(message, ensure_ascii=False) for chat in chats for message in chat["messages"]]


async def moved(rig, *instant: int) -> None:
    rig.clock.move_to(datetime(*instant, tzinfo=UTC))
    await rig.settle()


@pytest.mark.clause(18)
async def test_amara_and_marta_are_taken_through_safer_internet_day(school):
    async with school() as rig:
        rig.telegram.start(MARTA, rig.invite)
        await rig.tap(MARTA, "English")
        await rig.tap(MARTA, "Yes, join")
        await rig.until(lambda: "Thank you for joining" in str(rig.chat(MARTA)))

        await moved(rig, 2027, 1, 6, 15, 50)
        packs = said_to(rig, AMARA)[-1]
        address = f"{rig.settings.address}/packs/sid-pack-7-11"
        assert "Choose ten minutes for your class" in packs
        assert address in packs
        assert "page:" not in packs
        assert "Choose ten minutes" not in str(said_to(rig, DILYS))
        pack = await rig.web.get("/packs/sid-pack-7-11")
        assert pack.status_code == 200
        assert "A street for everyone" in pack.text
        assert (await rig.web.get("/packs/check-it")).status_code == 404
        assert (await rig.web.get("/packs/nothing")).status_code == 404

        await moved(rig, 2027, 2, 9, 9, 0)
        assert "Today: an opener, a pledge and a quiz" in said_to(rig, AMARA)[-1]
        await moved(rig, 2027, 2, 9, 16, 5)
        await moved(rig, 2027, 2, 9, 16, 10)
        assert [said.partition("\n")[0] for said in rig.chat(MARTA)][-1] == "Today is Safer Internet Day"
        await moved(rig, 2027, 2, 10, 9, 0)
        assert "The day after: what came up?" in said_to(rig, DILYS)[-1]

        await moved(rig, 2027, 3, 11, 15, 50)
        report = said_to(rig, AMARA)[-1]
        assert "your one-page report" in report
        assert "Messages sent to families: 1. Families reached: 1. Steps that did not go out: 4." in report
        assert "your one-page report" not in str(said_to(rig, DILYS))
