"""What Amara finds beside the steps of a lesson: help, starters, the check-it routine, the agreement, next week."""

import re

import pytest

from tests.desk.conftest import read
from tests.desk.test_desk_revisits import AMARA, buttons, entries, press

BESIDE = ("lesson.more", "starter", "check_it", "agreement", "agreement.read", "agreement.sign", "agreement.signed")
AT = {"c": "oak", "l": "lesson-y4-privacy-1", "t": "0"}


def asked(front_desk, verb, **args):
    return front_desk(verb, sender=AMARA, lang="en", **args)


def evidence(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return set(unit.evidence.by_kind())


def test_amara_finds_help_for_every_child_and_what_a_lesson_is_mapped_to_and_goes_back(front_desk):
    step = asked(front_desk, "lesson.step", **AT, n="2")

    help_card = press(front_desk, step, "Help for this lesson")
    back = press(front_desk, help_card, "Back to the lesson")

    assert help_card.both_ends, "it is long, and the steps are what a class waits for"
    said = read(help_card)
    for heading in (
        "Misconceptions",
        "Support and stretch",
        "SEND and EAL",
        "No devices",
        "Words to know",
        "Mapped to",
    ):
        assert heading in said
    assert "Relationships, sex and health education: statutory guidance" in said
    assert "compliant" not in said
    assert "Step 3 of 6" in read(back)


@pytest.mark.clause(5)
def test_amara_gets_a_starter_for_her_subject_and_another_on_another_day(front_desk):
    science = asked(front_desk, "starter", rest="Science")
    any_subject = asked(front_desk, "starter", rest="")

    assert "Do" in read(science)
    assert "Talk" in read(science)
    assert read(any_subject)
    assert "C5" in evidence(front_desk)


def test_amara_is_told_the_subjects_there_are(front_desk):
    assert "There is no starter for “Alchemy” yet." in read(asked(front_desk, "starter", rest="Alchemy"))
    assert "Science" in read(asked(front_desk, "starter", rest="Alchemy"))


@pytest.mark.clause(8)
def test_amara_has_the_routine_for_what_a_class_has_found(front_desk):
    assert "Who says" in read(asked(front_desk, "check_it"))
    assert "C8" in evidence(front_desk)


@pytest.mark.clause(9, 68)
def test_amara_reads_the_agreement_aloud_and_oak_signs_it(front_desk):
    card = asked(front_desk, "agreement", **{"class": "Oak"})
    aloud = press(front_desk, card, "How to read it aloud")
    form = press(front_desk, aloud, "Oak has signed").form
    done = asked(front_desk, form.verb, **form.args, names="27")

    assert "Why" in read(aloud)
    assert "Oak has signed its agreement" in read(done)
    assert {"C9", "C68"} <= evidence(front_desk)


@pytest.mark.clause(9)
def test_amara_reads_on_the_agreement_when_oak_signed_it_and_how_many_names_are_on_the_sheet(front_desk):
    before = asked(front_desk, "agreement", **{"class": "Oak"})
    form = press(front_desk, before, "Oak has signed").form
    for names in ("26", "27", "27"):
        asked(front_desk, form.verb, **form.args, names=names)

    card = asked(front_desk, "agreement", **{"class": "Oak"})
    aloud = press(front_desk, card, "How to read it aloud")

    assert "Oak has not signed it yet this school year" in read(before)
    for shown in (card, aloud):
        assert "Oak signed it on 24/11/2026: 27 names are on the sheet." in read(shown)
    assert read(press(front_desk, aloud, "Back to the agreement")) == read(card)
    kept = [entry.hands[0].all for entry in entries(front_desk)]
    assert kept == [26, 27], "the same count twice is kept once"
    assert "1 of 8" not in read(asked(front_desk, "lesson", **{"class": "Oak"}))


def test_amara_may_say_that_oak_has_signed_without_a_count_and_no_count_is_made_up(front_desk):
    form = press(front_desk, asked(front_desk, "agreement", **{"class": "Oak"}), "Oak has signed").form

    refused = asked(front_desk, form.verb, **form.args, names="lots")
    done = asked(front_desk, form.verb, **form.args, names="")

    assert refused.refused
    assert "Names on the sheet: “lots” can't be right. A count is a whole number from 0 to 99" in read(refused)
    assert "Nobody has said how many names" in read(done)


def test_amara_is_asked_whose_agreement_it_is_where_she_has_none_or_more_than_one(front_desk):
    answer = front_desk("agreement", sender="U0HANNAH", lang="en")

    assert "/lollipop agreement Oak" in read(answer)
    assert buttons(answer) == {}


@pytest.mark.clause(7)
def test_hannah_reads_next_weeks_assembly_before_the_week_begins(front_desk):
    this = read(front_desk("assembly", sender="U0HANNAH", lang="en"))
    following = read(front_desk("assembly", sender="U0HANNAH", lang="en", week="next"))

    assert this != following
    week, next_week = (int(re.search(r"School week\W+(\d+)", said)[1]) for said in (this, following))
    assert next_week == week + 1


@pytest.mark.parametrize("verb", BESIDE)
def test_marta_may_ask_for_none_of_it(front_desk, verb):
    front_desk(verb, lang="en", **AT)

    assert evidence(front_desk) == set()
