"""The office lets staff come and go by a list: what is said first, what stays as it was, and when it is not yet."""

import json
import tomllib

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.__main__ import cli
from bot.commands.people_tables import PeopleLayoutError, rewritten
from bot.commands.sample import SCHOOL
from bot.commands.staff_changes import Written, changes
from bot.commands.staff_csv import StaffListError, listed_staff, plain, staff_csv
from school.people import Role
from school.words import Refusal
from tests.desk.test_commands import own_environment, run, school, sqlite_template
from tests.desk.test_commands_keys import at

__all__ = ["at", "own_environment", "school", "sqlite_template"]

HEAD = "id,name,roles,email,slack,classes\n"
STAFF = {
    "amara": "amara,Amara Okafor,teacher;esafety_lead,,U0AMARA,oak\n",
    "dilys": "dilys,Dilys Morgan,dsl,,U0DILYS,\n",
    "femi": "femi,Femi Adeyemi,deputy_dsl;teacher,,U0FEMI,elm\n",
    "hannah": "hannah,Hannah Lewis,head,,U0HANNAH,\n",
    "grace": "grace,Grace Chen,chair_of_governors,,U0GRACE,\n",
    "ben": "ben,Ben Carter,technician,,U0BEN,\n",
}
PAT = "pat,Pat O'Neill,deputy DSL; teacher,pat@oakfield.example,U0PAT,Elm\n"
CLASSES = {"oak": "Oak", "elm": "Elm"}


def rows(*more: str, without: str = "", **otherwise: str) -> str:
    kept = [otherwise.get(name, row) for name, row in STAFF.items() if name != without]
    return HEAD + "".join([*kept, *more])


def brings_in(school, said: str | bytes, *words: str, typed: str | None = None):
    file = school.parent / "staff.csv"
    file.write_bytes(said.encode() if isinstance(said, str) else said)
    words = ("--school-file", str(school), "school", "staff", "--csv", str(file), *words)
    return CliRunner().invoke(cli, words, input=typed)


def refused(result) -> str:
    assert isinstance(result.exception, Refusal), result.output
    return str(result.exception)


def made(text: str, said: str) -> str:
    listed = listed_staff(said.encode(), file="staff.csv", classes=CLASSES)
    return changes(Written(text=text, place="school.toml"), listed, file="staff.csv").text()


def test_the_office_reads_who_comes_changes_and_goes_and_says_yes(school):
    before = school.read_bytes()
    amara = STAFF["amara"].replace("oak\n", "oak;elm\n")

    no = brings_in(school, rows(PAT, without="femi", amara=amara), typed="n\n")

    assert (no.exit_code, "Nothing was changed." in no.stderr) == (1, True)
    assert no.stdout.splitlines() == [
        "comes    pat (Pat O'Neill): deputy_dsl, teacher; pat@oakfield.example; U0PAT; elm",
        "changes  amara (Amara Okafor): classes oak -> oak, elm",
        "goes     femi (Femi Adeyemi): deputy_dsl, teacher; U0FEMI; elm",
    ]
    assert school.read_bytes() == before
    yes = brings_in(school, rows(PAT, without="femi", amara=amara), typed="y\n")
    assert yes.exit_code == 0, yes.output
    people = {each["id"]: each for each in tomllib.loads(school.read_text("utf-8"))["people"]}
    assert [*people] == ["amara", "dilys", "hannah", "grace", "ben", "pat"]
    assert people["amara"]["classes"] == ["oak", "elm"]
    (kept,) = school.parent.glob("school-*.toml")
    assert kept.read_bytes() == before
    assert kept.stat().st_mode & 0o077 == 0


def test_a_dry_run_says_the_same_and_changes_nothing(school):
    before = school.read_bytes()

    result = brings_in(school, rows(PAT, without="femi"), "--dry-run")

    assert result.exit_code == 0
    assert "comes    pat" in result.stdout
    assert (school.read_bytes(), [*school.parent.glob("school-*.toml")]) == (before, [])


def test_a_list_that_was_written_changes_nothing_when_it_comes_back(school):
    before = school.read_bytes()
    file = school.parent / "out.csv"

    assert run(school, "school", "staff", "--out", str(file)).exit_code == 0
    result = run(school, "school", "staff", "--csv", str(file), "--yes")

    assert result.stdout == "The list says what the school file says. Nothing was changed.\n"
    assert school.read_bytes() == before
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_or_two_things_at_once_is_said(school):
    assert "one thing at a time" in refused(run(school, "school", "staff"))


COMMENTED = """\
id = "oakfield"  # never change it

# Those who are here
[[people]]
id = "amara" # since 2019
name = "Amara"
roles = [
  "teacher", # of Oak
  # and of us all:
  "esafety_lead",
]
email = "a#b@c.uk" # the private one
# slack = "U0123456789"

# Femi is a deputy
[[people]]
id = "femi"
name = 'Femi "F"'
roles = ["deputy_dsl"]

# Leave of staff
[[leave]]
person = "amara"

[[people]]
id = "grace"
name = "Grace"
roles = ["chair_of_governors"]
# right below her

[reporting]
dm_years = []
"""


def entries(text: str, *without: str, **otherwise: str) -> str:
    people = [each for each in tomllib.loads(text)["people"] if each["id"] not in without]
    said = staff_csv(people).decode()
    for old, new in otherwise.items():
        said = said.replace(old, new)
    return said


def as_table(person) -> list[str]:
    return ["[[people]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in person.items())]


def emails_of(people) -> frozenset[str]:
    return frozenset(str(plain(person.get("email"))) for person in people)


def rewrites(text: str, said: str, *, emails: frozenset[str] = frozenset()) -> str:
    from_list = listed_staff(said.encode(), file="staff.csv", classes=CLASSES, emails=emails)
    wanted = changes(Written(text=text, place="school.toml"), from_list, file="staff.csv")
    return rewritten(text, wanted.people, place="school.toml")


def test_only_the_lines_of_somebody_who_goes_are_gone_and_a_comment_above_them_stays():
    gone = rewrites(COMMENTED, entries(COMMENTED, "femi"))

    assert gone == COMMENTED.replace('[[people]]\nid = "femi"\nname = \'Femi "F"\'\nroles = ["deputy_dsl"]\n', "")


def test_only_the_values_that_are_otherwise_are_written_anew_and_comments_stay():
    changed = rewrites(COMMENTED, entries(COMMENTED, **{"a#b@c.uk": "amara@oak.uk", "esafety_lead": "office"}))

    assert changed == COMMENTED.replace('"a#b@c.uk" #', '"amara@oak.uk" #').replace(
        'roles = [\n  "teacher", # of Oak\n  # and of us all:\n  "esafety_lead",\n]',
        '  # and of us all:\nroles = ["teacher", "office"]',
    )


def test_somebody_new_stands_below_the_last_with_the_ends_of_lines_of_the_file():
    text = COMMENTED.replace("\n", "\r\n")

    added = rewrites(text, entries(COMMENTED) + "pat,Pat,staff,,,\n")

    new = '\r\n[[people]]\r\nid = "pat"\r\nname = "Pat"\r\nroles = ["staff"]\r\n'
    assert added == text.replace("# right below her\r\n", f"# right below her\r\n{new}")


def test_people_on_one_line_are_left_alone():
    text = 'people = [{ id = "amara", name = "Amara", roles = ["staff"] }]\n'

    with pytest.raises(PeopleLayoutError, match="a \\[\\[people\\]\\] of their own"):
        rewrites(text, entries(text) + "pat,Pat,staff,,,\n")


@pytest.mark.parametrize(
    "written",
    [
        lambda said: b"\xef\xbb\xbf" + said.encode(),
        lambda said: said.encode("utf-16"),
        lambda said: said.encode("utf-16-le"),
        lambda said: said.encode("cp1252"),
        lambda said: said.replace("\n", "\r\n").encode(),
        lambda said: said.replace("\n", "\n\n,,,,,\n").encode(),
        lambda said: said.replace(";", "|").replace(",", ";").replace("|", ",").encode("cp1252"),
        lambda said: b"sep=;\r\n" + said.replace(";", "|").replace(",", ";").replace("|", ",").encode(),
    ],
)
def test_a_list_is_read_as_whatever_spreadsheet_wrote_it(written):
    said = rows("zoe,Zoë Müller,teacher,,,\n")

    found = listed_staff(written(said), file="staff.csv", classes=CLASSES)

    assert [each.id for each in found] == [*STAFF, "zoe"]
    assert found[0].said["roles"] == ("teacher", "esafety_lead")
    assert found[-1].said["name"] == "Zoë Müller"


def test_a_wrong_address_is_said_together_with_wrong_roles_and_rows():
    said = rows("pat,Pat,techer,not an address,,\n", "sam,Sam,staff,nor this,,\n", "lou,Lou,staff\n")

    with pytest.raises(StaffListError) as told:
        made(SCHOOL.format(id="oakfield", name="Oakfield"), said)

    lines = [line.split(": ")[0] for line in str(told.value).splitlines()[1:-1]]
    assert lines == ["staff.csv:8", "staff.csv:8", "staff.csv:9", "staff.csv:10"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (rows("=1+1,Pat,staff,,,\n"), "staff.csv:8: id: '=1+1' begins like a formula"),
        (rows("pat,@SUM(A1),staff,,,\n"), "staff.csv:8: name: '@SUM(A1)' begins like a formula"),
        (rows("femi,Femi Other,staff,,,\n"), "staff.csv:8: the id 'femi' is in line 4 already"),
        (rows("pat,Pat,staff,,u0femi,\n"), "staff.csv:8: the Slack id 'u0femi' is in line 4 already"),
        (rows("pat,Pat,techer,,,\n"), "staff.csv:8: roles: there is no 'techer' (did you mean 'teacher'?)"),
        (rows("pat,Pat,wizard,,,\n"), "the roles are: head, dsl"),
        (rows("pat,Pat,teacher,,,Oakk\n"), "staff.csv:8: classes: there is no 'Oakk' (did you mean 'oak'?)"),
        (rows("pat,Pat,,,,\n"), "staff.csv:8: roles: it is missing"),
        (rows("pat,,staff,,,\n"), "staff.csv:8: name: it is missing"),
        (rows(f"pat,{'P' * 81},staff,,,\n"), "staff.csv:8: name: it is longer than 80"),
        (rows("pat,P\x07at,staff,,,\n"), "staff.csv:8: name: there is a character in it that can't be seen"),
        (rows("Pat O,Pat,staff,,,\n"), "staff.csv:8: id: 'Pat O' can't be an id"),
        (rows("pat,Pat,staff\n"), "staff.csv:8: it has 3 cells, and the first line has 6"),
        (rows("pat,Pat,staff,not an address,,\n"), "staff.csv:8: email: 'not an address' is not an e-mail address"),
        (
            rows("pat,Pat,staff,,,,oak\n"),
            'it has 7 cells, and the first line has 6. Put quotes (") round a cell that has a comma or semicolon in it',
        ),
        (rows('pat,"Pat,staff,,,\n'), "it can't be read as CSV from here on"),
        ("id,name,role\n", "there is nobody in it"),
        ("", "there is nobody in it"),
        ("id,name,role\na,A,staff\n", "staff.csv:1: there is no column 'role' (did you mean 'roles'?)"),
        ("id,name,roles,leave\na,A,staff,\n", "it stands under [[leave]] in the school file"),
        ("id,name,name,roles\na,A,A,staff\n", "the column 'name' is there twice"),
        (rows(*(f"p{n},Pat,staff,,,\n" for n in range(5_000))), "it has 5006 people; the most is 1000"),
        (rows(without="dilys"), "nobody is the dsl"),
        (rows("pat,Pat,year_lead,,,\n"), "staff.csv:8: 'pat' is a year_lead of no year"),
    ],
)
def test_a_list_that_cannot_stand_is_said_with_its_line(said, fault):
    with pytest.raises(StaffListError) as told:
        made(SCHOOL.format(id="oakfield", name="Oakfield"), said)

    assert fault in str(told.value)
    assert str(told.value).endswith("\nNothing was changed.")


def test_a_workbook_is_no_list(school):
    before = school.read_bytes()

    assert "save it as CSV" in refused(brings_in(school, b"PK\x03\x04\0\0", "--yes"))
    assert school.read_bytes() == before


def test_every_fault_is_said_at_once_and_a_flood_of_them_is_cut():
    with pytest.raises(StaffListError) as told:
        made("", rows(*(f"p{n},Pat,wizard,,,\n" for n in range(30))))

    assert len(str(told.value).splitlines()) == 23
    assert "... and 10 more." in str(told.value)


def test_somebody_on_leave_who_goes_is_to_be_taken_out_there_first():
    text = SCHOOL.format(id="o", name="O") + '\n[[leave]]\nperson = "femi"\nfirst = 2026-11-02\nlast = 2026-11-03\n'

    with pytest.raises(StaffListError) as told:
        made(text, rows(PAT, without="femi"))

    assert "femi goes by this list: take them out there first" in str(told.value)
    line = text.splitlines().index('person = "femi"') + 1
    assert f"school.toml:{line}: leave is given for 'femi'" in str(told.value)


def test_a_year_lead_who_is_named_in_the_routing_already_can_come():
    text = SCHOOL.format(id="o", name="O") + '\n[[routing]]\nyears = [4]\nalso = ["yusuf"]\n'

    people = tomllib.loads(made(text, rows("yusuf,Yusuf,year_lead,,,\n")))["people"]

    assert people[-1] == {"id": "yusuf", "name": "Yusuf", "roles": ["year_lead"]}


def test_a_column_that_is_not_there_leaves_what_the_file_says():
    text = SCHOOL.format(id="o", name="O")
    said = "".join(",".join(row.split(",")[:3]) + "\n" for row in rows(amara="amara,Amara O,teacher,\n").splitlines())

    amara = tomllib.loads(made(text, said))["people"][0]

    assert amara == {"id": "amara", "name": "Amara O", "roles": ["teacher"], "slack": "U0AMARA", "classes": ["oak"]}


@pytest.mark.clause(27)
def test_the_only_deputy_does_not_go_unseen(school):
    assert "femi: nobody else is the deputy_dsl" in refused(brings_in(school, rows(without="femi"), "--yes"))


def test_the_last_who_can_open_a_report_is_told_what_to_do_before_they_go(school, at):
    before = school.read_bytes()
    at.enrols("femi")
    at.report("femi")

    said = refused(brings_in(school, rows(PAT, without="femi"), "--yes"))

    assert "nobody who stays holds a key to 1 of the open reports" in said
    assert "“Let a colleague read it”" in said
    assert school.read_bytes() == before


def test_the_last_key_is_seen_too_where_the_role_alone_goes(school, at):
    at.enrols("femi")
    at.report("femi")
    femi = STAFF["femi"].replace("deputy_dsl;", "")

    assert "holds a key to 1" in refused(brings_in(school, rows(PAT, femi=femi), "--yes"))


def test_somebody_whose_reports_others_read_as_well_may_go(school, at):
    at.enrols("femi")
    at.enrols("dilys")
    at.report("femi", "dilys")

    result = brings_in(school, rows(PAT, without="femi"), "--yes")

    assert result.exit_code == 0
    assert "note     femi reads 1 of the open reports, and will not any more" in result.stdout


def test_a_report_that_only_somebody_in_reserve_could_open_is_handed_on_first(school, at):
    at.enrols("femi")
    at.enrols("hannah")
    at.report("femi", reserve=("hannah",))

    said = refused(brings_in(school, rows(PAT, without="femi"), "--yes"))

    assert "of those who stay nobody reads 1 of the open reports yet" in said


def test_a_file_with_a_mark_and_other_ends_of_lines_behind_a_link_stays_so(school):
    kept_elsewhere = school.with_name("real.toml")
    kept_elsewhere.write_bytes(b"\xef\xbb\xbf" + school.read_bytes().replace(b"\n", b"\r\n"))
    school.unlink()
    school.symlink_to(kept_elsewhere)

    assert brings_in(school, rows(PAT, without="femi"), "--yes").exit_code == 0

    after = kept_elsewhere.read_bytes()
    assert (school.is_symlink(), after[:3]) == (True, b"\xef\xbb\xbf")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert b"Pat O'Neill" in after


def test_a_file_that_somebody_else_wrote_meanwhile_is_left_alone(school, monkeypatch):
    def writes(*_words, **_options) -> bool:
        school.write_text(school.read_text("utf-8") + "# mine\n", "utf-8")
        return True

    monkeypatch.setattr("bot.commands.school_staff.click.confirm", writes)

    assert "changed by somebody else meanwhile" in refused(brings_in(school, rows(PAT, without="femi")))
    assert school.read_text("utf-8").endswith("# mine\n")
    assert [*school.parent.glob("school-*.toml")] == []


def test_of_several_schools_the_loaded_file_is_changed_and_the_one_before_is_kept(school):
    ash = school.parent / "ashgrove.toml"
    ash.write_text(SCHOOL.format(id="ashgrove", name="Ashgrove"), "utf-8")
    for file in (school, ash):
        assert run(school, "school", "load", str(file)).exit_code == 0
    (school.parent / "staff.csv").write_text(rows(PAT, without="femi"), "utf-8")
    words = ("school", "staff", "--csv", str(school.parent / "staff.csv"), "--yes")

    which = run(school, *words)
    done = run(school, "--school", "ashgrove", *words)

    assert "there are several schools" in which.output
    assert done.exit_code == 0, done.output
    exported = tomllib.loads(run(school, "school", "export", "ashgrove").stdout)
    assert [each["id"] for each in exported["people"]] == ["amara", "dilys", "hannah", "grace", "ben", "pat"]
    (kept,) = (school.parent / "var").glob("school-ashgrove-*.toml")
    assert kept.read_text("utf-8") == ash.read_text("utf-8")


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"id": st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True), "name": NAMES,
         "roles": st.lists(st.sampled_from([*map(str, Role)]), min_size=1, unique=True)},
        optional={"email": NAMES, "slack": st.from_regex("U[0-9]{4}", fullmatch=True),
                  "classes": st.lists(st.sampled_from([*CLASSES]))},
    ),
    min_size=1, max_size=5, unique_by=(lambda each: each["id"], lambda each: each.get("slack", each["id"])),
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(PEOPLE)
def test_any_staff_written_and_read_again_is_the_same_staff(people):
    text = "".join(f"{line}\n" for person in people for line in as_table(person))
    emails = emails_of(people)

    listed = listed_staff(staff_csv(people), file="staff.csv", classes=CLASSES, emails=emails)

    assert not changes(Written(text=text, place="school.toml"), listed, file="staff.csv").any


@settings(max_examples=20, deadline=None)
@given(PEOPLE, PEOPLE)
def test_any_staff_can_become_any_other_and_the_file_says_so(before, after):
    text = "".join(f"{line}\n" for person in before for line in ("# a comment", *as_table(person), ""))

    said = rewrites(text, staff_csv(after).decode(), emails=emails_of(after))

    assert sorted(each["id"] for each in tomllib.loads(said)["people"]) == sorted(each["id"] for each in after)
    assert said.count("# a comment") == len(before)
