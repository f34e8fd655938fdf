"""`lollipop campaign status` and `check`: what goes to whom and when, and whether somebody is there to listen."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.clock import SetClock
from bot.commands.check import find
from bot.commands.where import Where
from tests.databases import sqlite_template
from tests.flows.office import new_school

__all__ = ["sqlite_template"]

AWAY = "".join(
    f'\n[[leave]]\nperson = "{person}"\nfirst = 2027-02-08\nlast = 2027-02-10\n' for person in ("dilys", "femi")
)
MONDAY = SetClock(datetime(2027, 2, 1, 10, tzinfo=UTC))


@pytest.fixture
def office(tmp_path, sqlite_template, monkeypatch):
    """A school whose lead and deputy are both away when Safer Internet Day is."""
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SLACK_BOT_TOKEN", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)
    path = new_school(tmp_path / "school", sqlite_template) / "school.toml"
    path.write_text(path.read_text("utf-8") + AWAY, "utf-8")
    return path


@pytest.mark.clause(18)
def test_an_office_reads_every_step_and_the_days_on_which_nobody_listens(office, monkeypatch):
    monkeypatch.setattr("bot.commands.sending.MachineClock", lambda: MONDAY)

    said = CliRunner().invoke(cli, ["--school-file", str(office), "campaign", "status"]).stdout

    assert "2027-02-02 08:00  all_staff  staff-telling" in said
    assert "2027-02-09 16:00  families   today" in said
    assert said.count("No safeguarding lead or deputy is in on these days: 08/02, 09/02, 10/02.") == 1


def test_check_warns_of_the_same_days_and_fails_for_none_of_them(office):
    faults = [each for each in find(Where(office), MONDAY) if "these days of" in each.what]

    assert [(each.where, each.severity) for each in faults] == [("cover", "warning")]
    assert faults[0].what.endswith("Safer Internet Day 2027: 08/02, 09/02, 10/02.")
