"""A report's whole life on a phone: written, answered, handed over, destroyed; a real browser, the whole product."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot import demo
from tests.flows.rig import Rig
from tests.needs import browser

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
WORDS = "Somebody in a game keeps asking me for the name of my school, lantern forty-one."
REPLY = "Thank you for telling us. Tell me a little about the game."
MORE = "It is the one with the islands, lantern forty-two."
NOTE = "Spoke to the class teacher, lantern forty-three."
SYSTEM = "CPOMS"
DAY = timedelta(days=1)


@pytest.fixture
async def chrome() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(
            executable_path=browser("a report's life was not seen"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        await found.close()


async def _phone(chrome: Browser, rig: Rig) -> Page:
    context = await chrome.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB")
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto(str(rig.web.base_url))
    return page


async def _reports(page: Page, base: str) -> str:
    await page.goto(f"{base}/report")
    await page.get_by_label("No, or it is about me").check()
    await page.locator("textarea").fill(WORDS)
    await page.get_by_role("button", name="Send it safely").click()
    shown = await page.locator("main").inner_text(timeout=15_000)
    receipt = re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", shown)
    assert receipt, shown
    return receipt[0]


async def _types_the_receipt(page: Page, base: str, receipt: str) -> str:
    await page.goto(f"{base}/report/receipt")
    await page.get_by_label("Receipt").fill(receipt)
    await page.locator("main").get_by_role("button").first.click()
    await page.wait_for_load_state()
    return await page.locator("main").inner_text()


async def _signs_in(page: Page, base: str) -> None:
    await page.goto(f"{base}/inbox")
    await page.get_by_label("Dilys Morgan").check()
    await page.get_by_label("Your passphrase").fill(demo.PASSPHRASE)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Sign out").wait_for()


async def _taps(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label).click()
    await page.wait_for_load_state()


async def _writes(page: Page, label: str, words: str, send: str) -> None:
    await _taps(page, label)
    await page.locator("textarea").fill(words)
    await _taps(page, send)


async def _no_sideways(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.clause(40, 41, 42)
async def test_a_child_and_dilys_take_a_report_from_its_first_word_to_its_end_on_their_phones(school, chrome) -> None:
    async with school() as rig:
        base = str(rig.web.base_url)
        child, dilys = await _phone(chrome, rig), await _phone(chrome, rig)
        receipt = await _reports(child, base)
        await _no_sideways(child)

        await _signs_in(dilys, base)
        await _taps(dilys, "Open LP-")
        assert WORDS in await dilys.locator("main").inner_text()
        await _no_sideways(dilys)
        await _writes(dilys, "Write to the sender", REPLY, "Send it")
        await _writes(dilys, "Write a private note", NOTE, "Keep it")

        answer = await _types_the_receipt(child, base, receipt)
        assert REPLY in answer
        assert NOTE not in answer
        await child.locator("textarea").fill(MORE)
        await child.locator("main").get_by_role("button").first.click()
        await child.wait_for_load_state()
        await _no_sideways(child)

        await dilys.goto(f"{base}/inbox")
        await _taps(dilys, "Open LP-")
        assert MORE in await dilys.locator("main").inner_text()
        await _writes(dilys, f"It is in {SYSTEM} now", "incident 4711", "I have copied it, and it is there")
        assert "Our copy is destroyed on" in await dilys.locator("main").inner_text()

        await _a_month_goes_by(rig)
        await dilys.goto(f"{base}/inbox")
        assert "There is nothing to read" in await dilys.locator("main").inner_text()
        assert WORDS not in await _types_the_receipt(child, base, receipt)
        assert all(each.encode() not in rig.everything_on_disk() for each in (WORDS, REPLY, MORE, NOTE))
        assert all(each not in rig.logs.getvalue() for each in (WORDS, REPLY, MORE, NOTE, receipt))


async def _a_month_goes_by(rig: Rig) -> None:
    for days, there in ((29, 1), (2, 0)):
        rig.clock.move_to(rig.clock.now() + days * DAY)
        await rig.settle()
        with rig.product.house.units.read("oakfield") as unit:
            assert len(unit.concerns.for_reader("dilys")) == there
