"""What a school's office does once and seldom again: begin, change the signing keys, look at a page."""

import json
import os
import pty
import re
import subprocess
import sys
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.keys import FILE, load_keys, rotate, signer
from bot.school_file import SchoolFile
from bot.tokens import LINK
from school.people import Role
from school.words import Refusal

NAME = "St Brigid's School"
MONDAY = date(2026, 11, 23)
FLAGS = (
    *("--name", NAME, "--lead", "Nuala Byrne", "--head", "Tom Reid", "--chair", "Nuala Byrne"),
    *("--timezone", "Europe/Dublin", "--languages", "pl, ro", "--public-url", "https://lollipop.example"),
)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    for name in ("HOME", "SCHOOL_FILE"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def holders(school, role):
    return [person.name for person in school.holders(role)]


def test_an_office_that_gives_everything_as_flags_has_a_school_file_that_can_be_used(tmp_path):
    result = run("init", tmp_path / "new", *FLAGS)

    school = SchoolFile.read(tmp_path / "new" / "school.toml").school()
    assert result.exit_code == 0
    assert (school.id, school.name, str(school.calendar.zone)) == ("st-brigid-s-school", NAME, "Europe/Dublin")
    assert [language.code for language in school.languages] == ["en", "pl", "ro"]
    assert holders(school, Role.DSL) == holders(school, Role.CHAIR_OF_GOVERNORS) == ["Nuala Byrne"]
    assert holders(school, Role.HEAD) == ["Tom Reid"]
    assert not {"Dilys Morgan", "Hannah Lewis", "Grace Chen"} & {person.name for person in school.people}
    assert "LOLLIPOP_PUBLIC_URL=https://lollipop.example\n" in (tmp_path / "new" / ".env").read_text("utf-8")
    manifest = (tmp_path / "new" / "slack-manifest.yaml").read_text("utf-8")
    assert "https://lollipop.example/slack/events" in manifest


@pytest.mark.parametrize("name", ["Amara Nowak", "Amara Amara", 'Amara "Ama" \\ Nowak', "Żaneta", "李 娜"])
def test_an_office_may_have_a_head_of_any_name(tmp_path, name):
    run("init", tmp_path, "--name", NAME, "--head", name)

    (head,) = SchoolFile.read(tmp_path / "school.toml").school().holders(Role.HEAD)
    assert head.name.replace("'", '"').replace("/", "\\") == name


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--timezone", "Europe/Oakfield"], "there is no time zone “Europe/Oakfield”"),
        (["--languages", "pl, xx"], "there is no “xx”; the languages are en, pl,"),
    ],
)
def test_an_office_that_asks_for_what_there_is_not_leaves_with_2_and_nothing_is_written(tmp_path, flags, said):
    result = run("init", tmp_path / "new", "--name", NAME, *flags)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not (tmp_path / "new").exists()


def test_an_office_that_gives_no_name_where_nobody_can_be_asked_leaves_with_2(tmp_path):
    result = run("init", tmp_path / "new")

    assert result.exit_code == 2
    assert "Missing option '--name'." in result.stderr
    assert not (tmp_path / "new").exists()


def at_a_terminal(folder, *answers):
    """`lollipop init` with somebody at the keys; what was shown, and how it ended."""
    keys, terminal = pty.openpty()
    os.write(keys, "".join(f"{answer}\n" for answer in answers).encode())
    asked = [sys.executable, "-m", "bot", "init", str(folder)]
    done = subprocess.run(asked, stdin=terminal, capture_output=True, text=True, timeout=60, check=False)
    os.close(keys)
    os.close(terminal)
    return done.returncode, done.stdout + done.stderr


def test_an_office_at_a_terminal_is_asked_and_asked_again_where_there_is_no_such_zone(tmp_path):
    answers = (NAME, "Nuala Byrne", "", "", "Europe/Oakfield", "Europe/Dublin", "pl", "")

    code, shown = at_a_terminal(tmp_path / "new", *answers)

    school = SchoolFile.read(tmp_path / "new" / "school.toml").school()
    assert code == 0, shown
    assert "there is no time zone “Europe/Oakfield”" in shown
    assert (school.name, str(school.calendar.zone)) == (NAME, "Europe/Dublin")
    assert (holders(school, Role.DSL), holders(school, Role.HEAD)) == (["Nuala Byrne"], ["Hannah Lewis"])
    assert [language.code for language in school.languages] == ["en", "pl"]
    assert "LOLLIPOP_PUBLIC_URL=\n" in (tmp_path / "new" / ".env").read_text("utf-8")


@pytest.mark.parametrize("there", ["school.toml", ".env", "slack-manifest.yaml"])
def test_an_office_at_a_terminal_loses_nothing_and_is_asked_nothing_where_it_had_begun(tmp_path, there):
    (tmp_path / there).write_text("ours", "utf-8")

    code, shown = at_a_terminal(tmp_path, NAME)

    assert code == 1
    assert shown.endswith("is not written over. Move it away first, or choose another folder.\n")
    assert "The school's name" not in shown
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {there: "ours"}


def test_an_office_that_begins_again_keeps_the_keys_that_signed_its_posters(tmp_path):
    before = load_keys(tmp_path / "var")

    run("init", tmp_path, "--name", NAME)

    assert load_keys(tmp_path / "var") == before


def test_an_office_that_changes_its_keys_is_told_how_long_old_buttons_and_links_stay_good(tmp_path):
    run("init", tmp_path, "--name", NAME)
    old = signer(tmp_path / "var", "ashgrove")
    button, link = old.button("lesson", {"class": "oak"}, on=MONDAY), old.mint(LINK, b"join", on=MONDAY)

    result = run("--school-file", tmp_path / "school.toml", "keys", "rotate")

    new = signer(tmp_path / "var", "ashgrove")
    fresh = new.button("lesson", {}, on=MONDAY)
    assert result.stdout.splitlines()[:2] == [
        "Key 2 signs from the next start on. Still read: 1.",
        "Old buttons stay good for 180 days from the day they were sent.",
    ]
    assert "Next: restart Lollipop." in result.stdout
    assert new.read_button(button, on=MONDAY + timedelta(days=180)) == ("lesson", {"class": "oak"})
    assert new.read(LINK, link) == (b"join", MONDAY)
    with pytest.raises(Refusal):
        old.read_button(fresh, on=MONDAY)
    assert (tmp_path / "var" / FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "var").iterdir()] == [FILE]


def test_a_school_may_change_its_keys_for_as_long_as_it_likes(tmp_path):
    ids = [rotate(tmp_path)[0] for _ in range(258)]

    kept = [key_id for key_id, _ in load_keys(tmp_path)]
    assert ids[:254] == list(range(2, 256))
    assert ids[254:] == [1, 2, 3, 4]
    assert kept[:5] == [4, 3, 2, 1, 255]
    assert len(kept) == len(set(kept)) == 255
    assert len(json.loads((tmp_path / FILE).read_text("utf-8"))) == 255


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("lesson-y4-privacy-1", '<section class="slide" id="step-1"'),
        ("newsletter-2026-12", '<article class="issue">'),
        ("privacy", "data-exit"),
        ("assembly-a-better-internet", '<article class="issue">'),
    ],
)
def test_an_author_sees_a_page_as_the_web_shows_it(page, shown):
    result = run("content", "show", page, "--as", "web")

    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.count("<h1") == 1
    assert shown in result.stdout
    assert not re.search(r"\{\{|\}\}|page:", result.stdout)


@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF"), ("home", b"%PDF"), ("pptx", b"PK")], ids=["notes", "home sheet", "slides"]
)
def test_an_author_gets_a_lesson_as_the_files_that_a_teacher_takes_to_class(form, begins, tmp_path):
    result = run("content", "show", "lesson-y4-privacy-1", "--as", form, "-o", str(tmp_path / "file"))

    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "file").read_bytes().startswith(begins)


def test_an_author_gets_any_page_as_a_pdf(tmp_path):
    assert run("content", "show", "newsletter-2026-12", "--as", "pdf", "-o", str(tmp_path / "n.pdf")).exit_code == 0
    assert (tmp_path / "n.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("form", ["home", "pptx"])
def test_an_author_who_asks_for_slides_of_a_newsletter_is_told_what_there_is(form, tmp_path):
    result = run("content", "show", "newsletter-2026-12", "--as", form, "-o", str(tmp_path / "file"))

    assert isinstance(result.exception, Refusal)
    assert str(result.exception) == (
        "Only a lesson has slides, a home sheet and a poster. "
        "Any page can be shown as one of these: slack, telegram, email, web, site, pdf."
    )
    assert not (tmp_path / "file").exists()


def test_an_author_who_does_not_say_where_a_file_goes_is_asked():
    result = run("content", "show", "lesson-y4-privacy-1", "--as", "pptx")

    assert result.exit_code == 2
    assert "say where the file goes: -o lesson-y4-privacy-1.pptx" in result.output
