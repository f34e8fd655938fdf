import asyncio
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from web_school import RECEIPT, TUESDAY, ScriptedDesk

from bot.clock import SetClock
from bot.tokens import Signer
from bot.web.doorway import FROM_ONE_SOURCE, HELD_IN_LINE, QUESTIONS
from bot.web.flood import SIGNS_OF_ONE_SOURCE
from bot.wire import Via
from safeguarding import NothingToSendError

Hidden = Callable[[str, str], str]
CANARY = "the canary sat on the purple windowsill"


async def send(
    browser: httpx.AsyncClient, hidden: Hidden, words: str = "Someone was unkind", **more: str
) -> httpx.Response:
    page = await browser.get("/report")
    fields = {"f-about": "pupil", "w-words": words, "w-name": "", "once": hidden(page.text, "once"), **more}
    return await browser.post("/report", files={name: (None, value) for name, value in fields.items()})


async def test_a_worry_reaches_the_desk_with_its_words_wrapped(browser, desk: ScriptedDesk, hidden) -> None:
    response = await send(browser, hidden)

    incoming = desk.asked[-1]
    assert response.status_code == 200
    assert RECEIPT in response.text
    assert (incoming.verb, incoming.via, incoming.school, incoming.sender) == ("report.send", Via.WEB, "oakfield", "")
    assert incoming.args == {"from": "web", "about": "pupil", "topic": ""}
    assert incoming.words["words"].reveal() == "Someone was unkind"
    assert incoming.semantic_id is not None
    assert incoming.semantic_id.startswith("form:")


async def test_the_receipt_is_in_no_address_header_or_cookie(browser, hidden) -> None:
    response = await send(browser, hidden)

    assert RECEIPT not in str(response.url)
    assert RECEIPT not in str(response.headers)
    assert response.headers["cache-control"] == "no-store"
    assert not response.cookies
    assert response.history == []


async def test_a_second_press_shows_the_same_receipt_and_reaches_nobody(browser, desk: ScriptedDesk, hidden) -> None:
    page = await browser.get("/report")
    fields = {"f-about": "pupil", "w-words": "Someone was unkind", "once": hidden(page.text, "once")}

    first = await browser.post("/report", data=fields)
    second = await browser.post("/report", data=fields)

    assert RECEIPT in first.text
    assert second.text == first.text
    assert [incoming.verb for incoming in desk.asked].count("report.send") == 1


async def test_two_presses_at_once_are_one_worry_with_one_receipt(browser, desk: ScriptedDesk, hidden) -> None:
    desk.slow = asyncio.Event()
    page = await browser.get("/report")
    fields = {"f-about": "pupil", "w-words": "Someone was unkind", "once": hidden(page.text, "once")}

    presses = [asyncio.create_task(browser.post("/report", data=fields)) for _ in range(2)]
    # Nothing here waits for a network: after so many turns of the loop both presses have come as far as they can.
    for _ in range(200):
        await asyncio.sleep(0)
    desk.slow.set()
    first, second = await asyncio.gather(*presses)

    assert RECEIPT in first.text
    assert RECEIPT in second.text
    assert [incoming.verb for incoming in desk.asked].count("report.send") == 1


async def test_the_same_form_an_hour_later_says_that_it_arrived(browser, clock: SetClock, hidden) -> None:
    page = await browser.get("/report")
    fields = {"f-about": "pupil", "w-words": "Someone was unkind", "once": hidden(page.text, "once")}
    await browser.post("/report", data=fields)

    clock.move_to(clock.now() + timedelta(hours=1))
    late = await browser.post("/report", data=fields)

    assert RECEIPT not in late.text
    assert "arrived" in late.text


async def test_a_kiosk_never_shows_a_receipt_twice(browser, hidden) -> None:
    page = await browser.get("/report?kiosk=1")
    fields = {"f-about": "pupil", "w-words": "Someone was unkind", "once": hidden(page.text, "once")}

    first = await browser.post("/report?kiosk=1", data=fields)
    second = await browser.post("/report?kiosk=1", data=fields)

    assert RECEIPT in first.text
    assert 'href="/report?kiosk=1"' in first.text
    assert RECEIPT not in second.text


@pytest.mark.parametrize(
    "words",
    ["x" * 20_000, "ض" * 20_000, "😢" * 20_000, "مرحبا، أحد ما يزعجني", "😢😢😢"],
    ids=["long", "long-arabic", "long-emoji", "arabic", "only-emoji"],
)
async def test_words_of_any_kind_arrive_whole(browser, desk: ScriptedDesk, hidden, words: str) -> None:
    response = await send(browser, hidden, words)

    assert response.status_code == 200
    assert desk.asked[-1].words["words"].reveal() == words


async def test_control_characters_are_left_out_and_lines_kept(browser, desk: ScriptedDesk, hidden) -> None:
    await send(browser, hidden, "one\r\ntwo\x00\x07\x1b\tthree")

    assert desk.asked[-1].words["words"].reveal() == "one\ntwo\tthree"


async def test_too_many_characters_come_back_with_every_one_of_them(browser, desk: ScriptedDesk, hidden) -> None:
    words = "y" * 20_001

    response = await send(browser, hidden, words)

    assert response.status_code == 422
    assert words in response.text
    assert "20001" in response.text
    assert "report.send" not in [incoming.verb for incoming in desk.asked]


async def test_more_than_a_page_takes_is_refused_in_a_sentence(browser, hidden) -> None:
    response = await send(browser, hidden, "z" * 300_000)

    assert response.status_code == 413
    assert "in parts" in response.text


async def test_a_missing_answer_is_named_and_linked_and_the_rest_kept(browser, hidden) -> None:
    page = await browser.get("/report")
    response = await browser.post(
        "/report", data={"w-words": "<script>alert(1)</script>", "once": hidden(page.text, "once")}
    )

    assert response.status_code == 422
    assert 'href="#f-about"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert "&lt;script&gt;alert(1)" in response.text
    assert "<script>alert" not in response.text


NOTHING_LOST, NOTHING_SENT = "What you wrote is still here. Nothing was lost.", "Nothing has been sent yet."


@pytest.mark.parametrize(
    ("typed", "missing", "told"),
    [
        ({}, {"f-about", "w-words"}, NOTHING_SENT),
        ({"w-words": " \n "}, {"f-about", "w-words"}, NOTHING_SENT),
        ({"f-about": "pupil"}, {"w-words"}, NOTHING_SENT),
        ({"f-about": "pupil", "w-name": "Sam"}, {"w-words"}, NOTHING_LOST),
        ({"w-words": "Someone was unkind"}, {"f-about"}, NOTHING_LOST),
    ],
    ids=["nothing", "blanks", "only-a-choice", "only-a-name", "only-words"],
)
async def test_whoever_sends_an_unfinished_form_reads_what_is_missing_and_only_what_is_true(
    browser, hidden, typed: dict[str, str], missing: set[str], told: str
) -> None:
    page = await browser.get("/report")

    response = await browser.post("/report", data={**typed, "once": hidden(page.text, "once")})

    assert response.status_code == 422
    assert {name for name in ("f-about", "w-words") if f'href="#{name}"' in response.text} == missing
    assert ("There are no words yet. You can write anything." in response.text) is ("w-words" in missing)
    assert [said for said in (NOTHING_LOST, NOTHING_SENT) if said in response.text] == [told]


async def test_what_need_not_be_read_at_once_is_folded_away_and_open_again_where_it_was_answered(
    browser, hidden
) -> None:
    page = (await browser.get("/report")).text
    more, topic = re.findall(r'<details class="fold">(.*?)</details>', page, re.DOTALL)

    assert "You will get a receipt." in more
    assert 'name="f-topic"' in topic
    assert page.index('name="f-about"') < page.index('name="w-words"') < page.index('name="f-topic"')
    assert 'name="f-about"' not in more + topic

    again = await browser.post("/report", data={"f-topic": "mean", "once": hidden(page, "once")})

    (opened,) = re.findall(r'<details class="fold" open>(.*?)</details>', again.text, re.DOTALL)
    assert 'value="mean" checked' in opened


async def test_a_picture_is_refused_unread_and_the_words_kept(browser, desk: ScriptedDesk, hidden) -> None:
    page = await browser.get("/report")
    fields = {"f-about": "pupil", "w-words": CANARY, "once": hidden(page.text, "once")}

    response = await browser.post("/report", data=fields, files={"picture": ("me.jpg", b"\xff\xd8\xff", "image/jpeg")})

    assert response.status_code == 415
    assert "Report Remove" in response.text
    assert CANARY in response.text
    assert "report.send" not in [incoming.verb for incoming in desk.asked]


async def test_a_refusal_of_the_desk_keeps_the_words(browser, desk: ScriptedDesk, hidden) -> None:
    desk.refuse = NothingToSendError()

    response = await send(browser, hidden, CANARY)

    assert response.status_code == 422
    assert "There are no words yet" in response.text
    assert CANARY in response.text


async def test_a_broken_desk_loses_nothing_and_says_who_can_help(browser, desk: ScriptedDesk, hidden) -> None:
    desk.broken = True

    response = await send(browser, hidden, CANARY)

    assert response.status_code == 503
    assert CANARY in response.text
    assert "has not been sent" in response.text
    assert "0800 1111" in response.text
    assert "database" not in response.text


async def test_no_word_of_a_report_is_ever_logged(browser, desk: ScriptedDesk, hidden, caplog) -> None:
    caplog.set_level(logging.DEBUG)

    await send(browser, hidden, CANARY)
    desk.broken = True
    await send(browser, hidden, CANARY)
    await browser.post("/report/receipt", data={"w-receipt": RECEIPT})

    assert caplog.records
    assert CANARY not in caplog.text
    assert RECEIPT not in caplog.text


async def test_a_report_that_fails_can_be_followed_from_the_form_to_the_log_by_one_id(
    browser, desk: ScriptedDesk, hidden, caplog
) -> None:
    await send(browser, hidden, CANARY)
    first = {asked.correlation for asked in desk.asked}
    desk.asked.clear()
    desk.broken = True
    await send(browser, hidden, CANARY)

    asked = {each.verb: each.correlation for each in desk.asked}
    (line,) = [each.fields for each in caplog.records if each.message == "web.failed"]
    wanted = {"via": "web", "verb": "report.send", "error": "RuntimeError", "correlation": asked["report.send"]}
    assert wanted.items() <= line.items()
    assert all(len(each) == 16 for each in asked.values())
    assert first.isdisjoint(asked.values())


async def test_a_passphrase_that_cannot_be_tried_is_noted_with_what_was_asked(
    browser, desk: ScriptedDesk, monkeypatch, caplog
) -> None:
    def fails(**_: object) -> None:
        raise OSError(CANARY)

    monkeypatch.setattr(desk.key_desk, "unlock", fails)
    await browser.post("/inbox/sign-in", data={"person": "amina", "passphrase": CANARY})

    (line,) = [each.fields for each in caplog.records if each.message == "web.failed"]
    assert (line["verb"], line["error"], len(line["correlation"])) == ("unlock", "OSError", 16)
    assert CANARY not in str(line)


async def test_beyond_what_any_school_sends_somebody_waits_with_their_words_before_them(
    browser, desk: ScriptedDesk, clock: SetClock, hidden
) -> None:
    for _ in range(FROM_ONE_SOURCE):
        assert (await browser.post("/report", data={"w-words": "x"})).status_code == 422

    flooded = await send(browser, hidden, CANARY)
    assert flooded.status_code == 429
    assert flooded.headers["retry-after"] == "15"
    assert CANARY in flooded.text

    again = {
        "f-about": "pupil",
        "w-words": CANARY,
        "once": hidden(flooded.text, "once"),
        "ticket": hidden(flooded.text, "ticket"),
    }
    assert (await browser.post("/report", data=again)).status_code == 429
    clock.move_to(clock.now() + timedelta(seconds=16))
    again["ticket"] = hidden(flooded.text, "ticket")
    assert (await browser.post("/report", data=again)).status_code == 200
    assert desk.asked[-1].words["words"].reveal() == CANARY


async def test_what_is_held_waits_in_a_line_of_its_own_and_a_child_goes_past_it(
    browser, desk: ScriptedDesk, clock: SetClock, hidden
) -> None:
    """The slow hash of a flood is taken two at a time: everything else has the rest of the machine."""
    for number in range(SIGNS_OF_ONE_SOURCE):
        await send(browser, hidden, f"Buy my watches now, offer {number}")
    desk.slow = asyncio.Event()
    desk.asked.clear()
    machine = [
        asyncio.create_task(send(browser, hidden, f"Buy my watches now, number {number}"))
        for number in range(HELD_IN_LINE + 5)
    ]
    for _ in range(3_000):
        await asyncio.sleep(0)
    page = await browser.get("/report")
    clock.move_to(clock.now() + timedelta(seconds=30))
    fields = {"f-about": "pupil", "w-words": CANARY, "once": hidden(page.text, "once")}
    child = asyncio.create_task(browser.post("/report", data=fields))
    for _ in range(300):
        await asyncio.sleep(0)

    sent = [asked for asked in desk.asked if asked.verb == "report.send"]
    assert [asked.flood for asked in sent] == [True, True, False]
    assert sent[-1].words["words"].reveal() == CANARY
    desk.slow.set()
    assert RECEIPT in (await child).text
    statuses = [(await each).status_code for each in machine]
    assert (statuses.count(200), statuses.count(429)) == (HELD_IN_LINE, 5)


async def test_a_receipt_is_asked_about_by_post_alone(browser, desk: ScriptedDesk) -> None:
    response = await browser.post("/report/receipt", data={"w-receipt": RECEIPT.lower()})

    assert "Somebody has read it" in response.text
    assert desk.asked[-1].verb == "report.status"
    assert desk.asked[-1].words["receipt"].reveal() == RECEIPT.lower()
    assert RECEIPT.lower() not in str(response.url)


async def test_another_site_cannot_send_a_worry(browser, desk: ScriptedDesk) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = await browser.post("/report", data={"w-words": "x"}, headers=headers)

        assert response.status_code == 403
    assert desk.asked == []


async def test_the_form_shows_its_help_lines_and_a_way_out(browser) -> None:
    page = (await browser.get("/report")).text

    assert 'href="tel:999"' in page
    assert 'href="tel:08001111"' in page
    assert "01632 960 999" in page
    assert 'href="https://www.bbc.co.uk/weather"' in page
    assert 'autocomplete="off"' in page


async def test_a_button_of_an_open_page_reaches_the_desk_and_counts_as_a_visit(
    browser, desk: ScriptedDesk, hidden: Hidden
) -> None:
    go = hidden((await browser.get("/report/receipt")).text, "go")

    answered = await browser.post("/report", data={"go": go})
    for _ in range(QUESTIONS - 1):
        await browser.post("/report", data={"go": go})
    flooded = await browser.post("/report", data={"go": go})

    assert "Somebody has read it" in answered.text
    assert desk.asked[-1].sender == ""
    assert desk.asked[-1].key is None
    assert flooded.status_code == 429


async def test_a_button_that_did_its_work_before_says_so(browser, desk: ScriptedDesk) -> None:
    go = Signer("oakfield", ((1, b"s" * 32),)).button("media", {}, on=TUESDAY.date())

    response = await browser.post("/report", data={"go": go})

    assert "done already" in response.text


async def test_a_desk_that_is_down_still_shows_the_form_it_last_gave(
    browser, desk: ScriptedDesk, hidden: Hidden
) -> None:
    page = await browser.get("/report")
    desk.down = True

    response = await browser.post(
        "/report", data={"f-about": "pupil", "w-words": CANARY, "once": hidden(page.text, "once")}
    )

    assert response.status_code == 503
    assert CANARY in response.text


async def test_a_desk_that_was_never_up_still_says_who_can_help(browser, desk: ScriptedDesk) -> None:
    desk.down = True

    response = await browser.get("/report")

    assert response.status_code == 503
    assert "tel:999" in response.text


async def test_a_child_whose_form_is_from_before_a_restart_gets_the_words_back_from_a_desk_that_is_down(
    browser, desk: ScriptedDesk, hidden: Hidden
) -> None:
    desk.down = True  # and nobody has opened the form since this process began, so no form is remembered

    refused = await browser.post("/report", data={"f-about": "pupil", "w-words": CANARY, "once": "x" * 43})

    assert refused.status_code == 503
    assert "has not been sent" in refused.text
    assert re.search(rf'<textarea[^>]* name="w-words"[^>]*>\s*{CANARY}</textarea>', refused.text)

    desk.down = False
    once = hidden(refused.text, "once")
    asked = await browser.post("/report", data={"w-words": CANARY, "once": once})

    # A browser sends what its page has: the question that this page could not show is asked now.
    assert asked.status_code == 422
    assert 'href="#f-about"' in asked.text
    assert CANARY in asked.text
    taken = await browser.post("/report", data={"f-about": "pupil", "w-words": CANARY, "once": once})
    assert RECEIPT in taken.text
    assert desk.asked[-1].words["words"].reveal() == CANARY
