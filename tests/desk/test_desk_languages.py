"""Whoever answers, a family is answered in the language that it chose; before it joins, in the one its app is in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desk.reports import PARENT
from bot.desk.verbs import VERBS
from bot.languages import translator
from pages import Note, Shelf
from parents import FamilyState
from tests.desk.conftest import FrontDesk

MINE = "To jest po angielsku. Nie mamy tego jeszcze w Twoim języku."
AFTER_THE_NEWSLETTER = datetime(2026, 12, 2, 12, tzinfo=UTC)
IN_POLISH = {
    "help": "Oto co możesz wpisać:",
    "unknown": "Tego nie rozumiem.",
    "language": "Wybierz język wiadomości ze szkoły.",
    "news": "Następny biuletyn pojawi się około",
    "media": "W każdej chwili możesz napisać do nas własnymi słowami.",
    "start": "Witamy",
}


def in_the_reader_s_words(block):
    assert isinstance(block, Note)
    (span,) = block.inline
    return translator("pl")(span.text)


@pytest.mark.parametrize("verb", list(IN_POLISH))
def test_marta_who_joined_in_polish_is_answered_in_polish_though_her_phone_is_english(front_desk, verb):
    front_desk.joined("pl")

    assert IN_POLISH[verb] in front_desk.told(verb, lang="en")


@pytest.mark.parametrize("verb", list(IN_POLISH))
def test_marta_who_chose_english_is_not_answered_in_polish_though_her_phone_is(front_desk, verb):
    front_desk.joined("en")

    answer = front_desk(verb, lang="pl")

    assert answer.lang == "en"
    assert IN_POLISH[verb] not in front_desk.told(verb, lang="pl")


def test_marta_who_has_not_joined_is_welcomed_in_her_phones_language(front_desk):
    assert "Witamy" in front_desk.told("start", lang="pl")
    assert "Welcome" in front_desk.told("start", lang="fr")


def test_marta_is_still_answered_in_polish_after_she_has_left(front_desk):
    front_desk.joined("pl", state=FamilyState.STOPPED)

    assert IN_POLISH["help"] in front_desk.told("help", lang="en")


def test_marta_is_refused_in_polish_as_well(front_desk):
    front_desk.joined("pl")

    answer = front_desk("lesson", lang="en")

    assert (answer.refused, answer.lang) == (True, "pl")


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"join.lang", "join", "join.no", "language.set"}))
def test_no_handler_answers_marta_in_another_language_than_hers(front_desk, verb):
    front_desk.joined("pl")

    answer = front_desk(verb, words="zebra", lang="en")

    assert answer.document is None or answer.lang == "pl"


def test_marta_who_changes_to_romanian_is_told_so_in_romanian(front_desk):
    front_desk.joined("pl")

    assert front_desk("language.set", g="ro").lang == "ro"
    assert front_desk("help", lang="pl").lang == "ro"


def test_marta_is_told_first_in_polish_that_a_page_is_in_english(front_desk):
    house = front_desk.product.house
    english = FrontDesk(replace(front_desk.product, house=replace(house, shelf=Shelf(house.shelf.all()))))
    house.school_clock.instant = AFTER_THE_NEWSLETTER
    front_desk.joined("pl")

    answer = english("news", lang="en")

    assert answer.lang == "pl"
    assert in_the_reader_s_words(answer.document.blocks[0]) == MINE


@pytest.mark.parametrize("verb", ["privacy", "media", "stop", "report.start", "report.year"])
def test_marta_is_not_told_so_of_a_page_that_is_in_polish(front_desk, verb):
    front_desk.joined("pl")

    assert MINE not in front_desk.told(verb, year=PARENT)


def test_nobody_who_reads_english_is_told_that_a_page_is_in_english(front_desk):
    front_desk.product.house.school_clock.instant = AFTER_THE_NEWSLETTER

    assert "in English" not in front_desk.told("news", lang="en")
    assert "in English" not in front_desk.told("news", lang="fr")  # we could not say it in French
