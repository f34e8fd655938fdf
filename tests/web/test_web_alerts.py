"""The page on which alerts are brought in: how a file travels, and what is left of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from web_school import PASSPHRASE, ScriptedDesk

from bot.clock import SetClock
from bot.web.tray import LAID_FOR, MOST, Tray
from bot.web.upload import LARGEST_FILE
from bot.wire import Answer, Choice, Form, Incoming
from pages.document import Document, note
from school.sensitive import Sensitive
from school.words import Text

CANARY = "the canary sat on the purple windowsill"
FILE = f"Date,Text\n24/11/2026,{CANARY}\n"


class AlertDesk(ScriptedDesk):
    """Shows a form for whatever is brought, and says that it is kept."""

    async def ask(self, incoming: Incoming) -> Answer:
        if not incoming.verb.startswith("alerts"):
            return await super().ask(incoming)
        self.asked.append(incoming)
        if self.refuse is not None:
            return Answer(document=Document("", (note(self.refuse.text),)), refused=True)
        if incoming.verb == "alerts.look":
            again = Choice(label=Text("Look again"), verb="alerts.look", args={"kind": "csv"})
            form = Form(
                title=Text("Look"),
                submit=Text("Keep"),
                verb="alerts.keep",
                fields=(),
                args={"seen": "1"},
                also=(again,),
            )
            return Answer(document=Document(Text("Look before you keep it")), form=form)
        return Answer(document=Document(Text("Bring in an alert") if incoming.verb == "alerts" else Text("Kept")))

    def brought(self) -> list[tuple[str, str]]:
        """Each step and what came with it."""
        nothing = Sensitive("")
        return [
            (incoming.verb, incoming.words.get("sheet", nothing).reveal())
            for incoming in self.asked
            if incoming.verb not in {"alerts", "inbox.list"}
        ]


@pytest.fixture
def desk() -> AlertDesk:
    return AlertDesk()


@pytest.fixture
async def amina(browser: httpx.AsyncClient) -> httpx.AsyncClient:
    await browser.post("/inbox/sign-in", data={"person": "amina", "passphrase": PASSPHRASE})
    return browser


async def csrf_of(browser: httpx.AsyncClient) -> str:
    page = (await browser.get("/inbox/alerts")).text
    return page.partition('name="csrf" value="')[2].partition('"')[0]


async def brings(
    browser: httpx.AsyncClient, raw: bytes | None, *, name: str = "a.csv", **fields: str
) -> httpx.Response:
    files = {"file": (name, raw, "text/csv")} if raw is not None else {"file": ("", b"")}
    data = {"csrf": await csrf_of(browser), "source": "Filter", **fields}
    return await browser.post("/inbox/alerts/file", data=data, files=files)


async def presses(browser: httpx.AsyncClient, page: str, button: str, **fields: str) -> httpx.Response:
    """The hidden token comes first; a button's own takes its place."""
    tokens = [part.partition('"')[0] for part in page.split('name="go" value="')[1:]]
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    go = tokens[0] if button == "keep" else tokens[1]
    return await browser.post("/inbox/alerts", data={"go": go, "csrf": csrf, **fields})


async def test_amina_brings_a_file_looks_twice_and_keeps_it(amina, desk: AlertDesk):
    looked = await brings(amina, FILE.encode("utf-16"))
    again = await presses(amina, looked.text, "again", **{"f-column-what": "1", "f-about": "adult", "f-at": "99"})
    kept = await presses(amina, again.text, "keep")

    assert looked.status_code == again.status_code == kept.status_code == 200
    assert desk.brought() == [("alerts.look", FILE), ("alerts.look", FILE), ("alerts.keep", FILE)]
    steps = [incoming for incoming in desk.asked if incoming.verb.startswith("alerts.")]
    assert dict(steps[0].args) == {"kind": "csv", "source": "Filter"}
    assert dict(steps[1].args) == {"kind": "csv", "column-what": "1", "about": "adult"}, (
        "where it stands is ours to say"
    )
    assert all(incoming.key is not None for incoming in steps)
    assert (await presses(amina, again.text, "keep")).status_code == 410, "it is put away when it was kept"


async def test_amina_pastes_an_e_mail(amina, desk: AlertDesk):
    await brings(amina, None, letter=f"Subject: x\r\n\r\n{CANARY}")

    assert desk.asked[-1].args["kind"] == "letter"
    assert CANARY in desk.brought()[0][1]


async def test_ten_megabytes_are_refused_before_they_are_read(amina, desk: AlertDesk):
    csrf = await csrf_of(amina)
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(10):
            read += 1
            yield b"x" * 1_000_000

    headers = {"content-type": "multipart/form-data; boundary=b", "content-length": "10000000"}
    refused = await amina.post("/inbox/alerts/file", content=body(), headers=headers)
    said_nothing = await amina.post(
        "/inbox/alerts/file",
        content=b"--b\r\n"
        + f'Content-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n'.encode()
        + b"x" * 10_000_000,
        headers={"content-type": "multipart/form-data; boundary=b", "content-length": "1"},
    )

    assert read == 0
    assert refused.status_code == 413
    assert "at most 4 MB" in refused.text
    assert refused.headers["connection"] == "close"
    assert said_nothing.status_code in {400, 413}
    assert desk.brought() == []


async def test_a_large_file_is_never_put_on_a_disk(amina, desk: AlertDesk, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rolled: list[object] = []
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", rolled.append)
    large = ("Date,Text\n" + f"24/11/2026,{CANARY}\n" * 60_000).encode()

    assert 2_000_000 < len(large) < LARGEST_FILE
    assert (await brings(amina, large)).status_code == 200
    assert rolled == []
    assert left_in(tmp_path) == []
    assert len(desk.brought()[0][1]) == len(large)


@pytest.mark.parametrize("raw", [b"PK\x03\x04zip", b"%PDF-1.7", b"\0\1\2\3" * 9])
async def test_what_is_no_csv_is_refused_with_what_to_do(amina, desk: AlertDesk, raw: bytes):
    refused = await brings(amina, raw)

    assert refused.status_code == 415
    assert "save it as CSV" in refused.text
    assert desk.brought() == []


async def test_a_file_s_name_is_neither_shown_nor_logged(amina, caplog: pytest.LogCaptureFixture):
    looked = await brings(amina, FILE.encode(), name='../../<img src=x>"\r\nSam Lee.csv')

    assert looked.status_code == 200
    assert "Sam Lee" not in looked.text
    assert "Sam Lee" not in caplog.text
    assert CANARY not in caplog.text


async def test_nothing_chosen_is_told_beside_the_field(amina):
    refused = await brings(amina, None)

    assert refused.status_code == 422
    assert "Please choose a file, or paste the text of an e-mail." in refused.text
    assert 'id="file-wrong"' in refused.text


async def test_a_file_from_elsewhere_or_without_the_form_s_own_mark_is_not_taken(amina, desk: AlertDesk, browser):
    foreign = await amina.post(
        "/inbox/alerts/file", files={"file": ("a.csv", FILE)}, headers={"sec-fetch-site": "cross-site"}
    )
    forged = await brings(amina, FILE.encode(), csrf="forged")
    signed_out = httpx.AsyncClient(transport=amina._transport, base_url="http://127.0.0.1:8000")
    stranger = await signed_out.post("/inbox/alerts/file", files={"file": ("a.csv", FILE)})

    assert (foreign.status_code, forged.status_code, stranger.status_code) == (403, 403, 403)
    assert "Amina Yusuf" in (await signed_out.get("/inbox/alerts")).text, "the sign-in"
    assert desk.brought() == []


async def test_what_was_brought_is_put_away_after_a_while(amina, desk: AlertDesk, clock: SetClock):
    looked = await brings(amina, FILE.encode())
    clock.move_to(clock.now() + LAID_FOR - timedelta(minutes=1))
    await amina.get("/inbox")
    clock.move_to(clock.now() + timedelta(minutes=1))

    gone = await presses(amina, looked.text, "keep")

    assert gone.status_code == 410
    assert "Please bring it in again" in gone.text
    assert desk.brought() == [("alerts.look", FILE)]


def test_what_lies_on_the_tray_is_sealed_and_bounded(clock: SetClock):
    tray = Tray(clock)
    for number in range(MOST + 5):
        tray.lay(f"cookie{number}", Sensitive(CANARY))

    assert CANARY.encode() not in b"".join(laid.sealed for laid in tray._laid.values())
    assert len(tray._laid) == MOST
    assert not tray.look("cookie0")
    assert tray.look(f"cookie{MOST + 4}").reveal() == CANARY
    assert not tray.look("another")
    tray.clear(f"cookie{MOST + 4}")
    assert not tray.look(f"cookie{MOST + 4}")


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())
