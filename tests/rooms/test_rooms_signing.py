"""What adults sign: whose each document is, how its text reads, and what an author of one is told."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from pages import ContentFaults, load_shelf, plain_text
from school.people import Role
from school.school import SignRule
from staff import day_typed, documents_to_sign, load_clauses, signers_of
from tests.rooms.test_rooms_checks import person, school

HERE = Path(__file__).parents[2] / "staff" / "content" / "agreements"


@cache
def shelf():
    return load_shelf([HERE])


def signing(school_):
    return {each.id: [one.id for one in signers_of(each, school=school_)] for each in documents_to_sign(shelf())}


def test_everybody_signs_what_their_part_in_the_school_asks_for():
    oak = school(
        person("amara", Role.TEACHER),
        person("tom", Role.TEACHER, Role.GOVERNOR),
        person("grace", Role.CHAIR_OF_GOVERNORS),
        person("val", Role.VOLUNTEER),
    )

    assert signing(oak) == {
        "staff-aup": ["amara", "tom"],
        "volunteer-aup": ["val"],
        "governor-aup": ["tom", "grace"],
    }


def test_a_school_s_own_choice_of_roles_goes_before():
    rule = SignRule(roles=frozenset({Role.GOVERNOR, Role.TEACHER}))
    oak = replace(school(person("amara", Role.TEACHER), person("ben", Role.TECHNICIAN)), agreements={"staff-aup": rule})

    assert signing(oak)["staff-aup"] == ["amara"]


def test_the_documents_read_easily_stay_short_and_name_clauses_that_there_are():
    clauses = {clause.id for clause in load_clauses()}
    for page in shelf().all(kind="agreement"):
        assert page.reading_age <= 12, page.id
        assert len(plain_text(page.document)) < 4000, page.id
        assert set(page.front.clauses) <= clauses
        assert len(page.front.quiz) == 3


@pytest.mark.parametrize(
    "line",
    [
        "nobody else's",
        "second step",
        "ask before I install",
        "encrypted",
        "AI tool",
        "I say so at once",
        "are monitored",
        "school channels only",
        "friend or follow pupils or their families",
        "school devices only",
        "out of sight",
        "nothing about pupils, parents, colleagues or disputes",
        "My opinions are mine",
        "the school's own rules for staff",
    ],
)
def test_what_the_policy_promises_stands_in_the_staff_s_own_document(line):
    assert line in plain_text(shelf().get("staff-aup", "en").document)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("signers: staff", "signers: parents"), "signers: should be one of: staff, volunteers, governors"),
        (("clauses: [C32,", "clauses: [32,"), "should be a clause of the policy, such as C67"),
        (("signers: staff\n", ""), "signers: is missing"),
        (("answer: 2", "answer: 4"), "there are only 3"),
    ],
)
def test_an_author_reads_what_is_wrong_with_a_document(tmp_path, changed, said):
    text = (HERE / "staff-aup.en.md").read_text("utf-8")
    (tmp_path / "staff-aup.en.md").write_text(text.replace(*changed, 1), "utf-8")

    with pytest.raises(ContentFaults, match="staff-aup") as found:
        load_shelf([tmp_path])

    assert said in str(found.value)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24/11/2026", date(2026, 11, 24)),
        (" 4.9.2026 ", date(2026, 9, 4)),
        ("2026-11-24", date(2026, 11, 24)),
        ("31/11/2026", None),
        ("24/11/26", None),
        ("٢٤/11/2026", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(typed, day):
    assert day_typed(typed) == day
