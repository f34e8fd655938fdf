"""A trust's technician at the shell: schools into the database, out of it, and one of several chosen."""

import json
import shutil

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.commands.sample import SCHOOL, TOKENS
from bot.main import build
from bot.school_file import SchoolFile, SchoolFileError
from bot.settings import load
from school.words import Refusal
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

NAMES = {"ashgrove": "Ashgrove Primary School", "beechwood": "Beechwood Academy"}
BOT = "1234567:AAbbCCddEEffGGhhIIjjKKllMMnnOOpp"


def text_of(school, **tokens):
    table = "".join(f'{name} = "{variable}"\n' for name, variable in tokens.items())
    return SCHOOL.format(id=school, name=NAMES[school]) + (f"\n[tokens]\n{table}" if tokens else "")


@pytest.fixture
def trust(tmp_path, sqlite_template, monkeypatch):
    """A folder with a database and no school.toml; the machine's environment is nobody's business here."""
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SCHOOL_FILE", "TELEGRAM_TOKEN", "SLACK_BOT_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)
    (tmp_path / "var").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "var" / "lollipop.db")
    return tmp_path


def run(trust, *words):
    return CliRunner().invoke(cli, ["--school-file", str(trust / "school.toml"), *map(str, words)])


def loads(trust, school, **tokens):
    file = trust / f"{school}.toml"
    file.write_text(text_of(school, **tokens), "utf-8")
    return run(trust, "school", "load", file)


def refused(result):
    assert isinstance(result.exception, Refusal), result.output
    return str(result.exception)


def test_a_technician_loads_twice_and_nothing_changes_then_reads_what_did(trust):
    first = loads(trust, "ashgrove")
    (before,) = json.loads(run(trust, "school", "list", "--json").stdout)
    again = loads(trust, "ashgrove")
    (after,) = json.loads(run(trust, "school", "list", "--json").stdout)
    file = trust / "ashgrove.toml"
    changed = text_of("ashgrove").replace('id = "elm"', 'id = "fir"').replace('classes = ["elm"]', 'classes = ["fir"]')
    file.write_text(changed.replace('name = "Oak"', 'name = "Oak class"'), "utf-8")
    otherwise = run(trust, "school", "load", file)
    exported = run(trust, "school", "export", NAMES["ashgrove"])

    assert first.stdout.splitlines()[0] == "Loaded Ashgrove Primary School (ashgrove): 2 classes, 6 people."
    assert again.stdout == (
        "Ashgrove Primary School (ashgrove) is loaded already, and the file is the same. Nothing was changed.\n"
    )
    assert (
        before
        == after
        == {
            "id": "ashgrove",
            "name": NAMES["ashgrove"],
            "loaded": before["loaded"],
            "classes": 2,
            "people": 6,
        }
    )
    assert otherwise.stdout.splitlines()[0] == (
        "Changed Ashgrove Primary School (ashgrove): classes +fir -elm ~oak; people ~femi."
    )
    assert exported.stdout == file.read_text("utf-8")


def test_a_school_with_nothing_loaded_is_listed_and_exported_from_its_file(trust):
    (trust / "school.toml").write_text(text_of("ashgrove"), "utf-8")

    (row,) = json.loads(run(trust, "school", "list", "--json").stdout)

    assert (row["id"], row["loaded"]) == ("ashgrove", None)
    assert run(trust, "school", "export", "ashgrove").stdout == text_of("ashgrove")
    assert refused(run(trust, "school", "export", "oakfield")) == (
        "There is no one school “oakfield” here. The ids are: ashgrove."
    )


@pytest.mark.parametrize(
    ("where", "token"),
    [
        ('[tokens]\ntelegram = "{}"\n', BOT),
        ('[tokens]\nslack_bot = "{}"\n', "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzymqy"),
        ('[tokens]\nslack_app = "{}"\n', "xapp-1-A0123-456-abcdef"),
        ('[tokens]\nslack_signing_secret = "{}"\n', "8f742231b10e8888abcd99yyyzzz85a5"),
        ("# the old one was {}\n", BOT),
    ],
)
def test_a_technician_who_pastes_a_token_is_told_where_and_it_is_kept_and_repeated_nowhere(trust, where, token):
    file = trust / "ashgrove.toml"
    file.write_text(text_of("ashgrove") + where.format(token), "utf-8")

    result = run(trust, "school", "load", file)

    said = refused(result)
    assert f"{file}:" in said
    assert ".env" in said
    assert token not in said + result.output + repr(result.exception.__context__) + repr(result.exception.__cause__)
    assert token.encode() not in b"".join(each.read_bytes() for each in (trust / "var").iterdir())
    assert json.loads(run(trust, "school", "list", "--json").stdout or "null") is None


def test_a_technician_who_gives_two_schools_one_bot_is_told_which(trust):
    (trust / ".env").write_text(f"ASH_BOT={BOT}\nBEECH_BOT={BOT}\n", "utf-8")
    loads(trust, "ashgrove", telegram="ASH_BOT")

    said = refused(loads(trust, "beechwood", telegram="BEECH_BOT"))

    assert said == (
        "Ashgrove Primary School and Beechwood Academy have the same Telegram token (ASH_BOT, BEECH_BOT). A bot "
        "belongs to one school: make one for each, and let each school file name its own variable under [tokens]."
    )
    assert [each["id"] for each in json.loads(run(trust, "school", "list", "--json").stdout)] == ["ashgrove"]


def test_two_schools_whose_tokens_became_the_same_are_not_started_and_check_says_so(trust):
    (trust / ".env").write_text(f"ASH_BOT={BOT}\nBEECH_BOT=7654321:{'b' * 30}\n", "utf-8")
    loads(trust, "ashgrove", telegram="ASH_BOT")
    loads(trust, "beechwood", telegram="BEECH_BOT")
    (trust / ".env").write_text(
        f"ASH_BOT={BOT}\nBEECH_BOT={BOT}\nLOLLIPOP_TELEGRAM_API_URL=http://127.0.0.1:9\n", "utf-8"
    )

    with pytest.raises(Refusal, match="have the same Telegram token"):
        build(load(trust / "school.toml"))
    report = run(trust, "check", "--json").stdout

    assert [each["what"][:15] for each in json.loads(report)["faults"] if each["where"] == "tokens"] == [
        "Ashgrove Primar"
    ]
    assert BOT not in report


def test_check_says_of_which_school_each_fault_is(trust):
    (trust / ".env").write_text("BEECH_SLACK=xoxb-1\nLOLLIPOP_SLACK_API_URL=http://127.0.0.1:9/\n", "utf-8")
    loads(trust, "ashgrove")
    loads(trust, "beechwood", slack_bot="BEECH_SLACK", telegram="BEECH_BOT")

    whole = json.loads(run(trust, "check", "--json").stdout)["faults"]
    one = json.loads(run(trust, "--school", "beechwood", "check", "--json").stdout)["faults"]

    by_place = {(each["where"], each["what"]): each["cure"] for each in whole}
    places = {where for where, _ in by_place}
    assert {"ashgrove: Slack", "ashgrove: Telegram", "ashgrove: keys", "beechwood: keys"} <= places
    unset = "BEECH_BOT: the school file says that a token is there, and it is not set; put it into .env"
    assert ("beechwood: Telegram", unset) in by_place
    both = (
        "BEECH_SLACK: Slack also needs slack_app under [tokens] (Socket Mode) "
        "or slack_signing_secret under [tokens] (HTTP)"
    )
    assert ("beechwood: Slack", both) in by_place
    keys = [cure for (where, _), cure in by_place.items() if where == "beechwood: keys"]
    assert keys[0] == "Run: lollipop --school beechwood keys invite dilys"
    assert {each["where"].partition(": ")[0] for each in one} & set(NAMES) == {"beechwood"}


def test_a_command_for_one_of_several_schools_asks_which_and_does_it_there(trust):
    loads(trust, "ashgrove")
    loads(trust, "beechwood")

    unsaid = run(trust, "keys", "invite", "dilys")
    wrong = run(trust, "--school", "oakfield", "keys", "invite", "dilys")
    said = run(trust, "--school", "Beechwood Academy", "keys", "invite", "dilys")
    serving = run(trust, "--school", "beechwood", "run")

    assert (unsaid.exit_code, wrong.exit_code, said.exit_code, serving.exit_code) == (2, 2, 0, 2)
    assert "there are several schools. Say which one is meant, by its id: --school ashgrove" in " ".join(
        unsaid.stderr.split()
    )
    assert "“Ashgrove Primary School” (ashgrove); “Beechwood Academy” (beechwood)" in " ".join(wrong.stderr.split())
    assert "/s/beechwood/inbox/enrol" in said.stdout


def test_a_school_that_is_served_from_its_file_is_not_dropped_by_loading_another(trust):
    (trust / "school.toml").write_text(text_of("ashgrove"), "utf-8")
    assert run(trust, "keys", "invite", "dilys").exit_code == 0  # it is in use

    early = refused(loads(trust, "beechwood"))
    run(trust, "school", "load", trust / "school.toml")
    late = loads(trust, "beechwood")

    assert early == (
        f"Ashgrove Primary School is served from {trust / 'school.toml'}, and would no longer be as soon as another "
        f"school is loaded. Load it first: lollipop school load {trust / 'school.toml'}"
    )
    assert late.exit_code == 0
    assert [each["id"] for each in json.loads(run(trust, "school", "list", "--json").stdout)] == sorted(NAMES)


def test_a_lone_school_is_posted_to_at_either_address_so_that_its_app_can_be_changed_beforehand(trust):
    (trust / ".env").write_text("ASH_BOT=xoxb-1\nASH_SECRET=a-secret\nBEECH_BOT=xoxb-2\n", "utf-8")
    own = {"slack_bot": "ASH_BOT", "slack_signing_secret": "ASH_SECRET"}
    found = []
    for school, tokens in (("ashgrove", own), ("beechwood", {**own, "slack_bot": "BEECH_BOT"})):
        loads(trust, school, **tokens)
        product = build(load(trust / "school.toml"))
        paths = {getattr(route, "path", "") for route in product.app.routes}
        found.append(sorted(path for path in paths if path.startswith("/slack/")))
        product.counter.close()
        product.engines.close()

    assert found == [["/slack/ashgrove/events", "/slack/events"], ["/slack/events"]]


def test_a_technician_who_edits_the_file_that_is_not_read_any_more_is_told(trust):
    (trust / "school.toml").write_text(text_of("ashgrove"), "utf-8")
    run(trust, "school", "load", trust / "school.toml")
    said = [each["where"] for each in json.loads(run(trust, "check", "--json").stdout)["faults"]]
    (trust / "school.toml").write_text(text_of("ashgrove") + "# edited\n", "utf-8")
    then = [each["where"] for each in json.loads(run(trust, "check", "--json").stdout)["faults"]]

    assert str(trust / "school.toml") not in said
    assert str(trust / "school.toml") in then


def test_a_technician_gets_the_files_of_one_more_school_and_can_load_them(trust):
    made = CliRunner().invoke(cli, ["init", str(trust / "ash"), "--name", NAMES["ashgrove"], "--one-more"])

    school = SchoolFile.read(trust / "ash" / "school.toml")
    assert sorted(path.name for path in (trust / "ash").iterdir()) == ["school.toml", "slack-manifest.yaml"]
    assert school.token_names.telegram == "ASHGROVE_PRIMARY_SCHOOL_TELEGRAM_TOKEN"
    assert f"lollipop school load {trust / 'ash' / 'school.toml'}" in made.stdout
    assert run(trust, "school", "load", trust / "ash" / "school.toml").exit_code == 0


def test_an_office_that_misspells_a_token_is_told_the_nearest():
    with pytest.raises(SchoolFileError, match=r"there is no such key .did you mean 'telegram'"):
        SchoolFile.parse(text_of("ashgrove", telegramm="ASH_BOT"), place="ashgrove.toml")
    assert SchoolFile.parse(SCHOOL.format(id="a", name="A") + TOKENS.format(prefix="A"), place="a").token_names
