"""The page: its two addresses over ASGI, and the four screens in a real Chromium."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.clock import SetClock
from bot.playground.page import create_playground
from bot.playground.serving import serve
from bot.playground.slack import Ack, SlackWorld
from bot.playground.slack.entries import fill_ids
from bot.playground.telegram import TelegramWorld
from tests.needs import browser

AMINA, BEN, DILYS, YEAR4 = "U0AMINA", "U0BEN", "U0DILYS", "C0YEAR4"
SALMA, TOM = 501, 502
TOKEN = "4242:standin_token-for-tests"
QUIET = ["background-networking", "component-update", "sync"]
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def words(text: str, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": text}


def option(value: str, text: str) -> dict[str, Any]:
    return {"value": value, "text": words(text)}


def question(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element, **more}


def worry() -> dict[str, Any]:
    said = {"type": "plain_text_input", "action_id": "value", "multiline": True, "max_length": 20}
    options = [option("me", "It is about me"), option("friend", "About a friend")]
    picked = {"type": "radio_buttons", "action_id": "pick", "options": options}
    blocks = [
        {"type": "section", "text": words("Only *Mrs Morgan* reads this.", "mrkdwn")},
        question("what", "What happened?", said, hint=words("A few words are enough.")),
        question("who", "Is it about you?", picked, optional=True),
    ]
    labels = {"title": words("Tell someone"), "submit": words("Send"), "close": words("Not now")}
    return {"type": "modal", "callback_id": "worry", "blocks": blocks, **labels}


def card() -> list[dict[str, Any]]:
    lines = [{"type": "text", "text": line} for line in ("Think of three words", "Join them up")]
    items = [{"type": "rich_text_section", "elements": [line]} for line in lines]
    why = "*Next for Oak* because _phishing_ comes after <https://a.test|this>."
    acts = [
        {"type": "button", "action_id": "done", "text": words("Mark as taught"), "style": "primary", "value": "1"},
        {"type": "button", "action_id": "skip", "text": words("Another one")},
        {
            "type": "static_select",
            "action_id": "hands",
            "placeholder": words("Hands up"),
            "options": [option("12", "12")],
        },
    ]
    return [
        {"type": "header", "text": words("Passwords that hold")},
        {"type": "section", "text": words(why, "mrkdwn")},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "ordered", "elements": items}]},
        {"type": "divider"},
        {"type": "context", "elements": [words("Strand: Privacy and security", "mrkdwn")]},
        {"type": "actions", "block_id": "acts", "elements": acts},
    ]


class ScriptedSlack(SlackWorld):  # its app is a script: a form for one command, an answer to everything
    heard: list[dict[str, Any]]

    async def command(self, body: dict[str, Any]) -> Ack:
        self.heard.append(body)
        if body["command"] == "/tell":
            self.open_view(body["trigger_id"], worry())
        elif body["command"] == "/broken":
            return Ack(None, error="operation_timeout")
        return Ack(200, {"text": "Just for *you*"} if body["command"] == "/lesson" else None)

    async def interaction(self, payload: dict[str, Any]) -> Ack:
        self.heard.append(payload)
        if payload["type"] == "view_submission":
            self.post(self.dm(payload["user"]["id"]), self.bot.id, "Thank you. Your receipt is *R-77*.")
        return Ack(200)


@dataclass
class Stage:
    slack: ScriptedSlack
    telegram: TelegramWorld
    clock: SetClock
    app: Starlette


@pytest.fixture
def stage() -> Stage:
    clock = SetClock(datetime(2027, 2, 9, 8, 30, tzinfo=UTC))
    slack = ScriptedSlack(clock.now, lambda: 0.0)
    slack.heard = []
    slack.base_url = "http://127.0.0.1:1/slack"
    slack.commands = {"/lesson", "/tell", "/broken"}
    slack.add_user(AMINA, "Amina Begum", emoji="🦊")
    slack.add_user(BEN, "Ben", emoji="🐢", is_pupil=True)
    slack.add_user(DILYS, "Dilys Morgan", emoji="🌷")
    slack.add_channel(YEAR4, "year-4", [AMINA, BEN])
    slack.post(slack.dm(AMINA), slack.bot.id, "Passwords that hold", blocks=fill_ids(card(), 1))
    slack.post(slack.dm(DILYS), slack.bot.id, "A report waits for you: *LP-7KQ4-M2*.")
    telegram = TelegramWorld(clock.now)
    telegram.add_bot(TOKEN, "OakfieldBot")
    telegram.add_person(SALMA, "Salma")
    telegram.add_person(TOM, "Tom", started=True)
    links = {"invite": "family-code-1", "inbox": "/inbox", "report": "/report", "shortcut:worry": "Tell someone"}
    page = create_playground(slack=slack, telegram=telegram, clock=clock, links=links, note="A made-up school.")
    return Stage(slack, telegram, clock, Starlette(routes=[Mount("/playground", page)]))


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(stage.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/playground/") as client:
        yield client


async def state(client: httpx.AsyncClient, since: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("state", params={"since": since})).json()
    return found


async def one_who_waits(client: httpx.AsyncClient) -> tuple[int, asyncio.Task[dict[str, Any]]]:
    rev = (await state(client))["rev"]
    waiting = asyncio.create_task(state(client, rev))
    for _ in range(20):
        await asyncio.sleep(0)
    return rev, waiting


async def test_the_state_has_everybody_and_the_schools_time(client: httpx.AsyncClient, stage: Stage) -> None:
    seen = await state(client)

    assert [set(seen["slack"]), set(seen["telegram"])] == [{AMINA, BEN, DILYS}, {str(SALMA), str(TOM)}]
    assert seen["clock"] == "2027-02-09T08:30:00+00:00"
    assert seen["about"]["links"]["inbox"] == "/inbox"


async def test_the_state_waits_until_something_changes(client: httpx.AsyncClient, stage: Stage) -> None:
    rev, waiting = await one_who_waits(client)
    assert not waiting.done()

    stage.telegram.say(TOM, "hello")

    later = await asyncio.wait_for(waiting, 5)
    assert later["rev"] > rev
    assert later["telegram"][str(TOM)]["messages"][-1]["text"] == "hello"


async def test_moving_the_clock_wakes_whoever_waits(client: httpx.AsyncClient) -> None:
    _, waiting = await one_who_waits(client)

    answer = await client.post("act", json={"where": "clock", "act": "forward", "hours": 1})

    assert answer.status_code == 200
    assert (await asyncio.wait_for(waiting, 5))["clock"] == "2027-02-09T09:30:00+00:00"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"act": "forward", "days": 1}, "2027-02-10T08:30:00+00:00"),
        ({"act": "next", "weekday": "tuesday", "at": "16:00"}, "2027-02-09T16:00:00+00:00"),
        ({"act": "next", "weekday": "tuesday", "at": "08:30"}, "2027-02-16T08:30:00+00:00"),
        ({"act": "forward", "days": 60}, "2027-04-10T08:30:00+01:00"),
        ({"act": "set", "to": "2027-06-15T16:00"}, "2027-06-15T16:00:00+01:00"),
    ],
)
async def test_the_clock_moves_by_the_schools_wall(
    client: httpx.AsyncClient, asked: dict[str, Any], shown: str
) -> None:
    assert (await client.post("act", json={"where": "clock", **asked})).status_code == 200

    assert (await state(client))["clock"] == shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["no"], "JSON object"),
        ({"where": "moon"}, "slack, telegram or clock"),
        ({"where": "slack", "user": AMINA, "act": "fly"}, "no act 'fly'"),
        ({"where": "slack", "user": AMINA, "act": []}, "no act"),
        ({"where": "slack", "user": "U0NOBODY", "act": "say", "text": "x"}, "nobody"),
        ({"where": "slack", "user": {}, "act": "say", "text": "x"}, "nobody"),
        ({"where": "slack", "user": AMINA, "act": "say", "words": "x"}, "does not take 'words'"),
        ({"where": "slack", "user": AMINA, "act": "say", "text": 7}, "wrong type"),
        ({"where": "slack", "user": AMINA, "act": "say", "files": 5000}, "At most 10"),
        ({"where": "slack", "user": AMINA, "act": "slash"}, "not complete"),
        ({"where": "slack", "user": AMINA, "act": "slash", "command": "/nope"}, "not a valid command"),
        ({"where": "slack", "user": DILYS, "act": "say", "channel": YEAR4, "text": "x"}, "is not in"),
        ({"where": "telegram", "user": TOM, "act": "start", "payload": "a b"}, "start parameter"),
        ({"where": "telegram", "user": TOM, "act": "tap", "message_id": 99}, "no message"),
        ({"where": "telegram", "user": TOM, "act": "vote", "message_id": True, "options": []}, "wrong type"),
        ({"where": "clock", "act": "forward", "hours": -1}, "forward by hours"),
        ({"where": "clock", "act": "set", "to": "soon"}, "no date and time"),
        ({"where": "clock", "act": "set", "to": "9999-12-31T23:59"}, "between 2000 and 2100"),
        ({"where": "clock", "act": "next", "weekday": "tuesday", "at": "tea"}, "no time"),
    ],
)
async def test_a_bad_act_is_refused_with_a_sentence(client: httpx.AsyncClient, asked: Any, said: str) -> None:
    answer = await client.post("act", json=asked)

    assert answer.status_code == 400
    assert said in answer.json()["error"]


async def test_a_bad_request_is_refused_as_well(client: httpx.AsyncClient) -> None:
    as_json = {"Content-Type": "application/json"}

    assert (await client.post("act", content=b"{", headers=as_json)).status_code == 400
    assert (await client.post("act", content=b"\xff", headers=as_json)).status_code == 400
    assert (await client.post("act", content=b'"' + b"x" * 300_000 + b'"', headers=as_json)).status_code == 400
    assert (await client.post("act", data={"where": "clock"})).status_code == 400
    assert (await client.get("state", params={"since": "x"})).status_code == 400


async def test_everything_comes_from_the_page_itself(client: httpx.AsyncClient) -> None:
    page = await client.get("")

    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert (await client.get("static/main.js")).headers["Cache-Control"] == "no-cache"
    assert (await client.post("slack/api/auth.test")).json()["error"] == "not_authed"


@pytest.fixture(scope="module")
def chromium() -> str:
    return browser("the playground was not looked at")


@pytest.fixture
async def chrome(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        await browser.close()


class Visitor:
    def __init__(self, page: Page, pictures: Path) -> None:
        self.page, self._pictures = page, pictures
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.complaints.append(line.text))

    async def looks(self, name: str) -> None:
        """A picture, and axe: nothing at all, no sideways scrolling, nothing that our own policy blocks."""
        await self.page.screenshot(path=self._pictures / f"{name}.png")
        results = await Axe().run(self.page, options=WCAG)
        assert [each["id"] for each in results.response["violations"]] == [], results.generate_report()
        assert await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert self.complaints == []


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    kept = Path(os.environ.get("PICTURES", tmp_path))
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@pytest.fixture
async def visit(chrome: Browser, stage: Stage, pictures: Path):
    async with serve(stage.app) as url:

        async def arrive(size: dict[str, int], **settings: Any) -> Visitor:
            context = await chrome.new_context(viewport=size, reduced_motion="reduce", locale="en-GB", **settings)
            context.set_default_timeout(5_000)
            visitor = Visitor(await context.new_page(), pictures)
            await visitor.page.goto(f"{url}/playground")
            await visitor.page.locator("body[data-ready]").wait_for()
            return visitor

        yield arrive


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_desk_shows_four_screens_side_by_side(visit, stage: Stage, scheme: str) -> None:
    visitor = await visit(DESK, color_scheme=scheme)
    page = visitor.page

    for name in ("Teacher", "Parent", "Pupil", "Safeguarding lead"):
        await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await page.get_by_role("button", name="Open invitation link").first.click()
    await page.locator(".bubble", has_text="/start family-code-1").wait_for()
    await page.get_by_role("button", name="Next Tuesday 16:00").click()
    await page.get_by_text("Tuesday 9 February 2027, 16:00").wait_for()
    await page.locator("#view-teacher").get_by_role("button", name="Mark as taught").click()
    await visitor.looks(f"desk-{scheme}")

    assert stage.slack.heard[-1]["actions"][0]["action_id"] == "done"


@pytest.mark.browser
async def test_a_pupil_fills_in_the_form_by_keyboard_alone(visit, stage: Stage) -> None:
    visitor = await visit(DESK)
    page, keys = visitor.page, visitor.page.keyboard
    pupil = page.locator("#view-pupil")
    await pupil.get_by_label("Message to Lollipop").focus()

    await keys.type("/tell")
    await keys.press("Enter")
    dialog = pupil.get_by_role("dialog", name="Tell someone")
    await dialog.wait_for()
    await expect(dialog.get_by_role("heading", name="Tell someone")).to_be_focused()
    await dialog.get_by_role("radio", name="It is about me").check()
    await dialog.get_by_role("button", name="Send").focus()
    await keys.press("Enter")
    await dialog.get_by_text("Please complete this required field.").wait_for()
    await expect(dialog.get_by_label("What happened?")).to_be_focused()
    await expect(dialog.get_by_role("radio", name="It is about me")).to_be_checked()
    await visitor.looks("desk-modal")
    await keys.type("He is mean")
    for _ in range(3):
        await keys.press("Tab")
    await keys.press("Enter")
    await pupil.get_by_text("Your receipt is").wait_for()
    await expect(dialog).to_have_count(0)
    await expect(pupil.get_by_label("Message to Lollipop")).to_be_focused()

    values = stage.slack.heard[-1]["view"]["state"]["values"]
    assert values["what"]["value"]["value"] == "He is mean"
    assert values["who"]["pick"]["selected_option"]["value"] == "me"


@pytest.mark.browser
async def test_a_failed_command_is_told_and_can_be_put_away(visit) -> None:
    page = (await visit(DESK)).page
    teacher = page.locator("#view-teacher")
    await teacher.get_by_label("Message to Lollipop").fill("/broken")
    await page.keyboard.press("Enter")

    await teacher.get_by_text("/broken failed with the error").wait_for()
    await teacher.get_by_role("button", name="Dismiss").click()
    await expect(teacher.get_by_text("/broken failed with the error")).to_have_count(0)
    await teacher.get_by_label("Message to Lollipop").fill("/nope")
    await page.keyboard.press("Enter")
    await page.get_by_role("status").get_by_text("/nope is not a valid command.").wait_for()
    await expect(teacher.get_by_label("Message to Lollipop")).to_have_value("/nope")


@pytest.mark.browser
async def test_a_phone_shows_one_screen_at_a_time_behind_tabs(visit, stage: Stage) -> None:
    visitor = await visit(PHONE)
    page, keys = visitor.page, visitor.page.keyboard
    await visitor.looks("phone-teacher")
    await expect(page.get_by_role("tabpanel")).to_have_count(1)

    await page.get_by_role("tab", name="Teacher").focus()
    await keys.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Parent")).to_be_focused()
    await page.get_by_role("tabpanel", name="Parent").get_by_label("Who is the parent?").select_option("Tom")
    await page.get_by_label("Message to the bot").fill("<b>hello</b> <img src=x>")
    await keys.press("Enter")
    await page.locator(".bubble", has_text="<b>hello</b> <img src=x>").wait_for()
    await visitor.looks("phone-parent")
    await page.get_by_role("tab", name="Parent").focus()
    for _ in range(2):
        await keys.press("ArrowLeft")
    await expect(page.get_by_role("tab", name="Safeguarding lead")).to_be_focused()
    await page.get_by_text("LP-7KQ4-M2").wait_for()
    await visitor.looks("phone-lead")


@pytest.mark.browser
async def test_what_is_typed_and_where_one_stands_outlive_news(visit, stage: Stage) -> None:
    page = (await visit(DESK)).page
    box = (teacher := page.locator("#view-teacher")).get_by_label("Message to Lollipop")
    await box.fill("half a sen")
    stage.slack.post(stage.slack.dm(AMINA), stage.slack.bot.id, "Good morning <https://a.test|there> <script>")
    await teacher.get_by_text("Good morning").wait_for()
    await expect(box).to_have_value("half a sen")
    await expect(box).to_be_focused()
