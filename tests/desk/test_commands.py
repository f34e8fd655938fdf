import json
import shutil
import socket
import sys

import pytest
from click.testing import CliRunner

from bot import demo
from bot.__main__ import cli, main
from school.words import Refusal
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

NAME = "Oakfield Primary School"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """What stands in the machine's environment is nobody's business here."""
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SCHOOL_FILE", "TELEGRAM_MODE", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)


@pytest.fixture
def school(tmp_path, sqlite_template):
    """A school file with a database where its settings look for it."""
    home = tmp_path / "var"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "lollipop.db")
    demo.prepare(home, 8000)
    (home / "school.toml").rename(tmp_path / "school.toml")
    return tmp_path / "school.toml"


def run(school_file, *words):
    return CliRunner().invoke(cli, ["--school-file", str(school_file), *words])


def shell(monkeypatch, capsys, *words):
    """As a shell sees it: exit code and what was said on standard error."""
    monkeypatch.setattr(sys, "argv", ["lollipop", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code, capsys.readouterr().err


def test_an_office_that_begins_has_its_files_and_nobody_else_can_read_them(tmp_path):
    result = CliRunner().invoke(cli, ["init", str(tmp_path / "oakfield"), "--name", NAME])

    files = sorted(path.name for path in (tmp_path / "oakfield").iterdir())
    assert result.exit_code == 0
    assert files == [".env", "school.toml", "slack-manifest.yaml", "var"]
    assert (tmp_path / "oakfield" / ".env").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("there", ["school.toml", ".env", "slack-manifest.yaml"])
def test_an_office_that_begins_twice_loses_nothing(tmp_path, monkeypatch, capsys, there):
    (tmp_path / there).write_text("ours", "utf-8")

    code, said = shell(monkeypatch, capsys, "init", tmp_path, "--name", NAME)

    assert code == 1
    assert said == (
        f"{tmp_path / there} is there already and is not written over. Move it away first, or choose another folder.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text("utf-8") == "ours"


def test_an_office_that_checks_reads_every_fault_at_once(tmp_path):
    (tmp_path / ".env").write_text("LOLLIPOP_BIND=nowhere\n", "utf-8")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "ours.md").write_text("---\nid: ours\n---\n", "utf-8")

    result = run(tmp_path / "school.toml", "check", "--json")
    report = json.loads(result.stdout)

    assert (result.exit_code, report["ok"]) == (1, False)
    assert {fault["where"] for fault in report["faults"]} == {"settings", "school file", "content"}
    assert all(set(fault) == {"where", "what", "cure", "severity"} and fault["cure"] for fault in report["faults"])


def test_an_office_that_checks_is_told_who_has_no_key_and_what_to_run(school):
    report = json.loads(run(school, "check", "--json").stdout)

    cures = [fault["cure"] for fault in report["faults"] if fault["where"] == "keys"]
    assert cures == [f"Run: lollipop keys invite {person}" for person in ("dilys", "femi", "hannah", "grace")]


def test_an_office_that_checks_before_the_database_is_made_is_told_to_make_it(tmp_path):
    CliRunner().invoke(cli, ["init", str(tmp_path), "--name", NAME])

    report = json.loads(run(tmp_path / "school.toml", "check", "--json").stdout)

    assert [each["cure"] for each in report["faults"] if each["where"] == "database"] == ["Run: lollipop db upgrade"]


def test_an_office_whose_port_is_taken_is_told_so_in_one_sentence(school, monkeypatch, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("LOLLIPOP_BIND", f"127.0.0.1:{port}")
        monkeypatch.setattr("bot.commands.run.configure", lambda *_: None)

        code, said = shell(monkeypatch, capsys, "--school-file", school, "run")

    sentence = f"Port {port} on 127.0.0.1 is taken by another program. Stop it, or choose another port.\n"
    assert (code, said) == (1, sentence)


def test_an_office_that_types_an_unknown_command_leaves_with_2(monkeypatch, capsys):
    code, said = shell(monkeypatch, capsys, "lolipop")

    assert code == 2
    assert "No such command 'lolipop'" in said


def test_an_office_that_invites_nobody_it_knows_is_told_whom_it_knows(school):
    result = run(school, "keys", "invite", "dylis")

    assert isinstance(result.exception, Refusal)
    assert str(result.exception) == (
        "There is nobody with the id “dylis” in the school file. The ids are: amara, dilys, femi, hannah, grace, ben."
    )


def test_an_author_gets_every_page_as_one_array(school):
    pages = json.loads(run(school, "content", "list", "--json").stdout)

    keys = {"id", "kind", "strand", "years", "langs", "version", "title", "minutes", "reading_age"}
    assert pages
    assert all(set(page) == keys and "en" in page["langs"] for page in pages)
    assert len({page["id"] for page in pages}) == len(pages)


def test_a_governor_gets_the_evidence_for_all_69_clauses(school):
    evidence = json.loads(run(school, "policy", "evidence", "--json").stdout)

    keys = {"id", "reach", "status", "records", "latest", "why"}
    assert set(evidence) == {"school", "as_of", "clauses"}
    assert evidence["school"] == NAME
    assert len({clause["id"] for clause in evidence["clauses"]}) == len(evidence["clauses"]) == 69
    assert all(set(clause) == keys and clause["why"] for clause in evidence["clauses"])


def test_a_head_gets_what_is_sent_and_unknown_with_a_nought_where_there_is_nothing(school):
    status = json.loads(run(school, "delivery", "status", "--json").stdout)

    states = ("planned", "claimed", "sending", "sent", "failed", "skipped", "unknown")
    assert status == {**dict.fromkeys(states, 0), "by_channel": {}}


@pytest.mark.parametrize("name", ["oakfield", NAME, NAME.upper()])
def test_an_office_that_names_its_school_is_served(school, name):
    result = run(school, "--school", name, "delivery", "status", "--json")

    assert (result.exit_code, json.loads(result.stdout)["unknown"]) == (0, 0)


def test_an_office_that_names_another_school_leaves_with_2_and_nothing_is_done(school):
    result = run(school, "--school", "Ashgrove", "parents", "invite", "Oak")

    assert result.exit_code == 2
    assert "there is no school “Ashgrove” here. The school file is that of “Oakfield Primary School” (oakfield)." in (
        " ".join(result.stderr.split())
    )
    assert "t.me" not in result.stdout


def test_an_office_without_a_bot_is_given_no_link_to_somebody_elses(school, monkeypatch, capsys):
    code, said = shell(monkeypatch, capsys, "--school-file", school, "parents", "invite", "Oak")

    assert code == 1
    assert said.startswith("There is no Telegram bot for families to join yet. Put LOLLIPOP_TELEGRAM_TOKEN into .env")
    assert "t.me" not in said


@pytest.mark.parametrize("typed", ["OakfieldBot", "@OakfieldBot"])
def test_an_office_that_names_its_bot_is_given_the_link(school, typed):
    result = run(school, "parents", "invite", "Oak", "--bot", typed)

    assert result.exit_code == 0
    assert result.stdout.startswith("https://t.me/OakfieldBot?start=")


def test_an_office_whose_telegram_does_not_answer_is_told_why_and_how_else(school, monkeypatch, unused_tcp_port):
    monkeypatch.setenv("LOLLIPOP_TELEGRAM_TOKEN", "12345:A-token-of-ours")
    monkeypatch.setenv("LOLLIPOP_TELEGRAM_API_URL", f"http://127.0.0.1:{unused_tcp_port}")

    result = run(school, "parents", "invite", "Oak")

    assert isinstance(result.exception, Refusal)
    assert "Telegram's server does not answer" in str(result.exception)
    assert str(result.exception).endswith("Or give the bot's name yourself: --bot OakfieldBot")
    assert "t.me" not in result.stdout


def faults_in(school_file, where):
    report = json.loads(run(school_file, "check", "--json").stdout)
    return [fault for fault in report["faults"] if fault["where"] == where]


def test_an_office_that_begins_is_told_which_examples_still_stand_and_where(tmp_path):
    CliRunner().invoke(cli, ["init", str(tmp_path), "--name", NAME])
    file = tmp_path / "school.toml"

    said = [fault["what"] for fault in faults_in(file, "school file")]

    lines = file.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines, start=1) if "U0AMARA" in line)
    assert f"{file}:{at}: Amara Okafor (U0AMARA) is not a person of yours: both stand there as an example." in said
    assert any("C0OAK is not a channel of yours" in each for each in said)


def test_an_office_that_has_put_in_its_own_is_told_of_no_example(school):
    text = school.read_text("utf-8")
    for theirs, ours in (
        ("U0", "U0123456"),
        ("C0", "C0123456"),
        ("Amara Okafor", "Asha Rao"),
        ("Femi", "Bola"),
        ("Ben Carter", "Ben Rao"),
    ):
        text = text.replace(theirs, ours)
    text = text.replace("winter-play", "our-play").replace("year-4-evening", "our-evening")
    school.write_text(text.replace('out_of_hours_phone = ""', 'out_of_hours_phone = "01632 960123"'), "utf-8")

    assert faults_in(school, "school file") == []


def test_an_office_that_changed_an_id_alone_is_told_that_the_name_is_made_up(school):
    school.write_text(school.read_text("utf-8").replace("U0AMARA", "U0123456AB"), "utf-8")

    assert any("Amara Okafor is not a person of yours" in fault["what"] for fault in faults_in(school, "school file"))


def test_an_office_without_a_number_for_out_of_hours_is_told_what_to_write(school):
    (fault,) = (each for each in faults_in(school, "school file") if "out_of_hours_phone" in each["what"])

    assert fault["severity"] == "fault"
    assert 'out_of_hours_phone = "01632 960123"' in fault["cure"]


def test_an_office_that_has_invited_dilys_is_not_told_to_invite_her(school):
    run(school, "keys", "invite", "dilys")

    dilys, femi, *_ = faults_in(school, "keys")
    assert "Their invitation is open until" in dilys["what"]
    assert dilys["cure"].startswith("Start Lollipop, so that dilys can use their code at /inbox/enrol.")
    assert femi["cure"] == "Run: lollipop keys invite femi"
