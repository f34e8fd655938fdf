"""What the office does about events at the shell: who comes, a table of it, and a link that invites."""

import csv
import json
import shutil
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from bot import demo
from bot.__main__ import cli
from bot.clock import MachineClock
from bot.commands.house import Where, stores
from bot.commands.sample import SCHOOL, without_phones
from bot.storage import new_id
from parents import give_out, redeem, reply
from school.words import Refusal
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]
NOW = MachineClock().now()
# To come, and within the sample's terms or after them, whenever this is run.
DAY = max((NOW + timedelta(days=3)).date(), date(2026, 9, 2))
EVENT = f"""
[[events]]
id = "evening"
name = "An evening in Oak"
day = {DAY}
classes = ["oak"]
kind = "parents_evening"
rsvp = true
places = 3
"""


@pytest.fixture
def school(tmp_path, sqlite_template, monkeypatch):
    """A school file with an event in some days, and a database where its settings look for it."""
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SCHOOL_FILE", "TELEGRAM_MODE", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)
    home = tmp_path / "var"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "lollipop.db")
    demo.prepare(home, 8000)
    text = without_phones(SCHOOL.format(id="oakfield", name="Oakfield Primary School"))
    (tmp_path / "school.toml").write_text(text + EVENT, "utf-8")
    return tmp_path / "school.toml"


def replied(school, pupil: str, chat: str, adults: int, *, adult: int) -> None:
    """The chat uses the letter of a pupil's adult so and so, and replies; each a minute after the one before."""
    now = NOW + timedelta(minutes=adult)
    codes = [f"A{adult}CDEF0{number}" for number in range(adult)]
    with stores(Where(school, "")) as at, at.units.write("oakfield") as unit:
        rest = {"children": unit.children, "now": now}
        give_out([pupil], class_id="oak", adults=adult, codes=codes, ids=[new_id(now) for _ in codes], **rest)
        rest |= {"school": at.school, "evidence": unit.evidence}
        redeem(
            codes[-1],
            families=unit.families,
            via="telegram",
            address=chat,
            lang="en",
            wording="child-ask:1:en",
            family_id=new_id(now),
            **rest,
        )
        family = unit.families.by_address(via="telegram", address=chat)
        event = next(each for each in at.school.events if each.id == "evening")
        reply(event, family=family, pupil=pupil, adults=adults, events=unit.events, outbox=unit.outbox, **rest)
        unit.commit()


def run(school_file, *words):
    return CliRunner().invoke(cli, ["--school-file", str(school_file), "parents", *words])


@pytest.mark.clause(17)
def test_the_office_has_both_replies_of_a_pupil_and_a_table_that_no_spreadsheet_runs(school, tmp_path) -> None:
    replied(school, "=OAK-1", "501", 2, adult=1)
    replied(school, "=OAK-1", "502", 0, adult=2)
    replied(school, "OAK-2", "503", 3, adult=3)

    found = json.loads(run(school, "events", "evening", "--json").stdout)
    assert (found["coming"], found["waiting"], found["not_coming"], found["places"]) == (2, 3, 1, 3)
    assert [(each["pupil"], each["adult"], each["reply"], each["adults"]) for each in found["rows"]] == [
        ("=OAK-1", 1, "coming", 2),
        ("=OAK-1", 2, "not coming", 0),
        ("OAK-2", 3, "waiting", 3),
    ]
    every = json.loads(run(school, "events", "--json").stdout)["events"]
    assert [each["id"] for each in every if each["rsvp"]] == ["evening", "year-4-evening"]
    assert "evening  " in run(school, "events").stdout

    file = tmp_path / "evening.csv"
    assert run(school, "events", "evening", "--csv", str(file)).exit_code == 0
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["pupil", "class", "adult", "reply", "adults", "since"]
    assert [row[:5] for row in rows[1:]] == [
        ["'=OAK-1", "Oak", "1", "coming", "2"],
        ["'=OAK-1", "Oak", "2", "not coming", "0"],
        ["OAK-2", "Oak", "3", "waiting", "3"],
    ]


def test_the_office_is_told_which_events_there_are_and_what_was_left_out(school) -> None:
    missing = run(school, "events", "disco")
    assert isinstance(missing.exception, Refusal)
    assert "The events are: winter-play, year-4-evening, evening." in str(missing.exception)
    for words in (("events", "--csv", "x.csv"), ("invite", "--bot", "B"), ("invite", "Oak", "--event", "evening")):
        assert run(school, *words).exit_code == 2


@pytest.mark.clause(16)
def test_the_office_makes_a_link_and_a_poster_for_an_event_and_takes_the_link_back(school, tmp_path) -> None:
    poster = tmp_path / "evening.svg"

    first = run(school, "invite", "--event", "evening", "--bot", "OakfieldBot", "--poster", str(poster))
    again = run(school, "invite", "--event", "An evening in Oak", "--bot", "OakfieldBot")
    of_class = run(school, "invite", "Oak", "--bot", "OakfieldBot")
    anew = run(school, "invite", "--event", "evening", "--bot", "OakfieldBot", "--revoke")

    link = first.stdout.splitlines()[0]
    assert link.startswith("https://t.me/OakfieldBot?start=")
    assert again.stdout.splitlines()[0] == link
    assert of_class.stdout.splitlines()[0] != link
    assert link not in anew.stdout
    assert "An evening in Oak" in poster.read_text("utf-8")
    with stores(Where(school, "")) as at, at.units.read("oakfield") as unit:
        assert unit.families.invitation_for("", event_id="evening") is not None
