"""A sentence of its own for every way into the vault and every step in it, looked for wherever bytes may lie."""

import json
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest

from bot import demo
from bot.storage import concerns, lowlevel
from bot.storage.backup import backup
from school.sensitive import Sensitive
from tests.flows.rig import AMARA, DILYS, HANNAH, MARTA, PUPIL, SAM, Rig, button_of
from tests.flows.test_flow_keys import invited, life_of_a_key

REPORTED = ("web", "web-multipart", "slack-form", "slack-typed", "telegram-guided", "telegram-typed", "staff-logged")
CANARIES = {
    way: f"{way} zebra umbrella seventeen lighthouse"
    for way in (
        *REPORTED,
        *("thrown-away", "never-decided", "reply", "added", "note", "referral", "hand-over", "close", "crashed"),
        *("low-level", "low-level-name", "register-down"),
    )
}
ABOUT_A_PUPIL = "No, or it is about me or another pupil"
MESSAGE = re.compile(r"(Telegram|Slack) message ([0-9.]+), [0-9]{2}/[0-9]{2}/[0-9]{4} [0-9:]{8}")
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")


class Page:
    """A page of the web as somebody with a keyboard uses it: a button is pressed with what stands beside it."""

    def __init__(self, rig: Rig, path: str, html: str) -> None:
        self._rig, self.path, self.html = rig, path, html

    async def press(self, label: str, **typed: str) -> "Page":
        forms = re.findall(r"<form.*?</form>", self.html, re.DOTALL)
        form = next(each for each in forms if f">{label}</button>" in unescape(each))
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        answer = await self._rig.web.post(self.path, data={**hidden, **typed})
        assert answer.status_code == 200, answer.text
        return Page(self._rig, self.path, answer.text)


async def signed_in(rig: Rig, person: str = "dilys") -> Page:
    answer = await rig.web.post(
        "/inbox/sign-in", data={"person": person, "passphrase": demo.PASSPHRASE}, follow_redirects=True
    )
    assert answer.status_code == 200
    return Page(rig, "/inbox", answer.text)


async def tell_on_the_web(rig: Rig, words: str, *, multipart: bool = False) -> str:
    form = (await rig.web.get("/report")).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    fields |= {"f-about": "pupil", "w-words": words}
    sent = {"files": {name: (None, value) for name, value in fields.items()}} if multipart else {"data": fields}
    found = RECEIPT.search((await rig.web.post("/report", **sent)).text)
    assert found
    return found[0]


async def tell_on_slack(rig: Rig) -> None:
    await rig.slack.slash(PUPIL, "/report")
    await rig.until(lambda: rig.slack.modal(PUPIL))
    await rig.slack.submit(PUPIL, values={"year": "12"})
    await rig.slack.submit(PUPIL, values={"about": "pupil", "words": CANARIES["slack-form"]})
    await rig.slack.slash(AMARA, "/report")
    await rig.until(lambda: rig.slack.modal(AMARA))
    await rig.slack.submit(AMARA, values={"about": "pupil", "words": CANARIES["staff-logged"]})
    await rig.slack.say(PUPIL, text=CANARIES["slack-typed"])
    for label in ("Yes, pass it on", ABOUT_A_PUPIL):
        await rig.until(lambda label=label: label in json.dumps(rig.slack.snapshot(PUPIL)))
        offered = next(each for each in reversed(rig.slack.dm_messages(PUPIL)) if label in json.dumps(each.blocks))
        await rig.slack.press(PUPIL, rig.slack.dm(PUPIL).id, offered.ts, *button_of(offered.blocks, label))


async def tell_on_telegram(rig: Rig) -> None:
    rig.telegram.say(SAM, "/report")
    await rig.tap(SAM, "Year 12")
    await rig.tap(SAM, ABOUT_A_PUPIL)
    rig.telegram.say(SAM, CANARIES["telegram-guided"])
    await rig.until(lambda: "receipt" in rig.chat(SAM)[-1].lower())
    for words, *taps in (
        (CANARIES["telegram-typed"], "Yes, pass it on", ABOUT_A_PUPIL),
        (CANARIES["thrown-away"], "No, throw it away"),
    ):
        said = len(rig.chat(SAM))
        rig.telegram.say(SAM, words)
        await rig.until(lambda said=said: len(rig.chat(SAM)) > said)
        for label in taps:
            await rig.tap(SAM, label)
    rig.telegram.say(MARTA, CANARIES["never-decided"])
    await rig.until(lambda: rig.buttons(MARTA))


def assert_numbered(rig: Rig, seen: str) -> None:
    """What was typed comes with the number of its message, which the bot knew it by when it took it away."""
    taken = {str(call.fields["message_id"]) for call in rig.telegram.calls_of("deleteMessage")}
    typed = {each.ts for each in rig.slack.dm_messages(PUPIL) if CANARIES["slack-typed"] in str(each.text)}
    told = MESSAGE.findall(seen)
    assert sorted(platform for platform, _ in told) == ["Slack", "Telegram", "Telegram"]
    assert {number for platform, number in told if platform == "Telegram"} < taken
    assert {number for platform, number in told if platform == "Slack"} == typed


async def log_low_level(rig: Rig) -> None:
    """Amara writes into the register, and Hannah alone reads it there."""
    await rig.slack.slash(AMARA, "/report")
    await rig.until(lambda: rig.slack.modal(AMARA))
    door = button_of(rig.slack.modal(AMARA).definition["blocks"], "Log a low-level concern about an adult")
    await rig.slack.press_in_view(AMARA, *door)
    await rig.until(lambda: "made you uneasy" in str(rig.slack.snapshot(AMARA)["modal"]))
    written = {"whom": "adult", "name": CANARIES["low-level-name"], "words": CANARIES["low-level"]}
    await rig.slack.submit(AMARA, values=written)
    await rig.until(lambda: "It is in the register" in str(rig.slack.snapshot(AMARA)["modal"]))
    await rig.settle()
    register = await (await signed_in(rig, "hannah")).press("Low-level concerns about adults")
    reference = re.search(r"Open (LP-[0-9A-Z]{4}-[0-9A-Z]{2})", register.html)
    assert reference, register.html
    opened = await register.press(reference[0])
    assert CANARIES["low-level"] in opened.html
    assert CANARIES["low-level-name"] in opened.html


async def work_on_cases(rig: Rig, receipt: str) -> None:
    """Everything that a reader can write, each on a case of its own or on the first."""
    page = await signed_in(rig)
    references = list(dict.fromkeys(re.findall(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}", page.html)))
    assert len(references) == 7
    seen = ""
    for reference in references:
        opened = await page.press(f"Open {reference}")
        seen += opened.html
        page = await signed_in(rig)
    assert all(CANARIES[way] in seen for way in REPORTED), "whoever may read them does"
    assert_numbered(rig, seen)
    case = await page.press(f"Open {references[0]}")
    for ask, send, way in (
        ("Write to the sender", "Send it", "reply"),
        ("Write a private note", "Keep it", "note"),
        ("It is with a service outside", "Mark it as referred", "referral"),
    ):
        case = await (await case.press(ask)).press(send, **{"w-words": CANARIES[way]})
        assert CANARIES[way] in case.html
    added = await rig.web.post("/report/receipt", data={"w-receipt": receipt, "w-words": CANARIES["added"]})
    assert CANARIES["added"] in added.text
    handed = await case.press("It is in CPOMS now")
    assert (await handed.press("Download it as a PDF")).html.startswith("%PDF")
    assert CANARIES["reply"] in (await handed.press("Download it as a CSV")).html
    submit = "I have copied it, and it is there"
    assert CANARIES["hand-over"] in (await handed.press(submit, **{"w-words": CANARIES["hand-over"]})).html
    other = await (await signed_in(rig)).press(f"Open {references[1]}")
    asked = await other.press("Close it without a record")
    submit = re.findall(r'<button class="button primary" type="submit">([^<]+)</button>', asked.html)[0]
    assert CANARIES["close"] in (await asked.press(submit, **{"w-words": CANARIES["close"]})).html


async def crash(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the request, with the words in the exception and in the local variables of every frame."""

    def seal(story: object, **_: object) -> None:
        told = getattr(story, "words").reveal()  # noqa: B009 - it stands in a local variable, as it might in ours
        raise RuntimeError(f"the disk is on fire while sealing {told}")

    with monkeypatch.context() as patched:
        patched.setattr(concerns, "seal", seal)
        form = (await rig.web.get("/report")).text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        answer = await rig.web.post("/report", data={**hidden, "f-about": "pupil", "w-words": CANARIES["crashed"]})
        rig.telegram.say(SAM, CANARIES["crashed"])
        await rig.until(lambda: "Sorry" in rig.chat(SAM)[-1], seconds=30)
    assert answer.status_code == 503
    assert CANARIES["crashed"] in answer.text, "given back to whoever wrote them, and to nobody else"
    assert '"RuntimeError"' in rig.logs.getvalue(), "so the crash was seen"


async def crash_at_the_register(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, while what was written about an adult is sealed."""

    def seal(content: bytes, **_: object) -> None:
        raise LookupError(f"the disk is on fire while sealing {content.decode()}")

    with monkeypatch.context() as patched:
        patched.setattr(lowlevel, "seal_copy", seal)
        await rig.slack.slash(AMARA, "/report")
        await rig.until(lambda: "Log a low-level" in str(rig.slack.snapshot(AMARA)["modal"]))
        door = button_of(rig.slack.modal(AMARA).definition["blocks"], "Log a low-level concern about an adult")
        await rig.slack.press_in_view(AMARA, *door)
        await rig.until(lambda: "made you uneasy" in str(rig.slack.snapshot(AMARA)["modal"]))
        written = {"whom": "adult", "name": "Ellis", "words": CANARIES["register-down"]}
        await rig.slack.submit(AMARA, values=written)
        await rig.until(lambda: '"LookupError"' in rig.logs.getvalue(), seconds=30)


async def crash_with_keys(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """In the middle of enrolling and of coming back, with what was typed in the exception; what was typed."""
    code, sheet, phrase = invited(rig), "7KQ4-M2XW-9D3F-HB6T-WXYZ", "seven quiet orange ladders"

    def at_fault(*_: object, **given: object) -> None:
        told = [each.reveal() for each in (*_, *given.values()) if isinstance(each, Sensitive)]
        raise ArithmeticError(f"the disk is on fire with {told}")

    rig.web.cookies.clear()
    with monkeypatch.context() as patched:
        for name in ("pair", "recover", "unlock"):
            patched.setattr(rig.product.house.vault, name, at_fault)
        chosen = {"passphrase": phrase, "again": phrase}
        for path, typed in (
            ("/inbox/enrol", {"code": code, **chosen}),
            ("/inbox/recover", {"person": "hannah", "recovery": sheet, **chosen}),
            ("/inbox/sign-in", {"person": "hannah", "passphrase": phrase}),
        ):
            before = rig.logs.getvalue().count('"ArithmeticError"')
            answer = await rig.web.post(path, data=typed)
            assert answer.status_code >= 500, answer.text
            assert rig.logs.getvalue().count('"ArithmeticError"') > before, f"so the crash at {path} was seen"
            assert not [each for each in typed.values() if each != "hannah" and each in answer.text]
    return {"code of a crash": code, "sheet of a crash": sheet, "passphrase of a crash": phrase}


def unpacked(file: Path) -> bytes:
    with tarfile.open(file, "r:gz") as archive:
        parts = [archive.extractfile(member) for member in archive]
        return b"".join(part.read() for part in parts if part)


def transcripts(rig: Rig) -> Iterator[tuple[str, str]]:
    for user in (DILYS, AMARA, HANNAH, PUPIL):
        yield f"Slack of {user}", json.dumps(rig.slack.snapshot(user), ensure_ascii=False)
    for person in (SAM, MARTA):
        yield f"Telegram of {person}", json.dumps(rig.telegram.snapshot(person), ensure_ascii=False)
    yield "calls to Slack", str(rig.slack.calls)
    yield "calls to Telegram", str(rig.telegram.calls)


def kept_at(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


async def places(rig: Rig, backup_file: Path, temporary: Path) -> dict[str, bytes]:
    """Wherever bytes of ours may lie, by what it is."""
    found = {
        "files and rows": rig.everything_on_disk(),
        "the log at DEBUG": rig.logs.getvalue().encode(),
        "/metrics": (await rig.metrics()).encode(),
        "/healthz and /readyz": b"".join([(await rig.web.get(path)).content for path in ("/healthz", "/readyz")]),
        "a backup": unpacked(backup_file),
        "temporary files": kept_at(temporary),
        "open pages": b"".join([(await rig.web.get(path)).content for path in ("/", "/report", "/report/receipt")]),
    }
    return found | {name: said.encode() for name, said in transcripts(rig)}


def spellings(words: str) -> set[bytes]:
    """As text, as PostgreSQL and logs spell bytes, as JSON and addresses spell spaces."""
    plain = words.encode()
    return {
        plain,
        plain.hex().encode(),
        words.replace(" ", "+").encode(),
        words.replace(" ", "%20").encode(),
        plain[::-1],
    }


def kept_in(content: bytes, secret: str) -> bool:
    """Whether a secret is in there; six digits only where they stand alone, and not in a clock or in a number."""
    if not secret.isdigit():
        return any(each in content for each in spellings(secret))
    return bool(re.search(rb"(?<![0-9A-Fa-f.:-])" + secret.encode() + rb"(?![0-9A-Fa-f])", content))


@contextmanager
def temporary_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.mark.clause(40, 41)
async def test_no_sentence_of_the_vault_is_anywhere_but_in_its_seal(school, tmp_path, monkeypatch):
    with temporary_files(tmp_path / "temporary", monkeypatch) as temporary:
        async with school() as rig:
            receipt = await tell_on_the_web(rig, CANARIES["web"])
            await tell_on_the_web(rig, CANARIES["web-multipart"], multipart=True)
            await tell_on_slack(rig)
            await tell_on_telegram(rig)
            await rig.settle()
            await work_on_cases(rig, receipt)
            await log_low_level(rig)
            await crash(rig, monkeypatch)
            await crash_at_the_register(rig, monkeypatch)
            hidden = await crash_with_keys(rig, monkeypatch)
            hidden |= await life_of_a_key(rig, inside="Open LP-")
            await rig.settle()
            file = tmp_path / "school.backup"
            backup(rig.settings.database_url, file, settings={"school.toml": rig.settings.school_file})

            seen = await places(rig, file, temporary)

            assert b"LP-" in seen["files and rows"]
            assert b"LP-" in seen["a backup"], "so a canary would be seen there too"
            assert b'"desk.handled"' in seen["the log at DEBUG"]
            found = {
                (way, place)
                for way, words in CANARIES.items()
                for place, content in seen.items()
                if any(each in content for each in spellings(words))
            }
            # Their own messages: Slack lets no bot take one out, and what failed stays with its sender on Telegram.
            # A form that failed stays open before whoever filled it in.
            assert found == {
                ("slack-typed", f"Slack of {PUPIL}"),
                ("crashed", f"Telegram of {SAM}"),
                ("register-down", f"Slack of {AMARA}"),
            }
            secrets = {place for place, content in seen.items() if receipt.encode() in content}
            assert secrets == set(), "nor is a receipt that was shown on a page"
            assert len(hidden) == 12, "passphrases, one-time codes, recovery keys and what an authenticator knows"
            known = {
                (name, place)
                for name, told in hidden.items()
                for place, content in seen.items()
                if kept_in(content, told)
            }
            assert known == set()


@pytest.mark.clause(41)
async def test_the_rows_of_the_log_hold_ids_acts_and_references_and_nothing_else(school):
    async with school() as rig:
        await tell_on_the_web(rig, CANARIES["web"])
        await signed_in(rig)
        with rig.product.house.units.read("oakfield") as unit:
            rows = unit.concerns.log.rows(after=0, limit=100)

    assert rows
    for row in rows:
        assert re.fullmatch(r"[a-z]+", row.actor)
        assert re.fullmatch(r"[a-z ]+", row.act)
        assert re.fullmatch(r"(LP-[0-9A-Z]{4}-[0-9A-Z]{2})?", row.subject)
        assert row.outcome in {"done", "refused"}
