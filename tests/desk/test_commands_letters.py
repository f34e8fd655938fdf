"""What the office prints and copies: a letter to take home, a text for its own site, and what `check` says is off."""

import io
import shutil

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from bot import demo
from bot.__main__ import cli
from bot.commands.check import _process
from bot.commands.house import Where
from bot.commands.letters import NoSuchLanguageError, NotForFamiliesError
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

NEWS = "newsletter-2026-11"


@pytest.fixture
def school(tmp_path, sqlite_template, monkeypatch):
    """A school file with a database where its settings look for it."""
    for name in ("BIND", "DATABASE_URL", "HOME", "PUBLIC_URL", "SCHOOL_FILE", "SMTP_URL", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"LOLLIPOP_{name}", raising=False)
    home = tmp_path / "var"
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "lollipop.db")
    demo.prepare(home, 8000)
    (home / "school.toml").rename(tmp_path / "school.toml")
    return tmp_path / "school.toml"


def run(school_file, *words):
    return CliRunner().invoke(cli, ["--school-file", str(school_file), *words])


def set_up(school_file, **settings):
    lines = (f"LOLLIPOP_{name}={value}\n" for name, value in settings.items())
    (school_file.parent / ".env").write_text("".join(lines), "utf-8")


def test_the_office_prints_a_letter_for_oak_in_urdu_with_the_code_by_which_they_join(school):
    set_up(school, PUBLIC_URL="https://oakfield.example", SMTP_URL="smtp://mail.example")
    file = school.parent / "oak.pdf"

    said = run(school, "content", "letter", NEWS, "--lang", "ur", "--class", "Oak", "--out", str(file))

    assert said.exit_code == 0, said.output
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(file.read_bytes())).pages)
    assert "https://oakfield.example/join/" in text.replace("\u200b", "").replace("\n", "")
    assert "There is no" not in said.stdout, "its words are in Urdu"


@pytest.mark.parametrize(
    ("settings", "told"),
    [({}, "no code to join by"), ({"PUBLIC_URL": "https://oakfield.example"}, "leads to the news on the web")],
)
def test_the_office_hears_what_the_code_lacks(school, settings, told):
    set_up(school, **settings)

    said = run(school, "content", "letter", NEWS, "--out", str(school.parent / "letter.pdf"))

    assert told in said.stdout


def test_no_letter_is_made_of_a_lesson_or_in_a_language_that_nobody_here_writes(school):
    out = ("--out", str(school.parent / "letter.pdf"))

    assert isinstance(run(school, "content", "letter", "lesson-y4-privacy-1", *out).exception, NotForFamiliesError)
    assert isinstance(run(school, "content", "letter", NEWS, "--lang", "xx", *out).exception, NoSuchLanguageError)
    assert not (school.parent / "letter.pdf").exists()


def test_the_office_copies_a_text_for_its_own_site(school):
    set_up(school, PUBLIC_URL="https://oakfield.example")

    said = run(school, "content", "show", NEWS, "--as", "site", "--lang", "ar").stdout

    assert said.startswith('<article lang="ar" dir="rtl">')
    assert 'lang="en" dir="ltr">' in said, "the numbers stand there in English too: nobody has checked the Arabic"
    assert f'<a href="https://oakfield.example/news/{NEWS}?lang=ar">' in said
    assert "class=" not in said


@pytest.mark.parametrize(
    ("settings", "off"),
    [
        ({}, "LOLLIPOP_SMTP_URL: is not set, so no e-mail goes out"),
        (
            {"SMTP_URL": "smtp://mail.example", "PUBLIC_URL": "http://oakfield.example"},
            "LOLLIPOP_PUBLIC_URL: is no https",
        ),
    ],
)
def test_check_says_what_is_off_and_calls_it_no_fault(school, settings, off):
    set_up(school, **settings)

    where = Where(school, "")
    said = {f"{each.where}: {each.what}": each.severity for each in _process(where, where.settings(), [])}

    assert [kind for what, kind in said.items() if what.startswith(off)] == ["warning"]
