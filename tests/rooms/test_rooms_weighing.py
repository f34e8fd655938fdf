"""Weighing a clause: what counts, what is fresh, and what is wrong and not put right."""

from datetime import UTC, datetime, timedelta

import pytest

from staff import Clause, Colour, Theme, load_clauses, weigh

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
CLAUSE = Clause(
    id="C29",
    theme=Theme.NETWORK,
    text="Servers are locked away.",
    who=("TEC",),
    rhythm="termly",
    carries="A tick",
    reach="R",
    evidence_days=120,
    counts=("check.",),
    next="Answer the check.",
)


def ago(days):
    return 1, NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("kinds", "colour", "records"),
    [
        ({}, Colour.RED, 0),
        ({"lesson.taught": ago(1)}, Colour.RED, 0),
        ({"check.done": ago(120)}, Colour.GREEN, 1),
        ({"check.done": ago(121)}, Colour.AMBER, 1),
        ({"check.done": ago(9), "check.wrong": ago(5)}, Colour.AMBER, 2),
        ({"check.done": ago(5), "check.wrong": ago(9)}, Colour.GREEN, 2),
        ({"check.wrong": ago(1)}, Colour.AMBER, 1),
    ],
)
def test_a_clause_is_weighed_by_what_counts_for_it(kinds, colour, records):
    (found,) = weigh([CLAUSE], book={"C29": kinds}, now=NOW)

    assert (found.colour, found.records) == (colour, records)


FILTER_OFF = CLAUSE.model_copy(update={"id": "C37", "counts": ("request.",)})


@pytest.mark.clause(37)
@pytest.mark.parametrize(
    ("kinds", "colour", "records"),
    [
        ({"request.off": ago(3), "request.on": ago(2)}, Colour.GREEN, 2),
        ({"request.off": ago(3), "request.alarm": ago(2)}, Colour.AMBER, 1),
        ({"request.off": ago(3), "request.alarm": ago(2), "request.on": ago(1)}, Colour.GREEN, 2),
        ({"request.chased": ago(1), "request.lapsed": ago(1)}, Colour.RED, 0),
    ],
)
def test_a_reminder_is_no_sign_that_anything_was_done_and_a_filter_left_off_is_wrong(kinds, colour, records):
    (found,) = weigh([FILTER_OFF], book={"C37": kinds}, now=NOW)

    assert (found.colour, found.records) == (colour, records)


def test_all_sixty_nine_clauses_say_what_counts_and_what_to_do_next():
    clauses = load_clauses()

    assert [each.id for each in clauses] == [f"C{number}" for number in range(1, 70)]
    assert all(each.next and each.counts for each in clauses)
    assert {reach: sum(each.reach == reach for each in clauses) for reach in "BSR"} == {"B": 28, "S": 28, "R": 13}
