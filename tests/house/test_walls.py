"""Plant a wrong import in a copy of the house, and see that the wall it goes through is named."""

import configparser
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from house import PACKAGES, TOP

CONFIG = ".importlinter"


@dataclass(frozen=True)
class Plant:
    """A line at the end of a module, and the contract that it breaks."""

    contract: str
    module: str
    line: str

    @property
    def file(self) -> str:
        return self.module.replace(".", "/") + ".py"

    def __str__(self) -> str:
        return f"{self.contract}: {self.line} in {self.module}"


PLANTS = (
    Plant("floors", "school.people", "import pages.document"),
    Plant("floors", "curriculum.position", "import lessons"),
    Plant("floors", "lessons.cards", "import bot.wire"),
    Plant("floors", "parents.joining", "import staff"),
    Plant("floors", "staff.policy", "import safeguarding"),
    Plant("floors-of-bot", "bot.wire", "import bot.unit"),
    Plant("floors-of-bot", "bot.unit", "import bot.storage.units"),
    Plant("floors-of-bot", "bot.storage.units", "import bot.desk.may"),
    Plant("floors-of-bot", "bot.desk.may", "import bot.web.words"),
    Plant("floors-of-bot", "bot.channels.email.render", "import bot.web.words"),
    Plant("floors-of-bot", "bot.tokens", "import bot.clock"),
    Plant("floors-of-bot", "bot.attic", "import bot.wire"),
    Plant("desk-and-storage", "bot.desk.inbox", "import bot.storage.outbox"),
    Plant("desk-and-storage", "bot.unit", "import bot.storage.outbox"),
    Plant("edges", "bot.channels.slack.listeners", "import bot.desk.reports"),
    Plant("edges", "bot.web.inbox", "import bot.storage.ledger"),
    Plant("safeguarding", "safeguarding.intake", "import lessons"),
    Plant("safeguarding", "safeguarding.routing", "import staff"),
    Plant("safeguarding", "school.roles", "import curriculum"),
    Plant("pure-rooms", "parents.newsletters", "import sqlalchemy"),
    Plant("pure-rooms", "safeguarding.intake", "from slack_sdk.web import WebClient"),
    Plant("pure-rooms", "pages.document", "import httpx"),
    Plant("pure-rooms", "school.words", "from starlette.requests import Request"),
    Plant("slack", "bot.channels.telegram.send", "import slack_sdk"),
    Plant("slack", "bot.playground.serving", "from slack_bolt.async_app import AsyncApp"),
    Plant("telegram", "bot.desk.chats", "from telegram import Update"),
    Plant("telegram", "bot.playground.telegram.api", "import telegram"),
    Plant("tables", "bot.web.inbox", "from sqlalchemy import select"),
    Plant("tables", "bot.logs", "import alembic.command"),
    Plant("metronome", "bot.storage.schedules", "import apscheduler"),
    Plant("engine", "bot.delivery.loop", "import procrastinate"),
    Plant("engine", "bot.engines", "from procrastinate import App"),
    Plant("engine", "bot.storage.kicks", "from procrastinate import App"),
    Plant("press", "bot.paper.printing", "import typst"),
    Plant("press", "bot.web.papers", "import typst"),
    Plant("slides", "bot.paper.slides", "import pptx"),
    Plant("slides", "bot.web.classroom", "from lxml import etree"),
    Plant("cryptography", "bot.web.report", "from nacl.public import SealedBox"),
    Plant("cryptography", "bot.tokens", "import nacl.signing"),
    Plant("channels", "bot.channels.email.send", "import bot.channels.slack.inline"),
    Plant("channels", "bot.channels.slack.send", "import bot.channels.telegram.lines"),
    Plant("playground", "bot.playground.telegram.state", "import bot.wire"),
    Plant("playground", "bot.playground.serving", "import school.words"),
    Plant("playground-stays-out", "bot.web.app", "from bot.playground.serving import serve"),
    Plant("playground-stays-out", "bot.channels.telegram.send", "import bot.playground.telegram"),
    Plant("sealing", "bot.desk.inbox", "import bot.storage.sealing"),
    Plant("sealing", "bot.storage.backup", "import bot.storage.sealing"),
    Plant("concerns", "bot.storage.backup", "import bot.storage.concerns"),
    Plant("concerns", "bot.storage.evidence", "import bot.storage.lowlevel"),
    Plant("identities", "bot.storage.backup", "import bot.storage.identity"),
    Plant("door-of-pages", "bot.web.render", "import pages.front_matter"),
    Plant("door-of-curriculum", "lessons.teaching", "import curriculum.position"),
    Plant("door-of-lessons", "bot.desk.visit", "import lessons.library"),
    Plant("door-of-parents", "bot.storage.families", "import parents.joining"),
    Plant("door-of-safeguarding", "bot.desk.reports", "import safeguarding.triage"),
    Plant("door-of-staff", "bot.desk.staff", "import staff.policy"),
    Plant("no-circles", "school.words", "import school.school"),
    Plant("no-circles", "bot.storage.columns", "import bot.storage.tables"),
)


def lint(house: Path, *contracts: str) -> tuple[int, str]:
    """The linter as `make check` runs it, but over a copy."""
    limits = [word for contract in contracts for word in ("--contract", contract)]
    asked = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    run = subprocess.run(
        [sys.executable, "-c", asked, "--config", CONFIG, "--no-cache", "--no-logo", *limits],
        cwd=house,
        capture_output=True,
        text=True,
        env={"COLUMNS": "400", "PYTHONPATH": str(house)},
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(TOP / CONFIG, copy)
    for package in PACKAGES:
        for file in (TOP / package).rglob("*.py"):
            there = copy / file.relative_to(TOP)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, there)
    return copy


def test_every_wall_stands_in_the_house_as_it_is(house):
    code, said = lint(house)

    assert code == 0, said


@pytest.mark.parametrize("plant", PLANTS, ids=str)
def test_a_wrong_import_is_caught_by_its_wall(house, plant):
    file = house / plant.file
    before = file.read_text("utf-8") if file.exists() else None

    try:
        file.write_text(f"{before or ''}\n{plant.line}\n", "utf-8")
        code, said = lint(house, plant.contract)
    finally:
        file.unlink() if before is None else file.write_text(before, "utf-8")

    assert code == 1, said
    assert "0 kept, 1 broken" in said, said
    # A circle is told by the last words of its modules' names.
    assert plant.module in said or f".{plant.module.rpartition('.')[2]} " in said, said


def test_no_wall_goes_untried():
    config = configparser.ConfigParser()
    config.read(TOP / CONFIG, "utf-8")

    walls = {name.rpartition(":")[2] for name in config.sections() if ":" in name}

    assert walls == {plant.contract for plant in PLANTS}


def test_every_wall_has_a_reason_above_it():
    lines = (TOP / CONFIG).read_text("utf-8").splitlines()

    above = dict(zip(lines[1:], lines, strict=False))

    assert [line for line in lines if line.startswith("[importlinter:") and above[line][:1] != "#"] == []
