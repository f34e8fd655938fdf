"""What stands after a command is used, or it is said that it was not: nothing that was typed is left out in silence."""

import pytest

from tests.desk.conftest import read
from tests.desk.test_desk_revisits import AMARA, press

LEFT_OUT = "That command reads no more words"
CANARY = "zebra umbrella"


def assembly(front_desk, typed):
    return front_desk("assembly", sender=AMARA, lang="en", week=typed)


@pytest.mark.parametrize("typed", ["13", "week 13", "take your picture", "PICTURE your", "May I take your picture?"])
def test_amara_opens_an_assembly_by_its_week_or_by_words_of_its_title(front_desk, typed):
    told = read(assembly(front_desk, typed))

    assert told.startswith("May I take your picture?")
    assert "School week: 13" in told


def test_amara_chooses_where_several_have_the_word(front_desk):
    found = assembly(front_desk, "story")

    assert "Week 26: The story that wouldn't end" in read(found)
    assert "True story or tall story?" in read(found)
    assert read(press(front_desk, found, "26. The story that wouldn't end")).startswith("The story that wouldn't end")


@pytest.mark.parametrize("typed", ["99", "0", "banana", "-", "?"])
def test_amara_is_told_what_to_type_where_there_is_no_such_assembly(front_desk, typed):
    answer = assembly(front_desk, typed)

    assert answer.refused
    assert f"There is no assembly for “{typed}”. Type a school week from 1 to 39" in read(answer)


@pytest.mark.parametrize("typed", ["", "this week", "next week", "Next"])
def test_amara_may_name_a_week_as_people_do(front_desk, typed):
    week = "School week: 13" if typed.casefold().startswith("next") else "School week: 12"

    assert week in read(assembly(front_desk, typed))


@pytest.mark.parametrize(("verb", "topic"), [("check_it", "check"), ("lollipop", "status"), ("lollipop", "help")])
def test_amara_is_told_that_the_rest_was_left_out(front_desk, verb, topic):
    told = front_desk.told(verb, sender=AMARA, lang="en", topic=topic, rest="Oak please")

    assert LEFT_OUT in told
    assert LEFT_OUT not in front_desk.told(verb, sender=AMARA, lang="en", topic=topic, rest="")


@pytest.mark.parametrize("verb", ["news", "privacy", "language", "years"])
def test_what_marta_types_after_a_command_is_never_dropped_in_silence(front_desk, verb):
    front_desk.joined("en")

    told = front_desk.told(verb, words=CANARY, lang="en")

    assert "The words after the command were not read, and nothing of them was kept." in told
    assert CANARY not in told


@pytest.mark.parametrize("sender", [AMARA, "U0PUPIL"])
def test_who_writes_after_report_is_asked_to_write_it_in_the_form(front_desk, sender):
    form = front_desk("report.start", words=CANARY, sender=sender, lang="en").form

    assert form is not None
    assert "The words after /report were not kept. Please write them in the form." in repr(form.intro)
    assert CANARY not in repr(form)
    assert "were not kept" not in repr(front_desk("report.start", sender=sender, lang="en").form)
