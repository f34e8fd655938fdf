"""Guidance as it changes: what comes with Lollipop, what a school adds, and what is refused."""

from datetime import date

import pytest

from staff import (
    Rhythm,
    add_releases,
    add_typed,
    all_checks,
    load_clauses,
    load_releases,
    releases_of,
    shipped_releases,
)
from staff.policy import PolicyFault
from staff.releases import NameTakenError, NotGuidanceError, read_releases

ON = date(2026, 11, 16)
ONE = """
[[release]]
id = "council-phones"
title = "The council's letter on phones"
published = "2026-11-02"
source = "The council"
looked = "2026-11-03"
read = "source"
changed = ["Phones stay in a locker."]
do = ["Tell parents"]
clauses = ["C24"]
"""


class Kept:
    """A school's own releases in memory."""

    def __init__(self):
        self.found = {}

    def keep(self, release):
        self.found[release.id] = release

    def own(self):
        return tuple(self.found.values())


def typed(**other):
    values = {
        "title": "Phones: the council's letter",
        "published": "02/11/2026",
        "source": "The council",
        "changed": "Phones stay in a locker.\n\n- Staff as well.",
        "do": "Tell parents",
    }
    return {**values, **other}


@pytest.mark.clause(24)
def test_each_release_that_comes_with_us_says_when_from_whom_and_what_a_school_does():
    clauses = {clause.id: clause.counts for clause in load_clauses()}

    for release in shipped_releases():
        assert 2 <= len(release.changed) <= 5, release.id
        assert release.do, release.id
        assert release.start <= date(2026, 11, 29), release.id
        assert release.address.startswith("https://"), release.id
        assert release.check.rhythm is Rhythm.ONCE
        # None was read at its source, and each card says so.
        assert release.read == "summary", release.id
        assert [each for each in release.clauses if not "check.done".startswith(clauses[each])] == []
    assert not {each.check.id for each in shipped_releases()} & {check.id for check in all_checks()}


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('published = "2026-11-02"\n', "", "published or in_force"),
        ('published = "2026-11-02"', 'published = "2026-13"', "published"),
        ('published = "2026-11-02"', 'published = "2026-11-31"', "release council-phones"),
        ('clauses = ["C24"]', 'clauses = ["C1"]', "C24 has to be among them"),
        ('read = "source"', 'read = "a tweet"', "read"),
        ("[[release]]", "[[releases]]", "release"),
        ('do = ["Tell parents"]', "do = []", "do"),
        ('looked = "2026-11-03"', "", "looked"),
    ],
)
def test_a_release_that_says_too_little_is_refused_and_its_fault_named(tmp_path, was, now, said):
    file = tmp_path / "guidance.toml"
    file.write_text(ONE.replace(was, now), encoding="utf-8")

    with pytest.raises(PolicyFault, match=r"guidance\.toml") as refused:
        load_releases(file)
    assert said in str(refused.value)


def test_the_same_release_twice_is_refused():
    with pytest.raises(PolicyFault, match="there twice: council-phones"):
        read_releases(ONE + ONE)


def test_a_school_adds_its_own_by_a_file_and_the_newest_stands_on_top():
    kept = Kept()

    (added,) = add_releases(ONE, store=kept)

    assert added.start == date(2026, 11, 2)
    assert releases_of(kept)[0] == added
    assert len(releases_of(kept)) == len(shipped_releases()) + 1


def test_a_file_writes_over_none_of_ours_and_keeps_nothing_of_what_it_brought():
    kept = Kept()

    with pytest.raises(NameTakenError):
        add_releases(ONE + ONE.replace("council-phones", shipped_releases()[0].id), store=kept)
    with pytest.raises(NotGuidanceError):
        add_releases("release = 1", store=kept)
    assert kept.own() == ()


def test_what_is_typed_into_the_form_becomes_lines_and_a_checklist():
    kept = Kept()

    release = add_typed(typed(address="example.org/letter"), store=kept, on=ON)

    assert release.id == "own-phones-the-council-s-let"
    assert release.changed == ("Phones stay in a locker.", "Staff as well.")
    assert release.address == "https://example.org/letter"
    assert (release.published, release.looked, release.read) == ("2026-11-02", "2026-11-16", "source")
    with pytest.raises(NameTakenError):
        add_typed(typed(), store=kept, on=ON)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"published": "soon"}, "24/11/2026"),
        ({"published": "", "in_force": ""}, "Say on which day"),
        ({"changed": " \n "}, "What changed"),
        ({"do": "\n".join(["one"] * 9)}, "What a school does"),
        ({"title": "x" * 71}, "Its name"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(other, said):
    kept = Kept()

    with pytest.raises(NotGuidanceError) as refused:
        add_typed(typed(**other), store=kept, on=ON)
    assert said in str(refused.value.text.values["faults"])
    assert kept.own() == ()
