"""A family that has neither Telegram nor a printer at home: it joins by e-mail, reads, chooses, and leaves."""

import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from parents import Event, FamilyState
from school.notices import MailingState
from tests.channels.mail_double import MailServer, links, listening, words
from tests.flows.rig import MONDAY, school_up

MARTA, SAM = "marta@example.org", "sam@example.org"
NEWS_DAY = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)


@asynccontextmanager
async def school_with_post(folder, **answers: bytes):
    server = MailServer({name.upper(): said for name, said in answers.items()})
    async with listening(server) as port, school_up(folder, smtp_url=f"smtp://127.0.0.1:{port}") as rig:
        yield rig, server


def path(address: str) -> str:
    """An address of our own as this test's browser asks for it; none has an e-mail address in it."""
    assert "@" not in address
    assert "example.org" not in address
    return urlsplit(address).path


async def typed(rig, address: str, lang: str = "en", token: str | None = None) -> str:
    """What the page says to somebody who types an address."""
    door = f"/join/{rig.invite if token is None else token}".rstrip("/")
    said = await rig.web.post(f"{door}?lang={lang}", data={"address": address})
    return said.text


async def join(rig, server, address: str = MARTA, lang: str = "en") -> None:
    before = len(server.to(address))
    await typed(rig, address, lang)
    await rig.settle()
    await rig.until(lambda: len(server.to(address)) > before)
    yes = path(links(server.to(address)[-1])[0])
    assert "Yes, join" in (await rig.web.get(f"{yes}?lang=en")).text
    assert (await rig.web.post(yes)).status_code == 200


def family(rig, address: str = MARTA):
    with rig.product.house.units.read("oakfield") as unit:
        return unit.families.by_address(via="email", address=address)


def log(rig, known):
    with rig.product.house.units.read("oakfield") as unit:
        return unit.families.events(known.id)


async def newsletter(rig, server, address: str = MARTA):
    rig.clock.move_to(NEWS_DAY)
    await rig.settle()
    await rig.until(lambda: any("New devices" in each["Subject"] for each in server.to(address)))
    return server.to(address)[-1]


@pytest.mark.clause(15, 16)
async def test_marta_joins_by_e_mail_gets_the_newsletter_leaves_by_one_click_and_gets_no_more(tmp_path):
    async with school_with_post(tmp_path) as (rig, server):
        assert MARTA not in await typed(rig, f" {MARTA.upper()} ")
        await rig.settle()
        await rig.until(lambda: server.to(MARTA))
        assert family(rig) is None
        (asking,) = server.to(MARTA)
        assert asking["List-Unsubscribe"] is None
        yes = path(links(asking)[0])
        assert "Yes, join" in (await rig.web.get(yes)).text
        assert family(rig) is None, "a mail program that opens links by itself subscribes nobody"
        await rig.web.post(yes)
        assert family(rig).state is FamilyState.ACTIVE
        assert family(rig).classes == ("oak",)
        (event,) = log(rig, family(rig))
        assert (event.event, event.wording, event.lang) == (Event.JOINED, "join-ask-email:1:en", "en")
        with rig.product.house.units.read("oakfield") as unit:
            assert unit.pendings.since(MONDAY - timedelta(days=9), address=MARTA) == 0

        letter = await newsletter(rig, server)
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "Stop these letters" in words(letter)
        (read,) = [path(each) for each in links(letter) if "/news/newsletter-2026-12" in each]
        assert "New devices" in (await rig.web.get(read)).text
        assert any(path(each) == "/report" for each in links(letter))
        leave = path(letter["List-Unsubscribe"].strip("<>"))
        assert "One tap" in (await rig.web.get(leave)).text
        assert family(rig).state is FamilyState.ACTIVE, "opening a link ends nothing"
        elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
        left = await rig.web.post(leave, data={"List-Unsubscribe": "One-Click"}, headers=elsewhere)
        assert left.status_code == 200
        assert family(rig).state is FamilyState.STOPPED

        count = len(server.to(MARTA))
        rig.clock.move_to(datetime(2027, 2, 9, 17, 30, tzinfo=UTC))
        await rig.settle()
        assert len(server.to(MARTA)) == count
        assert MARTA not in rig.logs.getvalue()


@pytest.mark.clause(16)
async def test_typing_an_address_three_times_is_enough_whoever_it_belongs_to_and_says_the_same(tmp_path):
    async with school_with_post(tmp_path) as (rig, server):
        await join(rig, server, MARTA)
        known, unknown = await typed(rig, MARTA), await typed(rig, SAM)
        for _ in range(4):
            await typed(rig, SAM)
        await rig.settle()

        await rig.until(lambda: len(server.to(SAM)) == 3)
        assert _without_tokens(known) == _without_tokens(unknown)
        assert family(rig, SAM) is None
        rig.clock.move_to(MONDAY + timedelta(hours=49))
        stale = await rig.web.post(path(links(server.to(SAM)[0])[0]))
        assert stale.status_code == 403
        assert family(rig, SAM) is None


def _without_tokens(page: str) -> str:
    return re.sub(r"\?v=\w+", "", page)


@pytest.mark.clause(16)
async def test_marta_chooses_behind_her_link_and_what_is_hers_alone_comes_by_a_letter_of_its_own(tmp_path):
    async with school_with_post(tmp_path) as (rig, server):
        await join(rig, server)
        await join(rig, server, SAM)
        letter = await newsletter(rig, server)
        mine = path(links(letter)[-1])
        page = (await rig.web.get(f"{mine}?lang=en")).text
        assert "Oak" in page
        assert MARTA not in page
        await rig.web.post(mine, data={"go": _button(page, "Only the monthly newsletter")})
        assert family(rig).frequency == "newsletter"
        in_polish = await rig.web.post(mine, data={"go": _button(page, "Polski")})
        assert family(rig).lang == "pl"
        assert 'lang="pl"' in in_polish.text
        rig.clock.move_to(NEWS_DAY + timedelta(minutes=5))
        page = (await rig.web.get(f"{mine}?lang=en")).text
        await rig.web.post(f"{mine}?lang=en", data={"go": _button(page, "Send me a link to my copy")})
        await rig.settle()
        await rig.until(lambda: len(server.to(MARTA)) == 3)
        own = path(links(server.to(MARTA)[-1])[-1])

        page = (await rig.web.get(f"{own}?lang=en")).text
        copied = await rig.web.post(f"{own}?lang=en", data={"go": _button(page, "Send me a copy")})
        assert MARTA in copied.text
        sure = (await rig.web.post(f"{own}?lang=en", data={"go": _button(page, "Erase it all")})).text
        yes = _button(sure, "Yes, erase it all")
        await rig.web.post(mine, data={"go": yes})
        assert family(rig) is not None, "a link that may have been passed on erases nothing"
        await rig.web.post(own, data={"go": yes})
        assert family(rig) is None
        assert family(rig, SAM).state is FamilyState.ACTIVE
        with rig.product.house.units.read("oakfield") as unit:
            assert unit.families.forgotten(via="email", address=MARTA)
        for _ in range(3):
            await typed(rig, MARTA)
        await rig.settle()
        await rig.until(lambda: len(server.to(MARTA)) == 4)


def _button(page: str, label: str) -> str:
    """What the button with this label, or with this in it, posts."""
    found = re.findall(r'name="go" value="([^"]*)">.*?<button[^>]*>([^<]*)</button>', page, re.DOTALL)
    (go,) = [go for go, shown in found if label == shown or shown.endswith(f": {label}")]
    return go


@pytest.mark.clause(16)
async def test_links_from_before_marta_left_stay_closed_when_she_comes_back(tmp_path):
    async with school_with_post(tmp_path) as (rig, server):
        await join(rig, server)
        letter = await newsletter(rig, server)
        mine, leave = path(links(letter)[-1]), path(links(letter)[-2])
        rig.clock.move_to(NEWS_DAY + timedelta(minutes=5))
        await rig.web.post(leave)
        await join(rig, server)

        assert family(rig).state is FamilyState.ACTIVE
        assert (await rig.web.get(mine)).status_code == 403
        await rig.web.post(leave)
        assert family(rig).state is FamilyState.ACTIVE


@pytest.mark.clause(16)
async def test_a_mailbox_that_is_gone_is_written_to_no_more(tmp_path):
    async with school_with_post(tmp_path) as (rig, server):
        await join(rig, server)
        server.answers["RCPT"] = b"550 5.1.1 no such person"
        rig.clock.move_to(NEWS_DAY)
        await rig.settle()
        await rig.until(lambda: family(rig).state is FamilyState.UNREACHABLE)

        assert log(rig, family(rig))[-1].source == "email:not_found"


async def test_a_school_without_a_mail_server_says_so_and_points_to_what_there_is(tmp_path):
    async with school_up(tmp_path) as rig:
        page = (await rig.web.get(f"/join/{rig.invite}?lang=en")).text.replace("&#39;", "'")
        sent = await rig.web.post("/join?lang=en", data={"address": MARTA})

    assert "doesn't send e-mail yet" in page
    assert "Telegram" in page
    assert "<form" not in page
    assert "doesn't send e-mail yet" in sent.text.replace("&#39;", "'")


async def test_a_class_link_that_the_school_took_back_or_never_gave_opens_nothing(tmp_path):
    async with school_with_post(tmp_path) as (rig, server):
        with rig.product.house.units.write("oakfield") as unit:
            unit.families.revoke("oak", now=MONDAY)
            unit.commit()

        assert "replaced" in await typed(rig, MARTA)
        assert "isn't one of ours" in (await typed(rig, MARTA, token="x" * 30)).replace("&#39;", "'")
        assert "written a letter" in await typed(rig, MARTA, token="")
        await rig.settle()
        await rig.until(lambda: server.to(MARTA))
        for forged in ("/join/yes/AAECAwQF", "/letters/AAECAwQF", f"/letters/{rig.invite}", "/letters/AAECAwQF/stop"):
            assert (await rig.web.post(forged, data={"go": "x"})).status_code == 403


@pytest.mark.clause(16, 18)
async def test_what_went_out_of_a_campaign_stands_in_the_archive_and_what_was_cancelled_does_not(tmp_path):
    async with school_with_post(tmp_path) as (rig, server):
        await join(rig, server)
        assert "Today is Safer Internet Day" not in (await rig.web.get("/news?lang=en")).text
        server.answers["RCPT"] = b"450 later"  # so that it is not over before it is cancelled
        rig.clock.move_to(datetime(2027, 2, 9, 17, 30, tzinfo=UTC))
        await rig.settle()

        archive = (await rig.web.get("/news?lang=en")).text
        assert "Today is Safer Internet Day" in archive
        assert "<h3>February 2027</h3>" in archive
        assert "{theme}" not in archive
        feed = (await rig.web.get("/news/feed.xml?lang=pl")).text
        assert 'xml:lang="pl"' in feed
        assert "Dziś jest Dzień Bezpiecznego Internetu" in feed
        with rig.product.house.units.write("oakfield") as unit:
            assert unit.mailings.set_state("sid-2027-4", MailingState.CANCELLED, now=rig.clock.now()) == 1
            unit.commit()
        assert "Today is Safer Internet Day" not in (await rig.web.get("/news?lang=en")).text
