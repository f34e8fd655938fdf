"""`lollipop newsletter` and `campaign start`: what an office reads, and what it cannot send by itself."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.clock import SetClock
from bot.commands.house import Where, stores
from bot.storage import new_id
from parents import Approval, Family, FamilyState
from school.notices import Mailing, MailingState
from school.words import Refusal
from tests.databases import sqlite_template
from tests.flows.office import new_school
from tests.flows.rig import nobody_else_looks

__all__ = ["sqlite_template"]

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 30, 22, tzinfo=UTC)
ISSUE, MAILING = "newsletter-2026-12", "newsletter:newsletter-2026-12:1"


@pytest.fixture
def office(tmp_path, sqlite_template, monkeypatch):
    """A school with one family, on the day before its newsletter."""
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SLACK_BOT_TOKEN", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)
    path = new_school(tmp_path / "school", sqlite_template) / "school.toml"
    known = {"via": "telegram", "address": "501", "lang": "pl", "classes": ("oak",)}
    with stores(Where(path)) as at, at.units.write(at.school.id) as unit:
        unit.families.save(Family(id=new_id(NOW), state=FamilyState.ACTIVE, joined=NOW, **known))
        unit.commit()
    at_the_clock(monkeypatch, NOW)
    return path


def at_the_clock(monkeypatch, now):
    for module in ("newsletter", "sending"):
        monkeypatch.setattr(f"bot.commands.{module}.MachineClock", lambda: SetClock(now))


def run(office, *words):
    return CliRunner().invoke(cli, ["--school-file", str(office), *words])


def refused(office, *words) -> str:
    error = run(office, *words).exception
    assert isinstance(error, Refusal), error
    return str(error)


def says_yes(office, *people):
    with stores(Where(office)) as at, at.units.write(at.school.id) as unit:
        digest = json.loads(run(office, "newsletter", "plan", ISSUE, "--json").stdout)["digest"]
        for person in people:
            unit.approvals.add(Approval(mailing=MAILING, digest=digest, person=person, at=NOW))
        unit.commit()


def laid(office) -> int:
    with stores(Where(office)) as at, at.units.read(at.school.id) as unit:
        return sum(each.header.candidates for each in unit.deliveries.progress(limit=9))


def test_an_office_reads_what_would_go_out_and_a_program_does(office):
    said = run(office, "newsletter", "plan", ISSUE).stdout
    plan = json.loads(run(office, "newsletter", "plan", ISSUE, "--json").stdout)

    assert "Goes out: 2026-12-01 16:00\nFamilies: 1\nBy language: pl 1\n" in said
    assert "Not written in" not in said
    assert "Looked at by: nobody yet (0 of 2)" in said
    assert (plan["families"], plan["by_language"], plan["by_class"], plan["by_year"]) == (
        1,
        {"pl": 1},
        {"oak": 1},
        {"4": 1},
    )
    assert plan["messages"] == {"pl": {"each": 1, "fits_one": True}}
    assert plan["approvals"] == {"needed": 2, "given_by": [], "may_go": False}
    assert laid(office) == 0


@pytest.mark.clause(16)
def test_an_office_alone_sends_nothing_to_the_whole_school_and_two_people_s_yes_sends_it_once(office):
    assert "2 of 2 people still have to look at it" in refused(office, "newsletter", "send", ISSUE, "--now")
    says_yes(office, "hannah")
    alone = refused(office, "newsletter", "send", ISSUE, "--now")
    assert "1 of 2 people still have to look at it and say yes." in alone
    assert alone.endswith(": Amara Okafor, Dilys Morgan.")
    assert "It waits: 1 of 2 people" in run(office, "newsletter", "send", ISSUE).stdout
    assert laid(office) == 0

    says_yes(office, "amara")
    assert "It goes by itself on its day" in run(office, "newsletter", "send", ISSUE).stdout
    assert "It goes out now to 1 families" in run(office, "newsletter", "send", ISSUE, "--now").stdout

    assert laid(office) == 1
    assert "went out already, or was cancelled" in refused(office, "newsletter", "send", ISSUE, "--now")
    assert laid(office) == 1


def test_nothing_is_sent_now_in_quiet_hours_or_while_it_is_paused(office, monkeypatch):
    nobody_else_looks(office)
    run(office, "newsletter", "send", ISSUE)
    run(office, "campaign", "pause", ISSUE)
    assert f"lollipop campaign resume {ISSUE}" in refused(office, "newsletter", "send", ISSUE, "--now")
    run(office, "campaign", "resume", ISSUE)
    at_the_clock(monkeypatch, NIGHT)

    assert "families hear nothing before 01/12/2026 07:30" in refused(office, "newsletter", "send", ISSUE, "--now")
    assert laid(office) == 0


def test_a_test_goes_to_somebody_in_the_school_file(office):
    assert "on its way to Amara Okafor alone" in run(office, "newsletter", "test", ISSUE, "--to", "amara").stdout
    assert "There are: amara, dilys" in refused(office, "newsletter", "test", ISSUE, "--to", "sam")
    assert "There is no newsletter “news”" in refused(office, "newsletter", "test", "news", "--to", "amara")
    with stores(Where(office)) as at, at.units.read(at.school.id) as unit:
        assert [(each.to, each.mailing) for each in unit.deliveries.lines(limit=9)] == [("person amara", "")]


AWAY = "".join(
    f'\n[[leave]]\nperson = "{person}"\nfirst = 2027-02-08\nlast = 2027-02-10\n' for person in ("dilys", "femi")
)


@pytest.mark.clause(18)
def test_a_campaign_starts_where_somebody_listens_and_says_when_it_runs(office):
    start = ("campaign", "start", "safer-internet-day-2027")
    said = run(office, *start).stdout
    office.write_text(office.read_text("utf-8") + AWAY, "utf-8")

    assert "2027-02-09 16:00  families   today" in said
    assert "It runs by itself while Lollipop runs: 13 of 13 steps to come, the next on 2026-11-30 15:45." in said
    assert "on these days of it: 08/02, 09/02, 10/02." in refused(office, *start)
    assert "It runs by itself" in run(office, *start, "--anyway").stdout
    assert "There is no campaign “sid”" in refused(office, "campaign", "start", "sid")


def test_a_campaign_that_has_not_begun_is_cancelled_or_paused_and_its_steps_to_come_with_it(office):
    sid = "safer-internet-day-2027"

    assert f"Paused: {sid}, with 13 steps to come." in run(office, "campaign", "pause", sid).stdout
    assert "It was paused, and goes on." in run(office, "campaign", "start", sid, "--anyway").stdout
    assert f"Cancelled: {sid}, with 13 steps to come." in run(office, "campaign", "cancel", sid).stdout

    with stores(Where(office)) as at, at.units.write(at.school.id) as unit:
        step = Mailing(id=f"campaign:{sid}:invitation:1", campaign=sid, page="sid-2027-1", due=NOW)
        assert unit.mailings.open(step, now=NOW).state is MailingState.CANCELLED
    for word in ("cancel", "pause", "resume"):
        assert "Safer Internet Day 2027 was cancelled, and stays so" in refused(office, "campaign", word, sid)
    assert "was cancelled, and stays so" in refused(office, "campaign", "start", sid, "--anyway")
    assert "There are: anti-bullying-week-2026, moving-to" in refused(office, "campaign", "cancel", "sid")
