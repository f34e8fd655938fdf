"""What Amara takes away of a lesson from its page on the web, and how little a crowd at the copier can do."""

import asyncio
import threading

import httpx
import pytest
from web_school import OneHandout, ScriptedDesk, a_school, an_app

from bot.addresses import Handout
from bot.clock import SetClock
from bot.web.classroom import LONGEST_LINE

FILES = {
    "slides.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "notes.pdf": "application/pdf",
    "home.pdf": "application/pdf",
}


@pytest.fixture
def handouts() -> OneHandout:
    return OneHandout()


@pytest.fixture
def browse(desk: ScriptedDesk, clock: SetClock, handouts: OneHandout):
    def open_(*schools):
        app = an_app(desk, clock, handouts=handouts, schools=schools)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 4000))
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")

    return open_


@pytest.mark.parametrize("name", FILES)
async def test_amara_is_handed_each_file_under_the_lessons_name(browse, name):
    async with browse() as browser:
        handed = await browser.get(f"/lessons/y4-passwords/{name}")

    assert handed.status_code == 200
    assert handed.headers["content-type"] == FILES[name]
    assert handed.headers["content-disposition"] == f'attachment; filename="y4-passwords-{name}"'
    assert handed.headers["x-content-type-options"] == "nosniff"
    assert handed.text == f"{name} in en"


async def test_a_family_gets_the_sheet_in_the_language_of_the_link(browse, handouts):
    async with browse() as browser:
        handed = await browser.get("/lessons/y4-passwords/home.pdf?lang=pl")

    assert handed.text == "home.pdf in pl"
    assert handouts.asked == [(Handout.HOME, "pl", "oakfield")]


async def test_each_school_has_its_own(browse, handouts):
    async with browse(a_school(), a_school("Elm Lane Academy", "elm")) as browser:
        handed = await browser.get("/s/elm/lessons/y4-passwords/home.pdf")
        page = await browser.get("/s/elm/lessons/y4-passwords/present")

    assert handed.status_code == 200
    assert handouts.asked == [(Handout.HOME, "en", "elm")]
    assert 'href="/s/elm/lessons/y4-passwords/slides.pptx"' in page.text


async def test_the_lessons_page_leads_to_its_files_and_to_a_home_sheet_in_each_language(browse):
    async with browse() as browser:
        page = (await browser.get("/lessons/y4-passwords/present")).text

    assert '<a href="/lessons/y4-passwords/slides.pptx">Slides (PPTX)</a>' in page
    assert '<a href="/lessons/y4-passwords/notes.pdf">Notes with answers (PDF)</a>' in page
    assert [f'href="/lessons/y4-passwords/home.pdf?lang={lang}"' in page for lang in ("en", "pl", "ar")] == [True] * 3
    assert page.index('<details class="handouts">') > page.rindex('class="slide"'), "the class has it after the end"


@pytest.mark.parametrize("path", ["none/slides.pptx", "news-kindness/home.pdf", "y4-passwords/answers.pdf"])
async def test_there_is_no_file_of_what_is_no_lesson(browse, path):
    async with browse() as browser:
        assert (await browser.get(f"/lessons/{path}")).status_code == 404


async def test_where_none_can_be_made_amara_is_told_to_come_again(browse, handouts):
    handouts.fails = True

    async with browse() as browser:
        handed = await browser.get("/lessons/y4-passwords/notes.pdf")

    assert handed.status_code == 503
    assert "We could not do that just now. Please try again in a minute." in handed.text


async def test_a_crowd_has_one_file_made_at_a_time_and_the_rest_are_told_at_once(browse, handouts, monkeypatch):
    goes_on, busy, most = threading.Event(), 0, 0

    def slowly(handout, lesson_id, *, lang, school):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        goes_on.wait(10)
        busy -= 1
        return b"%PDF"

    monkeypatch.setattr(handouts, "made", slowly)
    async with browse() as browser:
        crowd = [asyncio.create_task(browser.get("/lessons/y4-passwords/notes.pdf")) for _ in range(LONGEST_LINE + 5)]
        turned_away, _ = await asyncio.wait(crowd, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        report = await asyncio.wait_for(browser.get("/report"), 5)
        goes_on.set()
        codes = [answer.status_code for answer in await asyncio.gather(*crowd)]

    assert turned_away
    assert report.status_code == 200, "a child who reports meanwhile never waits"
    assert most == 1
    assert (codes.count(200), codes.count(503)) == (LONGEST_LINE, 5)
