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


def invited(rig: Rig) -> str:
    """The code that the office gives Dilys."""
    code = new_code()
    with rig.product.house.units.write("oakfield") as unit:
        unit.enrolments.invite(code=code, person="dilys", now=rig.product.house.machine_clock.now())
        unit.commit()
    return code.reveal()


async def life_of_a_key(rig: Rig, *, inside: str = "There is nothing to read") -> dict[str, str]:
    """From the one-time code to the sheet of the safe and back; what nobody may ever see. `inside` is the inbox."""
    asks_for_codes(rig)
    rig.web.cookies.clear()
    now = rig.product.house.machine_clock.now()
    code = invited(rig)
    chosen = {"code": code, "passphrase": demo.PASSPHRASE, "again": demo.PASSPHRASE}
    enrolled = await rig.web.post("/inbox/enrol", data=chosen)
    sheet = found(r"<code>([0-9A-Z-]{24})</code>", enrolled)

    set_up = await gives_passphrase(rig, demo.PASSPHRASE)
    shown = found(r"<code>([A-Z2-7 ]{39})</code>", set_up)
    secret = shown.replace(" ", "")
    assert inside not in (await rig.web.get("/inbox")).text
    entered = await gives_code(rig, set_up, secret, at=now)
    assert inside in entered.text
    await rig.web.post("/inbox/sign-out", data={"csrf": csrf(entered)})

    again = await gives_passphrase(rig, demo.PASSPHRASE)
    assert inside in (await gives_code(rig, again, secret, at=now + HALF_MINUTE)).text
    rig.web.cookies.clear()

    lost = {"person": "dilys", "recovery": sheet, "passphrase": NEW, "again": NEW}
    recovered = await rig.web.post("/inbox/recover", data=lost)
    next_sheet = found(r"<code>([0-9A-Z-]{24})</code>", recovered)
    assert "doesn" in (await gives_passphrase(rig, demo.PASSPHRASE)).text
    anew = await gives_passphrase(rig, NEW)
    assert "Set up your authenticator app" in anew.text
    assert (await rig.web.post("/inbox/recover", data=lost)).status_code == 403, "a sheet works once"
    codes = {f"code {steps}": pyotp.TOTP(secret).at(now + steps * HALF_MINUTE) for steps in (0, 1)}
    kept = {"office": code, "sheet": sheet, "next sheet": next_sheet, "secret": secret, "secret as shown": shown}
    return {"passphrase": demo.PASSPHRASE, "new passphrase": NEW, **kept, **codes}


@pytest.mark.clause(40)
async def test_dilys_enrols_sets_up_her_app_loses_everything_and_comes_back_with_the_sheet(school):
    async with school() as rig:
        hidden = await life_of_a_key(rig)

        await rig.settle()
        told = [str(message) for message in rig.slack.dm_messages("U0DILYS")]
        assert any("Something was done with your key" in message for message in told)
        with rig.product.house.units.read("oakfield") as unit:
            acts = [row.act for row in unit.concerns.log.rows(after=0, limit=99)]
        assert {Act.KEY_MADE, Act.SECOND_FACTOR_SET, Act.SIGNED_IN, Act.RECOVERED, Act.SECOND_FACTOR_RESET} <= {*acts}
        logs, kept = rig.logs.getvalue(), rig.everything_on_disk()
        for name, told in hidden.items():
            if not name.startswith("code"):  # six digits stand in any clock; the great scan looks for them with care
                assert told not in logs
                assert told.encode() not in kept
