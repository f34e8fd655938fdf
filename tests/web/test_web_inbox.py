import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from web_school import CODE, KEY, PASSPHRASE, RECOVERY, ScriptedDesk, WrongPassphraseError, an_app

from bot.clock import SetClock
from bot.web.sessions import Sessions
from school.sensitive import SecretKey

Hidden = Callable[[str, str], str]


async def sign_in(browser: httpx.AsyncClient, passphrase: str = PASSPHRASE, person: str = "amina") -> httpx.Response:
    return await browser.post("/inbox/sign-in", data={"person": person, "passphrase": passphrase})


async def test_nobody_sees_the_list_before_signing_in(browser, desk: ScriptedDesk) -> None:
    page = await browser.get("/inbox")

    assert "Amina Yusuf" in page.text
    assert "LP-7KQ4-M2" not in page.text
    assert desk.asked == []


async def test_amina_signs_in_reads_and_acknowledges(browser, desk: ScriptedDesk, hidden: Hidden) -> None:
    signed = await sign_in(browser)
    assert (signed.status_code, signed.headers["location"]) == (303, "/inbox")
    listed = await browser.get("/inbox")
    assert "LP-7KQ4-M2" in listed.text

    opened = await browser.post("/inbox", data={"go": hidden(listed.text, "go"), "csrf": hidden(listed.text, "csrf")})
    assert "They said &lt;b&gt;mean&lt;/b&gt; things" in opened.text
    read = desk.asked[-1]
    assert (read.verb, dict(read.args), read.sender) == ("inbox.read", {"ref": "LP-7KQ4-M2"}, "amina")
    assert read.key is not None
    assert read.key.reveal() == KEY

    taken = await browser.post("/inbox", data={"go": hidden(opened.text, "go"), "csrf": hidden(opened.text, "csrf")})
    assert "It is yours now" in taken.text
    assert [incoming.verb for incoming in desk.asked[-2:]] == ["inbox.acknowledge", "inbox.list"]


@pytest.mark.parametrize("wanted", ["/policy", "/evidence"])
async def test_whoever_followed_a_link_is_there_once_they_are_signed_in(browser, hidden: Hidden, wanted: str) -> None:
    asked = await browser.get(wanted)
    came = {"person": "amina", "passphrase": PASSPHRASE, "wanted": hidden(asked.text, "wanted")}

    signed = await browser.post("/inbox/sign-in", data=came)

    assert (signed.status_code, signed.headers["location"]) == (303, wanted)


@pytest.mark.parametrize("wanted", ["https://evil.example/policy", "//evil.example", "/inbox/sign-out", ""])
async def test_a_forged_address_leads_to_the_inbox_and_nowhere_else(browser, wanted: str) -> None:
    came = {"person": "amina", "passphrase": PASSPHRASE, "wanted": wanted}

    signed = await browser.post("/inbox/sign-in", data=came)

    assert signed.headers["location"] == "/inbox"


async def test_amina_finds_each_button_with_its_own_report(browser) -> None:
    await sign_in(browser)

    page = (await browser.get("/inbox")).text

    places = [page.index(said) for said in ("at 08:41", "Open LP-7KQ4-M2", "at 08:40", "Open LP-9D3F-6Z")]
    assert places == sorted(places)


async def test_what_amina_may_not_do_any_more_is_told_by_the_status_too(browser, desk: ScriptedDesk, hidden) -> None:
    await sign_in(browser)
    page = (await browser.get("/inbox")).text
    desk.refuse = WrongPassphraseError()

    opened = await browser.post("/inbox", data={"go": hidden(page, "go"), "csrf": hidden(page, "csrf")})
    listed = await browser.get("/inbox")

    assert (opened.status_code, listed.status_code) == (422, 403)
    assert "does not open your key" in opened.text
    assert "does not open your key" in listed.text


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser) -> None:
    cookie = (await sign_in(browser)).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/" in cookie
    assert "Secure" not in cookie


async def test_on_https_the_cookie_is_secure_and_bound_to_the_host(desk, clock) -> None:
    transport = httpx.ASGITransport(an_app(desk, clock, public_url="https://safe.oakfield.example"))
    async with httpx.AsyncClient(transport=transport, base_url="https://safe.oakfield.example") as browser:
        signed = await sign_in(browser)

    assert signed.headers["set-cookie"].startswith("__Host-lollipop=")
    assert "Secure" in signed.headers["set-cookie"]
    assert "strict-transport-security" in signed.headers


async def test_fifteen_idle_minutes_end_a_session(browser, clock: SetClock) -> None:
    await sign_in(browser)
    clock.move_to(clock.now() + timedelta(minutes=14, seconds=59))
    assert "LP-7KQ4-M2" in (await browser.get("/inbox")).text

    clock.move_to(clock.now() + timedelta(minutes=15))

    assert "LP-7KQ4-M2" not in (await browser.get("/inbox")).text


async def test_a_long_note_outlives_the_session_it_was_begun_in(browser, clock: SetClock, hidden, caplog) -> None:
    await sign_in(browser)
    page = (await browser.get("/inbox")).text
    clock.move_to(clock.now() + timedelta(minutes=15))

    sent = {"go": hidden(page, "go"), "csrf": hidden(page, "csrf"), "w-words": "Spoke to <her> mother & the nurse"}
    answer = await browser.post("/inbox", data=sent)

    assert answer.status_code == 403
    assert "Spoke to &lt;her&gt; mother &amp; the nurse" in answer.text
    assert "it was not sent" in answer.text
    assert "Spoke to" not in caplog.text
    assert "it was not sent" not in (await browser.get("/inbox")).text


async def test_eight_busy_hours_end_a_session_too(browser, clock: SetClock) -> None:
    await sign_in(browser)
    for _ in range(47):
        clock.move_to(clock.now() + timedelta(minutes=10))
        assert "LP-7KQ4-M2" in (await browser.get("/inbox")).text

    clock.move_to(clock.now() + timedelta(minutes=10))

    assert "LP-7KQ4-M2" not in (await browser.get("/inbox")).text


async def test_signing_out_forgets_the_key(browser, hidden: Hidden) -> None:
    await sign_in(browser)
    kept = dict(browser.cookies)
    listed = await browser.get("/inbox")

    gone = await browser.post("/inbox/sign-out", data={"csrf": hidden(listed.text, "csrf")})

    assert "signed out" in gone.text
    browser.cookies.update(kept)
    assert "LP-7KQ4-M2" not in (await browser.get("/inbox")).text


async def test_a_button_without_the_sessions_own_mark_does_nothing(browser, desk: ScriptedDesk, hidden: Hidden) -> None:
    await sign_in(browser)
    listed = await browser.get("/inbox")
    desk.asked.clear()

    for csrf in ({}, {"csrf": "0" * 64}, {"csrf": "é"}):
        response = await browser.post("/inbox", data={"go": hidden(listed.text, "go"), **csrf})
        assert response.status_code == 403
    assert desk.asked == []


async def test_a_button_pressed_on_another_site_does_nothing(browser, desk: ScriptedDesk, hidden: Hidden) -> None:
    await sign_in(browser)
    listed = await browser.get("/inbox")
    fields = {"go": hidden(listed.text, "go"), "csrf": hidden(listed.text, "csrf")}
    desk.asked.clear()

    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert (await browser.post("/inbox", data=fields, headers=headers)).status_code == 403
    assert desk.asked == []


async def test_a_forged_button_is_answered_with_a_sentence(browser, hidden: Hidden) -> None:
    await sign_in(browser)
    listed = await browser.get("/inbox")

    for go in ("AAAA", "", "ضض", hidden(listed.text, "go")[:-4] + "AAAA"):
        response = await browser.post("/inbox", data={"go": go, "csrf": hidden(listed.text, "csrf")})
        assert response.status_code == 403
        assert "one of ours" in response.text


async def test_a_year_old_button_says_that_it_is_old(browser, clock: SetClock, hidden: Hidden) -> None:
    await sign_in(browser)
    old = hidden((await browser.get("/inbox")).text, "go")
    clock.move_to(clock.now() + timedelta(days=365))
    await sign_in(browser)

    response = await browser.post(
        "/inbox", data={"go": old, "csrf": hidden((await browser.get("/inbox")).text, "csrf")}
    )

    assert "from an old message" in response.text


async def test_wrong_passphrases_wait_longer_and_longer_and_only_for_that_person(browser, clock: SetClock) -> None:
    for _ in range(3):
        assert (await sign_in(browser, "not it at all")).status_code == 403

    waiting = await sign_in(browser)
    assert waiting.status_code == 429
    assert "wait 5 seconds" in waiting.text
    assert (await sign_in(browser, person="ben")).status_code == 303

    clock.move_to(clock.now() + timedelta(seconds=5))
    assert (await sign_in(browser, "still not it")).status_code == 403
    assert (await sign_in(browser)).headers["retry-after"] == "10"
    clock.move_to(clock.now() + timedelta(seconds=10))
    assert (await sign_in(browser)).status_code == 303
    assert (await sign_in(browser, "not it at all")).status_code == 403


async def test_a_passphrase_is_never_put_back_on_the_page(browser) -> None:
    response = await sign_in(browser, "a secret mistyped")

    assert "a secret mistyped" not in response.text
    assert 'value="amina" checked' in response.text


async def test_somebody_without_the_role_cannot_even_try(browser) -> None:
    assert (await sign_in(browser, person="mallory")).status_code == 422


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "", "passphrase": PASSPHRASE, "again": PASSPHRASE}, "one-time code"),
        ({"code": CODE, "passphrase": "short", "again": "short"}, "at least 12"),
        ({"code": CODE, "passphrase": PASSPHRASE, "again": PASSPHRASE + "x"}, "not the same"),
    ],
)
async def test_enrolling_says_what_is_missing(browser, fields, sentence) -> None:
    response = await browser.post("/inbox/enrol", data=fields)

    assert response.status_code == 422
    assert sentence in response.text
    assert PASSPHRASE not in response.text


async def test_amina_sets_her_passphrase_with_a_code(browser) -> None:
    fields = {"code": CODE, "passphrase": PASSPHRASE, "again": PASSPHRASE}

    wrong = await browser.post("/inbox/enrol", data={**fields, "code": "nope"})
    right = await browser.post("/inbox/enrol", data=fields)

    assert wrong.status_code == 403
    assert "passphrase is set" in right.text
    assert "Recovery key of Amina Yusuf" in right.text
    assert right.text.count(RECOVERY) == 1
    assert right.headers["cache-control"] == "no-store"


async def test_deliveries_are_for_whoever_is_signed_in(browser, desk: ScriptedDesk) -> None:
    assert "Planned" not in (await browser.get("/deliveries")).text
    await sign_in(browser)

    assert "Planned" in (await browser.get("/deliveries")).text
    assert desk.asked[-1].verb == "deliveries"


async def test_the_roll_is_a_tab_of_whoever_minds_it_and_of_nobody_else(browser, desk: ScriptedDesk) -> None:
    await sign_in(browser)
    assert "/roll" not in (await browser.get("/deliveries")).text

    await sign_in(browser, person="ben")
    page = (await browser.get("/deliveries")).text
    assert 'href="/roll"' in page
    assert 'href="/inset"' in page

    await browser.get("/roll?r=technician&name=Ada")
    assert (desk.asked[-1].verb, dict(desk.asked[-1].args)) == ("roll.people", {"r": "technician"})
    assert desk.asked[-1].sender == "ben"


async def test_a_broken_desk_shows_nothing_of_its_inside(browser, desk: ScriptedDesk) -> None:
    await sign_in(browser)
    desk.broken = True

    response = await browser.get("/inbox")

    assert response.status_code == 503
    assert "database" not in response.text
    assert "content-security-policy" in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_what_a_session_keeps_opens_nothing_without_its_cookie(clock: SetClock) -> None:
    sessions = Sessions(clock)

    cookie = sessions.start(school="oakfield", person="amina", key=SecretKey(KEY))

    assert len(cookie) >= 43
    assert KEY not in str(sessions._kept).encode()
    assert cookie not in str(sessions._kept)
    assert sessions.find(cookie, school="elsewhere") is None
    assert sessions.find(cookie[:-1] + "A", school="oakfield") is None or cookie.endswith("A")
    assert sessions.find("ü", school="oakfield") is None


async def test_what_amina_typed_is_in_the_form_again_where_it_could_not_be_taken(
    browser, desk: ScriptedDesk, hidden: Hidden
) -> None:
    await sign_in(browser)
    page = (await browser.get("/inbox")).text
    tokens = {name: hidden(page, name) for name in ("go", "csrf")}
    desk.refuse_with_form = True

    again = await browser.post("/inbox", data={**tokens, "f-about": "head", "w-words": "He <took> my phone"})

    assert again.status_code == 422
    assert "He &lt;took&gt; my phone" in again.text
    assert re.search(r'value="head" checked', again.text)
