"""Signing in with two things, and looking after a key, as people meet it: a phone, a desk, no scripts, the dark."""

import pytest
from test_web_chromium import DESK, NARROW, PHONE, address, chrome, chromium, pictures, visit
from web_school import APP_CODE, CODE, PASSPHRASE, RECOVERY, ScriptedDesk

from bot.keydesk import Then

__all__ = ["address", "chrome", "chromium", "pictures", "visit"]

pytestmark = pytest.mark.browser

NEW = "eight loud purple teapots"
CODE_LABEL = "The six numbers your authenticator app shows now"
SIZES = pytest.mark.parametrize(
    ("width", "size", "scheme"), [("phone", PHONE, "light"), ("desk", DESK, "light"), ("narrow", NARROW, "dark")]
)


async def gives_passphrase(visitor) -> None:
    await visitor.goes("/inbox")
    await visitor.page.get_by_label("Amina Yusuf").check()
    await visitor.page.get_by_label("Your passphrase").fill(PASSPHRASE)
    await visitor.page.get_by_role("button", name="Sign in").click()


@SIZES
async def test_amina_sets_up_her_app_on_the_way_in(visit, desk: ScriptedDesk, width, size, scheme) -> None:
    desk.key_desk.asks = Then.SET_UP
    visitor = await visit(size, color_scheme=scheme, java_script_enabled=True)
    page = visitor.page

    await gives_passphrase(visitor)
    await page.get_by_role("img", name="QR code for your authenticator app").wait_for()
    await visitor.looks(f"{width}-set-up")
    code = await page.locator(".qr-frame svg").bounding_box()
    assert code is not None
    assert code["width"] >= 150
    await page.get_by_label(CODE_LABEL).fill("000000")
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("alert").wait_for()
    await visitor.looks(f"{width}-set-up-wrong")
    await page.get_by_label(CODE_LABEL).fill(APP_CODE)
    await page.get_by_role("button", name="Go on").click()

    await page.get_by_role("heading", name="Reports for you").wait_for()


@SIZES
async def test_amina_gives_a_code_and_looks_after_her_key(visit, desk: ScriptedDesk, width, size, scheme) -> None:
    desk.key_desk.asks = Then.CODE
    visitor = await visit(size, color_scheme=scheme)
    page = visitor.page

    await gives_passphrase(visitor)
    await page.get_by_role("heading", name="Code from your app").wait_for()
    await visitor.looks(f"{width}-code")
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("alert").wait_for()
    await visitor.looks(f"{width}-code-empty")
    await page.get_by_label(CODE_LABEL).fill(APP_CODE)
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("link", name="Your key").click()
    await page.get_by_role("heading", name="Your key").wait_for()
    await visitor.looks(f"{width}-keys")

    await page.get_by_role("link", name="Change your passphrase").click()
    await page.get_by_label("New passphrase").wait_for()
    await visitor.looks(f"{width}-change")
    await page.get_by_role("link", name="Your key").last.click()
    await page.get_by_role("link", name="Make a new key").click()
    await page.get_by_label("Your passphrase").fill(PASSPHRASE)
    await visitor.looks(f"{width}-new-key")
    await page.get_by_role("button", name="Make a new key now").click()
    await page.get_by_text(RECOVERY).wait_for()
    await visitor.looks(f"{width}-sheet")
    await page.get_by_role("link", name="The sheet is printed. Go on").click()
    await page.get_by_role("heading", name="Reports for you").wait_for()


async def test_enrolling_and_recovering_work_without_scripts_and_by_keyboard_alone(visit, desk: ScriptedDesk) -> None:
    visitor = await visit(PHONE, java_script_enabled=False)
    page = await visitor.goes("/inbox/enrol")

    await page.get_by_label("One-time code").fill(CODE)
    for label in ("New passphrase", "The same passphrase again"):
        await page.get_by_label(label).fill(NEW)
    await page.keyboard.press("Enter")
    await page.get_by_text(RECOVERY).wait_for()
    await visitor.goes("/inbox/recover")
    await page.get_by_label("Amina Yusuf").check()
    await page.get_by_label("Recovery key", exact=True).fill(RECOVERY)
    for label in ("New passphrase", "The same passphrase again"):
        await page.get_by_label(label).fill(NEW)
    await page.keyboard.press("Enter")

    await page.get_by_text("Sheet RK-9D3F-HB6T").wait_for()
    assert RECOVERY not in page.url


async def test_the_printed_sheet_is_one_page_without_anything_round_it(visit, pictures) -> None:
    visitor = await visit(DESK)
    page = await visitor.goes("/inbox/enrol")
    await page.get_by_label("One-time code").fill(CODE)
    for label in ("New passphrase", "The same passphrase again"):
        await page.get_by_label(label).fill(NEW)
    await page.get_by_role("button", name="Set passphrase").click()
    await page.get_by_text(RECOVERY).wait_for()

    await page.emulate_media(media="print")
    await page.screenshot(path=pictures / "sheet-printed.png", full_page=True)
    shown = await page.evaluate("document.body.innerText")
    printed = await page.pdf(format="A4")

    assert "sign across the flap" in shown
    assert "Go on" not in shown
    assert "Your passphrase is set" not in shown
    assert printed.count(b"/Type /Page\n") == 1
