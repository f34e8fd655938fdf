"""Files out of the vault, alerts into it, words for each age: a real browser of a phone's size, the whole product."""

import csv
import io
import os
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.flows.test_flow_vault_browser import _no_sideways, _phone, _reports, _signs_in, _taps, chrome
from tests.rooms.alert_files import SCREENS

__all__ = ["chrome"]

pytestmark = pytest.mark.browser

WORDS = "Somebody in a game keeps asking me for the name of my school, lantern forty-one."
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Apart from the school's own folder, which is looked through for words."""
    kept = Path(os.environ.get("PICTURES") or tmp_path_factory.mktemp("pictures"))
    kept.mkdir(parents=True, exist_ok=True)
    return kept


async def _clean(page: Page, pictures: Path, name: str) -> None:
    """A picture; axe finds nothing, and nothing runs off the side."""
    await page.screenshot(path=pictures / f"{name}.png", full_page=True)
    found = await Axe().run(page, options=WCAG)
    assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()
    await _no_sideways(page)


async def _screens(page: Page, selector: str, *, bottom: bool = True) -> float:
    """How far down the first of them ends, or begins, in screens of this phone."""
    edge = "bottom" if bottom else "top"
    asked = f"document.querySelector('{selector}').getBoundingClientRect().{edge} + scrollY"
    return float(await page.evaluate(f"({asked}) / innerHeight"))


@pytest.mark.clause(42)
async def test_dilys_files_a_case_from_her_phone_and_nothing_of_it_stays_here(
    school, chrome: Browser, pictures
) -> None:
    async with school() as rig:
        base = str(rig.web.base_url)
        child, dilys = await _phone(chrome, rig), await _phone(chrome, rig)
        await _reports(child, base)
        await _signs_in(dilys, base)
        await _taps(dilys, "Open LP-")
        await _taps(dilys, "It is in CPOMS now")
        await _clean(dilys, pictures, "hand-over")

        page = await _downloaded(dilys, "Download it as a PDF")
        table = await _downloaded(dilys, "Download it as a CSV")

        assert page[0].removesuffix(".pdf") == table[0].removesuffix(".csv")
        assert page[0].startswith("LP-")
        assert page[1].startswith(b"%PDF-1.7")
        (pictures / "case.pdf").write_bytes(page[1])
        cells = list(csv.reader(io.StringIO(table[1].decode("utf-8-sig"), newline="")))
        assert WORDS in [row[5] for row in cells]
        await dilys.locator("textarea").fill("incident 4711")
        await _taps(dilys, "I have copied it, and it is there")
        assert "took it out as a file" in await dilys.locator("main").inner_text()
        await _clean(dilys, pictures, "handed-over")
        assert WORDS.encode() not in rig.everything_on_disk()
        assert WORDS not in rig.logs.getvalue()


async def _downloaded(page: Page, label: str) -> tuple[str, bytes]:
    async with page.expect_download() as coming:
        await page.get_by_role("button", name=label).click()
    download = await coming.value
    return download.suggested_filename, _read(await download.path())


def _read(file: Path) -> bytes:
    return file.read_bytes()


async def test_dilys_brings_in_a_file_of_alerts_from_her_phone(school, chrome: Browser, pictures) -> None:
    file = SCREENS + '"A";"B";"31/02/2026";"08:59:31";"kms";"no such day";"Suicide";"High"\n'
    async with school() as rig:
        dilys = await _phone(chrome, rig)
        await _signs_in(dilys, str(rig.web.base_url))
        await dilys.get_by_role("link", name="Bring in an alert").click()
        await dilys.get_by_label("A CSV file").wait_for()
        await _clean(dilys, pictures, "alerts")

        await _taps(dilys, "Look at it")
        assert "Please choose a file" in await dilys.locator("main").inner_text()
        await _clean(dilys, pictures, "alerts-nothing")
        await dilys.get_by_label("Which system is it from?").fill("Classroom screens")
        await dilys.get_by_label("A CSV file").set_input_files(
            {"name": "Zoë.csv", "mimeType": "text/csv", "buffer": file.encode("utf-16")}
        )
        await _taps(dilys, "Look at it")
        await dilys.get_by_role("heading", name="Look before you keep it").wait_for()
        await _clean(dilys, pictures, "alerts-looked")
        said = await dilys.locator("main").inner_text()
        assert "i want to kms" in said
        assert "Line 4: Its time can't be read" in said
        assert await dilys.get_by_label("Who it was").input_value() == "0"

        await dilys.get_by_label("On which device").select_option("")
        await _taps(dilys, "Look again")
        assert await dilys.get_by_label("On which device").input_value() == ""
        await _taps(dilys, "Keep them (1)")
        assert "Kept: 1" in await dilys.locator("main").inner_text()
        await _clean(dilys, pictures, "alerts-kept")
        await dilys.get_by_role("link", name="Back to the list").click()
        await _taps(dilys, "Open LP-")
        assert "Classroom screens" in await dilys.locator("main").inner_text()
        # Not her first name alone: four bytes may come about by chance in whatever is sealed.
        for words in ("i want to kms", "no such day", "Zoë Bąk", "Zoë.csv"):
            assert words.encode() not in rig.everything_on_disk()
            assert words not in rig.logs.getvalue()


async def test_a_young_child_at_a_kiosk_keeps_the_easy_words_to_the_end(school, chrome: Browser, pictures) -> None:
    async with school() as rig:
        base = str(rig.web.base_url)
        child = await _phone(chrome, rig)
        await child.goto(f"{base}/report?kiosk=1")
        await _clean(child, pictures, "report-usual")
        assert await _screens(child, "html") <= 2.5
        assert await _screens(child, ".field", bottom=False) < 1.2
        await child.get_by_role("link", name="Make the words easier").click()
        await child.get_by_text("A grown-up can help you type.").wait_for()
        await _clean(child, pictures, "report-easy")
        assert "kiosk=1" in child.url

        await child.get_by_text("More to know before you write").click()
        await child.get_by_role("link", name="What we keep about you").click()
        await child.get_by_text("your words, locked up").wait_for()
        assert "level=ks1" in child.url
        assert "kiosk=1" in child.url
        await _clean(child, pictures, "privacy-easy")
        await child.go_back()
        await child.get_by_label("No. It is about me").check()
        await child.locator("textarea").fill(WORDS)
        await child.get_by_role("button", name="Send it safely").click()
        await child.get_by_text("Well done. That was brave.").wait_for()
        assert await _screens(child, ".note.good") < 1
        await _clean(child, pictures, "thanks-easy")
        await child.get_by_role("link", name="I'm done, clear this page").click()
        await child.get_by_text("A grown-up can help you type.").wait_for()


async def test_the_level_works_from_a_poster_s_link_without_a_script(school, chrome: Browser) -> None:
    said = "A grown-up can help you type."
    async with school() as rig:
        context = await chrome.new_context(java_script_enabled=False, locale="en-GB")
        page = await context.new_page()
        await page.goto(f"{rig.web.base_url}/?level=ks1")
        await page.get_by_role("link", name="Tell us about a worry").click()
        assert said in await page.locator("main").inner_text()
        await page.locator("textarea").fill(WORDS)
        await page.get_by_role("button", name="Send it safely").click()
        assert WORDS in await page.locator("textarea").input_value()
        assert said in await page.locator("main").inner_text(), "a slip loses neither the words nor the level"
        assert not await page.locator("ul.quiet").count(), "a link away would lose what was typed"


async def test_what_is_kept_can_be_read_by_whoever_reads_to_the_left_and_by_staff(
    school, chrome: Browser, pictures
) -> None:
    async with school() as rig:
        child = await _phone(chrome, rig)
        await child.goto(f"{rig.web.base_url}/report?lang=ar&level=ks1")
        await _clean(child, pictures, "report-arabic")
        await child.locator("ul.quiet").wait_for()
        await child.goto(f"{rig.web.base_url}/about/privacy-pupil-ks1?lang=ar")
        await _clean(child, pictures, "privacy-arabic")

        await child.goto(f"{rig.web.base_url}/inbox")
        await child.get_by_role("link", name="What we keep about you").click()
        await child.get_by_role("heading", name="What Lollipop keeps about staff and governors").wait_for()
        await _clean(child, pictures, "privacy-staff")
        await child.get_by_role("link", name="Staff sign-in").click()
        await child.get_by_label("Your passphrase").wait_for()
