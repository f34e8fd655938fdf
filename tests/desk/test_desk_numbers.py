"""Numbers about families, and why some leave: small groups stay hidden, and nothing says who."""

from datetime import UTC, date, datetime

import pytest

from bot.channels.email.render import render
from bot.desk.counting import in_words, reached
from bot.desk.family_years import mark_of_class
from parents import Family, FamilyState, LeavingReason, LeavingTally, QuizTally, numbers_of

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


def families(front_desk, count, lang, *, first=0):
    house = front_desk.product.house
    return [
        Family(
            id=house.new_id(NOW),
            via="telegram",
            address=str(9000 + first + number),
            lang=lang,
            classes=("oak",),
            state=FamilyState.ACTIVE,
            joined=NOW,
        )
        for number in range(count)
    ]


def kept(front_desk, found):
    with front_desk.product.house.units.write("oakfield") as unit:
        for family in found:
            unit.families.save(family)
        unit.commit()


def leavings(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return [(each.month, each.reason, each.families) for each in unit.tallies.leavings()]


@pytest.mark.clause(19)
def test_marta_may_say_why_she_leaves_and_only_a_month_keeps_it(front_desk):
    front_desk.joined("en")

    said = front_desk("stop", lang="en")
    reasons = [row[0] for row in said.choices]
    told = front_desk(reasons[1].verb, lang="en", **reasons[1].args)
    again = front_desk("stop", lang="en")

    assert len(reasons) == 4
    assert told.choices == again.choices == ()
    november = date(2026, 11, 1)
    assert sorted(leavings(front_desk)) == [
        (november, LeavingReason.LEFT, 1),
        (november, LeavingReason.CHILD_LEFT, 1),
    ]


@pytest.mark.clause(19)
def test_whoever_leaves_their_last_class_is_counted_as_leaving_once(front_desk):
    front_desk.joined("en")

    for _ in range(2):
        front_desk("years.leave", lang="en", c=mark_of_class("oak"))

    assert leavings(front_desk) == [(date(2026, 11, 1), LeavingReason.LEFT, 1)]


def test_a_reason_that_nobody_offers_is_not_counted(front_desk):
    front_desk("stop.why", lang="en", w="left")
    front_desk("stop.why", lang="en", w="<b>")

    assert leavings(front_desk) == []


@pytest.mark.clause(20)
def test_a_group_of_fewer_than_five_is_never_told_by_its_number(front_desk):
    house = front_desk.product.house
    found = [*families(front_desk, 6, "en"), *families(front_desk, 4, "ro", first=50)]
    november = date(2026, 11, 1)

    told = numbers_of(
        school=house.schools["oakfield"],
        families=found,
        quizzes=[
            QuizTally(page="n", question=1, lang="en", answers=3, right=1),
            QuizTally(page="n", question=1, lang="ro", answers=3, right=2),
            QuizTally(page="n", question=2, lang="en", answers=4, right=4),
        ],
        leavings=[
            LeavingTally(month=november, reason=LeavingReason.LEFT, families=5),
            LeavingTally(month=november, reason=LeavingReason.OTHER, families=1),
        ],
    )

    assert [(each.name, each.number) for each in told.by_language] == [("en", 6), ("ro", None)]
    assert {each.name: each.number for each in told.by_class}["oak"] == 10
    assert {each.number for each in told.by_class if each.name != "oak"} == {0}
    assert [(each.answers, each.right) for each in told.quizzes] == [(6, 50), (None, None)]
    assert told.leaving[0].families == 5
    assert [each.number for each in told.leaving[0].reasons] == [None]


@pytest.mark.clause(20)
@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "none yet"), *((count, "fewer than 5") for count in (1, 2, 3, 4)), (5, "5")],
)
def test_no_family_is_none_yet_one_to_four_are_few_and_five_are_counted(front_desk, count, shown):
    kept(front_desk, families(front_desk, count, "en"))

    card = front_desk.told("numbers", sender="U0DILYS", lang="en")

    assert f"Families that get the news: {shown}" in card
    assert f"Oak: {shown}" in card
    assert "Elm: none yet" in card


@pytest.mark.clause(20)
@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "News: nobody was meant to get it"),
        *((count, "News: meant for fewer than 5 families") for count in (1, 2, 3, 4)),
        (5, "News: 4 of 5 sent, 0 failed or unknown, 1 skipped"),
    ],
)
def test_what_reached_a_handful_of_families_is_not_counted_out(front_desk, count, shown):
    skipped = min(count, 1)
    states = {"sent": count - skipped, "skipped": skipped}

    found = reached("News", candidates=count, kept_out=0, states=states)
    house = front_desk.product.house
    school = house.schools["oakfield"]
    told = numbers_of(school=school, families=[], quizzes=[], leavings=[])
    words = render(in_words(told, (found,), school=school, shelf=house.shelf), lang="en").text

    assert shown in words
    assert (found.sent is None) is (0 < count < 5)


def test_dilys_reads_the_numbers_and_a_family_never_does(front_desk):
    kept(front_desk, families(front_desk, 6, "pl"))

    card = front_desk.told("numbers", sender="U0DILYS", lang="en")
    at_home = front_desk("home", sender="U0DILYS", lang="en")

    assert "Polski: 6" in card
    assert "Nobody can see who read a newsletter" in card
    assert "numbers" in [choice.verb for row in at_home.choices for choice in row]
    assert front_desk("numbers", lang="en").refused
    assert front_desk.told("lollipop", sender="U0DILYS", lang="en", topic="numbers") == card
