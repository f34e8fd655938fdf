from itertools import product
from pathlib import Path

import pytest

from safeguarding import our_cards, topic_answers, topic_named
from safeguarding.routing import About
from safeguarding.topics import CARD_BY_TOPIC, HURRIES, Topic, answers_hurry, cards_for


@pytest.mark.parametrize(
    ("about", "topic", "cards"),
    [
        (About.PUPIL, Topic.UNSAID, ("concern",)),
        (About.PUPIL, Topic.OTHER, ("concern",)),
        (About.PUPIL, Topic.NUDES, ("nudes",)),
        (About.PUPIL, Topic.MONEY, ("money",)),
        (About.ADULT, Topic.UNSAID, ("adult",)),
        (About.ADULT, Topic.GROOMING, ("adult", "grooming")),
        (About.HEAD, Topic.NUDES, ("head", "nudes")),
        (About.NOT_SURE, Topic.SELF_HARM, ("adult", "self-harm")),
    ],
)
def test_whoever_reads_a_report_has_the_card_that_fits_it_and_an_adults_comes_first(about, topic, cards):
    assert cards_for(about, topic) == cards


def test_every_answer_leads_to_cards_that_there_are():
    known = {card.id for card in our_cards()}

    assert {name for about, topic in product(About, Topic) for name in cards_for(about, topic)} <= known
    assert set(CARD_BY_TOPIC) == set(Topic) - {Topic.OTHER, Topic.UNSAID}


def test_a_topic_is_known_by_its_word_and_by_its_letter_and_nothing_else_is_one():
    assert [topic_named(each.value) for each in Topic] == [topic_named(each.value[0]) for each in Topic] == list(Topic)
    assert {topic_named(each) for each in ("", "x", "bull", "nudes ", "self_harm", "\u0000")} == {Topic.UNSAID}


def test_it_can_raise_urgency_and_never_lower_it():
    assert {topic for topic in Topic if answers_hurry(topic_answers(topic))} == HURRIES
    assert not answers_hurry([("slack_message", "self-harm")])
    assert topic_answers(Topic.UNSAID) == ()


def test_it_routes_nothing():
    assert "topic" not in (Path(__file__).parents[2] / "safeguarding" / "routing.py").read_text("utf-8")
