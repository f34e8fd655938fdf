"""Whatever a room writes down for a clause counts for it: a record that no rule weighs would be work for nothing."""

import re
from pathlib import Path

import pytest

from staff import all_checks, load_clauses, meetings, needs, questions, signing, training

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "lessons", "parents", "safeguarding", "staff")
WRITTEN = re.compile(r"""clause="(C\d+)",\s*kind="([a-z_]+\.[a-z_]+)""")
# Kept as a trail beside a clause, and no sign that it was done: joining is no newsletter, one of two no agreement, a
# reminder no watching.
BESIDE = frozenset(
    {
        ("C2", "policy.agreed"),
        ("C13", "watching.reminded"),
        ("C16", "family.joined"),
        ("C16", "family.erased"),
        ("C16", "family.child"),
        ("C16", "family.code_withdrawn"),
    }
)


def written():
    files = (file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    return sorted({found for file in files for found in WRITTEN.findall(file.read_text("utf-8"))})


def test_the_rooms_write_evidence_for_many_clauses():
    assert len({clause for clause, _ in written()}) >= 8


@pytest.mark.parametrize(("clause", "kind"), sorted(set(written()) - BESIDE))
def test_every_kind_that_is_written_for_a_clause_counts_for_it(clause, kind):
    (found,) = (each for each in load_clauses() if each.id == clause)

    assert kind.startswith(found.counts)


# What duties are written down as: their sort, and what was said. The clauses stand with each sort's own code.
OF_DUTIES = [
    *((clause, "module.done") for clause in (*training.ALWAYS, training.INDUCTION)),
    (signing.INDUCTION, "sign.done"),
    (needs.AUDIT, "survey.done"),
    (meetings.TALKED, "meeting.done"),
    (meetings.TALKED, "meeting.opened"),
    (questions.CLAUSE_STAFF, "question.answered"),
]


@pytest.mark.parametrize(("clause", "kind"), OF_DUTIES)
def test_what_staff_did_counts_for_the_clause_that_it_is_written_for(clause, kind):
    (found,) = (each for each in load_clauses() if each.id == clause)

    assert kind.startswith(found.counts)


def test_every_clause_of_a_check_counts_its_answer():
    counts = {each.id: each.counts for each in load_clauses()}

    assert [
        (check.id, clause)
        for check in all_checks()
        for clause in check.clauses
        if not "check.done".startswith(counts[clause])
    ] == []
