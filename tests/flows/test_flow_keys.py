"""The whole product with a second factor: from the one-time code to the inbox, and back with the sheet of the safe."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import httpx
import pyotp
import pytest

from bot import demo
from bot.storage import new_code
from safeguarding import Act
from tests.flows.rig import Rig

NEW = "eight loud purple teapots"
HALF_MINUTE = timedelta(seconds=30)


def found(pattern: str, page: httpx.Response) -> str:
    match = re.search(pattern, page.text)
    assert match, page.text
    return unescape(match[1])


def csrf(page: httpx.Response) -> str:
    return found(r'name="csrf" value="([^"]*)"', page)


def asks_for_codes(rig: Rig) -> None:
    school = rig.product.house.schools["oakfield"]
    reporting = replace(school.reporting, second_factor=True)
    rig.product.house.schools["oakfield"] = replace(school, reporting=reporting)


async def gives_passphrase(rig: Rig, passphrase: str) -> httpx.Response:
    given = {"person": "dilys", "passphrase": passphrase}
    return await rig.web.post("/inbox/sign-in", data=given, follow_redirects=True)


async def gives_code(rig: Rig, page: httpx.Response, secret: str, *, at: datetime) -> httpx.Response:
    given = {"code": pyotp.TOTP(secret).at(at), "csrf": csrf(page)}
    return await rig.web.post("/inbox/code", data=given, follow_redirects=True)


@pytest.mark.clause(40)
async def test_dilys_enrols_sets_up_her_app_loses_everything_and_comes_back_with_the_sheet(school):
    async with school() as rig:
        asks_for_codes(rig)
        code, now = new_code(), rig.product.house.machine_clock.now()
        with rig.product.house.units.write("oakfield") as unit:
            unit.enrolments.invite(code=code, person="dilys", now=now)
            unit.commit()
        chosen = {"code": code.reveal(), "passphrase": demo.PASSPHRASE, "again": demo.PASSPHRASE}
        enrolled = await rig.web.post("/inbox/enrol", data=chosen)
        sheet = found(r"<code>([0-9A-Z-]{24})</code>", enrolled)

        set_up = await gives_passphrase(rig, demo.PASSPHRASE)
        secret = found(r"<code>([A-Z2-7 ]{39})</code>", set_up).replace(" ", "")
        assert "There is nothing to read" not in (await rig.web.get("/inbox")).text
        entered = await gives_code(rig, set_up, secret, at=now)
        assert "There is nothing to read" in entered.text
        await rig.web.post("/inbox/sign-out", data={"csrf": csrf(entered)})

        again = await gives_passphrase(rig, demo.PASSPHRASE)
        assert "There is nothing to read" in (await gives_code(rig, again, secret, at=now + HALF_MINUTE)).text
        rig.web.cookies.clear()

        lost = {"person": "dilys", "recovery": sheet, "passphrase": NEW, "again": NEW}
        recovered = await rig.web.post("/inbox/recover", data=lost)
        next_sheet = found(r"<code>([0-9A-Z-]{24})</code>", recovered)
        assert "doesn" in (await gives_passphrase(rig, demo.PASSPHRASE)).text
        anew = await gives_passphrase(rig, NEW)
        assert "Set up your authenticator app" in anew.text
        assert (await rig.web.post("/inbox/recover", data=lost)).status_code == 403, "a sheet works once"

        await rig.settle()
        told = [str(message) for message in rig.slack.dm_messages("U0DILYS")]
        assert any("Something was done with your key" in message for message in told)
        with rig.product.house.units.read("oakfield") as unit:
            acts = [row.act for row in unit.concerns.log.rows(after=0, limit=99)]
        assert {Act.KEY_MADE, Act.SECOND_FACTOR_SET, Act.SIGNED_IN, Act.RECOVERED, Act.SECOND_FACTOR_RESET} <= {*acts}
        logs = rig.logs.getvalue()
        for hidden in (demo.PASSPHRASE, NEW, secret, sheet, next_sheet, code.reveal()):
            assert hidden not in logs
            assert hidden.encode() not in rig.everything_on_disk()
