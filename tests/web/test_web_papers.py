"""The file that a reader takes away: how it travels, and what is left of it here."""

import csv
import io
from pathlib import Path

import httpx
import pytest
from web_school import PASSPHRASE, ScriptedDesk

from bot.clock import SetClock
from bot.wire import Answer, Incoming, Paper
from pages.document import Document, Quote, says
from school.words import Text

CANARY = "the canary sat on the purple windowsill"
PAGE = Paper(name="LP-7KQ4-M2", document=Document("Concern LP-7KQ4-M2", (Quote((says(CANARY),)),)))
TABLE = Paper(name='../LP-9D3F-6Z"\r\nX: y', head=(Text("Words"),), rows=((f"=1+{CANARY}",),))


class FilingDesk(ScriptedDesk):
    """Hands out a page for the first report and a table for the second, whatever is pressed."""

    async def ask(self, incoming: Incoming) -> Answer:
        if incoming.verb == "inbox.read":
            self.asked.append(incoming)
            return Answer(paper=PAGE if incoming.args["ref"] == "LP-7KQ4-M2" else TABLE)
        return await super().ask(incoming)


@pytest.fixture
def desk() -> FilingDesk:
    return FilingDesk()


async def taken(browser: httpx.AsyncClient, *, second: bool = False) -> httpx.Response:
    await browser.post("/inbox/sign-in", data={"person": "amina", "passphrase": PASSPHRASE})
    page = (await browser.get("/inbox")).text
    tokens = [part.partition('"')[0] for part in page.split('name="go" value="')[1:]]
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.post("/inbox", data={"go": tokens[1 if second else 0], "csrf": csrf})


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_amina_is_handed_a_pdf_that_no_cache_keeps_under_a_name_that_says_nothing(browser):
    handed = await taken(browser)

    assert handed.status_code == 200
    assert handed.headers["content-type"] == "application/pdf"
    assert handed.headers["content-disposition"] == 'attachment; filename="LP-7KQ4-M2.pdf"'
    assert handed.headers["cache-control"] == "no-store"
    assert handed.headers["x-content-type-options"] == "nosniff"
    assert handed.content.startswith(b"%PDF-1.7")


async def test_amina_is_handed_a_table_whose_name_has_nothing_in_it_but_a_reference(browser):
    handed = await taken(browser, second=True)

    assert handed.headers["content-type"] == "text/csv; charset=utf-8"
    assert handed.headers["content-disposition"] == 'attachment; filename="LP-9D3F-6ZXy.csv"'
    assert handed.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(handed.content.decode("utf-8-sig"), newline="")))
    assert rows == [["Words"], [f"'=1+{CANARY}"]]


async def test_where_no_page_can_be_made_amina_is_told_what_to_do_and_nothing_is_logged_of_it(
    browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("bot.paper.printing.printed", lambda told: None)

    handed = await taken(browser)

    assert handed.status_code == 503
    assert "Please download the CSV" in handed.text
    assert CANARY not in handed.text
    assert CANARY not in caplog.text


async def test_nothing_is_left_of_it_on_this_machine(browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    await taken(browser)
    await taken(browser, second=True)

    assert left_in(tmp_path) == []


async def test_a_session_that_is_over_hands_out_nothing(browser, clock: SetClock, desk: FilingDesk):
    await browser.post("/inbox/sign-in", data={"person": "amina", "passphrase": PASSPHRASE})
    page = (await browser.get("/inbox")).text
    go, csrf = (page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("go", "csrf"))
    browser.cookies.clear()

    handed = await browser.post("/inbox", data={"go": go, "csrf": csrf})

    assert handed.status_code == 403
    assert "content-disposition" not in handed.headers
    assert [incoming.verb for incoming in desk.asked] == ["inbox.list"]
