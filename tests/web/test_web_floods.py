"""A whole assembly behind one address, and a machine that posts seven hundred times: over the real app, with its time.

What is counted is what a school would count: receipts on the pages, rows in the vault, notices in the outbox, and what
the lead sees in her list.
"""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot import demo
from bot.channels.email.render import render
from bot.clock import SetClock
from bot.desk import Reception
from bot.limits import TEN_MINUTES
from bot.main import Library, Product, build, load_library
from bot.storage import QUICK, SqlVault
from bot.storage.tables import delivery, vault_concern
from bot.tokens import FORM
from bot.web.flood import OF_A_SCHOOL, OF_ONE_SOURCE, SIGNS_OF_A_SCHOOL, SIGNS_OF_ONE_SOURCE, Gauge
from bot.web.once import HOLDS
from bot.wire import Incoming, Via
from safeguarding import ENDS, State
from school.sensitive import Sensitive
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SCHOOLS_OWN, ROBOTS, HOME = "192.0.2.10", "198.51.100.7", "203.0.113.50"
RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")
ONCE = re.compile(r'name="once" value="([^"]*)"')
DANGER = "I want to kill myself and nobody knows"
FORGED = "A" * 66


@cache
def ours() -> Library:
    return load_library()


@dataclass
class Town:
    """The school's web pages, met from any address; `clock` is both of its clocks."""

    product: Product
    clock: SetClock
    browsers: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def at(self, address: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.product.app, client=(address, 4000))
        return self.browsers.setdefault(
            address, httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        )

    def wait(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    async def opens(self, address: str) -> str:
        """The mark of a form that somebody opened."""
        found = ONCE.search((await self.at(address).get("/report")).text)
        assert found
        return found[1]

    async def sends(self, address: str, words: str, *, once: str | None, about: str = "pupil") -> httpx.Response:
        marked = {} if once is None else {"once": once}
        return await self.at(address).post("/report", data={"f-about": about, "w-words": words, **marked})

    async def tells(self, address: str, words: str, *, seconds: float = 40) -> httpx.Response:
        """Somebody opens the form, takes so long to write, and sends it."""
        once = await self.opens(address)
        self.wait(seconds)
        return await self.sends(address, words, once=once)

    def kept(self) -> Counter[bool]:
        """How many reports there are, by whether they are held for sorting."""
        with self.product.engines.reading() as connection:
            rows = connection.execute(select(vault_concern.c.flood, vault_concern.c.urgent)).all()
        return Counter(flood and not urgent for flood, urgent in rows)

    def notices(self, page: str = "") -> Counter[str]:
        """How many notices each person was left; of one page or of all about reports."""
        with self.product.engines.reading() as connection:
            rows = connection.execute(select(delivery.c.recipient, delivery.c.page)).all()
        return Counter(who for who, what in rows if what == page or (not page and what.startswith("concern-")))

    def reads(self, person: str = "dilys") -> tuple[list[str], list[str]]:
        """The references in somebody's list: those like any other, and those that arrived in a flood."""
        desk = Reception(self.product.house)
        key = desk.unlock(school="oakfield", person=person, passphrase=Sensitive(demo.PASSPHRASE))
        asked = Incoming(school="oakfield", via=Via.WEB, sender=person, verb="inbox.list", key=key)
        first, apart, now = [], [], "first"
        for card in desk.receive(asked).cards:
            if "Arrived in a flood" in render(card.document, lang="en").text:
                now = "apart"
            elif card.choices:
                (first if now == "first" else apart).append(card.choices[0][0].args["ref"])
        return first, apart

    def opens_one(self, reference: str, person: str = "dilys") -> None:
        desk = Reception(self.product.house)
        key = desk.unlock(school="oakfield", person=person, passphrase=Sensitive(demo.PASSPHRASE))
        asked = {"verb": "inbox.read", "args": {"ref": reference}, "key": key}
        assert not desk.receive(Incoming(school="oakfield", via=Via.WEB, sender=person, **asked)).refused


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path) -> Iterator[Town]:
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    clock = SetClock(NINE)
    product = build(
        demo.prepare(tmp_path, 8000),
        machine_clock=clock,
        school_clock=clock,
        make_vault=lambda engines: SqlVault(engines, costs=QUICK),
        library=ours(),
    )
    with product.house.units.write("oakfield") as unit:
        for person in ("dilys", "femi", "hannah", "grace"):
            pair = product.house.vault.pair(
                person=person, key_id=product.house.new_id(NINE), passphrase=Sensitive(demo.PASSPHRASE)
            )
            unit.concerns.add_key(pair, now=NINE)
        unit.commit()
    yield Town(product, clock)
    product.counter.close()
    product.engines.close()


def receipt_of(response: httpx.Response) -> str:
    found = RECEIPT.search(response.text)
    assert response.status_code == 200, response.text
    assert found, response.text
    return found[0]


@pytest.mark.clause(40)
async def test_three_hundred_pupils_behind_one_address_all_get_through_in_ten_minutes(town: Town) -> None:
    receipts = set()
    for form_class in range(10):  # ten classes one after the other, each of thirty who open the form together
        forms = [await town.opens(SCHOOLS_OWN) for _ in range(30)]
        town.wait(20)
        for pupil, once in enumerate(forms):
            words = f"Somebody in class {form_class} is unkind to number {pupil} in the chat"
            receipts.add(receipt_of(await town.sends(SCHOOLS_OWN, words, once=once)))
            town.wait(1)

    assert town.clock.now() - NINE < timedelta(minutes=10)
    assert len(receipts) == 300
    assert town.kept() == {False: 300}
    assert town.notices("concern-notice") == {"dilys": 300}
    assert len(town.reads()[0]) == 300
    assert town.reads()[1] == []


@pytest.mark.clause(40)
async def test_every_one_of_the_three_hundred_goes_up_the_ladder_by_itself(town: Town) -> None:
    for pupil in range(30):
        await town.tells(SCHOOLS_OWN, f"Somebody is unkind to number {pupil} in the chat", seconds=5)
    town.wait(15 * 60)

    await town.product.look_after()

    assert town.notices("concern-waiting") == {"femi": 30}


@pytest.mark.parametrize(
    "blind",
    ["no mark", "a forged mark", "an old mark", "one mark again and again"],
)
async def test_a_machine_that_posts_blindly_is_shed_and_a_child_in_the_middle_is_told_of(
    town: Town, blind: str
) -> None:
    once = {"no mark": None, "a forged mark": FORGED}.get(blind, await town.opens(ROBOTS))
    if blind == "an old mark":
        town.wait(HOLDS.total_seconds() + 60)
    statuses: Counter[int] = Counter()

    for number in range(350):
        statuses[(await town.sends(ROBOTS, f"Buy my watches now, offer {number}", once=once)).status_code] += 1
    child = await town.tells(HOME, "Somebody writes to me every night")
    for number in range(350, 700):
        statuses[(await town.sends(ROBOTS, f"Buy my watches now, offer {number}", once=once)).status_code] += 1

    taken = 1 if blind == "one mark again and again" else 0
    assert statuses == Counter({409: 700 - taken, 200: taken})
    assert receipt_of(child)
    assert town.kept() == {False: 1 + taken}
    assert town.notices("concern-notice") == {"dilys": 1 + taken}


async def test_what_a_blind_press_held_comes_back_with_a_mark_that_works(town: Town) -> None:
    words = "I wrote this yesterday & never sent it"
    once = await town.opens(HOME)
    town.wait(HOLDS.total_seconds() + 60)

    refused = await town.sends(HOME, words, once=once)

    assert refused.status_code == 409
    assert "press send once more" in refused.text
    assert "I wrote this yesterday &amp; never sent it" in refused.text
    fresh = ONCE.search(refused.text)
    assert fresh
    assert receipt_of(await town.sends(HOME, words, once=fresh[1]))
    assert town.kept() == {False: 1}


@pytest.mark.clause(40)
async def test_a_machine_that_opens_a_form_for_each_post_is_held_and_the_lead_is_told_once(town: Town) -> None:
    for number in range(350):
        receipt_of(await town.tells(ROBOTS, f"Buy my watches now, offer {number}", seconds=0))
    # At home, and at the very address that the machine is at: neither is held.
    for address in (HOME, ROBOTS):
        receipt_of(await town.tells(address, f"Somebody writes to me every night, from {address}"))
    for number in range(350, 700):
        receipt_of(await town.tells(ROBOTS, f"Buy my watches now, offer {number}", seconds=0))

    let_through = town.kept()[False] - 2
    assert SIGNS_OF_ONE_SOURCE <= let_through <= SIGNS_OF_ONE_SOURCE + 1  # one comes back in forty seconds or so
    assert sum(town.kept().values()) == 702, "nobody's words are refused"
    assert town.notices("concern-flood") == {"dilys": 1}
    assert town.notices("concern-notice") == {"dilys": let_through + 2}
    first, apart = town.reads()
    assert len(first) == let_through + 2
    assert len(apart) == 100, "a page of them"


async def test_the_ladder_of_a_flood_tells_each_once_a_rung_and_ends_when_they_are_opened(town: Town) -> None:
    for number in range(60):
        await town.tells(ROBOTS, f"Buy my watches now, offer {number}", seconds=0)
        town.wait(1)
    for first in town.reads()[0]:
        town.opens_one(first)

    for _ in range(40):  # a quarter of an hour and a half, minute by minute as the rounds go
        town.wait(60)
        await town.product.look_after()

    # The deputy, then the head, each of the whole; nobody of each.
    assert town.notices("concern-waiting") == {}
    assert town.notices("concern-flood") == {"dilys": 1, "femi": 1, "hannah": 1}
    for reference in town.reads()[1]:
        town.opens_one(reference)
    for _ in range(180):
        town.wait(60)
        await town.product.look_after()
    assert town.notices("concern-flood") == {"dilys": 1, "femi": 1, "hannah": 1}

    again = [await town.tells(ROBOTS, f"Another flood of watches, offer {number}", seconds=0) for number in range(40)]

    assert all(map(receipt_of, again))
    assert town.notices("concern-flood")["dilys"] == 2, "the next flood is told of once more"


@pytest.mark.clause(40, 41)
async def test_a_sign_of_danger_rises_out_of_the_flood_at_once(town: Town) -> None:
    for number in range(50):
        await town.tells(ROBOTS, f"Buy my watches now, offer {number}", seconds=0)

    receipt_of(await town.tells(ROBOTS, DANGER, seconds=0))

    first, apart = town.reads()
    assert len(first) == SIGNS_OF_ONE_SOURCE + 1
    assert len(apart) == 50 - SIGNS_OF_ONE_SOURCE
    # Danger tells lead and deputy together.
    assert town.notices("concern-notice") == {"dilys": SIGNS_OF_ONE_SOURCE + 1, "femi": 1}


async def test_a_machine_that_cries_danger_seven_hundred_times_is_listed_whole_and_told_of_twenty_times(
    town: Town,
) -> None:
    for number in range(100):
        receipt_of(await town.tells(ROBOTS, f"{DANGER} {number}", seconds=0))

    first, apart = town.reads()
    assert (len(first), apart) == (100, [])
    assert town.notices("concern-notice") == dict.fromkeys(("dilys", "femi"), SIGNS_OF_ONE_SOURCE + 20)


async def test_a_machine_with_many_addresses_is_held_as_well(town: Town) -> None:
    for number in range(SIGNS_OF_A_SCHOOL + 60):
        await town.tells(f"198.51.100.{number}", f"Buy my watches now, offer {number}", seconds=0)

    assert town.kept() == {False: SIGNS_OF_A_SCHOOL, True: 60}
    assert town.notices("concern-flood") == {"dilys": 1}


async def test_the_same_words_from_many_forms_are_a_machine_and_from_one_form_they_are_not(town: Town) -> None:
    words = "Everybody in my year is sent this picture"
    for _ in range(SIGNS_OF_ONE_SOURCE + 6):
        await town.tells(ROBOTS, words, seconds=4)
    assert town.kept() == {False: SIGNS_OF_ONE_SOURCE + 1, True: 5}, "the first is no copy"

    once = await town.opens(HOME)
    town.wait(30)
    pressed = {(await town.sends(HOME, "My own words, pressed often", once=once)).text for _ in range(30)}

    assert len(pressed) == 1
    assert town.kept()[False] == SIGNS_OF_ONE_SOURCE + 2


def test_more_than_an_assembly_could_write_is_held_but_not_for_a_household() -> None:
    clock = SetClock(NINE)
    gauge = Gauge(clock)

    def flood(source: bytes, number: int) -> bool:
        told = Sensitive(f"A patient machine writes its number {number}")
        return gauge.flood("oakfield", source, form=str(number), age=timedelta(minutes=1), words=told)

    came = [flood(b"a school's own", number) for number in range(OF_A_SCHOOL + 50)]
    assert came == [False] * OF_A_SCHOOL + [True] * 50
    assert [flood(b"a household", 1_000 + number) for number in range(OF_ONE_SOURCE)] == [False] * OF_ONE_SOURCE
    assert not flood(b"another household", 2_000)
    assert not gauge.flood(
        "beechwood", b"a school's own", form="f", age=timedelta(minutes=1), words=Sensitive("At another school")
    )
    clock.move_to(NINE + TEN_MINUTES)
    assert not flood(b"a school's own", 3_000)


async def test_other_words_by_a_form_that_was_used_are_not_lost(town: Town) -> None:
    once = await town.opens(HOME)
    town.wait(30)
    receipt_of(await town.sends(HOME, "The first thing", once=once))
    town.wait(300)

    second = await town.sends(HOME, "And a second thing", once=once)
    same = await town.sends(HOME, "The first thing", once=once)

    assert second.status_code == 409
    assert "And a second thing" in second.text
    assert "arrived" in same.text
    assert "The first thing" not in same.text
    fresh = ONCE.search(second.text)
    assert fresh
    assert receipt_of(await town.sends(HOME, "And a second thing", once=fresh[1]))
    assert town.kept() == {False: 2}


async def test_a_mark_of_another_kind_or_another_school_is_no_form(town: Town) -> None:
    signer = town.product.house.signers["oakfield"]
    button = signer.button("report.send", {"about": "pupil"}, on=NINE.date())
    short = signer.mint(FORM, b"too short", on=NINE.date())

    for mark in (button, short, "é" * 66, "", "."):
        answered = await town.sends(HOME, "Somebody writes to me", once=mark)
        assert answered.status_code == 409
    assert town.kept() == {}


async def test_a_flood_is_sealed_asked_about_and_closed_like_any_other_report(town: Town) -> None:
    answers = [await town.tells(ROBOTS, f"Buy my watches, offer {n}", seconds=0) for n in range(20)]
    status = await town.at(ROBOTS).post("/report/receipt", data={"w-receipt": receipt_of(answers[-1])})

    assert "Nobody has opened it yet" in status.text
    with town.product.house.units.read("oakfield") as unit:
        held = [each for each in unit.concerns.for_reader("dilys") if each.held]
    assert {each.state for each in held}.isdisjoint(ENDS | {State.DRAFT})
    assert b"watches" not in b"".join(
        path.read_bytes() for path in Path(str(town.product.engines.write.url.database)).parent.glob("lollipop.db*")
    )
