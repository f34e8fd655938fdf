"""After the passphrase: the code, the sheet for the safe, and a reader's own key, as the pages have it."""

from datetime import timedelta

import httpx
import pytest
from test_web_inbox import Hidden, sign_in
from web_school import APP_CODE, KEY, NEW_KEY, PASSPHRASE, RECOVERY, SECRET, ScriptedDesk, an_app

from bot.clock import SetClock
from bot.keydesk import Then
from bot.web.sessions import HalfWay
from school.sensitive import SecretKey, Sensitive

NEW = {"passphrase": "eight loud purple teapots", "again": "eight loud purple teapots"}


@pytest.fixture
def asked(desk: ScriptedDesk) -> ScriptedDesk:
    """A school that asks for a code, and Amina's app is set up."""
    desk.key_desk.asks = Then.CODE
    return desk


async def give(browser: httpx.AsyncClient, hidden: Hidden, code: str = APP_CODE) -> httpx.Response:
    page = await browser.get("/inbox/code")
    return await browser.post("/inbox/code", data={"code": code, "csrf": hidden(page.text, "csrf")})


async def test_amina_gives_her_passphrase_and_then_a_code(browser, asked: ScriptedDesk, hidden: Hidden) -> None:
    signed = await sign_in(browser)
    assert (signed.status_code, signed.headers["location"]) == (303, "/inbox/code")
    assert "lollipop-code=" in signed.headers["set-cookie"]

    entered = await give(browser, hidden)

    assert (entered.status_code, entered.headers["location"]) == (303, "/inbox")
    assert "LP-7KQ4-M2" in (await browser.get("/inbox")).text
    assert asked.key_desk.done == ["code", "carried over by the key"]


async def test_a_page_that_was_asked_for_is_there_after_the_code_too(
    browser, asked: ScriptedDesk, hidden: Hidden
) -> None:
    wanted = hidden((await browser.get("/policy")).text, "wanted")
    await browser.post("/inbox/sign-in", data={"person": "amina", "passphrase": PASSPHRASE, "wanted": wanted})

    entered = await give(browser, hidden)

    assert (entered.status_code, entered.headers["location"]) == (303, "/policy")


async def test_with_the_passphrase_alone_nothing_is_seen_and_nothing_is_done(browser, asked: ScriptedDesk) -> None:
    await sign_in(browser)

    pages = [await browser.get(path) for path in ("/inbox", "/deliveries", "/inbox/keys", "/inbox/keys/sheet")]
    cookie = browser.cookies["lollipop-code"]
    browser.cookies.set("lollipop", cookie)
    pages += [await browser.get(path) for path in ("/inbox", "/inbox/keys")]
    pages += [await browser.post(path, data={"go": "x", "now": PASSPHRASE}) for path in ("/inbox", "/inbox/keys/sheet")]

    assert asked.asked == []
    assert not any("LP-7KQ4-M2" in page.text or "Recovery key of" in page.text for page in pages)


async def test_five_minutes_after_the_passphrase_no_code_opens_anything(
    browser, asked: ScriptedDesk, clock: SetClock, hidden: Hidden
) -> None:
    await sign_in(browser)
    csrf = hidden((await browser.get("/inbox/code")).text, "csrf")
    clock.move_to(clock.now() + timedelta(minutes=5))

    late = await browser.post("/inbox/code", data={"code": APP_CODE, "csrf": csrf})

    assert late.status_code == 403
    assert "more than five minutes" in late.text
    assert (await browser.get("/inbox/code")).headers["location"] == "/inbox"
    assert asked.key_desk.done == []


async def test_a_wrong_code_says_so_and_five_of_them_ask_for_the_passphrase_again(
    browser, asked: ScriptedDesk, clock: SetClock, hidden: Hidden
) -> None:
    await sign_in(browser)

    answers = []
    for _ in range(5):
        clock.move_to(clock.now() + timedelta(seconds=50))
        answers.append(await give(browser, hidden, "000000"))
        if answers[-1].status_code == 429:
            break

    assert [answer.status_code for answer in answers] == [403] * 5
    assert "code isn" in answers[0].text
    assert "too many wrong codes" in answers[-1].text
    assert (await browser.get("/inbox/code")).status_code == 303


async def test_wrong_codes_and_wrong_passphrases_wait_together(
    browser, asked: ScriptedDesk, clock: SetClock, hidden: Hidden
) -> None:
    await sign_in(browser, "not it at all")
    await sign_in(browser)
    assert (await give(browser, hidden, "000000")).status_code == 403

    waiting = await give(browser, hidden, "000000")

    assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "5")
    assert (await give(browser, hidden)).status_code == 429, "the right one waits as well"
    clock.move_to(clock.now() + timedelta(seconds=5))
    assert (await give(browser, hidden)).status_code == 303


async def test_codes_tried_from_many_addresses_wait_all_the_same(asked, clock, hidden: Hidden) -> None:
    app = an_app(asked, clock)
    statuses = []
    for host in range(12):
        transport = httpx.ASGITransport(app, client=(f"10.0.0.{host}", 4000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as thief:
            await sign_in(thief)
            statuses.append((await give(thief, hidden, "000000")).status_code)

    assert statuses == [403] * 10 + [429] * 2


async def test_the_waiting_persons_form_is_theirs_alone(browser, asked: ScriptedDesk, hidden: Hidden) -> None:
    await sign_in(browser)

    forged = await browser.post("/inbox/code", data={"code": APP_CODE, "csrf": "0" * 64})
    elsewhere = await browser.post(
        "/inbox/code",
        data={"code": APP_CODE, "csrf": hidden((await browser.get("/inbox/code")).text, "csrf")},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert (forged.status_code, elsewhere.status_code) == (403, 403)
    assert asked.key_desk.done == []


async def test_amina_sets_up_her_app_before_the_inbox_opens(browser, desk: ScriptedDesk, hidden: Hidden) -> None:
    desk.key_desk.asks = Then.SET_UP
    await sign_in(browser)

    page = await browser.get("/inbox/code")
    assert "JBSW Y3DP EHPK 3PXP" in page.text
    assert '<svg width="' in page.text
    assert "no-store" in page.headers["cache-control"]
    again = await give(browser, hidden, "000000")
    assert "JBSW Y3DP EHPK 3PXP" in again.text, "the same secret: it may be in the app already"
    entered = await give(browser, hidden)

    assert entered.status_code == 303
    assert desk.key_desk.done[0] == "set up"
    assert "LP-7KQ4-M2" in (await browser.get("/inbox")).text


def test_what_waits_for_a_code_opens_nothing_without_its_cookie(clock: SetClock) -> None:
    waiting = HalfWay(clock)

    cookie = waiting.start(school="oakfield", person="amina", key=SecretKey(KEY), secret=Sensitive(SECRET))

    assert KEY not in str(waiting._kept).encode()
    assert SECRET not in str(waiting._kept)
    assert cookie not in str(waiting._kept)
    assert waiting.find(cookie, school="elsewhere") is None
    found = waiting.find(cookie, school="oakfield")
    assert found
    assert (found.key.reveal(), found.secret.reveal()) == (KEY, SECRET)


async def test_amina_comes_back_with_the_sheet_from_the_safe(browser, desk: ScriptedDesk) -> None:
    await sign_in(browser)
    fields = {"person": "amina", "recovery": RECOVERY, **NEW}

    done = await browser.post("/inbox/recover", data=fields)

    assert "Your new passphrase is set" in done.text
    assert "RK-9D3F-HB6T" in done.text
    assert "sign across the flap" in done.text
    assert desk.key_desk.done[-1] == "recovered"
    assert "LP-7KQ4-M2" not in (await browser.get("/inbox")).text, "whoever was signed in as her is signed out"


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"recovery": ""}, 422, "type the recovery key"),
        ({"person": "mallory"}, 422, "choose who you are"),
        ({"passphrase": "short", "again": "short"}, 422, "at least 12"),
        ({"recovery": "0000-0000-0000-0000-0000"}, 403, "open anything"),
    ],
)
async def test_what_is_wrong_with_a_recovery_is_said_and_never_put_back_on_the_page(
    browser, fields, status, sentence
) -> None:
    given = {"person": "amina", "recovery": RECOVERY, **NEW, **fields}

    answer = await browser.post("/inbox/recover", data=given)

    assert answer.status_code == status
    assert sentence in answer.text
    assert RECOVERY not in answer.text
    assert NEW["passphrase"] not in answer.text


async def test_recovery_keys_that_are_guessed_wait_longer_and_longer(browser) -> None:
    fields = {"person": "amina", "recovery": "0" * 20, **NEW}

    statuses = [(await browser.post("/inbox/recover", data=fields)).status_code for _ in range(4)]

    assert statuses == [403, 403, 403, 429]


async def act(browser: httpx.AsyncClient, hidden: Hidden, step: str, **fields: str) -> httpx.Response:
    page = await browser.get(f"/inbox/keys/{step}")
    data = {"now": PASSPHRASE, "csrf": hidden(page.text, "csrf"), **fields}
    return await browser.post(f"/inbox/keys/{step}", data=data)


async def test_amina_changes_her_passphrase_and_is_signed_out_everywhere_else(
    browser, desk: ScriptedDesk, clock: SetClock, hidden: Hidden
) -> None:
    await sign_in(browser)
    elsewhere = browser.cookies["lollipop"]
    browser.cookies.clear()
    await sign_in(browser)

    changed = await act(browser, hidden, "passphrase", **NEW)

    assert (changed.status_code, changed.headers["location"]) == (303, "/inbox/keys")
    assert "Authenticator app" in (await browser.get("/inbox/keys")).text
    assert "changed" in desk.key_desk.done
    browser.cookies.clear()
    browser.cookies.set("lollipop", elsewhere)
    assert "LP-7KQ4-M2" not in (await browser.get("/inbox")).text


async def test_an_open_session_is_not_enough_to_print_a_sheet(browser, hidden: Hidden) -> None:
    await sign_in(browser)

    without = await act(browser, hidden, "sheet", now="")
    wrong = await act(browser, hidden, "sheet", now="not it at all")
    right = await act(browser, hidden, "sheet")

    assert (without.status_code, wrong.status_code, right.status_code) == (422, 403, 200)
    assert [RECOVERY in page.text for page in (without, wrong, right)] == [False, False, True]


async def test_a_new_key_goes_on_in_the_same_browser_and_what_hung_on_the_old_one_moves(
    browser, desk: ScriptedDesk, hidden: Hidden
) -> None:
    await sign_in(browser)
    old = browser.cookies["lollipop"]

    page = await act(browser, hidden, "new")

    assert "You have a new key" in page.text
    assert desk.key_desk.done[-1] == "carried over by the new key"
    await browser.get("/inbox")
    assert desk.asked[-1].key.reveal() == NEW_KEY
    browser.cookies.clear()
    browser.cookies.set("lollipop", old)
    assert "LP-7KQ4-M2" not in (await browser.get("/inbox")).text


@pytest.mark.parametrize("step", ["passphrase", "sheet", "new"])
async def test_a_step_of_a_key_needs_the_sessions_own_mark(browser, desk: ScriptedDesk, step: str) -> None:
    await sign_in(browser)

    answer = await browser.post(f"/inbox/keys/{step}", data={"now": PASSPHRASE, "csrf": "0" * 64, **NEW})

    assert answer.status_code == 403
    assert RECOVERY not in answer.text
    assert desk.key_desk.done == ["carried over by the key"]
