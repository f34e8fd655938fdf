"""`lollipop check` stops at nothing: faults of every kind in one reading, and clocks that have drifted apart."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import demo
from bot.__main__ import cli
from bot.clock import MachineClock, SetClock, ahead
from bot.commands.check import find
from bot.commands.where import Where
from bot.playground.serving import serve
from bot.playground.slack import slack_routes
from bot.playground.telegram import telegram_routes
from bot.storage import open_engines, server_time
from curriculum import FrameworkFault
from parents import CampaignFault
from safeguarding import HelpLineFault
from staff import PolicyFault
from tests.databases import database_url, postgresql, postgresql_template, sqlite_template
from tests.flows.office import new_school

__all__ = ["database_url", "postgresql", "postgresql_template", "sqlite_template"]

NOW = MachineClock().now()


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SLACK_BOT_TOKEN", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)


def raises(fault):
    def refuse(*_, **__):
        raise fault

    return refuse


def checked(school, severity="fault"):
    faults = json.loads(CliRunner().invoke(cli, ["--school-file", str(school), "check", "--json"]).stdout)["faults"]
    return [(each["where"], each["what"]) for each in faults if each["severity"] == severity]


def test_an_office_reads_the_faults_of_every_kind_of_content_at_once(tmp_path, sqlite_template, monkeypatch):
    school = new_school(tmp_path / "school", sqlite_template)
    (school / "content").mkdir()
    (school / "content" / "ours.en.md").write_text("---\nid: ours\nkind: wording\n---\nHello\n", "utf-8")
    monkeypatch.setattr("bot.library.load_framework", raises(FrameworkFault("framework.toml: no strands")))
    monkeypatch.setattr("bot.library.load_campaigns", raises(CampaignFault("sid.toml: no steps")))
    monkeypatch.setattr("bot.commands.content.load_clauses", raises(PolicyFault("clauses.toml: C70")))
    monkeypatch.setattr("bot.commands.content.stale_faults", raises(HelpLineFault("helplines.toml: no phone")))

    said = [what for where, what in checked(school / "school.toml") if where == "content"]

    for one in ("framework.toml: no strands", "sid.toml: no steps", "clauses.toml: C70", "helplines.toml: no phone"):
        assert said.count(one) == 1, said
    assert any("ours.en.md" in one and "title" in one for one in said), said


def test_an_office_with_wrong_settings_is_told_all_the_same_that_nobody_is_in_today(tmp_path):
    school = new_school(tmp_path / "school", BIND="nowhere")
    today = MachineClock().now().date()
    away = f'\n[[leave]]\nperson = "dilys"\nfirst = {today - timedelta(days=1)}\nlast = {today + timedelta(days=1)}\n'
    path = school / "school.toml"
    path.write_text(path.read_text("utf-8") + away, "utf-8")

    said = dict(checked(path))

    assert said == {
        "settings": "LOLLIPOP_BIND: write an address and a port, such as 127.0.0.1:8000",
        "school file": "out_of_hours_phone is empty, so whoever reports when school is closed is given no local "
        "number.",
        "cover": "nobody who is the dsl is in today.",
    }


def test_an_office_in_which_nobody_could_say_the_second_yes_is_warned(tmp_path):
    path = new_school(tmp_path / "school") / "school.toml"
    assert not [what for _, what in checked(path, "warning") if "two people's yes" in what]
    text = path.read_text("utf-8").replace('roles = ["teacher", "esafety_lead"]', 'roles = ["teacher"]')
    path.write_text(text.replace('["head"]', '["chair_of_governors"]').replace('["dsl"]', '["dsl", "head"]'), "utf-8")

    assert len([what for _, what in checked(path, "warning") if "fewer than two people can give one" in what]) == 1


def test_an_office_with_a_wrong_school_file_is_told_all_the_same_to_upgrade_its_database(tmp_path):
    school = new_school(tmp_path / "school")
    path = school / "school.toml"
    path.write_text(path.read_text("utf-8").replace('roles = ["dsl"]', 'roles = ["staff"]'), "utf-8")

    assert list(dict.fromkeys(where for where, _ in checked(path))) == ["school file", "database"]


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(minutes=10), "this machine's clock is about 10 minutes ahead of the clock of {}."),
        (timedelta(minutes=-3), "this machine's clock is about 3 minutes behind the clock of {}."),
        (timedelta(seconds=100), None),
    ],
    ids=["ten minutes ahead", "three minutes behind", "close enough"],
)
async def test_an_office_whose_clock_is_off_is_told_by_how_much_and_by_whom(tmp_path, sqlite_template, off, said):
    async with dated_platforms() as base:
        school = new_school(
            tmp_path / "school",
            sqlite_template,
            TELEGRAM_TOKEN=demo.TELEGRAM_TOKEN,
            TELEGRAM_API_URL=f"{base}/playground/telegram",
            SLACK_BOT_TOKEN="xoxb-not-ours",
            SLACK_APP_TOKEN="xapp-standin-app-token",
            SLACK_API_URL=f"{base}/playground/slack/api/",
        )
        faults = await asyncio.to_thread(lambda: list(find(Where(school / "school.toml"), SetClock(NOW + off))))

    found = [fault.what for fault in faults if fault.where == "clock"]
    # Slack refused the token, and its answer tells the time all the same.
    assert found == ([] if said is None else [said.format("Slack"), said.format("Telegram")])
    assert [fault.where for fault in faults if fault.severity == "fault"].count("Slack") == 1


def test_an_office_is_told_that_its_clock_is_not_the_databases(tmp_path, database_url):
    school = new_school(tmp_path / "school", DATABASE_URL=database_url)
    late = SetClock(MachineClock().now() - timedelta(minutes=10))

    faults = [fault for fault in find(Where(school / "school.toml"), late) if fault.where == "clock"]

    expected = "this machine's clock is about 10 minutes behind the clock of the database."
    assert [fault.what for fault in faults] == ([] if database_url.startswith("sqlite") else [expected])
    assert all(fault.severity == "fault" and "NTP" in fault.cure for fault in faults)


def test_a_database_server_tells_its_time_and_a_file_has_none(database_url):
    engines = open_engines(database_url)

    told = server_time(engines)

    engines.close()
    if database_url.startswith("sqlite"):
        assert told is None
    else:
        assert told is not None
        assert abs(told - MachineClock().now()) < timedelta(minutes=1)


@pytest.mark.parametrize("header", [None, "", "yesterday", "Tue, 99 Nov 2026 09:00:00 GMT"])
def test_a_platform_that_tells_no_time_is_compared_with_nothing(header):
    assert ahead(header, SetClock(NOW)) is None


@asynccontextmanager
async def dated_platforms():
    """Slack's and Telegram's stand-ins, whose every answer bears NOW in its `Date`."""
    slack, telegram = demo.worlds()
    inner = Starlette(
        routes=[
            Mount("/playground/slack", routes=slack_routes(slack)),
            Mount("/playground/telegram", routes=telegram_routes(telegram)),
        ]
    )
    told = format_datetime(NOW.replace(microsecond=0), usegmt=True).encode()

    async def dated(scope, receive, send):
        async def with_date(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"date", told)]}
            await send(message)

        await inner(scope, receive, with_date)

    async with serve(dated) as base:
        yield base
