"""The page about bad input names its proofs; each of them is a test that there is."""

import ast
import re
from functools import cache

from house import FUNCTIONS, TOP

PAGE = TOP / "docs" / "bad-input.md"
NAMED = re.compile(r"`([\w./-]+\.py)::(\w+)`")


@cache
def _tests_in(file: str) -> frozenset[str]:
    path = TOP / file
    if not path.is_file():
        return frozenset()
    found = ast.parse(path.read_text("utf-8"), file).body
    return frozenset(each.name for each in found if isinstance(each, FUNCTIONS) and each.name.startswith("test_"))


def _missing(page: str) -> list[str]:
    return [f"{file}::{name}" for file, name in NAMED.findall(page) if name not in _tests_in(file)]


def test_a_school_that_reads_how_bad_input_ends_is_shown_tests_that_there_are():
    page = PAGE.read_text("utf-8")

    assert len(NAMED.findall(page)) >= 40
    assert page.count("::") == len(NAMED.findall(page)), "a name is written so that nobody checks it"
    assert _missing(page) == []


def test_a_school_is_shown_a_proof_for_every_line_of_the_page():
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]

    unproved = [row for row in rows if not row.startswith("| What is wrong |") and not NAMED.search(row)]

    assert unproved == []


def test_a_test_that_was_renamed_is_missed_on_the_page():
    planted = "`tests/house/test_bad_input_page.py::test_of_yesterday` `tests/house/gone.py::test_gone`"

    assert len(_missing(planted)) == 2
