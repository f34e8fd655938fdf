"""No message after leaving, ever: families come, choose and go in any order while mailings are laid and claimed."""

import itertools
import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import SetClock
from bot.delivery import MailRoom
from bot.storage import Claim, DeliveryState, End, Ledger, Posting, Source, SqlUnits, new_id, open_engines
from pages import load_shelf
from parents import (
    Family,
    FamilyState,
    Frequency,
    Invitation,
    choose_frequency,
    choose_language,
    choose_years,
    confirm,
    erase,
    lay_next,
    leave,
    leave_class,
    more_than_news,
    replayed,
    standing_of,
)
from school.calendar import Calendar
from school.notices import Lane, Mailing
from school.people import LANGUAGES, SchoolClass, YearGroup
from school.school import School
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

HERE = "ashgrove"
NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
CODES = {"WHOLE000": "", "OAK00000": "oak", "ELM00000": "elm"}
SCHOOL = School(
    id=HERE,
    name="Ashgrove",
    calendar=Calendar(zone=UTC, half_terms=()),
    classes=tuple(
        SchoolClass(id=each, name=each, years=(YearGroup(4),), slack_channel=None) for each in ("oak", "elm")
    ),
    people=(),
    languages=(LANGUAGES["en"], LANGUAGES["pl"]),
)
PARENTS = st.integers(0, 2)
# What the machine does between two acts of a family: laid down, claimed, given an address, sent, and on.
ROUND = ("lay", "claim", "route", "begin")
ACTS = st.one_of(
    st.tuples(st.just("leave"), PARENTS, st.none()),
    st.tuples(st.just("often"), PARENTS, st.sampled_from([Frequency.NEWSLETTER, Frequency.EVERYTHING])),
    st.tuples(st.just("erase"), PARENTS, st.none()),
    st.tuples(st.just("join"), PARENTS, st.sampled_from(sorted(CODES))),
    st.tuples(st.just("class"), PARENTS, st.sampled_from(["oak", "elm"])),
    st.tuples(st.just("years"), PARENTS, st.sampled_from([(YearGroup(0), YearGroup(3)), ()])),
    st.tuples(st.just("language"), PARENTS, st.sampled_from(["pl", "en"])),
)
STEPS = st.lists(st.lists(ACTS, min_size=1, max_size=2), min_size=4, max_size=6)


class World:
    """The real stores, with clocks that stand still but for a minute a step, so that the log has an order."""

    def __init__(self, url: str, shelf) -> None:
        self.engines = open_engines(url)
        self.clock = SetClock(NOW)
        self.units = SqlUnits(self.engines, Posting(school_clock=self.clock, machine_clock=self.clock))
        self.units.add_school(HERE)
        self.ledger = Ledger(self.engines)
        self.room = MailRoom(
            schools={HERE: SCHOOL}, units=self.units, shelf=shelf, clock=self.clock, public_url="https://a.example"
        )
        self.numbers = itertools.count()
        with self.units.write(HERE) as unit:
            for code, class_id in CODES.items():
                unit.families.add_invitation(Invitation(code=code, class_id=class_id, created=NOW))
            unit.commit()

    def begin(self) -> None:
        """Another example: other parents, other mailings."""
        self.example = next(self.numbers)
        self.mailings: dict[str, Mailing] = {}
        self.opened: dict[str, Mailing] = {}
        self.ticks = itertools.count()
        self.claimed: list = []
        self.routed: list = []

    def address(self, parent: int) -> str:
        return f"{self.example}-{parent}"

    def family(self, unit, parent: int) -> Family | None:
        return unit.families.by_address(via="telegram", address=self.address(parent))

    def step(self, what: str, parent: int | None, detail) -> None:
        self.clock.move_to(self.clock.now() + timedelta(minutes=1))
        if parent is None:
            stage = ROUND[next(self.ticks) % len(ROUND)]
            {"lay": self.lay, "claim": self.claim, "route": self.route, "begin": self.send}[stage]()
            return
        with self.units.write(HERE) as unit:
            self.act(unit, what, parent, detail)
            unit.commit()

    def act(self, unit, what: str, parent: int, detail) -> None:
        now, families = self.clock.now(), unit.families
        if what == "join":
            at = {"via": "telegram", "address": self.address(parent), "lang": "en", "wording": "join-ask:1:en"}
            fresh = {"family_id": new_id(now), "now": now}
            confirm(detail, school=SCHOOL, families=families, evidence=unit.evidence, **at, **fresh)
            return
        family = self.family(unit, parent)
        if family is None:
            return
        match what:
            case "language":
                choose_language(family, lang=detail, families=families, now=now)
            case "often":
                choose_frequency(family, detail, families=families, now=now)
            case "years":
                choose_years(family, detail, families=families, now=now)
            case "class":
                leave_class(family, detail, families=families, outbox=unit.outbox, now=now)
            case "leave":
                leave(family, families=families, outbox=unit.outbox, now=now, source="telegram:/stop")
            case "erase":
                erase(family, families=families, outbox=unit.outbox, evidence=unit.evidence, now=now)

    def lay(self) -> None:
        """One chunk of a campaign and of a newsletter: of those that were begun, or of new ones."""
        with self.units.write(HERE) as unit:
            for kind, meant in (("campaign", more_than_news), ("newsletter", lambda _family: True)):
                of = {"campaign": f"{kind}@{self.example}", "page": "p", "due": NOW}
                mailing = self.mailings.get(kind) or Mailing(id=f"{kind}:{self.example}:{len(self.opened)}", **of)
                self.mailings[kind] = self.opened[mailing.id] = mailing
                rest = {"families": unit.families, "mailings": unit.mailings, "now": self.clock.now()}
                if lay_next(mailing, meant=meant, chunk=2, **rest).done:
                    del self.mailings[kind]
            unit.commit()

    def claim(self) -> None:
        for mailing in self.opened.values():
            source = Source(school=HERE, lane=Lane.BULK, mailing=mailing.id)
            now = self.clock.now()
            asked = Claim(source=source, now=now, machine_now=now, limit=5, lease=timedelta(days=1))
            self.claimed += self.ledger.claim(asked)

    def route(self) -> None:
        routes = self.room.routes(self.claimed)
        with self.units.read(HERE) as unit:
            for row, route in zip(self.claimed, routes, strict=True):
                family = unit.families.get(UUID(row.recipient))
                if not route.address:
                    self.ledger.write([], [End(id=row.id, state=DeliveryState.SKIPPED, reason="no address")])
                    continue
                assert family is not None
                assert family.state is FamilyState.ACTIVE
                assert more_than_news(family) or row.mailing.startswith("newsletter:")
                self.routed.append(row)
        self.claimed = []

    def send(self) -> None:
        may_go = self.ledger.write([row.id for row in self.routed], []).may_go
        with self.units.read(HERE) as unit:
            for row in self.routed:
                family = unit.families.get(UUID(row.recipient))
                gone = family is None or family.state is not FamilyState.ACTIVE
                assert not (gone and row.id in may_go), "a message after leaving"
        self.ledger.write([], [End(id=row.id, state=DeliveryState.SENT, external_id="1") for row in self.routed])
        self.routed = []

    def end(self) -> None:
        """What the log tells is what the row says; then nobody of this example is left."""
        for parent in range(3):
            with self.units.write(HERE) as unit:
                family = self.family(unit, parent)
                if family is not None:
                    assert replayed(unit.families.events(family.id)) == standing_of(family)
                    self.act(unit, "erase", parent, None)
                    assert unit.families.events(family.id) == ()
                unit.commit()


@pytest.fixture(scope="module")
def world(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("consent")
    shutil.copyfile(sqlite_template, folder / "lollipop.db")
    made = World(f"sqlite:///{folder / 'lollipop.db'}", load_shelf([folder], ages=False))
    yield made
    made.engines.close()


@pytest.mark.clause(16)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(STEPS)
def test_nobody_is_written_to_after_leaving_and_every_log_tells_how_a_family_stands(world, steps):
    world.begin()
    for parent, code in enumerate(("WHOLE000", "OAK00000", "ELM00000")):
        world.step("join", parent, code)

    for acts in steps:
        world.step("tick", None, None)
        for act in acts:
            world.step(*act)
    for _ in ROUND:
        world.step("tick", None, None)

    world.end()
