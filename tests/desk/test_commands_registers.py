"""The registers at the shell: out to a spreadsheet and in again, with every wrong row named and nothing half-loaded."""

import csv

import pytest

from bot.clock import SetClock
from bot.commands.register_csv import RegisterFileError, rows_of
from school.words import Refusal
from staff import Register
from tests.desk.conftest import NOW
from tests.desk.test_commands import own_environment, run, school, sqlite_template

__all__ = ["own_environment", "school", "sqlite_template"]

RISKS = """\
risk,likelihood,impact,does,owner,legal,review
A laptop is lost,2,4,"They are encrypted, and kept in a safe",ben,yes,24/11/2027
-Phishing,3,5,Training each year,Hannah Lewis,no,2027-09-01
"""


@pytest.fixture(autouse=True)
def on_a_tuesday(monkeypatch):
    monkeypatch.setattr("bot.commands.registers.MachineClock", lambda: SetClock(NOW))


def refused(result) -> str:
    assert isinstance(result.exception, Refusal), result.output
    return str(result.exception)


@pytest.mark.clause(58)
def test_a_register_is_loaded_written_out_and_loaded_again_without_a_change(school, tmp_path):
    file, out = tmp_path / "risks.csv", tmp_path / "out.csv"
    file.write_text(RISKS, "utf-8")

    loaded = run(school, "registers", "load", "risks", str(file), "--by", "hannah")
    written = run(school, "registers", "export", "risks", str(out))
    again = run(school, "registers", "load", "risks", str(out), "--by", "hannah")

    assert "Loaded 2 into the risks; 0 were there already." in loaded.output
    assert written.exit_code == 0
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [(row["risk"], row["owner"], row["review"]) for row in rows] == [
        ("A laptop is lost", "ben", "24/11/2027"),
        ("'-Phishing", "hannah", "01/09/2027"),
    ]
    assert "Loaded 0 into the risks; 2 were there already." in again.output


def test_every_wrong_row_is_named_and_no_right_one_is_loaded(school, tmp_path):
    file = tmp_path / "risks.csv"
    wrong = "A tablet,9,4,Locked away,ben,no,24/11/2027\nA phone,1,1,Locked away,sam,no,soon\n"
    file.write_text(RISKS + wrong, "utf-8")

    said = refused(run(school, "registers", "load", "risks", str(file), "--by", "hannah"))

    assert "line 4: “likelihood” has to be one of" in said
    assert "line 5: “owner” has to be somebody" in said
    assert "Nothing was loaded." in said
    assert run(school, "registers", "export", "risks").output.splitlines() == [
        "risk,likelihood,impact,does,owner,legal,review"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is nothing in it"),
        ("label;sort;encrypted\n", "There is nothing in it"),
        ("label,kind\nTablet 1,tablet\n", "there is no column 'kind'"),
        ("label,place\nTablet 1,Room 3\n", "these columns are missing: sort, encrypted"),
        ("label,sort,encrypted\nTablet 1,tablet\n", "line 2: it has 2 cells, and the first line has 3."),
        ("label,sort,encrypted\nSam,tablet,yes\n", "line 2: Give the number on the device"),
        ("label,sort,encrypted\nT 1,tablet,yes\nt 1,tablet,yes\n", "line 3: “t 1” stands in the file twice."),
        ('label,sort,encrypted\n"T 1,tablet,yes\n', "Look for a lone quotation mark"),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_words(school_of_oakfield, text, said):
    with pytest.raises(RegisterFileError, match="Nothing was loaded") as refusal:
        rows_of(text.encode(), file="devices.csv", register=Register.DEVICE, school=school_of_oakfield, on=NOW.date())

    assert said in str(refusal.value)


@pytest.fixture
def school_of_oakfield(front_desk):
    return front_desk.product.house.schools["oakfield"]


def test_only_a_keeper_brings_a_register_in(school, tmp_path):
    file = tmp_path / "risks.csv"
    file.write_text(RISKS, "utf-8")

    assert "“ben” does not keep this register" in refused(
        run(school, "registers", "load", "risks", str(file), "--by", "ben")
    )


@pytest.mark.clause(27)
def test_who_has_which_part_is_a_table(school):
    said = run(school, "registers", "export", "roles").output

    assert "technician,Ben Carter,Dilys Morgan," in said
    assert "data_protection,,," in said
