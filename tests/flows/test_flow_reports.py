import re

import pytest

from bot import demo
from tests.flows.rig import DILYS, PUPIL, SAM

CANARY = "zebra umbrella seventeen lighthouse"


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    assert found, f"no field {name}"
    return found[1]


async def report_on_the_web(rig) -> str:
    form = (await rig.web.get("/report")).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    answer = await rig.web.post("/report", data={**hidden, "f-about": "pupil", "w-words": CANARY})
    assert answer.status_code == 200, answer.text
    receipt = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", answer.text)
    assert receipt, answer.text
    assert CANARY not in answer.text
    return receipt[0]


def _nowhere_in_the_clear(rig) -> None:
    secret = CANARY.encode()
    assert secret not in rig.everything_on_disk()
    assert CANARY not in rig.logs.getvalue()
    assert all(CANARY not in str(rig.slack.snapshot(user)) for user in (DILYS, PUPIL))
    assert all(CANARY not in str(call) for call in rig.slack.calls)
    assert all(CANARY not in str(call) for call in rig.telegram.calls)


@pytest.mark.clause(40, 41)
async def test_a_child_reports_on_the_web_and_only_dilys_reads_it(school):
    async with school() as rig:
        receipt = await report_on_the_web(rig)
        await rig.settle()

        await rig.until(lambda: rig.slack.dm_messages(DILYS))
        notice = str(rig.slack.dm_messages(DILYS)[-1])
        reference = re.search(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}", notice)
        assert reference, notice
        # So a canary would be seen there too.
        assert reference[0].encode() in rig.everything_on_disk()
        if rig.server and rig.server.data:
            assert rig.on_the_server().count(reference[0].encode()) >= 2  # its table and its write-ahead log
        _nowhere_in_the_clear(rig)
        assert CANARY not in await rig.metrics()
        assert receipt not in rig.logs.getvalue()

        entered = await rig.web.post(
            "/inbox/sign-in",
            data={"person": "dilys", "passphrase": demo.PASSPHRASE},
            follow_redirects=True,
        )
        assert reference[0] in entered.text, entered.text
        hidden = {name: _hidden(entered.text, name) for name in ("go", "csrf")}
        opened = await rig.web.post("/inbox", data=hidden)
        assert CANARY in opened.text
        hidden = {name: _hidden(opened.text, name) for name in ("go", "csrf")}
        assert (await rig.web.post("/inbox", data=hidden)).status_code == 200
        status = await rig.web.post("/report/receipt", data={"w-receipt": receipt})
        assert "is dealing with it" in status.text
        _nowhere_in_the_clear(rig)


@pytest.mark.clause(40)
async def test_sam_types_the_trouble_into_the_chat_and_is_caught(school):
    async with school() as rig:
        rig.telegram.say(SAM, CANARY)

        await rig.until(lambda: rig.chat(SAM))
        assert "Yes, pass it on" in rig.buttons(SAM)
        assert rig.product.ledger.counts().states.get("planned", 0) == 0
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "No, or it is about me or another pupil" in rig.buttons(SAM))
        await rig.tap(SAM, "No, or it is about me or another pupil")
        await rig.settle()
        await rig.until(lambda: rig.slack.dm_messages(DILYS))
        assert CANARY.encode() not in rig.everything_on_disk()
        assert CANARY not in rig.logs.getvalue()
        assert CANARY not in await rig.metrics()


async def test_sam_sends_a_photo_and_it_is_refused_before_download(school):
    async with school() as rig:
        rig.telegram.send_photo(SAM)

        await rig.until(lambda: rig.chat(SAM))
        assert "Report Remove" in rig.chat(SAM)[-1]
        assert rig.telegram.file_requests == []
        assert rig.telegram.calls_of("getFile") == []


async def test_a_pupil_too_young_for_chat_is_shown_the_web_form(school):
    async with school() as rig:
        rig.telegram.say(SAM, "/report")
        await rig.until(lambda: rig.chat(SAM))
        await rig.tap(SAM, "Another year, or I'd rather not say")

        await rig.until(lambda: "form" in rig.chat(SAM)[-1].lower())


@pytest.mark.clause(40)
async def test_a_sixth_former_reports_in_the_chat_and_gets_a_receipt(school):
    async with school() as rig:
        rig.telegram.say(SAM, "/report")
        await rig.until(lambda: rig.chat(SAM))
        await rig.tap(SAM, "Year 12")
        await rig.tap(SAM, "No, or it is about me or another pupil")
        rig.telegram.say(SAM, CANARY)
        await rig.until(lambda: "receipt" in rig.chat(SAM)[-1].lower())
        await rig.settle()

        await rig.until(lambda: rig.slack.dm_messages(DILYS))
        assert CANARY not in str(rig.telegram.snapshot(SAM))
        assert CANARY.encode() not in rig.everything_on_disk()
        assert CANARY not in await rig.metrics()
