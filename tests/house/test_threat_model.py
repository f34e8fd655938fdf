"""A promise is worth its test: every one that is named there exists, and none is left without."""

import re

import pytest
from house import TOP

PAGE = (TOP / "docs" / "threat-model.md").read_text("utf-8")
NAMED = re.compile(r"`(test_[a-z0-9_]+)`")


def promises() -> list[list[str]]:
    """The rows of every table of promises: what is promised, its limit, its tests."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "`test_" in line]
    return [[cell.strip() for cell in row] for row in rows]


def defined() -> set[str]:
    tests = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
    files = (TOP / "tests").rglob("test_*.py")
    return {name for file in files for name in tests.findall(file.read_text("utf-8"))}


def test_every_test_that_a_promise_names_exists() -> None:
    named = set(NAMED.findall(PAGE))

    assert len(named) > 60
    assert sorted(named - defined()) == []


def test_every_promise_has_a_limit_and_a_test() -> None:
    tables = PAGE.partition("## Telling")[2]
    all_rows = [
        line for line in tables.splitlines() if line.startswith("| ") and not line.startswith(("| Promise", "|---"))
    ]

    assert len(all_rows) == len(promises()) > 25
    for row in promises():
        assert NAMED.search(row[-1]), row[0]
        assert len(row) == 3, row[0]


@pytest.mark.parametrize("word", ["complian", "anonym", "guarantee", "100 %", "unbreakable", "military"])
def test_nothing_is_promised_that_nobody_can_hold(word: str) -> None:
    assert word not in NAMED.sub("", PAGE).casefold()
