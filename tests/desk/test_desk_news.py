"""The newsletter that a family asks for, and a question that is asked in its own words."""

from datetime import UTC, datetime

import pytest

HINT = "Was it only a question about the school's news?"


def on(front_desk, *day):
    front_desk.product.house.school_clock.move_to(datetime(*day, 11, tzinfo=UTC))


def test_marta_asks_for_news_before_there_is_any_and_is_told_the_day(front_desk):
    on(front_desk, 2026, 9, 3)

    told = front_desk.told("news", lang="en")

    assert "There is no newsletter out yet. The first one comes about 15/09/2026." in told
    assert "on its way" not in told


def test_marta_reads_the_newest_newsletter_and_when_the_next_one_comes(front_desk):
    front_desk.joined("en")
    on(front_desk, 2026, 12, 2)

    told = front_desk.told("news", lang="en")

    assert "New devices and games: a calm start" in told
    assert "The next newsletter comes about 12/01/2027." in told


def test_marta_is_promised_no_next_one_where_no_day_is_set(front_desk):
    on(front_desk, 2027, 7, 7)

    told = front_desk.told("news", lang="en")

    assert "Summer online, and moving up to secondary school" in told
    assert "The next newsletter" not in told


def test_marta_asks_in_her_own_words_and_is_shown_where_the_answer_is_though_they_are_locked_away(front_desk):
    front_desk.joined("en")

    told = front_desk.told("words", words="When is the next newsletter?", lang="en")

    assert HINT in told
    assert "Then tap “No, throw it away”. Type /news" in told
    assert "/help" in told
    assert told.index("Do you want us to pass this on?") < told.index(HINT)
    assert front_desk.drafts()


@pytest.mark.parametrize("words", ["he said he will kill himself tonight", "my daughter wants to kill herself"])
def test_marta_who_writes_of_danger_is_sent_to_no_newsletter(front_desk, words):
    front_desk.joined("en")

    told = front_desk.told("words", words=words, lang="en")

    assert HINT not in told
    assert front_desk.drafts()


@pytest.mark.parametrize("sender", ["777", "U0PUPIL"])
def test_a_child_who_gets_no_news_is_told_nothing_of_it(front_desk, sender):
    front_desk.joined("en")

    told = front_desk.told("words", words="When is the next newsletter?", sender=sender, lang="en")

    assert HINT not in told
    assert front_desk.drafts(sender)
