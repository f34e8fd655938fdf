"""The roll at the shell: who has signed, as a table, a file and JSON; paper; and what a school file may say of it."""

import csv
import json
from dataclasses import replace

import pytest

from bot.clock import SetClock
from bot.commands.house import Where, stores
from bot.commands.signoffs import sheet_to_sign
from bot.school_file import SchoolFile, SchoolFileError
from curriculum import edition_of
from pages import Shelf, page_of, plain_text
from school.people import Role
from school.words import Refusal
from tests.desk.conftest import NOW, ours
from tests.desk.test_commands import own_environment, run, school, sqlite_template

__all__ = ["own_environment", "school", "sqlite_template"]

PAPER = ("--paper", "grace", "--document", "governor-aup", "--on", "20/11/2026", "--by", "hannah")


@pytest.fixture(autouse=True)
def on_a_tuesday(monkeypatch):
    """The pages are read once, and the day is one of the sample school's year."""
    monkeypatch.setattr("bot.commands.house.load_library", lambda *_, **__: ours())
    monkeypatch.setattr("bot.commands.signoffs.MachineClock", lambda: SetClock(NOW))


def refused(result) -> str:
    assert isinstance(result.exception, Refusal), result.output
    return str(result.exception)


def test_the_office_prints_the_roll_and_writes_it_for_a_spreadsheet(school, tmp_path):
    file = tmp_path / "roll.csv"

    printed, written = run(school, "signoffs"), run(school, "signoffs", "--csv", str(file))

    assert printed.exit_code == written.exit_code == 0
    assert "staff-aup,1,ben,Ben Carter,not asked yet" in printed.output
    assert "Oak: aua-ks2, not signed yet" in printed.output
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert {row["id"] for row in rows if row["document"] == "governor-aup"} == {"grace"}


def test_a_signature_on_paper_is_kept_once_and_stands_in_the_json(school):
    assert "Grace Chen signed governor-aup, version 1, on paper on 20/11/2026" in run(school, "signoffs", *PAPER).output
    again = run(school, "signoffs", *PAPER)

    assert "answered already" in refused(again)
    told = json.loads(run(school, "signoffs", "--json").output)
    (grace,) = next(each["people"] for each in told["documents"] if each["id"] == "governor-aup")
    assert (grace["state"], grace["signed"], grace["how"]) == ("signed", "2026-11-20", "paper")
    assert told["classes"][0] == {"class": "Oak", "page": "aua-ks2", "version": 1, "signed": None, "names": 0}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--by": "ben"}, "“ben” is not among: amara, hannah"),
        ({"--paper": "nobody"}, "“nobody” is not among"),
        ({"--document": "staff-aup"}, "“staff-aup” is not among: governor-aup"),
        ({"--on": "soon"}, "Write the day that stands on the paper"),
        ({"--on": ""}, "Say whose paper it is"),
        ({"--paper": "hannah", "--document": "staff-aup"}, "Your own signature is yours to give"),
    ],
)
def test_what_is_wrong_with_a_paper_is_said_and_nothing_is_kept(school, changed, said):
    words = dict(zip(PAPER[::2], PAPER[1::2], strict=True)) | changed

    result = run(school, "signoffs", *(word for pair in words.items() for word in pair))

    assert said in refused(result)
    told = json.loads(run(school, "signoffs", "--json").output)
    assert {each["signed"] for each in told["documents"]} == {0}


def test_a_school_says_who_signs_and_whether_questions_come_first(school):
    text = school.read_text("utf-8") + '\n[agreements.staff-aup]\nroles = ["teacher"]\nquiz = "off"\n'

    rule = SchoolFile.parse(text, place="school.toml").school().agreements["staff-aup"]

    assert (rule.roles, rule.quiz) == (frozenset({Role.TEACHER}), False)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('roles = ["techer"]', "roles"),
        ("roles = []", "roles"),
        ('quiz = "on"', "quiz"),
        ('signers = "staff"', "there is no such key"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_with_its_line(school, wrong, said):
    text = school.read_text("utf-8") + f"\n[agreements.staff-aup]\n{wrong}\n"

    with pytest.raises(SchoolFileError, match=said) as fault:
        SchoolFile.parse(text, place="school.toml")

    assert "school.toml:" in str(fault.value)


def test_a_rule_for_a_document_that_nobody_has_is_a_fault_of_the_check(school):
    school.write_text(school.read_text("utf-8") + '\n[agreements.staf-aup]\nquiz = "off"\n', "utf-8")

    told = json.loads(run(school, "check", "--json").output)

    assert any("no document 'staf-aup'" in fault["what"] for fault in told["faults"])


def with_words(page_id, was, is_):
    """Our library, where one page was edited under the same version."""
    every = ours().shelf.all(lang="en")
    page = next(each for each in every if each.id == page_id)
    assert was in page.source
    edited = replace(page_of(page.source.replace(was, is_), lang="en"), path=page.path)
    return replace(ours(), shelf=Shelf([edited if each is page else each for each in every]))


def faults(school):
    return [
        fault for fault in json.loads(run(school, "check", "--json").output)["faults"] if "words of" in fault["what"]
    ]


def test_a_page_that_was_signed_and_is_edited_without_a_new_version_is_a_fault_of_the_check(school, monkeypatch):
    run(school, "signoffs", *PAPER)
    assert faults(school) == []

    edited = with_words("governor-aup", "out of sight when I visit", "away when I visit")
    monkeypatch.setattr("bot.commands.house.load_library", lambda *_, **__: edited)

    (fault,) = faults(school)
    assert fault["severity"] == "fault"
    assert "governor-aup have changed since people agreed to version 1" in fault["what"]
    assert "Write version: 2 into it" in fault["cure"]


def test_the_same_holds_for_what_families_and_classes_agreed_to_and_not_for_what_nobody_has(school, monkeypatch):
    edited = with_words("photo-consent", "any no wins", "a no wins")
    monkeypatch.setattr("bot.commands.house.load_library", lambda *_, **__: edited)
    assert faults(school) == []

    with stores(Where(school, "")) as at, at.units.write(at.school.id) as unit:
        unit.editions.keep(edition_of(ours().shelf.get("photo-consent", "en")))
        unit.commit()

    (fault,) = faults(school)
    assert "photo-consent have changed" in fault["what"]


def test_what_is_printed_for_whoever_has_no_slack_names_its_version_and_has_a_place_to_sign():
    page = ours().shelf.get("governor-aup", "en")

    printed = plain_text(sheet_to_sign(page.document, page.version))

    assert printed.startswith(plain_text(page.document))
    assert "I have read version 1 and will keep to it" in printed
    assert all(f"{label}: ____" in printed for label in ("Name", "Signature", "Day"))
