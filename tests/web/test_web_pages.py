import logging
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest
from starlette.routing import Route
from web_school import ScriptedDesk, a_school, an_app

from bot.clock import SetClock
from bot.languages import translator
from bot.web import words
from bot.web.flood import Bucket, GrowingWaits, Patience, Sources
from bot.web.machine import prometheus
from bot.web.render import Renderer
from pages.document import Document, Heading, Note, Paragraph, Quote, Span, Tone, paragraph, says
from school.words import Text

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PATHS = (
    *("/", "/report", "/report/receipt", "/inbox", "/inbox/enrol", "/news", "/news/news-kindness"),
    *("/join", "/news/news-kindness/for-your-site"),
    *("/lessons/y4-passwords/present", "/nope"),
)


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/static/lollipop.css", "/news/feed.xml"])
async def test_every_answer_carries_the_strict_headers(browser, path: str) -> None:
    response = await browser.get(path)

    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PATHS)
async def test_pages_store_nothing_and_load_nothing_from_elsewhere(browser, path: str) -> None:
    response = await browser.get(path)

    assert response.headers["cache-control"] == "no-store"
    assert not response.cookies
    assert not re.findall(r'(?:src|rel="stylesheet" href)="(?!/static/)', response.text)
    assert "style=" not in response.text
    assert " on" + "click=" not in response.text


@pytest.mark.parametrize("path", PATHS)
async def test_every_sentence_goes_through_the_catalogue(browser, path: str) -> None:
    page = (await browser.get(path, params={"lang": "en-XA"})).text

    main = re.sub(r"<(script|style|svg|title|head)\b.*?</\1>", "", page, flags=re.DOTALL)
    loose = re.sub(r"⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧", "", re.sub(r"<[^>]+>", " ", main))
    ours = {"Oakfield", "Primary", "School", "Amina", "Yusuf", "Ben", "Okafor", "English", "Polski"}
    content = path.startswith(("/lessons", "/news"))
    assert content or not set(re.findall(r"[A-Za-z]{2,}", loose)) - ours, loose


@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("pl", "ltr"), ("ar", "rtl")])
async def test_a_language_is_chosen_by_address(browser, lang: str, direction: str) -> None:
    page = (await browser.get("/report", params={"lang": lang})).text

    assert f'<html lang="{lang}" dir="{direction}">' in page
    assert f'action="/report?lang={lang}"' in page


async def test_a_browsers_own_language_is_met_where_the_school_writes_it(browser) -> None:
    polish = await browser.get("/", headers={"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.5"})
    french = await browser.get("/", headers={"Accept-Language": "fr"})

    assert '<html lang="pl"' in polish.text
    assert '<html lang="en"' in french.text


async def test_the_desk_hears_the_language(browser, desk: ScriptedDesk) -> None:
    await browser.get("/report?lang=ar")

    assert desk.asked[-1].lang == "ar"


async def test_a_lost_page_offers_help_and_the_way_back(browser) -> None:
    response = await browser.get("/no/such/page")

    assert response.status_code == 404
    assert 'href="tel:999"' in response.text
    assert 'href="/"' in response.text


@pytest.mark.parametrize(("method", "path"), [("PUT", "/report"), ("DELETE", "/inbox"), ("POST", "/news")])
async def test_a_wrong_method_is_refused_calmly(browser, method: str, path: str) -> None:
    response = await browser.request(method, path)

    assert response.status_code == 405
    assert "allow" in response.headers
    assert "tel:999" in response.text


async def test_something_that_is_no_form_is_refused_in_a_sentence(browser) -> None:
    json = await browser.post("/report", json={"words": "x"})
    torn = await browser.post("/report", content=b"--x\r\nnonsense", headers={"Content-Type": "multipart/form-data"})

    assert (json.status_code, torn.status_code) == (400, 400)
    assert "could not read" in json.text


async def test_the_machine_pages_answer_without_content(desk: ScriptedDesk, clock: SetClock) -> None:
    transport = httpx.ASGITransport(an_app(desk, clock, ready=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
        ready = await browser.get("/readyz")
        up = await browser.get("/healthz")
        metrics = await browser.get("/metrics")

    assert (ready.status_code, ready.json()) == (
        503,
        {"ready": False, "parts": {"database": False, "telegram": True}},
    )
    assert (up.status_code, up.text) == (200, "ok\n")
    assert 'lollipop_deliveries{state="sent"} 340.0' in metrics.text
    assert "# TYPE lollipop_updates_total counter" in metrics.text


def test_a_metric_with_a_wrong_name_is_refused() -> None:
    with pytest.raises(ValueError, match="not a metric's name"):
        prometheus({"a child's name": {(): 1.0}})


async def test_one_school_that_is_off_leaves_the_others_ready_and_each_can_be_asked_for(
    desk: ScriptedDesk, clock: SetClock
) -> None:
    schools = (a_school(), a_school("Elm Lane Academy", "elm"))
    health = {"oakfield": {"slack": True}, "elm": {"slack": False}}
    transport = httpx.ASGITransport(an_app(desk, clock, schools=schools, health=health))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as monitor:
        both = await monitor.get("/readyz")
        oakfield = await monitor.get("/readyz/oakfield")
        elm = await monitor.get("/readyz/elm")
        nobody = await monitor.get("/readyz/ash")

    assert (both.status_code, both.json()["schools"]) == (200, health)
    assert (oakfield.status_code, elm.status_code, nobody.status_code) == (200, 503, 404)
    assert elm.json() == {"ready": False, "parts": {"database": True, "telegram": True, "slack": False}}


async def test_several_schools_live_under_their_names(desk: ScriptedDesk, clock: SetClock) -> None:
    schools = (a_school(), a_school("Elm Lane Academy", "elm"))
    transport = httpx.ASGITransport(an_app(desk, clock, schools=schools))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
        lobby = await browser.get("/")
        elm = await browser.get("/s/elm/report")
        bare = await browser.get("/report")
        lost = await browser.get("/s/elm/nothing")
        front = await browser.get("/s/elm/")

    assert "/s/oakfield/" in lobby.text
    assert "/s/elm/" in lobby.text
    assert 'action="/s/elm/report"' in elm.text
    assert desk.asked[0].school == "elm"
    # An old poster's address leads to the choice of schools.
    assert bare.status_code == 200
    assert 'href="/s/elm/report"' in bare.text
    assert 'href="/s/oakfield/report"' in bare.text
    assert "Elm Lane Academy" in lost.text
    assert "Elm Lane Academy" in front.text


async def test_news_and_its_feed_show_what_was_sent(browser) -> None:
    page = await browser.get("/news")
    feed = await browser.get("/news/feed.xml")

    assert "kindness &amp; care" in page.text
    tree = ET.fromstring(feed.text)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert tree.findtext("a:entry/a:title", namespaces=atom) == "Kind words online"
    assert tree.findtext("a:entry/a:updated", namespaces=atom) == "2026-11-20T00:00:00Z"
    assert "<p>This half-term" in (tree.findtext("a:entry/a:content", namespaces=atom) or "")


async def test_marta_follows_a_link_in_the_news_to_a_page_of_the_site_and_reads_the_rest_as_words(browser) -> None:
    page = await browser.get("/news", params={"lang": "pl"})

    assert (
        '<a href="/lessons/y4-passwords/present?lang=pl" rel="noreferrer">See the lesson</a> or the note' in page.text
    )
    assert "page:" not in page.text


async def test_marta_reads_one_newsletter_alone_once_it_is_out(browser) -> None:
    issue = await browser.get("/news/news-kindness")

    assert "<h1>Kind words online</h1>" in issue.text
    assert "kindness &amp; care" in issue.text
    assert (await browser.get("/news/y4-passwords")).status_code == 404
    assert (await browser.get("/news/news-later")).status_code == 404


async def test_the_links_of_several_schools_stay_within_each(desk: ScriptedDesk, clock: SetClock) -> None:
    schools = (a_school(), a_school("Elm Lane Academy", "elm"))
    transport = httpx.ASGITransport(an_app(desk, clock, schools=schools))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
        page = await browser.get("/s/elm/news")
        feed = await browser.get("/s/elm/news/feed.xml")

    assert 'href="/s/elm/lessons/y4-passwords/present"' in page.text
    assert 'href="http://127.0.0.1:8000/s/elm/news/news-kindness"' in feed.text


async def test_a_class_sees_on_the_big_screen_what_is_for_pupils_and_nothing_of_the_teachers(browser) -> None:
    page = await browser.get("/lessons/y4-passwords/present")

    shown = ("What makes a password strong?", "<strong>Pick three words</strong>", "tiger-lamp-soup")
    assert [said for said in shown if said not in page.text] == []
    hidden = ("For the teacher", "Talk in pairs.", "Expect", "One question at a time.", "may know it")
    assert [said for said in hidden if said in page.text] == []
    assert page.text.count('class="slide"') == 4
    assert (await browser.get("/lessons/none/present")).status_code == 404


async def test_a_class_sees_the_lessons_title_where_it_is_and_what_new_words_mean(browser) -> None:
    page = await browser.get("/lessons/y4-passwords/present")

    assert '<p class="lesson-title" aria-hidden="true">Strong passwords</p>' in page.text
    assert "Year 4 · 40 minutes" in page.text
    assert "Step 2 of 3" in page.text
    assert "<dt>password</dt><dd>words that open my account</dd>" in page.text
    assert '<ul class="board"><li>Strong</li><li>Weak</li></ul>' in page.text


async def test_a_class_sees_an_answer_only_when_somebody_asks_for_it(browser) -> None:
    page = (await browser.get("/lessons/y4-passwords/present")).text

    folded = page[page.index('<details class="answer">') : page.index("</details>")]
    assert "Right answer: B, “tiger-lamp-soup”." in folded
    assert "Odd words are hard to guess." in folded
    assert "Right answer" not in page.replace(folded, "")


def test_words_in_a_document_never_become_markup() -> None:
    nasty = '<img src=x onerror=alert(1)>"'
    document = Document(nasty, (paragraph(nasty), Quote((says(nasty),)), Note(says(nasty), Tone.URGENT)))

    html = str(Renderer(translator("en"), "en").body(document))

    assert "<img" not in html
    assert html.count("&lt;img") == 3


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "http://plain.example", "//evil.example"])
def test_an_unsafe_address_is_shown_as_words_alone(href: str) -> None:
    html = str(Renderer(translator("en"), "en").inline((Span("here", href=href),)))

    assert html == "here"


def test_a_page_in_another_language_says_so() -> None:
    renderer = Renderer(translator("en"), "en")

    assert 'lang="ar" dir="rtl"' in str(renderer.body(Document("x", (paragraph("مرحبا"),), "ar")))
    assert "lang=" not in str(renderer.body(Document("x", (paragraph(Text("Hello")),), "ar")))


def test_only_the_words_that_are_in_another_language_say_so() -> None:
    document = Document("x", (paragraph("Hello"), paragraph(Text("Your receipt"))), "en")

    html = str(Renderer(translator("ar"), "ar").body(document))

    assert html == '<div lang="en" dir="ltr"><p>Hello</p></div>\n<p>رمز الإيصال</p>'


async def test_amina_hears_an_english_title_as_english(browser) -> None:
    lesson = await browser.get("/lessons/y4-passwords/present", params={"lang": "ar"})
    news = await browser.get("/news/news-kindness", params={"lang": "ar"})
    form = await browser.get("/report/receipt", params={"lang": "ar"})

    assert '<h1 class="unseen" lang="en" dir="ltr">' in lesson.text
    assert '<h1 lang="en" dir="ltr">' in news.text
    assert "<h1>" in form.text


def test_a_link_survives_its_style() -> None:
    spans = (Span("Call ", emphasis=True), Span("999", strong=True, href="tel:999"))

    html = str(Renderer(translator("en"), "en").inline(spans))

    assert html == '<em>Call </em><a href="tel:999" rel="noreferrer"><strong>999</strong></a>'


def test_headings_go_down_one_level_at_a_time() -> None:
    document = Document("t", tuple(Heading(says("h"), level) for level in (3, 2, 3, 4, 2)))

    html = str(Renderer(translator("en"), "en").body(document))

    assert re.findall(r"<h(\d)>", html) == ["2", "2", "3", "4", "2"]


def test_a_bucket_fills_again_with_time(clock: SetClock) -> None:
    bucket = Bucket(clock, 2, timedelta(minutes=10))

    assert [bucket.take(b"a"), bucket.take(b"a"), bucket.take(b"a"), bucket.take(b"b")] == [True, True, False, True]
    clock.move_to(clock.now() + timedelta(minutes=5))
    assert [bucket.take(b"a"), bucket.take(b"a")] == [True, False]


def test_a_ticket_is_good_once_for_its_own_form_and_not_too_early(clock: SetClock) -> None:
    patience = Patience(clock, wait=timedelta(seconds=15), good_for=timedelta(minutes=30))
    ticket = patience.ticket("mine")

    assert not patience.accepts(ticket, "mine")
    clock.move_to(clock.now() + timedelta(seconds=15))
    assert not patience.accepts(ticket, "yours")
    assert not patience.accepts("99999999999999999.x", "mine")
    assert not patience.accepts("", "mine")
    assert patience.accepts(ticket, "mine")
    assert not patience.accepts(ticket, "mine")


def test_waits_grow_to_a_quarter_of_an_hour_and_are_forgotten(clock: SetClock) -> None:
    waits = GrowingWaits(clock)
    seen = []
    for _ in range(14):
        wait = waits.attempt(b"amina")
        seen.append(int(wait.total_seconds()))
        clock.move_to(clock.now() + wait)
        if wait:
            assert not waits.attempt(b"amina")

    assert seen[:7] == [0, 0, 0, 5, 10, 20, 40]
    assert max(seen) == 900
    clock.move_to(clock.now() + timedelta(hours=1))
    assert not waits.attempt(b"amina")
    assert not waits.attempt(b"amina")


def test_one_ipv6_network_is_one_source() -> None:
    sources = Sources()

    assert sources.mark("2001:db8:1:2::1") == sources.mark("2001:db8:1:2:ffff::9")
    assert sources.mark("2001:db8:1:2::1") != sources.mark("2001:db8:1:3::1")
    assert sources.mark("192.0.2.1") != sources.mark("192.0.2.2")


async def test_addresses_of_visitors_are_never_logged(browser, caplog) -> None:
    caplog.set_level(logging.DEBUG, "bot")

    await browser.get("/report")

    # The visitor's own browser here is httpx, which tells of itself where an earlier test has asked for its level.
    assert "127.0.0.1" not in "\n".join(each.getMessage() for each in caplog.records if each.name != "httpx")


def test_every_sentence_of_the_web_is_a_text() -> None:
    said = {name: value for name, value in vars(words).items() if name.isupper()}

    assert said
    assert all(isinstance(value, Text) for value in said.values())


def test_an_inline_of_a_paragraph_keeps_its_order() -> None:
    html = str(Renderer(translator("en"), "en").body(Document("t", (Paragraph((Span("a"), Span("b", code=True))),))))

    assert html == "<p>a<code>b</code></p>"


async def test_an_unforeseen_error_shows_nothing_of_its_inside(desk: ScriptedDesk, clock: SetClock) -> None:
    app = an_app(desk, clock)

    async def fails(request: object) -> None:
        msg = "secret of the house"
        raise RuntimeError(msg)

    app.router.routes.insert(0, Route("/broken", fails))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
        response = await browser.get("/broken")

    assert response.status_code == 500
    assert "secret" not in response.text
    assert "tel:999" in response.text
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["cache-control"] == "no-store"
