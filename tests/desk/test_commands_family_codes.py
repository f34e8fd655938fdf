"""The office makes letters for a class, sees which were used, takes one back and makes one anew."""

import csv
import io
import json
from datetime import timedelta

import pytest

from bot.clock import MachineClock
from bot.commands import family_codes, letter_files
from bot.commands.house import Where, stores
from bot.keys import signer
from bot.storage import new_id
from bot.tokens import CHILD
from parents import children_of, hand_out, redeem
from school.words import Refusal
from tests.desk.test_commands_data_rights import run, school, sqlite_template

__all__ = ["school", "sqlite_template"]

BOT = ("--bot", "OakfieldBot")


def made(school_file, *words) -> list[dict[str, str]]:
    result = run(school_file, "codes", "Oak", *words, *BOT, "--json")
    assert result.exception is None, result.output
    return json.loads(result.stdout)["letters"]


def listed(school_file) -> dict[tuple[str, int], str]:
    lines = json.loads(run(school_file, "codes", "Oak", "--list", "--json").stdout)["codes"]
    return {(each["pupil"], each["adult"]): each["state"] for each in lines}


def in_table(file) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))


def used(school_file, code: str) -> bool:
    with stores(Where(school_file, "")) as at, at.units.write(at.school.id) as unit:
        now = MachineClock().now() + timedelta(seconds=1)
        redeem(
            code.replace("-", ""),
            school=at.school,
            families=unit.families,
            children=unit.children,
            evidence=unit.evidence,
            via="telegram",
            address="501",
            lang="en",
            wording="child-ask:1:en",
            family_id=new_id(now),
            now=now,
        )
        family = unit.families.by_address(via="telegram", address="501")
        assert family
        unit.commit()
        return bool(children_of(family, children=unit.children))


@pytest.mark.clause(16)
def test_the_office_makes_a_letter_for_each_adult_and_sees_which_was_used(school):
    letters = made(school, "--pupils", "OAK-01, oak-02")

    assert [(each["letter"], each["pupil"], each["adult"]) for each in letters] == [
        (1, "OAK-01", 1),
        (2, "OAK-01", 2),
        (3, "OAK-02", 1),
        (4, "OAK-02", 2),
    ]
    assert len({each["code"] for each in letters}) == 4
    assert used(school, letters[1]["code"])
    assert listed(school) == {
        ("OAK-01", 1): "not used yet",
        ("OAK-01", 2): "used",
        ("OAK-02", 1): "not used yet",
        ("OAK-02", 2): "not used yet",
    }


def test_a_letter_s_link_is_signed_and_of_its_own_kind(school):
    (letter,) = made(school, "--pupils", "OAK-01", "--adults", "1")

    token = letter["link"].partition("?start=")[2]
    with stores(Where(school, "")) as at:
        content, _ = signer(at.settings.home, at.school.id).read(CHILD, token)
    assert len(token) <= 64
    assert content.decode() == letter["code"].replace("-", "")


@pytest.mark.clause(16)
def test_a_list_read_in_twice_makes_letters_for_the_new_ones_and_undoes_no_withdrawal(school):
    made(school, "--pupils", "OAK-01")
    assert run(school, "codes", "Oak", "--withdraw", "OAK-01", "--adult", "2").exit_code == 0

    again = made(school, "--pupils", "OAK-01,OAK-02", "--adults", "2")

    assert {(each["pupil"], each["adult"]) for each in again} == {("OAK-02", 1), ("OAK-02", 2)}
    assert listed(school)["OAK-01", 2] == "taken back"


def test_a_new_letter_ends_the_old_one_and_a_pupil_who_left_is_forgotten(school):
    first = made(school, "--pupils", "OAK-01", "--adults", "1")[0]

    (fresh,) = made(school, "--again", "OAK-01", "--adult", "1")
    with pytest.raises(Refusal, match="That code doesn't work"):
        used(school, first["code"])
    assert used(school, fresh["code"])
    assert run(school, "codes", "Oak", "--end", "OAK-01").exit_code == 0

    assert listed(school) == {}


@pytest.mark.clause(16)
def test_a_letter_made_anew_for_a_used_one_says_that_it_is_for_the_same_adult_and_who_else_gets_a_number(school):
    letters = made(school, "--pupils", "OAK-01")
    unused = run(school, "codes", "Oak", "--again", "OAK-01", "--adult", "1", *BOT, "--json")
    assert used(school, letters[1]["code"])

    again = run(school, "codes", "Oak", "--again", "OAK-01", "--adult", "2", *BOT, "--json")
    (third,) = made(school, "--pupils", "OAK-01", "--adults", "3")

    assert "same adult" not in unused.stderr
    assert "Give this letter to the same adult only" in again.stderr
    assert "lollipop parents codes Oak --pupils OAK-01 --adults 3" in again.stderr
    assert json.loads(again.stdout)["letters"][0]["adult"] == 2
    assert third["adult"] == 3


def test_letters_come_as_pages_and_as_a_table_for_the_owner_alone(school, tmp_path):
    pdf, table = tmp_path / "letters.pdf", tmp_path / "codes.csv"

    result = run(school, "codes", "Oak", "--pupils", "OAK-01", "--pdf", str(pdf), "--csv", str(table), *BOT)

    rows = in_table(table)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert [row["adult"] for row in rows] == ["1", "2"]
    assert rows[0]["code"] not in result.stdout
    assert {file.stat().st_mode & 0o777 for file in (pdf, table)} == {0o600}


def test_nothing_is_kept_where_the_table_can_not_be_written(school, tmp_path):
    nowhere = tmp_path / "nowhere" / "codes.csv"

    result = run(school, "codes", "Oak", "--pupils", "OAK-01", "--csv", str(nowhere), *BOT)

    assert "The file could not be written" in result.output
    assert "Nothing was kept." in result.output
    assert listed(school) == {}


def test_codes_are_shown_where_their_pages_can_not_be_written_unless_a_table_has_them(school, tmp_path):
    nowhere, table = ("--pdf", str(tmp_path / "nowhere" / "letters.pdf")), tmp_path / "codes.csv"

    shown = run(school, "codes", "Oak", "--pupils", "OAK-01", *nowhere, *BOT)
    written = run(school, "codes", "Oak", "--pupils", "OAK-02", *nowhere, "--csv", str(table), *BOT)

    assert "The codes stand above, once." in shown.output
    assert len([line for line in shown.output.splitlines() if "OAK-01" in line and "t.me" in line]) == 2
    assert f"The codes stand in {table}, once." in written.output
    assert "OAK-02" not in written.output
    assert len(in_table(table)) == 2


def test_a_file_with_codes_is_never_written_over_for_they_stand_nowhere_else(school, tmp_path):
    table, pdf = tmp_path / "codes.csv", tmp_path / "letters.pdf"
    files = ("--csv", str(table), "--pdf", str(pdf), "--adults", "1")

    run(school, "codes", "Oak", "--pupils", "OAK-01", *files, *BOT)
    first = pdf.read_bytes()
    result = run(school, "codes", "Oak", "--pupils", "OAK-02", *files, *BOT)

    assert [[row["pupil"] for row in in_table(tmp_path / name)] for name in ("codes.csv", "codes-2.csv")] == [
        ["OAK-01"],
        ["OAK-02"],
    ]
    assert pdf.read_bytes() == first
    assert (tmp_path / "letters-2.pdf").read_bytes().startswith(b"%PDF")
    assert f"Wrote {tmp_path / 'codes-2.csv'}: 1 codes." in result.stdout
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("*-2.*")} == {0o600}


def test_each_class_of_a_list_has_pages_of_its_own_for_its_teacher_sees_no_other_s(school, tmp_path):
    file, pdf = tmp_path / "pupils.csv", tmp_path / "letters.pdf"
    file.write_text("pupil,class\nOAK-01,Oak\nELM-01,Elm\nOAK-02,Oak\n", "utf-8")

    result = run(school, "codes", "Oak", "--file", str(file), "--pdf", str(pdf), *BOT)

    assert f"Wrote {tmp_path / 'letters-Oak.pdf'}: 4 letters, a page each." in result.stdout
    assert f"Wrote {tmp_path / 'letters-Elm.pdf'}: 2 letters, a page each." in result.stdout
    assert sorted(each.name for each in tmp_path.glob("*.pdf")) == ["letters-Elm.pdf", "letters-Oak.pdf"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("pupil,name\nOAK-01,Ella\n", "The file has a column “name”."),
        ("pupil\nOAK-01\nOAK-02\nOAK-01\n", "OAK-01 is there twice in line 4."),
        ("pupil,class\nOAK-01,Oak\nOAK-02,Beech\n", "Line 3: there is no class “Beech”."),
        ("pupil\nOAK-01\n=cmd|'/c calc'!A0\n", "Line 3: “=cmd|'/c calc'!A0” begins like a formula."),
        ("pupil\nOAK-01\n  @SUM(A1)\n", "Line 3: “@SUM(A1)” begins like a formula."),
        ("pupil\nOAK-01\nElla Green\n", "“Ella Green” can't be a pupil's code in line 3."),
        ("pupil\nH801200001001\n", "The code in line 2 looks like a unique pupil number"),
        ("pupil,adults\nOAK-01,0\n", "“0” can't be a number of adults in line 2"),
        ("pupil,adults\nOAK-01\n", "Line 2 has another number of cells than line 1."),
        ('pupil\nOAK-01\n"OAK-02', "Line 3 can't be read as CSV."),
        ("pupil\n", "There is no pupil in the file."),
        ("OAK-01\nOAK-02\n", "The file has a column “oak-01”."),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line_and_nothing_is_kept(school, tmp_path, said, told):
    file = tmp_path / "pupils.csv"
    file.write_text(said, "utf-8")

    result = run(school, "codes", "Oak", "--file", str(file), *BOT)

    assert isinstance(result.exception, Refusal)
    assert told in str(result.exception)
    assert "Nothing was kept." in str(result.exception)
    assert listed(school) == {}


def test_a_file_says_of_which_class_a_pupil_is_and_how_many_adults_there_are(school, tmp_path):
    file = tmp_path / "pupils.csv"
    file.write_bytes("\ufeffPupil,Class,Adults\r\nOAK-01,oak,1\r\nELM-01,Elm,3\r\n".encode())

    letters = made(school, "--file", str(file))

    assert [(each["class"], each["pupil"], each["adult"]) for each in letters] == [
        ("Oak", "OAK-01", 1),
        ("Elm", "ELM-01", 1),
        ("Elm", "ELM-01", 2),
        ("Elm", "ELM-01", 3),
    ]


@pytest.fixture
def long_list(tmp_path):
    """More than goes into one transaction."""
    file = tmp_path / "pupils.csv"
    file.write_text("pupil\n" + "".join(f"OAK-{number:03}\n" for number in range(600)), "utf-8")
    return ("--file", str(file), "--adults", "1")


def test_a_list_for_several_schools_is_read_in_at_once_and_a_pupil_of_another_class_in_it_stops_all(school, long_list):
    made(school, "--pupils", "OAK-599", "--adults", "1")
    assert run(school, "codes", "Elm", *long_list, *BOT).exception
    assert len(listed(school)) == 1

    letters = made(school, *long_list)

    assert len({each["code"] for each in letters}) == 599
    assert [each["pupil"] for each in letters][::598] == ["OAK-000", "OAK-598"]
    assert len(listed(school)) == 600


def test_a_long_list_with_a_fault_in_its_last_line_keeps_nothing(school, long_list, tmp_path):
    with (tmp_path / "pupils.csv").open("a", encoding="utf-8") as file:
        file.write("Ella Green\n")

    result = run(school, "codes", "Oak", *long_list, "--csv", str(tmp_path / "codes.csv"), *BOT)

    assert "“Ella Green” can't be a pupil's code in line 602." in str(result.exception)
    assert listed(school) == {}
    assert not (tmp_path / "codes.csv").exists()


def test_a_long_list_read_in_again_makes_nothing_twice_and_its_screen_is_short(school, long_list, tmp_path):
    files = ("--csv", str(tmp_path / "codes.csv"))
    first = run(school, "codes", "Oak", *long_list, *files, *BOT)
    kept = listed(school)

    again = run(school, "codes", "Oak", *long_list, *files, *BOT)

    assert first.stdout.splitlines()[1:3] == ["class,letters", "Oak,600"]
    assert len(first.stdout.splitlines()) == 4
    assert [int(row["letter"]) for row in in_table(tmp_path / "codes.csv")] == list(range(1, 601))
    assert "Every one of them has had a letter already." in again.stdout
    assert (len(kept), listed(school)) == (600, kept)
    assert [each.name for each in tmp_path.glob("codes*")] == ["codes.csv"]


def stopped_at_the_second_piece(monkeypatch, how: BaseException) -> None:
    pieces = []

    def handed_out(some, **rest):
        pieces.append(some)
        if len(pieces) == 2:
            raise how
        return hand_out(some, **rest)

    monkeypatch.setattr(family_codes, "hand_out", handed_out)


def test_letters_that_were_kept_before_a_fault_are_shown_and_the_same_list_makes_the_rest(
    school, long_list, monkeypatch
):
    stopped_at_the_second_piece(monkeypatch, OSError())

    result = run(school, "codes", "Oak", *long_list, *BOT)

    assert result.exit_code == 1
    assert "It stopped after 500 letters (OSError). The codes stand above, once, and are good." in result.output
    assert len([line for line in result.stdout.splitlines() if ",OAK-" in line and "t.me" in line]) == 500
    assert len(made(school, *long_list)) == 100


def test_an_office_that_stops_a_long_list_has_a_table_of_what_was_kept_and_the_rest_goes_beside_it(
    school, long_list, tmp_path, monkeypatch
):
    table = tmp_path / "codes.csv"
    stopped_at_the_second_piece(monkeypatch, KeyboardInterrupt())

    result = run(school, "codes", "Oak", *long_list, "--csv", str(table), *BOT)
    assert f"It stopped after 500 letters (KeyboardInterrupt). The codes stand in {table}, once" in result.output
    assert {row["pupil"] for row in in_table(table)} == {pupil for pupil, _ in listed(school)}
    assert run(school, "codes", "Oak", *long_list, "--csv", str(table), *BOT).exit_code == 0

    both = in_table(table) + in_table(tmp_path / "codes-2.csv")
    assert len({row["pupil"] for row in both}) == len(both) == len(listed(school)) == 600


def test_a_disk_that_is_full_leaves_the_table_with_what_was_kept_and_no_more(school, long_list, tmp_path, monkeypatch):
    table, synced = tmp_path / "codes.csv", []

    def full(_: int) -> None:
        synced.append(1)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(letter_files.os, "fsync", full)
    result = run(school, "codes", "Oak", *long_list, "--csv", str(table), *BOT)

    assert "It stopped after 500 letters ([Errno 28] No space left on device)." in result.output
    assert {row["pupil"] for row in in_table(table)} == {pupil for pupil, _ in listed(school)}
    assert len(in_table(table)) == 500


def test_a_list_that_is_longer_than_any_group_of_schools_is_refused(school, tmp_path):
    file = tmp_path / "pupils.csv"
    file.write_text("pupil\n" + "OAK-1\n" * 50_001, "utf-8")

    result = run(school, "codes", "Oak", "--file", str(file), *BOT)

    assert str(result.exception) == "There are more than 50000 pupils in the file. Nothing was kept."


def test_one_letter_is_spoken_of_as_one(school, tmp_path):
    made(school, "--pupils", "OAK-01", "--adults", "1")

    result = run(school, "codes", "Oak", "--again", "OAK-01", "--adult", "1", "--pdf", str(tmp_path / "a.pdf"), *BOT)

    assert "a.pdf: 1 letter, a page of its own." in result.output


@pytest.mark.parametrize(
    "words", [("--pupils", "Sam Smith"), ("--again", "Sam Smith", "--adult", "1"), ("--file", "pupils.csv")]
)
def test_a_name_is_refused_before_a_bot_is_asked_for(school, monkeypatch, words):
    monkeypatch.chdir(school.parent)
    (school.parent / "pupils.csv").write_text("pupil\nSam Smith\n", "utf-8")

    result = run(school, "codes", "Oak", *words)

    assert "can't be a pupil's code" in str(result.exception)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Say one thing at a time"),
        (("--pupils", "OAK-01", "--list"), "Say one thing at a time"),
        (("--withdraw", "OAK-01"), "OAK-01 is not in Oak."),
        (("--pupils", "OAK-01", "--lang", "xx"), "The school's file has no language “xx”."),
        (("--pupils", "Ella"), "“Ella” can't be a pupil's code."),
        (("--pupils", "OAK-01,OAK-01"), "OAK-01 is there twice."),
    ],
)
def test_an_office_that_mistypes_is_told_what_to_type(school, words, told):
    result = run(school, "codes", "Oak", *words, *BOT)

    assert told in str(result.exception)
    assert listed(school) == {}
