"""Before pupils search freely: the reminder on the card and for any lesson, and one tap that adults watched."""

from dataclasses import replace
from datetime import timedelta

import pytest

from staff import Colour, load_clauses, weigh
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_sites import AMARA, add, evidence, press

DID = "We searched freely and adults watched"


def lesson_card(desk):
    return desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"})


def colour(desk):
    house = desk.product.house
    with house.units.read("oakfield") as unit:
        standings = weigh(load_clauses(), book=unit.evidence.by_kind(), now=house.school_clock.now())
    return next(each.colour for each in standings if each.clause.id == "C13")


def kinds(desk):
    return [kind for kind, *_ in evidence(desk, "C13")]


@pytest.mark.clause(13)
def test_amara_says_with_one_tap_that_adults_watched_and_once_a_day_is_enough(front_desk):
    form = press(front_desk, lesson_card(front_desk), "Add a site for it").form
    add(front_desk, **form.args)
    card = lesson_card(front_desk)

    assert "see every screen" in read(card)
    first, again = press(front_desk, card, DID), press(front_desk, card, DID)
    front_desk.product.house.school_clock.instant += timedelta(days=1)
    next_day = press(front_desk, card, DID)

    assert "It is written down." in read(first)
    assert "already for today" in read(again)
    assert "It is written down." in read(next_day)
    assert kinds(front_desk).count("watching.done") == 2
    told = [row for row in evidence(front_desk, "C13") if row[0] == "watching.done"]
    assert form.args["l"] in str(told[0])
    assert colour(front_desk) is Colour.GREEN


@pytest.mark.clause(13)
def test_a_lesson_in_which_pupils_search_says_so_before_it_begins_without_any_site(front_desk, monkeypatch):
    plain = lesson_card(front_desk)
    house = front_desk.product.house
    with house.units.read("oakfield"):
        lesson = press(front_desk, plain, "Add a site for it").form.args["l"]
    page = house.shelf.get(lesson, "en")
    free = replace(page, front=page.front.model_copy(update={"searches": True}))
    monkeypatch.setattr(type(house.shelf), "get", lambda shelf, name, lang: free if name == lesson else page)

    card = lesson_card(front_desk)

    assert DID not in buttons(plain)
    assert DID in buttons(card)
    assert "try the words yourself first" in read(card)
    assert kinds(front_desk) == ["watching.reminded"]


@pytest.mark.clause(13)
def test_for_any_other_lesson_the_reminder_is_a_word_away_and_stands_beside_the_check_it_routine(front_desk):
    routine = front_desk("check_it", sender=AMARA, lang="en")
    card = press(front_desk, routine, "Before pupils search freely")

    assert "Screens face where an adult can see them" in read(card)
    assert "cover it, stay calm, /found" in read(card)
    assert "It is written down." in read(press(front_desk, card, DID))
    assert kinds(front_desk) == ["watching.reminded", "watching.done"]


def test_nobody_who_is_not_on_the_staff_writes_evidence(front_desk):
    front_desk("searching.done", sender="U-NOBODY", lang="en", l="any-lesson")

    assert kinds(front_desk) == []
