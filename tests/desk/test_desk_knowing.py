"""Amara asks what Oak knows of a strand before its first lesson and after its last, and sees what changed."""

from datetime import timedelta

import pytest

from bot.wire import Show
from curriculum import Moment, Outcome, known_of
from tests.desk.conftest import NOW, read
from tests.desk.test_desk_revisits import AMARA, buttons, entries, had, press

FIRST, NOW_ = "Ask what they know first", "Ask what they know now: Privacy and security"
# The right answers of the set for Years 3 to 6 on privacy, from 0.
SET = "knowledge-privacy-junior"


def asked(front_desk, verb, **args):
    return front_desk(verb, sender=AMARA, lang="en", **args)


def card_of_oak(front_desk):
    return asked(front_desk, "lesson", **{"class": "Oak"})


def answers(front_desk):
    return [item.answer - 1 for item in front_desk.product.house.shelf.get(SET, "en").front.questions]


def ask_through(front_desk, card, right, wrong=4):
    """Count hands for each question: so many right ones, and the rest for the answer after it."""
    for number, answer in enumerate(answers(front_desk)):
        form = press(front_desk, card, "Count hands").form
        assert form.fields[0].name == f"h{number}_0"
        hands = {f"h{number}_{answer}": str(right), f"h{number}_{(answer + 1) % 3}": str(wrong)}
        card = asked(front_desk, form.verb, **form.args, **hands)
    return card


def taught(front_desk):
    form = press(front_desk, card_of_oak(front_desk), "Mark as taught").form
    return asked(front_desk, form.verb, **form.args)


@pytest.mark.clause(6)
def test_amara_compares_what_oak_knew_before_with_what_it_knows_now(front_desk):
    first = press(front_desk, card_of_oak(front_desk), FIRST)
    kept = ask_through(front_desk, first, 9, 19)
    done = taught(front_desk)
    now = press(front_desk, done, NOW_)
    compared = ask_through(front_desk, now, 24, 4)

    assert "Question 1 of" in read(first)
    assert "Right answer" not in read(first), "the class finds out in its lessons"
    assert "Right: 9 of 28" in read(kept)
    assert "Right answer" in read(now)
    assert read(compared).count("Before 9 of 28, after 24 of 28") == len(answers(front_desk))
    assert "Oak: before 32 in every 100 hands were right, after 86." in read(compared)
    assert FIRST not in read(compared)


def test_amara_is_asked_for_it_once_and_only_where_it_is_the_time(front_desk):
    card = card_of_oak(front_desk)
    assert "This is the first lesson of “Privacy and security” for Oak this year." in read(card)
    assert NOW_ not in buttons(card)

    ask_through(front_desk, press(front_desk, card, FIRST), 9)
    assert FIRST not in buttons(card_of_oak(front_desk))

    taught(front_desk)
    ask_through(front_desk, press(front_desk, card_of_oak(front_desk), NOW_), 24)

    following = buttons(card_of_oak(front_desk))
    assert NOW_ not in following
    assert FIRST in following, "the next lesson is the first of another strand"
    assert following[FIRST].args["l"] == "knowledge-relationships-junior"


def test_amara_who_stops_in_the_middle_goes_on_with_the_first_question_that_was_not_counted(front_desk):
    card = press(front_desk, card_of_oak(front_desk), FIRST)
    form = press(front_desk, card, "Count hands").form
    card = asked(front_desk, form.verb, **form.args, h0_0="9")
    press(front_desk, card, "Skip this question")

    again = press(front_desk, card_of_oak(front_desk), FIRST)

    assert "Kept. Question 1:" in read(card)
    assert "Question 2 of" in read(again)


def test_amara_s_lesson_is_still_hers_to_mark_after_the_questions(front_desk):
    card = card_of_oak(front_desk)
    ask_through(front_desk, press(front_desk, card, FIRST), 9)

    form = press(front_desk, card, "Mark as taught").form
    done = asked(front_desk, form.verb, **form.args)

    assert "Thank you" in read(done)
    assert entries(front_desk)[-1].outcome is Outcome.TAUGHT


def test_amara_who_sends_a_form_twice_keeps_it_once_and_who_counts_anew_keeps_the_new_count(front_desk):
    form = press(front_desk, press(front_desk, card_of_oak(front_desk), FIRST), "Count hands").form

    for hands in ("9", "9", "11"):
        asked(front_desk, form.verb, **form.args, h0_0=hands)

    assert [entry.hands[0].counts[0] for entry in entries(front_desk)] == [9, 11]
    assert known_of("privacy-and-security", entries(front_desk)).of(Moment.BEFORE)[0].counts[0] == 11


def test_amara_is_told_which_box_holds_what_is_no_count_and_what_would_be_one(front_desk):
    form = press(front_desk, press(front_desk, card_of_oak(front_desk), FIRST), "Count hands").form

    refused = asked(front_desk, form.verb, **form.args, h0_0="9", h0_1="120")

    assert refused.refused
    assert "Question 1, answer B: “120” can't be right. A count is a whole number from 0 to 99" in read(refused)
    assert entries(front_desk) == ()


def test_amara_reads_before_and_after_in_the_coverage(front_desk):
    ask_through(front_desk, press(front_desk, card_of_oak(front_desk), FIRST), 9, 19)
    assert "Privacy and security: 0 of 1 taught, 0 secure; knew before: 32 in 100" in read(
        asked(front_desk, "coverage")
    )
    taught(front_desk)
    ask_through(front_desk, press(front_desk, card_of_oak(front_desk), NOW_), 24)

    assert "1 of 1 taught, 0 secure; right hands before 32 in 100, after 86" in read(asked(front_desk, "coverage"))


def test_last_year_s_questions_are_no_part_of_this_year_s(front_desk):
    had(front_desk, (20, 2, 3, 0), when=NOW - timedelta(days=300), outcome=Outcome.KNEW, lesson=SET)

    assert press(front_desk, card_of_oak(front_desk), FIRST).show is Show.REPLACE


def test_amara_is_told_where_the_questions_are_no_longer_there(front_desk):
    gone = asked(front_desk, "know", c="oak", l="knowledge-of-old", m="before", q="0")

    assert "Those questions aren't in the library any more" in read(gone)


def test_marta_may_ask_for_none_of_it(front_desk):
    for verb in ("know", "know.hands", "know.keep"):
        answer = front_desk(verb, lang="en", c="oak", l=SET, m="before", q="0", h0_0="9")
        assert "Question 1" not in read(answer)
        assert answer.form is None
    assert entries(front_desk) == ()


def rights(front_desk):
    """The boxes of the right answers of the lesson that is marked."""
    quiz = front_desk.product.house.shelf.get("lesson-y4-privacy-1", "en").front.quiz
    return [(f"h{n}_{item.answer - 1}", f"h{n}_{item.answer % 3}") for n, item in enumerate(quiz)]


def marked(front_desk, *counts):
    """What Amara reads, where of 28 hands so many were right for each question; None was not asked."""
    hands = {}
    for (right, wrong), count in zip(rights(front_desk), counts, strict=True):
        hands |= {} if count is None else {right: str(count), wrong: str(28 - count)}
    form = press(front_desk, card_of_oak(front_desk), "Mark as taught").form
    return read(asked(front_desk, form.verb, **form.args, **hands))


@pytest.mark.clause(6)
def test_amara_hears_which_question_was_hardest_and_when_it_comes_back(front_desk):
    done = marked(front_desk, 20, 9, 28)

    assert "Question 2 was hardest: 9 of 28 hands were right." in done
    assert "Question 2 comes back in Oak's first lesson from 01/12/2026 on, for two minutes." in done


def test_amara_hears_of_no_hardest_question_where_every_hand_was_right(front_desk):
    done = marked(front_desk, 28, 28, None)

    assert "hardest" not in done
    assert "Question 3 comes back in Oak's first lesson from 05/01/2027 on" in done, "after half a term: it is secure"


def test_amara_who_counted_no_hands_hears_when_the_lesson_comes_back(front_desk):
    done = marked(front_desk, None, None, None)

    assert "hardest" not in done
    assert "Question 1 comes back in Oak's first lesson from 01/12/2026 on" in done
