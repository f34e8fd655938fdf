"""What Amara takes away of a lesson from its page on the web, and how little a crowd at the copier can do."""

import asyncio
import threading
from datetime import timedelta

import httpx
import pytest
from web_school import OneHandout, ScriptedDesk, a_school, an_app, signer_of

from bot.addresses import Handout
from bot.clock import SetClock
from bot.web.classroom import LONGEST_LINE

FILES = {
    "slides.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "notes.pdf": "application/pdf",
    "home.pdf": "application/pdf",
    "poster.pdf": "application/pdf",
}
LESSON = "/lessons/y4-passwords"


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


@pytest.fixture
def papers(clock: SetClock) -> str:
    """Where the papers of the lesson are for whoever has the ticket that stands on its card today."""
    return f"{LESSON}/papers/{signer_of().papers('y4-passwords', on=clock.now().date())}"


@pytest.mark.parametrize("name", FILES)
async def test_amara_is_handed_each_file_under_the_lessons_name(browse, papers, name):
    async with browse() as browser:
        handed = await browser.get(f"{papers if name in {'slides.pptx', 'notes.pdf'} else LESSON}/{name}")

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


async def test_each_school_has_its_own(browse, clock, handouts):
    ours, theirs = (signer_of(each).papers("y4-passwords", on=clock.now().date()) for each in ("oakfield", "elm"))

    async with browse(a_school(), a_school("Elm Lane Academy", "elm")) as browser:
        handed = await browser.get("/s/elm/lessons/y4-passwords/home.pdf")
        notes = await browser.get(f"/s/elm/lessons/y4-passwords/papers/{theirs}/notes.pdf")
        others = await browser.get(f"/s/elm/lessons/y4-passwords/papers/{ours}/notes.pdf")

    assert handed.status_code == notes.status_code == 200
    assert handouts.asked == [(Handout.HOME, "en", "elm"), (Handout.NOTES, "en", "elm")]
    assert others.status_code == 410


@pytest.mark.parametrize("name", ["slides.pptx", "notes.pdf"])
async def test_nobody_without_the_ticket_gets_what_holds_the_answers(browse, clock, handouts, papers, name):
    signer, today = signer_of(), clock.now().date()
    other_lesson = signer.papers("y4-privacy", on=today)
    half_a_year_old = signer.papers("y4-passwords", on=today - timedelta(days=181))
    cut = papers.rpartition("/")[2][:-1]
    button = signer.button("lesson", {}, on=today)

    async with browse() as browser:
        refused = [
            await browser.get(f"{LESSON}/papers/{ticket}/{name}")
            for ticket in (other_lesson, half_a_year_old, cut, button, "x")
        ]
        once_open = await browser.get(f"{LESSON}/{name}")

    assert {answer.status_code for answer in (*refused, once_open)} == {410}
    assert "Type /lesson in Slack" in once_open.text
    assert handouts.asked == []


async def test_amaras_page_of_papers_leads_to_all_of_them_and_to_a_home_sheet_in_each_language(browse, papers):
    async with browse() as browser:
        page = await browser.get(papers)

    assert page.status_code == 200
    assert f'href="{papers}/slides.pptx">Slides (PPTX)</a>' in page.text
    assert f'href="{papers}/notes.pdf">Notes with answers (PDF)</a>' in page.text
    assert f'href="{LESSON}/poster.pdf">Poster with a code (PDF)</a>' in page.text
    assert [f'href="{LESSON}/home.pdf?lang={lang}"' in page.text for lang in ("en", "pl", "ar")] == [True] * 3
    assert page.headers["referrer-policy"] == "no-referrer", "the ticket goes along to no other page"


async def test_a_pupil_finds_no_way_from_the_big_screen_to_the_papers(browse):
    async with browse() as browser:
        page = (await browser.get(f"{LESSON}/present")).text

    assert [said for said in ("/papers/", "slides.pptx", "notes.pdf", "Notes with answers") if said in page] == []


async def test_the_poster_leads_to_the_schools_own_big_screen(browse, handouts):
    async with browse(a_school(), a_school("Elm Lane Academy", "elm")) as browser:
        await browser.get("/s/elm/lessons/y4-passwords/poster.pdf")

    assert handouts.screens == ["http://127.0.0.1:8000/s/elm/lessons/y4-passwords/present"]


@pytest.mark.parametrize("path", ["none/poster.pdf", "news-kindness/home.pdf", "y4-passwords/answers.pdf"])
async def test_there_is_no_file_of_what_is_no_lesson(browse, path):
    async with browse() as browser:
        assert (await browser.get(f"/lessons/{path}")).status_code == 404


@pytest.mark.parametrize("page", ["none", "news-kindness"])
async def test_a_ticket_to_what_is_no_lesson_opens_nothing(browse, clock, page):
    ticket = signer_of().papers(page, on=clock.now().date())

    async with browse() as browser:
        answers = [await browser.get(f"/lessons/{page}/papers/{ticket}{file}") for file in ("", "/notes.pdf")]

    assert {answer.status_code for answer in answers} <= {404, 410}


async def test_where_none_can_be_made_amara_is_told_to_come_again(browse, handouts, papers):
    handouts.fails = True

    async with browse() as browser:
        handed = await browser.get(f"{papers}/notes.pdf")

    assert handed.status_code == 503
    assert "We could not do that just now. Please try again in a minute." in handed.text


async def test_a_crowd_has_one_file_made_at_a_time_and_the_rest_are_told_at_once(browse, handouts, papers, monkeypatch):
    goes_on, busy, most = threading.Event(), 0, 0

    def slowly(handout, lesson_id, *, lang, school, screen):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        goes_on.wait(10)
        busy -= 1
        return b"%PDF"

    monkeypatch.setattr(handouts, "made", slowly)
    async with browse() as browser:
        crowd = [asyncio.create_task(browser.get(f"{papers}/notes.pdf")) for _ in range(LONGEST_LINE + 5)]
        turned_away, _ = await asyncio.wait(crowd, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        report = await asyncio.wait_for(browser.get("/report"), 5)
        goes_on.set()
        codes = [answer.status_code for answer in await asyncio.gather(*crowd)]

    assert turned_away
    assert report.status_code == 200, "a child who reports meanwhile never waits"
    assert most == 1
    assert (codes.count(200), codes.count(503)) == (LONGEST_LINE, 5)
