import asyncio
import re
from datetime import UTC, datetime

import pytest

from bot import demo
from bot.desk.sent import STATES
from bot.playground.telegram.errors import ApiError
from bot.playground.telegram.faults import Drop, Refuse
from tests.flows.rig import AMARA, MARTA, SAM

JANUARY_NEWS = datetime(2027, 1, 12, 16, 0, tzinfo=UTC)
FIRST_STEP = datetime(2027, 1, 18, 16, 0, tzinfo=UTC)
NEIGHBOURS = {601: "Ines", 602: "Ravi", 603: "Zofia", 604: "Noor"}
SHOWN = ("planned", "sent", "failed", "unknown")
# Six families have had one newsletter, and a step of the campaign is held for them. Two teachers have had theirs.
EXPECTED = {"Planned": 6, "Sent": 5, "Failed": 2, "Unknown: may or may not have gone out": 1}


async def _joins(rig, family: int) -> None:
    rig.telegram.start(family, rig.invite)
    await rig.tap(family, "English")
    await rig.tap(family, "Yes, join")


def _joined(rig) -> int:
    with rig.product.house.units.read("oakfield") as unit:
        return len(list(unit.families.active()))


def _refused() -> Refuse:
    return Refuse(ApiError(400, "Bad Request: not enough rights to send text messages to the chat"))


def _newest_for_amara(rig) -> dict[str, object]:
    channel = next(each for each in rig.slack.snapshot(AMARA)["channels"] if each["id"] == "C0OAK")
    return channel["messages"][-1] if channel["messages"] else {"blocks": []}


def _on_slack(blocks) -> dict[str, int]:
    """The facts of a card, by their labels: what Slack draws is `*label*` and the value under it."""
    fields = [field["text"] for block in blocks for field in block.get("fields", [])]
    told = dict(re.fullmatch(r"\*(.+)\*\n(\d+)", field).groups() for field in fields)
    return {label: int(number) for label, number in told.items()}


def _on_the_web(page: str) -> dict[str, int]:
    """The facts of the whole school, which come first; a card for each mailing follows."""
    whole = page.partition("</dl>")[0]
    told = re.findall(r"<div><dt>([^<]+)</dt><dd>(\d+)</dd></div>", whole)
    return {label: int(number) for label, number in told}


@pytest.mark.clause(18)
async def test_amara_and_dilys_see_what_is_planned_sent_failed_and_unknown_in_one_place(school):
    assert [STATES[state].msgid for state in SHOWN] == list(EXPECTED)
    async with school() as rig:
        for number, name in NEIGHBOURS.items():
            rig.telegram.add_person(number, name, "en")
        await asyncio.gather(*(_joins(rig, family) for family in (MARTA, SAM, *NEIGHBOURS)))
        await rig.until(lambda: _joined(rig) == 6)
        rig.telegram.faults.next("sendMessage", _refused(), times=2)
        rig.telegram.faults.next("sendMessage", Drop(carried_out=True))
        rig.clock.move_to(JANUARY_NEWS)
        await rig.settle()
        await rig.until(lambda: rig.product.ledger.counts().states["sent"] == 5)
        with rig.product.house.units.write("oakfield") as unit:
            unit.deliveries.pause(since=JANUARY_NEWS)
            unit.commit()
        rig.clock.move_to(FIRST_STEP)
        await rig.settle()
        await rig.until(lambda: rig.product.ledger.counts().states["planned"] == 6)

        await rig.slack.slash(AMARA, "/lollipop", "status", "C0OAK")
        await rig.until(lambda: _newest_for_amara(rig)["blocks"])
        card = _newest_for_amara(rig)["blocks"]
        signed_in = await rig.web.post("/inbox/sign-in", data={"person": "dilys", "passphrase": demo.PASSPHRASE})
        page = (await rig.web.get("/deliveries")).text

        assert signed_in.status_code == 303
        assert {label: _on_slack(card)[label] for label in EXPECTED} == EXPECTED
        assert {label: _on_the_web(page)[label] for label in EXPECTED} == EXPECTED
        assert _on_slack(card) == _on_the_web(page)
        assert sum(_on_slack(card).values()) == sum(EXPECTED.values())
        assert page.count("to a family by Telegram: Planned (18 Jan 16:00)") == 6
