"""What the office does when a family asks: a copy, an end to it; and a class's link that it takes back."""

import json
import shutil

import pytest
from click.testing import CliRunner

from bot import demo
from bot.__main__ import cli
from bot.clock import MachineClock
from bot.commands.house import Where, stores
from bot.storage import new_id
from parents import ConsentEvent, Event, Family, FamilyState
from school.words import Refusal
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]


@pytest.fixture
def school(tmp_path, sqlite_template, monkeypatch):
    """A school file with a database where its settings look for it."""
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SCHOOL_FILE", "TELEGRAM_MODE", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)
    home = tmp_path / "var"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "lollipop.db")
    demo.prepare(home, 8000)
    (home / "school.toml").rename(tmp_path / "school.toml")
    return tmp_path / "school.toml"


@pytest.fixture
def marta(school) -> Family:
    now = MachineClock().now()
    known = Family(
        id=new_id(now),
        via="telegram",
        address="501",
        lang="pl",
        classes=("oak",),
        state=FamilyState.ACTIVE,
        joined=now,
    )
    joined = ConsentEvent(
        family=known.id, event=Event.JOINED, wording="join-ask:1:pl", lang="pl", source="telegram:X", when=now
    )
    with stores(Where(school, "")) as at, at.units.write(at.school.id) as unit:
        unit.families.save(known)
        unit.families.note(joined)
        unit.commit()
    return known


def run(school_file, *words, typed=None):
    return CliRunner().invoke(cli, ["--school-file", str(school_file), "parents", *words], input=typed)


@pytest.mark.clause(16)
@pytest.mark.parametrize("by_chat", [False, True])
def test_the_office_gives_marta_her_copy(school, marta, by_chat):
    who = ["501", "--address"] if by_chat else [str(marta.id)]

    copy = json.loads(run(school, "export", *who, "--json").stdout)

    assert (copy["id"], copy["address"], copy["classes"]) == (str(marta.id), "501", ["oak"])
    assert copy["events"][0]["wording"] == "join-ask:1:pl"
    told = run(school, "export", *who).stdout
    assert "address: 501" in told
    assert "wording: join-ask:1:pl" in told


@pytest.mark.clause(16)
def test_the_office_erases_marta_after_it_was_asked_and_she_is_known_no_more(school, marta):
    no = run(school, "erase", str(marta.id), typed="n\n")
    assert str(no.exception) == "Nothing was erased."
    assert run(school, "export", str(marta.id)).exit_code == 0

    done = json.loads(run(school, "erase", str(marta.id), "--yes", "--json").stdout)

    assert done == {"id": str(marta.id), "erased": True, "withdrawn": 0}
    with stores(Where(school, "")) as at, at.units.read(at.school.id) as unit:
        assert unit.families.forgotten(via="telegram", address="501")
    assert isinstance(run(school, "export", str(marta.id)).exception, Refusal)


def test_the_office_that_says_yes_is_told_that_it_is_done(school, marta):
    result = run(school, "erase", "501", "--address", typed="y\n")

    assert result.exit_code == 0
    assert "Erased. 0 messages that were waiting were taken back." in result.stdout


@pytest.mark.parametrize("person", ["nobody", "01a20cc8-8e80-7268-a80f-89e6a332d64f", "501"])
@pytest.mark.parametrize("command", ["export", "erase"])
def test_the_office_that_mistypes_is_told_what_to_give(school, command, person):
    result = run(school, command, person)

    assert isinstance(result.exception, Refusal)
    assert f"We keep nothing about “{person}”." in str(result.exception)


def test_the_office_takes_back_oak_s_link_and_has_another(school):
    links = [run(school, "invite", "Oak", "--bot", "OakfieldBot", *more).stdout for more in ((), (), ("--revoke",))]

    assert links[0] == links[1]
    assert "The old link and poster no longer work, and say so kindly." in links[2]
    assert links[0].splitlines()[0] not in links[2]
    assert "https://t.me/OakfieldBot?start=" in links[2]


def test_an_office_reads_the_numbers_of_its_families_and_one_alone_is_not_counted_out(school, marta):
    result = run(school, "numbers", "--json")

    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert told["by_language"] == [{"name": marta.lang, "number": None}]
    assert told["reach"] == []
    assert marta.address not in result.output
    words = run(school, "numbers").output
    assert "fewer than 5" in words
    assert "Nothing yet." in words
