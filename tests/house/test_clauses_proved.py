"""The policy proves itself: each of its clauses has an acceptance test that carries its number."""

import re
from pathlib import Path

from staff import all_checks, load_clauses

TESTS = Path(__file__).parents[1]
MARK = re.compile(r"mark\.clause\(([0-9, ]+)\)")


def proved() -> set[str]:
    """The clauses whose numbers tests carry; tests/desk/test_desk_checks.py takes a check's from the calendar."""
    carried = {
        f"C{number.strip()}"
        for file in TESTS.rglob("test_*.py")
        for found in MARK.findall(file.read_text("utf-8"))
        for number in found.split(",")
    }
    return carried | {clause for check in all_checks() for clause in check.clauses}


def test_no_clause_of_the_policy_is_without_an_acceptance_test() -> None:
    assert [clause.id for clause in load_clauses() if clause.id not in proved()] == []
