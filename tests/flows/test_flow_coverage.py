"""A week without lessons: Amara hears of it on Monday morning and once, and the head looks at the map on a phone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from bot import demo
from curriculum import Outcome, Taught
from tests.flows.rig import AMARA, MONDAY, Rig
from tests.flows.test_flow_vault_browser import _no_sideways, chrome

__all__ = ["chrome"]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
HALF_AN_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)


def nudges(rig: Rig) -> list[str]:
    """What Amara has read on Slack of lessons that wait."""
    return [str(message) for message in rig.slack.dm_messages(AMARA) if "Lessons that wait" in str(message)]


def elm_has_begun(rig: Rig) -> None:
    """One class has had a lesson this year: until then, everything waits, and nobody is told so."""
    with rig.product.house.units.write("oakfield") as unit:
        assert unit.progress.record(
            Taught(
                class_id="elm",
                turn=0,
                lesson="lesson-y4-privacy-1",
                version=1,
                strand="privacy-and-security",
                outcome=Outcome.TAUGHT,
                hands=(),
                by="femi",
                when=MONDAY - 20 * DAY,
            )
        )
        unit.commit()


async def test_nobody_is_told_what_waits_in_a_school_that_has_not_begun(school) -> None:
    async with school() as rig:
        for hour in range(1, 10):
            rig.clock.move_to(MONDAY + hour * HALF_AN_HOUR)
            await rig.settle()

        assert nudges(rig) == []


async def test_amara_hears_once_a_week_of_what_waits_and_not_before_the_registers_are_done(school) -> None:
    async with school() as rig:
        elm_has_begun(rig)
        await rig.settle()
        assert nudges(rig) == []

        for hour in range(1, 4 * 24):
            rig.clock.move_to(MONDAY + hour * HALF_AN_HOUR)
            await rig.settle()

        assert len(nudges(rig)) == 1
        assert "Oak (2: " in nudges(rig)[0]
        assert "/lollipop coverage" in nudges(rig)[0]
        assert "/coverage" in nudges(rig)[0]

        rig.clock.move_to(MONDAY + 7 * DAY + HALF_AN_HOUR)
        await rig.settle()
        assert len(nudges(rig)) == 2


async def _clean(page: Page, pictures: Path, name: str) -> None:
    await page.screenshot(path=pictures / f"{name}.png", full_page=True)
    found = await Axe().run(page, options=WCAG)
    assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()
    await _no_sideways(page)


@pytest.mark.browser
async def test_hannah_reads_the_map_on_a_phone_and_takes_it_along_for_governors(
    school, chrome: Browser, tmp_path: Path
) -> None:
    async with school() as rig:
        context = await chrome.new_context(viewport=PHONE, locale="en-GB")
        context.set_default_timeout(15_000)
        page = await context.new_page()
        await page.goto(f"{rig.web.base_url}/coverage")
        await _reads_and_takes(page, Path(os.environ.get("PICTURES") or tmp_path))
        await context.close()


async def _reads_and_takes(page: Page, pictures: Path) -> None:
    assert await page.locator("table").count() == 0
    await page.get_by_label("Hannah Lewis").check()
    await page.get_by_label("Your passphrase").fill(demo.PASSPHRASE)
    await page.get_by_role("button", name="Sign in").click()
    # She is led to where she wanted to go, and its tab stands open among the other pages.
    await page.get_by_role("link", name="Coverage").wait_for()

    table = page.get_by_role("table", name="What each class has been taught of each strand this school year")
    assert await table.get_by_role("columnheader").count() == 9
    assert await table.get_by_role("rowheader").all_inner_texts() == ["Oak\nYear 4", "Elm\nYear 4"]
    cells = await table.get_by_role("row", name="Oak").get_by_role("cell").all_text_contents()
    assert len(cells) == 8
    assert any("! 0/1" in cell and "Due and not taught: 0 of 1 taught" in cell for cell in cells)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await _clean(page, pictures, f"coverage-phone-{scheme}")
    region = page.get_by_role("region", name="What each class has been taught")
    assert await region.evaluate("each => each.scrollWidth > each.clientWidth")

    await page.set_viewport_size(DESK)
    await page.emulate_media(color_scheme="light")
    await _clean(page, pictures, "coverage-desk")
    for label, begins in (("as a PDF", b"%PDF-1.7"), ("as a picture", b"\x89PNG"), ("as a CSV", b"\xef\xbb\xbfClass,")):
        async with page.expect_download() as coming:
            await page.get_by_role("button", name=label).click()
        file = await coming.value
        assert file.suggested_filename.startswith("coverage-2026-11-23.")
        kept = pictures / file.suggested_filename
        await file.save_as(kept)
        assert kept.read_bytes().startswith(begins)
