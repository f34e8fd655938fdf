"""The programme on one page: what each year group was taught, staff, parents, and of resilience how much."""

from datetime import timedelta

import pytest

from bot.desk.glance import SIGNS
from bot.wire import Via
from school.evidence import Evidence
from school.people import Role
from tests.desk.conftest import read
from tests.desk.test_desk_coverage import MORNING, ask, product, sqlite_template, teach
from tests.desk.test_desk_todo import holder, round_on, tap

__all__ = ["product", "sqlite_template"]


def row_of(answer, name):
    assert answer.grid is not None
    return next(row for row in answer.grid.rows if str(row.name) == name)


@pytest.mark.clause(4)
def test_hannah_sees_what_each_year_group_was_taught_and_of_each_part_of_resilience(product):
    before = ask(product, "programme")
    teach(product, "lesson-y4-privacy-1", "lesson-y4-relationships-1")

    after = ask(product, "programme")

    assert after.grid is not None
    assert [str(column.name) for column in after.grid.columns] == [
        "All lessons",
        "Understand the risk",
        "Know where to get help",
        "Learn from it",
        "Recover, with support",
    ]
    assert [str(row.name) for row in after.grid.rows] == [f"Year {klass}" for klass in years(product)]
    was, now = row_of(before, "Year 4"), row_of(after, "Year 4")
    assert [figures(was, at)[1] for at in range(5)] == [figures(now, at)[1] for at in range(5)]
    # Both are about a risk, one of them about help and about getting over it, and neither about learning from it.
    assert [figures(now, at)[0] - figures(was, at)[0] for at in range(5)] == [2, 2, 1, 0, 1]
    assert all(
        square.sign in {sign for sign, *_ in SIGNS.values()} for row in after.grid.rows for square in row.squares
    )


def years(product):
    found = sorted({year.number for klass in product.house.schools["oakfield"].classes for year in klass.years})
    return [number for number in found if number]


def figures(row, at):
    taught, planned = row.squares[at].figures.split("/")
    return int(taught), int(planned)


@pytest.mark.clause(4)
def test_staff_and_parents_stand_beside_the_pupils_in_numbers_and_nobody_is_named(front_desk):
    house = front_desk.product.house
    for day in range(5):
        round_on(front_desk, house.school_clock.now() + timedelta(days=day))
    with house.units.write("oakfield") as unit:
        now = house.school_clock.now()
        unit.evidence.write(Evidence(clause="C16", kind="newsletter.planned", when=now, what="newsletter-2026-11"))
        unit.evidence.write(Evidence(clause="C15", kind="home.told", when=now, what="lesson-y4-privacy-1"))
        unit.evidence.write(
            Evidence(clause="C15", kind="home.told", when=now - timedelta(days=400), what="lesson-y4-privacy-1")
        )
        asked = len(unit.duties.waiting())
        unit.commit()
    head = holder(front_desk, Role.HEAD)

    said = read(front_desk("programme", sender=head.slack, lang="en"))

    assert asked
    assert "Year 4, 2 classes: 0 of 16 lessons taught" in said
    assert "Recover, with support 0/" in said
    assert "1 newsletter went out" in said
    assert "1 lesson went home with a card" in said
    assert "Training: 0 of " in said
    assert "Training: 0 of 0" not in said
    assert "Checks: 0 of " in said
    assert "changes in guidance are worked through" in said
    people = house.schools["oakfield"].people
    assert [person.name for person in people if person.name in said] == []


def test_from_the_page_hannah_comes_to_what_stands_behind_each_number(front_desk):
    head, ben = holder(front_desk, Role.HEAD), holder(front_desk, Role.TECHNICIAN)

    answer = front_desk("programme", sender=head.slack, lang="en")
    his = front_desk("programme", sender=ben.slack, lang="en")

    assert "Coverage" in read(tap(front_desk, head.slack, answer, "Coverage by class"))
    assert "What changed in guidance" in read(tap(front_desk, head.slack, answer, "Changes in guidance"))
    assert [str(choice.label) for row in his.choices for choice in row] == ["Coverage by class"]
    assert "changes in guidance" not in read(his)


def test_a_stranger_sees_nothing_of_it(product):
    assert ask(product, "programme", sender="nobody", via=Via.SLACK, key=None).grid is None
    assert MORNING.year == 2026
