"""Hannah keeps the school's registers on a phone: takes over a risk, adds a policy, mends what was refused, a CSV."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from bot import demo
from staff import Register
from tests.flows.rig import school_up
from tests.flows.test_flow_coverage import PHONE, _clean
from tests.flows.test_flow_vault_browser import chrome

__all__ = ["chrome"]

SECURITY = "https://www.example.org/policies/security.pdf"


@pytest.mark.browser
@pytest.mark.clause(1, 27, 48, 58)
async def test_hannah_keeps_the_registers_on_a_phone(chrome: Browser, tmp_path: Path) -> None:
    # On SQLite alone: what PostgreSQL keeps of them is asked without a browser.
    async with school_up(tmp_path) as rig:
        context = await chrome.new_context(viewport=PHONE, locale="en-GB")
        context.set_default_timeout(15_000)
        page = await context.new_page()
        await page.goto(f"{rig.web.base_url}/registers")
        await page.get_by_label("Hannah Lewis").check()
        await page.get_by_label("Your passphrase").fill(demo.PASSPHRASE)
        await page.get_by_role("button", name="Sign in").click()
        pictures = Path(os.environ.get("PICTURES") or tmp_path)

        await _risk(page, pictures)
        await _policy(page, pictures)
        await _devices(page, pictures)
        await _roles(page, pictures)

        with rig.product.house.units.read("oakfield") as unit:
            (policy,) = unit.registers.open(Register.POLICY)
            assert (policy.fields["link"], policy.holder) == (SECURITY, "ben")
        await context.close()


async def _from_all(page: Page, name: str) -> None:
    await page.get_by_role("link", name="Registers", exact=True).click()
    await page.locator("main").get_by_role("link", name=name).click()


async def _risk(page: Page, pictures: Path) -> None:
    await page.get_by_role("link", name="Registers", exact=True).click()
    await _from_all(page, "The risk register")
    await page.get_by_role("button", name="Take it over").first.click()
    await page.get_by_role("button", name="Change it").click()
    await page.get_by_label("How likely is it, from 1 to 5?").select_option("5")
    await _clean(page, pictures, "registers-risk-form")
    await page.get_by_role("button", name="Keep it").click()
    await page.get_by_role("link", name="Back to the list").click()
    assert "High: likelihood 5 times impact 4 is 20." in await page.locator("main").inner_text()


async def _policy(page: Page, pictures: Path) -> None:
    await _from_all(page, "The school's other policies")
    await page.get_by_role("button", name="Add a policy").click()
    await page.get_by_label("Security", exact=True).check()
    await page.get_by_label("What is it called?").fill("Keeping our systems safe")
    await page.get_by_label("Where is it?").fill("security.pdf")
    await page.get_by_label("Whose is it?").select_option("ben")
    await page.get_by_label("On which day was it last approved?").fill("01/09/2025")
    await page.get_by_label("On which day is it looked at again?").fill("01/09/2026")
    await page.get_by_role("button", name="Keep it").click()
    assert "has to begin with https://" in await page.locator("main").inner_text()
    assert await page.get_by_label("What is it called?").input_value() == "Keeping our systems safe"
    await _clean(page, pictures, "registers-policy-refused")
    await page.get_by_label("Where is it?").fill(SECURITY)
    await page.get_by_role("button", name="Keep it").click()
    assert "Out of date: Ben Carter was to look at it again by 01/09/2026" in await page.locator("main").inner_text()


async def _devices(page: Page, pictures: Path) -> None:
    await _from_all(page, "The school's devices")
    await page.get_by_role("button", name="Add a device").click()
    await page.get_by_label("The label on it").fill("Camera 2")
    await page.get_by_label("Camera", exact=True).check()
    await page.get_by_label("No, or it can't be").check()
    await page.get_by_role("button", name="Keep it").click()
    await page.get_by_role("button", name="Take Camera 2 off site").click()
    await page.get_by_label("Yes: nothing personal is on it, and no picture of a pupil").check()
    await page.get_by_role("button", name="Take it off site").click()
    assert "Off site with Hannah Lewis" in await page.locator("main").inner_text()
    await _clean(page, pictures, "registers-devices")
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Download it as a CSV").click()
    file = await coming.value
    assert file.suggested_filename.startswith("devices-2026-11-23.csv")
    kept = pictures / file.suggested_filename
    await file.save_as(kept)
    assert "Camera 2,Camera," in kept.read_text("utf-8-sig")


async def _roles(page: Page, pictures: Path) -> None:
    await _from_all(page, "Who has which part")
    await page.get_by_role("button", name="It is right today").click()
    assert "Kept: you have looked at the parts today." in await page.locator("main").inner_text()
    await _clean(page, pictures, "registers-roles")
