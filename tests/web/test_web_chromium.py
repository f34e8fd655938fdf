"""The pages as people meet them: a real Chromium, axe, the keyboard alone, a narrow phone."""

import os
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright
from web_school import PASSPHRASE, RECEIPT, ScriptedDesk, an_app

from bot.clock import SetClock
from tests.needs import browser

pytestmark = pytest.mark.browser

PHONE, DESK, NARROW = {"width": 390, "height": 844}, {"width": 1280, "height": 900}, {"width": 320, "height": 640}
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="session")
def chromium() -> str:
    return browser("the pages were not looked at")


@pytest.fixture
def address(desk: ScriptedDesk, clock: SetClock) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        where = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(an_app(desk, clock, public_url=where), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        desk.public_url = where
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield where
        server.should_exit = True
        thread.join()


@pytest.fixture
async def chrome(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        await browser.close()


class Visitor:
    """A browser at one size; whatever it asks of other hosts is kept and answered with an empty page."""

    def __init__(self, address: str, context: BrowserContext, page: Page, pictures: Path) -> None:
        self.address, self.context, self.page = address, context, page
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self._pictures = pictures

    async def goes(self, path: str) -> Page:
        await self.page.goto(self.address + path)
        return self.page

    async def outside(self, route: Route) -> None:
        if route.request.url.startswith(self.address):
            await route.continue_()
            return
        self.elsewhere.append(route.request.url)
        await route.fulfill(status=200, content_type="text/html", body="<title>Weather</title>")

    async def looks(self, name: str) -> None:
        """A picture, and axe: nothing serious, no sideways scrolling, nothing blocked by our own policy."""
        await self.page.screenshot(path=self._pictures / f"{name}.png", full_page=True)
        results = await Axe().run(self.page, options=WCAG)
        assert [v["id"] for v in results.response["violations"]] == [], results.generate_report()
        assert await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert await self.page.evaluate(SMALL_TARGETS) == [], name
        assert self.complaints == []

    async def signs_in(self) -> None:
        await self.goes("/inbox")
        await self.page.get_by_label("Amina Yusuf").check()
        await self.page.get_by_label("Your passphrase").fill(PASSPHRASE)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.get_by_role("heading", name="Reports for you").wait_for()


SMALL_TARGETS = """() =>
  [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, label.option')]
  .filter((each) => each.checkVisibility() && !each.matches('.skip, p a, .note a'))
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24)).map(([html]) => html)"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    kept = Path(os.environ.get("PICTURES", tmp_path))
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@pytest.fixture
async def visit(chrome: Browser, address: str, pictures: Path):
    async def arrive(size: dict[str, int] = DESK, **settings) -> Visitor:
        context = await chrome.new_context(viewport=size, reduced_motion="reduce", locale="en-GB", **settings)
        context.set_default_timeout(10_000)
        page = await context.new_page()
        visitor = Visitor(address, context, page, pictures)
        page.on("console", lambda line: visitor.complaints.append(line.text) if "Refused" in line.text else None)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        await context.route("**/*", visitor.outside)
        return visitor

    return arrive


OPEN_PAGES = {
    "front": "/",
    "report": "/report",
    "report-kiosk": "/report?kiosk=1",
    "report-arabic": "/report?lang=ar",
    "report-pseudo": "/report?lang=en-XA",
    "receipt": "/report/receipt",
    "sign-in": "/inbox",
    "enrol": "/inbox/enrol",
    "recover": "/inbox/recover",
    "news": "/news",
    "join": "/join?lang=en",
    "for-a-site": "/news/news-kindness/for-your-site",
    "lesson": "/lessons/y4-passwords/present",
    "missing": "/no/such/page",
}


@pytest.mark.parametrize(
    ("width", "size", "scheme"),
    [
        ("phone", PHONE, "light"),
        ("desk", DESK, "light"),
        ("narrow", NARROW, "dark"),
    ],
)
async def test_every_open_page_is_clean_at_every_size(visit, width: str, size: dict[str, int], scheme: str) -> None:
    visitor = await visit(size, color_scheme=scheme)

    for name, path in OPEN_PAGES.items():
        await visitor.goes(path)
        await visitor.looks(f"{width}-{name}")
    assert visitor.elsewhere == []


@pytest.mark.parametrize(("width", "size"), [("phone", PHONE), ("desk", DESK)])
async def test_the_pages_behind_the_sign_in_are_clean(
    visit, desk: ScriptedDesk, width: str, size: dict[str, int]
) -> None:
    desk.child_words = "They keep sending me messages in the game.\n\nI don't want to go to school. أنا خائف"
    visitor = await visit(size)
    page = visitor.page

    await visitor.signs_in()
    await visitor.looks(f"{width}-inbox")
    await page.get_by_role("button", name="Open LP-7KQ4-M2").click()
    await page.get_by_text("They keep sending").wait_for()
    await visitor.looks(f"{width}-opened")
    await page.get_by_role("button", name="I have this one").click()
    await page.get_by_text("It is yours now").wait_for()
    await visitor.looks(f"{width}-acknowledged")
    await page.get_by_role("link", name="What was sent").click()
    await page.get_by_text("340").wait_for()
    await visitor.looks(f"{width}-deliveries")
    await page.get_by_role("link", name="Policy", exact=True).click()
    await page.get_by_role("heading", name="C69").wait_for()
    # All of it is seventy cards alike: a few are looked at closely.
    await page.get_by_role("link", name="Amber alone").first.click()
    await page.get_by_role("heading", name="Clauses that are amber").wait_for()
    await visitor.looks(f"{width}-evidence")
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_text("You are signed out.", exact=True).wait_for()
    await visitor.looks(f"{width}-signed-out")


async def test_the_policy_is_looked_through_by_the_keyboard_alone(visit) -> None:
    visitor = await visit(PHONE)
    page = visitor.page
    await visitor.signs_in()
    await visitor.goes("/evidence")

    await page.get_by_role("link", name="Amber alone").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Clauses that are amber").wait_for()
    assert page.url.endswith("/evidence?c=amber")
    assert [each[:3] for each in await page.locator(".entry h2").all_inner_texts()] == ["C29", "C42"]
    await visitor.looks("phone-evidence-amber")

    await page.get_by_role("link", name="All clauses").press("Enter")
    await page.get_by_role("link", name="C6: Green").press("Enter")
    await page.get_by_role("heading", name="Clause C6 of the policy").wait_for()
    assert await page.get_by_text("“Lesson y4 passwords” with Oak").count() == 8
    await visitor.looks("phone-evidence-clause")


@pytest.mark.parametrize(("width", "size"), [("phone", PHONE), ("desk", DESK)])
async def test_a_report_with_a_slip_shows_it_and_ends_in_a_receipt(visit, width: str, size: dict[str, int]) -> None:
    visitor = await visit(size)
    page = await visitor.goes("/report")

    await page.get_by_label("What happened?").fill("Someone in my class shares my password")
    await page.get_by_role("button", name="Send it").click()
    await page.get_by_role("alert").wait_for()
    await visitor.looks(f"{width}-problem")
    assert await page.evaluate("document.activeElement.className") == "problem"
    assert await page.get_by_label("What happened?").input_value() == "Someone in my class shares my password"

    await page.get_by_label("A child or young person").check()
    await page.get_by_role("button", name="Send it").click()
    await page.get_by_text(RECEIPT).wait_for()
    await visitor.looks(f"{width}-thanks")
    assert RECEIPT not in page.url


async def test_a_report_needs_no_mouse(visit, desk: ScriptedDesk) -> None:
    visitor = await visit()
    page = await visitor.goes("/report")
    keys = page.keyboard

    await keys.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the main part"
    await keys.press("Enter")
    await keys.press("Tab")
    assert not await page.get_by_text("You will get a receipt.").is_visible()
    await keys.press("Enter")
    assert await page.get_by_text("You will get a receipt.").is_visible()
    await keys.press("Tab")
    await keys.press("Space")
    await keys.press("ArrowDown")
    await keys.press("Tab")
    await keys.type("He is mean to me online")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.press("Space")
    await keys.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Send it"
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await keys.press("Enter")
    await page.get_by_text(RECEIPT).wait_for()

    sent = desk.asked[-1]
    assert (sent.args["about"], sent.args["topic"]) == ("adult", "mean")
    assert sent.words["words"].reveal() == "He is mean to me online"


async def test_a_report_works_without_scripts(visit) -> None:
    visitor = await visit(java_script_enabled=False)
    page = await visitor.goes("/report")

    await page.get_by_label("I'm not sure").check()
    await page.get_by_label("What happened?").fill("Something odd")
    await page.get_by_text("What sort of thing is it?").first.click()
    await page.get_by_label("Something else").check()
    await page.get_by_role("button", name="Send it").click()
    await page.get_by_text(RECEIPT).wait_for()
    await page.get_by_role("link", name="Leave fast").click()

    assert visitor.elsewhere == ["https://www.bbc.co.uk/weather"]


async def test_a_form_with_everything_open_is_clean_on_a_phone(visit) -> None:
    visitor = await visit(PHONE)
    page = await visitor.goes("/report")

    for summary in await page.locator("summary").all():
        await summary.click()
    await visitor.looks("phone-report-open")

    assert await page.locator("details[open]").count() == await page.locator("details").count() == 2


async def test_a_click_leaves_at_once_and_back_does_not_return(visit) -> None:
    visitor = await visit()
    page = await visitor.goes("/")
    await visitor.goes("/report")
    await page.get_by_label("What happened?").fill("private")

    await page.get_by_role("link", name="Leave fast").click()
    await page.wait_for_url("https://www.bbc.co.uk/weather")
    await page.go_back()

    await page.wait_for_url(f"{visitor.address}/")


async def test_escape_three_times_leaves_even_while_typing(visit) -> None:
    visitor = await visit()
    page = await visitor.goes("/report")
    await page.get_by_label("What happened?").fill("private")

    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    assert page.url.endswith("/report")
    await page.keyboard.press("Escape")

    await page.wait_for_url("https://www.bbc.co.uk/weather")


async def test_nothing_stays_in_the_browser_after_a_report(visit) -> None:
    visitor = await visit()
    page = await visitor.goes("/report")
    await page.get_by_label("A child or young person").check()
    await page.get_by_label("What happened?").fill("private")
    await page.get_by_role("button", name="Send it").click()
    await page.get_by_text(RECEIPT).wait_for()

    assert await visitor.context.cookies() == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert await page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


async def test_a_kiosk_goes_back_to_a_fresh_form_by_itself(visit) -> None:
    visitor = await visit()
    await visitor.page.clock.install()
    page = await visitor.goes("/report?kiosk=1")
    await page.get_by_label("A child or young person").check()
    await page.get_by_label("What happened?").fill("private")
    await page.get_by_role("button", name="Send it").click()
    await page.get_by_text("This page clears itself in 60 seconds.").wait_for()
    await visitor.looks("desk-kiosk-thanks")

    await page.get_by_role("button", name="Give me more time").click()
    await page.clock.run_for(61_000)
    assert RECEIPT in await page.content()
    await page.clock.run_for(120_000)

    await page.get_by_role("heading", name="Tell us about a worry").wait_for()
    assert await page.get_by_label("What happened?").input_value() == ""


async def test_a_page_in_arabic_runs_from_right_to_left(visit) -> None:
    visitor = await visit(PHONE)
    page = await visitor.goes("/report?lang=ar")

    brand = await page.locator(".brand").bounding_box()
    assert brand is not None
    assert brand["x"] + brand["width"] > PHONE["width"] - 20
    assert await page.evaluate("getComputedStyle(document.body).direction") == "rtl"


FOLD = """() => [...document.querySelectorAll('.slide.here .steps a, .slide.here h2, .tools button')]
  .filter((each) => each.checkVisibility() && !each.matches('.unseen'))
  .filter((each) => each.getBoundingClientRect().bottom > innerHeight)
  .map((each) => each.textContent)"""
LETTERS = """() => { const body = document.querySelector('.slide.here .slide-body');
  return [parseFloat(getComputedStyle(body).fontSize) / innerHeight, body.scrollHeight <= body.clientHeight]; }"""


async def test_a_lesson_is_led_with_the_arrow_keys_and_needs_no_network_then(visit) -> None:
    visitor = await visit()
    page = await visitor.goes("/lessons/y4-passwords/present")
    await visitor.context.set_offline(True)

    await page.keyboard.press("ArrowRight")
    await page.wait_for_url("**#step-1")
    assert await page.evaluate("document.activeElement.textContent") == "Start here"
    for _ in range(5):
        await page.keyboard.press("PageDown")
    await page.wait_for_url("**#step-4")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Home")
    await page.wait_for_url("**#start")
    await page.get_by_role("link", name="Next").first.click()
    await page.wait_for_url("**#step-1")
    await page.keyboard.press("End")
    await page.wait_for_url("**#step-4")
    assert await page.get_by_text("Right answer: B").is_visible() is False
    await page.keyboard.press("a")
    assert await page.get_by_text("Right answer: B").is_visible()


async def test_what_oak_reads_is_large_and_nothing_lies_below_the_edge_of_the_projector(visit) -> None:
    visitor = await visit()
    page = await visitor.goes("/lessons/y4-passwords/present")

    for wide, high in ((1366, 768), (1024, 768), (1920, 1080)):
        await page.set_viewport_size({"width": wide, "height": high})
        await page.keyboard.press("Home")
        for _ in range(5):
            share, whole = await page.evaluate(LETTERS)
            assert share >= 1 / 20
            assert whole
            assert await page.evaluate(FOLD) == []
            await page.keyboard.press("PageDown")


async def test_the_screen_goes_blank_and_comes_back_and_the_list_of_keys_opens(visit) -> None:
    visitor = await visit()
    page = await visitor.goes("/lessons/y4-passwords/present#step-2")

    await page.keyboard.press("b")
    assert await page.evaluate("document.activeElement.className") == "blank"
    await page.keyboard.press("ArrowRight")
    assert await page.locator(".blank").is_visible() is False
    assert page.url.endswith("#step-2"), "whichever key brings it back does nothing else"
    await page.keyboard.press("?")
    await page.get_by_role("dialog", name="Keys").wait_for()
    await page.keyboard.press("Escape")
    assert await page.get_by_role("dialog").is_visible() is False


async def test_the_time_of_a_step_runs_when_amara_starts_it_and_waits_when_she_says_so(visit) -> None:
    visitor = await visit()
    await visitor.page.clock.install()
    page = await visitor.goes("/lessons/y4-passwords/present#step-1")
    timer = page.locator("[data-timer]")

    assert await timer.text_content() == "3:00 Start timer"
    await page.clock.run_for(5_000)
    assert await timer.text_content() == "3:00 Start timer", "it starts by itself for nobody"
    await page.keyboard.press("t")
    await page.clock.run_for(65_500)
    assert await timer.text_content() == "2:00 Pause", "with less motion wished for it changes once a minute"
    await page.emulate_media(reduced_motion="no-preference")
    await page.clock.run_for(1_000)
    assert await timer.text_content() in {"1:54 Pause", "1:53 Pause"}
    await timer.click()
    waits = await timer.text_content()
    assert waits in {"1:54 Go on", "1:53 Go on"}
    await page.clock.run_for(60_000)
    assert await timer.text_content() == waits
    await page.keyboard.press("ArrowRight")
    assert await timer.is_visible() is False, "of a step that says no time there is none"
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("t")
    await page.clock.run_for(200_000)
    assert await timer.text_content() == "0:00 Start again"
    await page.keyboard.press("r")
    assert await timer.text_content() == "3:00 Start timer"
