"""At the year's end the office moves many pupils' codes at once, and ends leavers' codes; all or nothing."""

import json

import pytest

from school.words import Refusal
from tests.desk.test_commands_data_rights import run, school, sqlite_template
from tests.desk.test_commands_family_codes import made

__all__ = ["school", "sqlite_template"]


@pytest.fixture
def given_out(school):
    made(school, "--pupils", "OAK-01,OAK-02,OAK-03", "--adults", "1")
    return school


def moves(school, said: str | bytes, *words: str, typed: str | None = None):
    file = school.parent / "moved.csv"
    file.write_bytes(said.encode() if isinstance(said, str) else said)
    return run(school, "codes", "--moved", str(file), *words, typed=typed)


def pupils(school, klass: str) -> list[str]:
    return [each["pupil"] for each in json.loads(run(school, "codes", klass, "--list", "--json").stdout)["codes"]]


@pytest.mark.clause(16)
def test_the_office_moves_many_and_ends_a_leavers_letters_after_it_was_asked(given_out):
    said = "pupil,class\noak-01,Elm\nOAK-02,Oak\nOAK-03,-\n"

    no = moves(given_out, said, typed="n\n")
    assert "All letters of 1 pupil end" in no.output
    assert no.output.endswith("\nNothing was changed.\n")
    assert no.exit_code == 1
    assert pupils(given_out, "Oak") == ["OAK-01", "OAK-02", "OAK-03"]
    done = moves(given_out, said, typed="y\n")

    assert "Moved into another class: 1. There already: 1. Left, and forgotten: 1. Nobody is told." in done.stdout
    assert (pupils(given_out, "Oak"), pupils(given_out, "Elm")) == (["OAK-02"], ["OAK-01"])


def test_a_list_without_leavers_is_not_asked_about_and_may_come_twice(given_out):
    said = "pupil;class\r\nOAK-01;elm\r\n\r\n".encode("utf-16")

    first, again = (json.loads(moves(given_out, said, "--json").stdout) for _ in range(2))

    assert first == {"moved": 1, "there_already": 0, "ended": 0}
    assert again == {"moved": 0, "there_already": 1, "ended": 0}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("OAK-09,Elm", "No letter stands for: OAK-09 (3)"),
        ("OAK-09,-", "No letter stands for: OAK-09 (3)"),
        ("OAK-02,Fir", "Line 3: there is no class “Fir”"),
        ("OAK-02,", "Line 3: there is no class. Write one"),
        ("OAK-02,=Elm", "Line 3: “=Elm” begins like a formula"),
        ("-,Elm", "Line 3: “-” begins like a formula"),
        ("OAK-01,Elm", "OAK-01 is there twice in line 3"),
        ("Marta Nowak,Elm", "can't be a pupil's code in line 3"),
        ("OAK-02", "Line 3 has another number of cells"),
    ],
)
def test_nobody_is_moved_by_a_list_with_a_fault(given_out, row, fault):
    result = moves(given_out, f"pupil,class\nOAK-01,-\n{row}\n", "--yes")

    assert isinstance(result.exception, Refusal), result.output
    assert fault in str(result.exception)
    assert pupils(given_out, "Oak") == ["OAK-01", "OAK-02", "OAK-03"]


def test_a_list_of_moves_has_two_columns_and_is_about_no_class(given_out):
    file = given_out.parent / "moved.csv"

    assert "“pupil” and “class”, and no others" in str(moves(given_out, "pupil\nOAK-01\n").exception)
    assert "one thing at a time" in str(run(given_out, "codes", "Oak", "--moved", str(file)).exception)
    assert "Say which class" in str(run(given_out, "codes", "--list").exception)
