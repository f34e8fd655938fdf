"""`lollipop policy evidence` and `report`, as somebody types them: text, JSON, files, and the year."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from bot.clock import SetClock
from bot.commands import policy
from bot.storage import Posting, SqlUnits, open_engines
from school.evidence import Evidence
from tests.databases import sqlite_template
from tests.desk.conftest import NOW, ours
from tests.desk.test_commands import NAME, own_environment, run, school, shell

__all__ = ["own_environment", "school", "sqlite_template"]

DAY = timedelta(days=1)
EVERY = [f"C{number}" for number in range(1, 70)]
ID = re.compile(r"(?<![\w./-])(?:server-room|refresh-ai|staff-aup|lesson-y4-privacy-1)")


@pytest.fixture
def filled(school, monkeypatch):
    """The sample school with one fresh, one old and one wrong record; the day is a day in November."""
    monkeypatch.setattr(policy, "MachineClock", lambda: SetClock(NOW))
    monkeypatch.setattr(policy, "library", lambda *_: ours())
    records = (
        ("C6", "lesson.taught", 1, "lesson-y4-privacy-1 with Oak"),
        ("C3", "check.done", 2, "refresh-ai, 2026: done"),
        ("C29", "check.done", 200, "server-room, 2025-summer: done"),
        ("C67", "sign.done", 3, "staff-aup version 1 (text 3f2a91c0), 2026: read and agreed in Slack"),
        ("C42", "check.wrong", 4, "updates, 2026-11: something is wrong"),
    )
    write(school, records)
    return school


def write(school_file, records):
    engines = open_engines(f"sqlite:///{school_file.parent / 'var' / 'lollipop.db'}")
    clock = SetClock(NOW)
    units = SqlUnits(
        engines,
        Posting(school_clock=clock, machine_clock=clock, zone_of=lambda _: None, chat_keys=lambda _: None),
    )
    units.add_school("oakfield")
    with units.write("oakfield") as unit:
        for clause, kind, days, what in records:
            unit.evidence.write(Evidence(clause=clause, kind=kind, when=NOW - days * DAY, what=what, by="amara"))
        unit.commit()
    engines.close()


def pages_of(file):
    read = PdfReader(io.BytesIO(file.read_bytes()))
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in read.pages]


def test_typed_alone_it_is_a_line_a_clause_with_its_colour(filled):
    result = run(filled, "policy", "evidence")

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [line.split()[0] for line in lines] == EVERY
    assert [line.split()[1:3] for line in lines if line.split()[1] != "red"] == [
        ["green", "1"],
        ["green", "1"],
        ["amber", "1"],
        ["amber", "1"],
        ["green", "1"],
    ]


@pytest.mark.parametrize("first", [(), ("--school", "oakfield"), ("--school", NAME)])
def test_as_json_there_is_nothing_else_on_standard_output(filled, first):
    result = run(filled, *first, "policy", "evidence", "--json")

    told = json.loads(result.stdout)
    clauses = {each["id"]: each for each in told["clauses"]}
    assert (told["school"], told["as_of"]) == (NAME, NOW.isoformat())
    assert list(clauses) == EVERY
    assert {each["status"] for each in clauses.values()} == {"red", "amber", "green"}
    assert {each["reach"] for each in clauses.values()} == {"B", "S", "R"}
    assert set(clauses["C6"]) == {"id", "reach", "status", "records", "latest", "why"}
    assert (clauses["C6"]["status"], clauses["C6"]["records"]) == ("green", 1)
    assert clauses["C6"]["latest"] == (NOW - DAY).isoformat()
    assert clauses["C29"]["status"] == "amber"
    assert clauses["C42"]["why"].startswith("Somebody said that something is wrong")
    assert clauses["C1"] == {**clauses["C1"], "status": "red", "records": 0, "latest": None}


def test_a_school_that_is_not_here_leaves_with_2_and_no_file(filled, tmp_path):
    file = tmp_path / "pack.pdf"

    result = run(filled, "--school", "Ashgrove", "policy", "evidence", "--pdf", str(file))

    assert result.exit_code == 2
    assert "there is no school “Ashgrove” here" in " ".join(result.stderr.split())
    assert not file.exists()


def test_the_pack_has_a_cover_a_summary_the_map_and_each_clause_once_on_numbered_pages(filled, tmp_path):
    file = tmp_path / "pack.pdf"

    result = run(filled, "policy", "evidence", "--pdf", str(file))

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Wrote {file}.\n"
    cover, grid, *rest = pages_of(file)
    assert "Policy evidence for governors and inspection" in cover
    assert NAME in cover
    assert "24/11/2026: of 69 clauses 3 are green, 2 are amber and 64 are red." in cover
    assert "Amber: C29, C42" in cover
    assert "Each square is a clause of the policy, with its number" in grid
    assert sorted(re.findall(r"[✔…!]\s?(C\d+)", grid)) == sorted(EVERY)
    clauses = re.findall(r"(C\d+) [✔…!] (?:Green|Amber|Red)\b", " ".join(rest))
    assert sorted(clauses) == sorted(EVERY)
    total = len(rest) + 2
    for number, page in enumerate((cover, grid, *rest), 1):
        assert f"{number} / {total}" in page
    for page in rest:
        # All that is said of a clause stands under its heading, and none is parted by a page's end.
        headed = len(re.findall(r"(C\d+) [✔…!] (?:Green|Amber|Red)\b", page))
        assert headed == page.count("How often:") == page.count("Records:")
    whole = " ".join(rest)
    assert "“The policy: generative AI”, 2026: done (Amara Okafor)" in whole
    assert ID.findall(whole) == []


def test_picture_page_and_table_are_written_in_one_go(filled, tmp_path):
    files = {kind: tmp_path / f"evidence.{kind}" for kind in ("png", "html", "csv")}

    result = run(
        filled, "policy", "evidence", *(word for kind, file in files.items() for word in (f"--{kind}", str(file)))
    )

    assert (result.exit_code, result.stdout) == (0, "")
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    page = files["html"].read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert page.count("A clause is green while there is evidence") == 1
    assert "http" not in re.sub(r'xmlns="[^"]+"', "", page), "it asks nobody for anything"
    assert [name for name in EVERY if not re.search(rf"\b{name}\b", page)] == []
    table = list(csv.reader(io.StringIO(files["csv"].read_text("utf-8-sig"), newline="")))
    assert table[0][:6] == ["Clause", "About", "What the policy says", "Who", "How often", "Colour"]
    assert [row[0] for row in table[1:]] == EVERY
    assert next(row for row in table if row[0] == "C29")[5:8] == ["amber", "1", "08/05/2026"]


@pytest.mark.parametrize("kind", ["pdf", "png", "csv", "html"])
def test_a_file_that_cannot_be_written_is_said_in_one_sentence(filled, tmp_path, monkeypatch, capsys, kind):
    # What is drawn is tested above; here it is only to be written.
    for draw in ("pack_pdf", "grid_picture", "csv_table"):
        monkeypatch.setattr(policy, draw, lambda *_, **__: b"drawn")
    place = tmp_path / "nowhere" / f"evidence.{kind}"

    code, said = shell(monkeypatch, capsys, "--school-file", filled, "policy", "evidence", f"--{kind}", place)

    sentence = (
        f"Error: {place} could not be written: No such file or directory. Choose another place; nothing is lost.\n"
    )
    assert (code, said) == (2, sentence)


def test_a_folder_is_no_file(filled, tmp_path, monkeypatch, capsys):
    code, said = shell(
        monkeypatch, capsys, "--school-file", filled, "policy", "report", "--year", "2026", "--md", tmp_path
    )

    assert code == 2
    assert said == f"Error: {tmp_path} could not be written: Is a directory. Choose another place; nothing is lost.\n"


@pytest.mark.clause(3)
def test_the_yearly_report_is_said_written_as_text_and_drawn(filled, tmp_path):
    text, paper = tmp_path / "year.md", tmp_path / "year.pdf"

    said = run(filled, "policy", "report", "--year", "2026")
    kept = run(filled, "policy", "report", "--year", "2026", "--md", str(text), "--pdf", str(paper))

    assert (said.exit_code, kept.exit_code, kept.stdout) == (0, 0, "")
    assert said.stdout == text.read_text("utf-8")
    assert said.stdout.startswith(f"# Online safety at {NAME}: the school year 2026/27\n")
    assert "Teachers taught 1 online safety lesson." in said.stdout
    assert "## What comes next" in said.stdout
    assert "- C42, Amber: " in said.stdout or "more, which the pack has." in said.stdout
    assert "Teachers taught 1 online safety lesson." in " ".join(pages_of(paper))


def test_the_year_before_stands_beside_it_where_there_is_one(filled):
    write(filled, [("C6", "lesson.taught", 370, "lesson-y4-privacy-1 with Oak")] * 3)

    said = run(filled, "policy", "report", "--year", "2026").stdout

    assert "There was less of this: lessons (3 then, 1 now)." in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--year", "2027"), "The school year that begins in autumn 2027 has not begun"),
        (("--year", "26"), "Invalid value for '--year'"),
        ((), "Missing option '--year'"),
    ],
)
def test_a_year_that_cannot_be_reported_on_is_refused_with_2(filled, words, told):
    result = run(filled, "policy", "report", *words)

    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
