"""The pages that join by e-mail and those behind the links in letters, as a browser and a mail program meet them."""

from collections.abc import AsyncIterator

import httpx
import pytest
from web_school import TUESDAY, ScriptedDesk, an_app, signer_of

from bot.clock import SetClock
from bot.tokens import LINK
from bot.web.by_email import OF_ONE_SOURCE
from bot.wire import Answer, Incoming
from pages import Document, Tone, note, paragraph
from school.words import Text

LINKED = signer_of().mint(LINK, b"OAK00000", on=TUESDAY.date())
TYPED = "marta@example.org"
ELSEWHERE = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}


class LettersDesk(ScriptedDesk):
    """Answers what these pages ask."""

    def _answer(self, incoming: Incoming) -> Answer:
        if incoming.verb == "mail.ask" and incoming.words["address"].reveal() != TYPED:
            refused = Document(Text("Lollipop"), (note(Text("That is no address."), Tone.URGENT),))
            return Answer(document=refused, refused=True)
        return Answer(document=Document(incoming.verb, (paragraph("said"),)), lang="pl")


@pytest.fixture
def desk() -> ScriptedDesk:
    return LettersDesk()


@pytest.fixture
async def abroad(desk: ScriptedDesk, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    """A machine somewhere else than the school."""
    transport = httpx.ASGITransport(an_app(desk, clock), raise_app_exceptions=False, client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


def verbs(desk: ScriptedDesk) -> list[str]:
    return [each.verb for each in desk.asked]


async def test_marta_is_asked_for_her_language_first_and_then_for_her_address_alone(browser) -> None:
    first = (await browser.get(f"/join/{LINKED}")).text
    then = (await browser.get(f"/join/{LINKED}?lang=ar")).text

    assert f'href="/join/{LINKED}?lang=pl"' in first
    assert "<form" not in first
    assert 'type="email"' in then
    assert f'action="/join/{LINKED}?lang=ar"' in then
    assert 'dir="rtl"' in then


async def test_an_address_is_handed_over_as_private_words_and_stands_in_no_address_of_a_page(browser, desk) -> None:
    page = await browser.post(f"/join/{LINKED}?lang=en", data={"address": TYPED})

    asked = desk.asked[-1]
    assert asked.words["address"].reveal() == TYPED
    assert asked.args == {"t": LINKED, "chosen": "1"}
    assert TYPED not in repr(asked)
    assert TYPED not in page.text
    assert page.url.path == f"/join/{LINKED}"


async def test_what_is_no_address_stays_in_the_form_with_the_reason_above_it(browser) -> None:
    page = await browser.post("/join?lang=en", data={"address": "marta at home"})

    assert page.status_code == 422
    assert "That is no address." in page.text
    assert 'value="marta at home"' in page.text


async def test_a_machine_that_types_addresses_is_slowed_down_and_nobody_else_is(browser, desk, abroad) -> None:
    for _ in range(OF_ONE_SOURCE):
        assert (await abroad.post("/join?lang=en", data={"address": TYPED})).status_code == 200

    late = await abroad.post("/join?lang=en", data={"address": TYPED})
    assert late.status_code == 429
    assert verbs(desk).count("mail.ask") == OF_ONE_SOURCE
    assert (await browser.post("/join?lang=en", data={"address": TYPED})).status_code == 200


@pytest.mark.parametrize(
    ("path", "looks", "does"),
    [("/join/yes/x", "mail.look", "mail.join"), ("/letters/x/stop", "letters.leave", "letters.stop")],
)
async def test_opening_a_link_in_a_letter_does_nothing_and_the_button_does_it(browser, desk, path, looks, does) -> None:
    for method in ("GET", "HEAD"):
        await browser.request(method, path)
    assert set(verbs(desk)) == {looks}

    await browser.post(path)
    assert verbs(desk)[-1] == does


async def test_a_mail_program_leaves_from_elsewhere_by_one_click_and_nothing_else_is_done_from_there(
    browser, desk
) -> None:
    for body in ({"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}}):
        assert (await browser.post("/letters/x/stop", headers=ELSEWHERE, **body)).status_code == 200
    assert verbs(desk) == ["letters.stop", "letters.stop"]

    for path in ("/join", "/join/yes/x", "/letters/x"):
        assert (await browser.post(path, headers=ELSEWHERE, data={"address": TYPED})).status_code == 403
    assert verbs(desk) == ["letters.stop", "letters.stop"]


async def test_only_the_buttons_of_the_page_itself_are_pressed_there(browser, desk) -> None:
    signer = signer_of()
    for go in ("", "forged", signer.button("inbox.list", {}, on=TUESDAY.date())):
        assert (await browser.post("/letters/x", data={"go": go})).status_code == 403
    assert desk.asked == []

    stolen = {"do": "years.year", "t": "another-family's"}
    await browser.post("/letters/x", data={"go": signer.button("letters.do", stolen, on=TUESDAY.date())})
    assert desk.asked[-1].args == {"do": "years.year", "t": "x"}, "whose it is says the address of the page alone"


async def test_a_family_reads_its_page_in_its_own_language_unless_it_chose_another(browser) -> None:
    assert '<html lang="pl"' in (await browser.get("/letters/x")).text
    assert '<html lang="ar"' in (await browser.get("/letters/x?lang=ar")).text


async def test_the_archive_is_there_by_month_in_each_language_on_paper_and_to_copy(browser) -> None:
    archive = (await browser.get("/news?lang=pl")).text
    sheet = await browser.get("/news/news-kindness.pdf?lang=ar")
    site = (await browser.get("/news/news-kindness/for-your-site?lang=ar")).text

    assert "<h3>listopad 2026</h3>" in archive
    assert 'href="/news/feed.xml?lang=ar" hreflang="ar"' in archive
    assert 'href="/join?lang=pl"' in archive
    assert (sheet.headers["content-type"], sheet.content[:4]) == ("application/pdf", b"%PDF")
    assert "&lt;article lang=&#34;ar&#34; dir=&#34;rtl&#34;&gt;" in site
    assert "http://127.0.0.1:8000/news/news-kindness?lang=ar" in site
    assert "http://127.0.0.1:8000/lessons/y4-passwords/present" in site
    for path in ("/news/none.pdf", "/news/y4-passwords.pdf", "/news/none/for-your-site"):
        assert (await browser.get(path)).status_code == 404
