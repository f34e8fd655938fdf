"""Words of every kind and length, and what is not words at all: each arrives whole, or is answered with a sentence."""

import html
import itertools
import re
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from bot import demo
from bot.storage.tables import vault_concern
from bot.wire import Via
from tests.flows.office import report_on_the_web
from tests.flows.rig import Rig, button_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.clause(40)]

NUMBERS = itertools.count(1)
TELEGRAM_LONGEST, MODAL_LONGEST, LONGEST = 4_096, 3_000, 20_000
YES, ABOUT = "Yes, pass it on", "No, or it is about me or another pupil"
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")


def _long(characters: int) -> str:
    """So many characters, no two words alike, that neither begin nor end with a space at any platform's cut."""
    return "".join(f"w{number:05} " for number in range(characters // 7 + 1))[:characters]


KINDS = {
    "20,000 characters": _long(LONGEST),
    "only emoji": "\N{CRYING FACE}\N{BROKEN HEART}\N{FACE SCREAMING IN FEAR}",
    "Arabic": "شخص ما يزعجني كل يوم على الإنترنت ولا أعرف ماذا أفعل",
    "control characters": "he\x07 said\x1b[31m \u202estop\u2066 it\x7f",
}
EVERY_KIND = pytest.mark.parametrize("words", KINDS.values(), ids=KINDS.keys())
EVERY_SHORT_KIND = pytest.mark.parametrize(
    "words",
    [_long(MODAL_LONGEST), *list(KINDS.values())[1:]],
    ids=["3,000 characters", *list(KINDS)[1:]],
)


@dataclass
class Lead:
    """Dilys, signed in to her inbox on the web."""

    rig: Rig
    web: httpx.AsyncClient

    async def reads(self, reference: str) -> str:
        """A concern's words, as her page shows them."""
        listed = (await self.web.get("/inbox")).text
        csrf = re.search(r'name="csrf" value="([^"]*)"', listed)
        assert csrf, listed
        signer = self.rig.product.house.signers["oakfield"]
        today = self.rig.product.house.machine_clock.now().date()
        tokens = re.findall(r'name="go" value="([^"]*)"', listed)
        wanted = ("inbox.read", {"ref": reference})
        go = next(each for each in tokens if signer.read_button(each, on=today) == wanted)
        opened = (await self.web.post("/inbox", data={"go": go, "csrf": csrf[1]})).text
        quote = re.search(r"<blockquote>(.*?)</blockquote>", opened, re.DOTALL)
        assert quote, opened
        lines = re.findall(r"<p[^>]*>(.*?)</p>", quote[1], re.DOTALL)
        return "\n".join(html.unescape(re.sub(r"<[^>]*>", "", line)) for line in lines)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dilys(open_school):
    base = str(open_school.web.base_url)
    async with httpx.AsyncClient(base_url=base, headers={"Origin": base.rstrip("/")}, trust_env=False) as web:
        signed = {"person": "dilys", "passphrase": demo.PASSPHRASE}
        entered = await web.post("/inbox/sign-in", data=signed, follow_redirects=True)
        assert entered.status_code == 200
        yield Lead(open_school, web)


def _references(rig) -> set[str]:
    with rig.product.engines.reading() as connection:
        taken = select(vault_concern.c.reference).where(vault_concern.c.state != "draft")
        return set(connection.execute(taken).scalars())


def _drafts(rig, via: Via, person: object) -> set[str]:
    mark = rig.product.house.vault.sender("oakfield", via=via, address=str(person))
    with rig.product.engines.reading() as connection:
        held = select(vault_concern.c.reference).where(
            vault_concern.c.sent_from == mark, vault_concern.c.state == "draft"
        )
        return set(connection.execute(held).scalars())


def _nowhere_in_the_clear(rig, words: str) -> None:
    seen = words[:200]
    assert seen.encode() not in rig.everything_on_disk()
    assert seen not in rig.logs.getvalue()


def _sam(rig) -> int:
    number = 9000 + next(NUMBERS)
    return rig.telegram.add_person(number, f"Pupil {number}", "en").id


def _pupil(rig) -> str:
    number = next(NUMBERS)
    return rig.slack.add_user(f"U1WORD{number:03}", f"Pupil {number}", is_pupil=True).id


def _said_in_slack(rig, person: str) -> str:
    return str([each.blocks for each in rig.slack.dm_messages(person) if each.by_bot])


# What a browser sends loses what no keyboard types, and keeps all else: bot/web/body.py.
def _typed(words: str) -> str:
    return "".join(letter for letter in words if letter in "\n\t" or (ord(letter) >= 32 and ord(letter) != 127))


@EVERY_KIND
async def test_a_childs_words_on_the_web_form_reach_the_lead_whole(open_school, dilys, words):
    rig, before = open_school, _references(open_school)

    taken = await report_on_the_web(rig.web, words)

    assert taken.status_code == 200
    assert RECEIPT.search(taken.text)
    (reference,) = _references(rig) - before
    assert await dilys.reads(reference) == _typed(words)
    _nowhere_in_the_clear(rig, words)


async def test_a_child_who_writes_more_than_fits_gets_every_word_back_and_a_sentence(open_school):
    rig, before = open_school, _references(open_school)
    words = _long(LONGEST + 1)

    refused = await report_on_the_web(rig.web, words)

    assert refused.status_code == 422
    assert words in html.unescape(refused.text)
    assert "20001" in refused.text
    assert _references(rig) == before
    _nowhere_in_the_clear(rig, words)


@EVERY_KIND
async def test_sams_words_in_telegram_reach_the_lead_whole_in_as_many_parts_as_telegram_makes(
    open_school, dilys, words
):
    rig, sam = open_school, _sam(open_school)
    parts = [words[at : at + TELEGRAM_LONGEST] for at in range(0, len(words), TELEGRAM_LONGEST)]
    for part in parts:
        rig.telegram.say(sam, part)
    await rig.until(lambda: sum("Your receipt" in each for each in rig.chat(sam)) == len(parts), seconds=60)
    references = _drafts(rig, Via.TELEGRAM, sam)

    await rig.tap(sam, YES)
    await rig.until(lambda: ABOUT in rig.buttons(sam), seconds=30)
    await rig.tap(sam, ABOUT)
    await rig.until(lambda: not _drafts(rig, Via.TELEGRAM, sam), seconds=30)

    assert sorted([await dilys.reads(each) for each in references]) == sorted(parts)
    _nowhere_in_the_clear(rig, words)


@EVERY_KIND
async def test_a_pupils_words_in_a_slack_message_reach_the_lead_whole(open_school, dilys, words):
    rig, pupil = open_school, _pupil(open_school)
    await rig.slack.say(pupil, text=words)
    await rig.until(lambda: YES in _said_in_slack(rig, pupil), seconds=30)
    (reference,) = _drafts(rig, Via.SLACK, pupil)

    for label in (YES, ABOUT):
        await rig.until(lambda label=label: label in _said_in_slack(rig, pupil), seconds=30)
        card = rig.slack.dm_messages(pupil)[-1]
        action, value = button_of(card.blocks, label)
        await rig.slack.press(pupil, rig.slack.dm(pupil).id, card.ts, action, value)
    await rig.until(lambda: not _drafts(rig, Via.SLACK, pupil), seconds=30)

    assert await dilys.reads(reference) == words
    _nowhere_in_the_clear(rig, words)


async def _open_form(rig, pupil: str) -> None:
    await rig.slack.slash(pupil, "/report")
    await rig.until(lambda: rig.slack.modal(pupil), seconds=30)
    await rig.slack.submit(pupil, values={"year": "12"})
    await rig.until(lambda: "Send it safely" in str(rig.slack.snapshot(pupil)["modal"]), seconds=30)


@EVERY_SHORT_KIND
async def test_a_pupils_words_in_a_slack_form_reach_the_lead_whole(open_school, dilys, words):
    rig, pupil, before = open_school, _pupil(open_school), _references(open_school)
    await _open_form(rig, pupil)

    await rig.slack.submit(pupil, values={"about": "pupil", "words": words})

    await rig.until(lambda: "Your receipt" in str(rig.slack.snapshot(pupil)["modal"]), seconds=30)
    (reference,) = _references(rig) - before
    assert await dilys.reads(reference) == words
    _nowhere_in_the_clear(rig, words)


async def test_a_pupil_whose_words_are_too_many_for_slacks_form_was_shown_the_longer_one_and_keeps_them(open_school):
    rig, pupil, before = open_school, _pupil(open_school), _references(open_school)
    await _open_form(rig, pupil)
    form = str(rig.slack.snapshot(pupil)["modal"])
    words = _long(LONGEST)

    heard = await rig.slack.submit(pupil, values={"about": "pupil", "words": words})

    assert heard is None  # Slack's own window refused it, and we never heard of it
    assert "There is room for 3000 characters here." in form
    assert "If you have more to tell than fits here, you can use the longer form" in form
    assert f"{rig.settings.address}/report" in form
    open_still = rig.slack.modal(pupil)
    assert open_still.errors
    assert words in str(open_still.entered)
    assert _references(rig) == before
    _nowhere_in_the_clear(rig, words)


@pytest.mark.parametrize(
    "send",
    ["send_photo", "send_voice", "send_document", "send_sticker"],
    ids=["a photo", "a voice note", "a file", "a sticker"],
)
async def test_sam_sends_what_is_not_words_and_it_is_refused_before_anything_is_fetched(open_school, send):
    rig, sam = open_school, _sam(open_school)

    getattr(rig.telegram, send)(sam)

    await rig.until(lambda: rig.chat(sam), seconds=30)
    assert "We did not open it or keep it." in rig.chat(sam)[-1]
    assert "Please tell us in words." in rig.chat(sam)[-1]
    assert "Tell someone" in rig.buttons(sam)
    assert rig.telegram.file_requests == []
    assert rig.telegram.calls_of("getFile") == []


async def test_a_pupil_sends_a_file_in_slack_and_it_is_refused_before_anything_is_fetched(open_school):
    rig, pupil = open_school, _pupil(open_school)

    await rig.slack.say(pupil, files=1)

    await rig.until(lambda: "We did not open it or keep it." in _said_in_slack(rig, pupil), seconds=30)
    assert rig.slack.file_requests == []
    assert [call for call in rig.slack.calls if call.method.startswith("files.")] == []


async def test_sam_sends_nothing_that_can_be_seen_and_is_told_that_nothing_was_kept(open_school):
    rig, sam = open_school, _sam(open_school)

    rig.telegram.say(sam, "\u2800\u200b\u2800")

    await rig.until(lambda: rig.chat(sam), seconds=30)
    assert "We couldn't see any words in that message, so nothing was kept." in rig.chat(sam)[-1]
    assert _drafts(rig, Via.TELEGRAM, sam) == set()
