"""Staff see what is being sent, hold it, let it go on, cancel it, and decide on what nobody can be sure of."""

import re
from datetime import UTC, datetime

from bot import demo
from bot.playground.telegram.faults import Drop
from tests.flows.rig import MARTA, SAM, Rig

DUE = datetime(2027, 2, 9, 18, 0, tzinfo=UTC)


async def joined(rig: Rig, person: int) -> None:
    rig.telegram.say(person, f"/start {rig.invite}")
    await rig.tap(person, "English")
    await rig.tap(person, "Yes, join")


async def hannah_signs_in(rig: Rig) -> None:
    answer = await rig.web.post("/inbox/sign-in", data={"person": "hannah", "passphrase": demo.PASSPHRASE})
    assert answer.status_code == 303


async def press(rig: Rig, page: str, label: str) -> str:
    """Press the first button of that name on the page about deliveries; the page that comes back."""
    form = re.search(rf"<form[^>]*>((?:(?!</form>).)*){re.escape(label)}\s*</button>", page, re.DOTALL)
    assert form, f"no button {label!r}"
    fields = dict(re.findall(r'name="(go|csrf)" value="([^"]+)"', form[1]))
    answer = await rig.web.post("/deliveries", data=fields)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_hannah_holds_a_campaign_lets_it_go_on_and_sees_it_finished(school) -> None:
    async with school() as rig:
        await joined(rig, MARTA)
        await hannah_signs_in(rig)
        page = await press(rig, (await rig.web.get("/deliveries")).text, "Hold all news of this school")
        assert "Notices about safeguarding still go out" in page
        rig.clock.move_to(DUE)
        await rig.settle()
        before = len(rig.chat(MARTA))
        page = (await rig.web.get("/deliveries")).text
        assert "1 to go" in page
        assert '<progress aria-label="How much of it is done" value="0" max="1">' in page

        page = await press(rig, page, "Let everything go on")
        await rig.settle()

        page = (await rig.web.get("/deliveries")).text
        assert 'value="0" max="1"' not in page
        assert len(rig.chat(MARTA)) - before == page.count('value="1" max="1"') > 0
        assert "Finished" in page


async def test_hannah_cancels_what_is_left_and_nothing_of_it_goes_out(school) -> None:
    async with school() as rig:
        await joined(rig, MARTA)
        await joined(rig, SAM)
        await hannah_signs_in(rig)
        await press(rig, (await rig.web.get("/deliveries")).text, "Hold all news of this school")
        rig.clock.move_to(DUE)
        await rig.settle()
        before = len(rig.chat(MARTA)) + len(rig.chat(SAM))

        page = (await rig.web.get("/deliveries")).text
        while "Cancel what is left" in page:
            page = await press(rig, page, "Cancel what is left")
        await press(rig, page, "Let everything go on")
        await rig.settle()

        assert len(rig.chat(MARTA)) + len(rig.chat(SAM)) == before
        page = (await rig.web.get("/deliveries")).text
        assert "Cancelled" in page
        with rig.product.house.units.read("oakfield") as unit:
            mailings = [each for each in unit.deliveries.progress(limit=20) if each.header.candidates]
        assert mailings
        assert {each.header.candidates for each in mailings} == {2, 5}, "both families, and the staff but for governors"
        assert all(each.states == {"skipped": each.header.candidates} and each.balanced for each in mailings)


async def test_hannah_decides_that_a_doubtful_one_goes_once_more(school) -> None:
    async with school() as rig:
        await joined(rig, MARTA)
        await hannah_signs_in(rig)
        rig.telegram.faults.next("sendMessage", Drop(carried_out=True))
        rig.clock.move_to(DUE)
        await rig.settle()
        await rig.until(lambda: rig.product.ledger.counts().states["unknown"] == 1)
        page = (await rig.web.get("/deliveries")).text
        assert "we can&#39;t tell whether it reached" in page
        before = len(rig.chat(MARTA))

        page = await press(rig, page, "Send it again")
        await rig.settle()

        assert len(rig.chat(MARTA)) > before
        assert "we can&#39;t tell whether it reached" not in (await rig.web.get("/deliveries")).text
