"""The office asks a class, sees the roll and who needs paper, keeps a paper answer and looks photos up."""

import json

import pytest

from school.words import Refusal
from tests.desk.test_commands_data_rights import run, school, sqlite_template
from tests.desk.test_commands_family_codes import made

__all__ = ["school", "sqlite_template"]


@pytest.fixture
def asked(school):
    """Two pupils of Oak have letters, and the class is asked about photos and the parents' agreement."""
    made(school, "--pupils", "OAK-01,OAK-02")
    told = run(school, "ask", "Oak", "--agreements", "parent-agreement,photo-consent")
    assert "Asked: Oak." in told.stdout
    return school


def roll(school_file) -> dict:
    return json.loads(run(school_file, "agreements", "Oak", "--json").stdout)


@pytest.mark.clause(69)
def test_the_office_has_a_list_of_who_needs_paper_and_keeps_what_comes_back(asked):
    before = roll(asked)
    assert before["paper"] == {"parent-agreement": ["OAK-01", "OAK-02"], "photo-consent": ["OAK-01", "OAK-02"]}
    assert len(before["roll"]) == 4

    kept = run(
        asked,
        *("agreements", "Oak", "--paper", "oak-01", "--adult", "1", "--agreed", "parent-agreement"),
        *("--photos", "school=yes,web=no,media=no"),
    )

    assert "Kept for OAK-01, adult 1: 4 new answers from paper." in kept.stdout
    after = roll(asked)
    assert after["paper"] == {"parent-agreement": ["OAK-02"], "photo-consent": ["OAK-02"]}
    assert after["roll"][0]["parent-agreement"].startswith("agreed 2")
    assert after["roll"][0]["photo-consent"].startswith("school=yes web=no media=no ")
    assert after["roll"][1]["photo-consent"] == "no answer"


@pytest.mark.clause(52)
def test_the_office_looks_photos_up_by_a_code_or_a_class(asked):
    run(asked, "agreements", "Oak", "--paper", "OAK-01", "--adult", "1", "--photos", "school=yes,web=no,media=no")

    one = json.loads(run(asked, "photos", "oak-01", "--json").stdout)
    whole = run(asked, "photos", "Oak").stdout

    assert one == {"photos": {"OAK-01": {"school": True, "web": False, "media": False}}}
    assert whole.splitlines()[:3] == ["pupil,school,web,media", "OAK-01,yes,no,no", "OAK-02,no,no,no"]


def test_the_roll_is_written_as_a_table_and_the_paper_list_below(asked, tmp_path):
    file = tmp_path / "roll.csv"

    told = run(asked, "agreements", "Oak", "--csv", str(file)).stdout

    assert file.read_text("utf-8").splitlines()[0] == "pupil,adult,parent-agreement,photo-consent"
    assert "Paper for photo-consent (2): OAK-01, OAK-02" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("agreements", "Oak", "--paper", "OAK-01", "--adult", "1"), "Say what is on the paper"),
        (("agreements", "Oak", "--paper", "OAK-01", "--agreed", "parent-agreement"), "Say what is on the paper"),
        (("agreements", "Oak", "--paper", "OAK-09", "--adult", "1", "--agreed", "parent-agreement"), "No code was"),
        (
            ("agreements", "Oak", "--paper", "OAK-01", "--adult", "1", "--agreed", "photo-consent"),
            "is not on the paper",
        ),
        (("agreements", "Oak", "--paper", "OAK-01", "--adult", "1", "--photos", "web=perhaps"), "is not on the paper"),
        (("ask", "Oak", "--agreements", "everything"), "There is no such page: everything"),
        (("photos", "Ella"), "“Ella” can't be a pupil's code"),
        (("photos", "OAK-77"), "We know no pupil OAK-77"),
    ],
)
def test_an_office_that_mistypes_is_told_what_to_type_and_nothing_is_kept(asked, words, told):
    before = roll(asked)

    result = run(asked, *words)

    assert isinstance(result.exception, Refusal)
    assert told in str(result.exception)
    assert roll(asked) == before


def test_an_office_without_letters_or_questions_is_told_what_comes_first(school):
    assert "No letters were made for Oak yet" in run(school, "agreements", "Oak").stdout
    made(school, "--pupils", "OAK-01")
    assert "Oak was asked nothing yet" in run(school, "agreements", "Oak").stdout
    assert "Asked: Oak, Elm." in run(school, "ask", "all").stdout
    assert "Nothing was changed." in run(school, "ask", "all").stdout
