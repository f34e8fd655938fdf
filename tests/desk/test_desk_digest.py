"""Oak is behind, and its school catches up by digests: one card joins the lessons that were missed."""

from dataclasses import replace

import pytest

from curriculum import Outcome
from lessons import key_message
from pages import Quote
from school.school import CatchUp
from tests.desk.conftest import ours, read
from tests.desk.test_desk_revisits import AMARA, buttons, entries, press

MARK = "Mark all 3 as taught (digest)"


@pytest.fixture
def behind(front_desk):
    """In November three lessons are due and none was taught."""
    schools = front_desk.product.house.schools
    school = schools["oakfield"]
    schools["oakfield"] = replace(school, catch_up=CatchUp.DIGEST)
    yield front_desk
    schools["oakfield"] = school


def card_of(front_desk):
    return front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"})


def due(front_desk):
    return [each.lesson for each in front_desk.product.house.plan if each.year.code == "4"][:3]


@pytest.mark.clause(6)
def test_amara_reads_which_lessons_are_joined_and_what_to_take_from_each(behind):
    told = read(card_of(behind))

    shelf = behind.product.house.shelf
    assert told.startswith("A digest for Oak")
    assert "this lesson joins those that have waited longest" in told
    for number, lesson in enumerate(due(behind), start=1):
        page = shelf.get(lesson, "en")
        assert f"{number}. {page.front.title}" in told
        assert all(item.ask in told for item in page.front.quiz)
    assert told.count("Key message") == told.count("Ask at the end") == 3


@pytest.mark.clause(6)
def test_amara_marks_them_all_with_one_tap_and_a_second_changes_nothing(behind):
    card = card_of(behind)
    marked = press(behind, card, MARK)
    again = press(behind, card, MARK)

    assert [entry.lesson for entry in entries(behind)] == due(behind)
    assert {entry.outcome for entry in entries(behind)} == {Outcome.TAUGHT}
    assert [entry.turn for entry in entries(behind)] == [0, 1, 2]
    assert "Oak has had 3 lessons as a digest." in read(marked)
    assert "Nothing was changed." in read(again)
    with behind.product.house.units.read("oakfield") as unit:
        assert unit.evidence.by_kind()["C6"]["lesson.taught"][0] == 3


def test_nothing_of_a_digest_goes_home_or_to_the_class_as_if_it_were_whole(behind):
    ledger = behind.product.ledger
    before = ledger.counts().states
    press(behind, card_of(behind), MARK)

    assert ledger.counts().states == before


def test_amara_opens_one_of_them_where_its_new_idea_is_or_teaches_the_first_whole(behind):
    card = card_of(behind)
    first = behind.product.house.shelf.get(due(behind)[0], "en").front.title
    opens = [label for label in buttons(card) if label.startswith("Open: ")]

    assert len(opens) == 3
    assert "Step 3 of 6" in read(press(behind, card, opens[1]))
    whole = press(behind, card, "Teach the first one whole")
    assert read(whole).startswith(first)
    assert "Mark as taught" in buttons(whole)


def test_a_digest_whose_lesson_was_marked_meanwhile_keeps_nothing_of_itself(behind):
    card = card_of(behind)
    press(behind, press(behind, card, "Teach the first one whole"), "Not today")

    assert "Nothing was changed." in read(press(behind, card, MARK))
    assert [entry.outcome for entry in entries(behind)] == [Outcome.NOT_TODAY]


def test_every_lesson_has_a_key_message_that_is_said_aloud():
    pages = ours().shelf.all(kind="lesson")

    assert len(pages) == 56
    assert [page.id for page in pages if not any(isinstance(each, Quote) for each in key_message(page))] == []
