"""Three reading levels of what a child reads before and after telling, and of what is kept about them."""

import re
from pathlib import Path

import pytest

from bot.unit import INBOX_KEPT
from pages import CAPS, Page, Reader, Shelf, load_shelf, plain_text
from safeguarding import Level, Wording, level_of, page_for
from school.people import YearGroup

CONTENT = Path(__file__).parents[2] / "safeguarding" / "content"
READERS = {Level.KS1: Reader.PUPIL_KS1, Level.KS2: Reader.PUPIL_KS2, Level.KS3: Reader.PUPIL_KS3}
A_YEAR_OF = {Level.KS1: YearGroup(1), Level.KS2: YearGroup(4), Level.KS3: YearGroup(9)}
EVERY = [(wording, level) for wording in Wording for level in Level]
PRIVACY = ("privacy-pupil-ks1", "privacy-pupil-ks2", "privacy-pupil-ks3", "privacy-parent", "privacy-staff")


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf([CONTENT])


def shown(shelf: Shelf, wording: Wording, level: Level, lang: str = "en") -> Page:
    return shelf.get(page_for(A_YEAR_OF[level], wording=wording), lang)


@pytest.mark.parametrize(
    ("years", "level"),
    [(range(3), Level.KS1), (range(3, 7), Level.KS2), (range(7, 14), Level.KS3)],
)
def test_each_year_reads_the_words_of_its_own_phase(years, level):
    assert {level_of(YearGroup(year)) for year in years} == {level}


@pytest.mark.parametrize("wording", Wording)
def test_sam_who_would_rather_not_say_his_year_reads_the_middle_one(wording):
    assert page_for(None, wording=wording) == page_for(YearGroup(5), wording=wording)


@pytest.mark.clause(40)
@pytest.mark.parametrize(("wording", "level"), EVERY)
def test_each_level_has_its_page_for_its_own_reader_and_within_its_reading_age(shelf, wording, level):
    page = shown(shelf, wording, level)

    assert page.front.reader is READERS[level]
    assert page.reading_age is not None
    assert page.reading_age <= CAPS[READERS[level]]


@pytest.mark.parametrize("wording", Wording)
def test_a_younger_child_reads_less_and_easier_words(shelf, wording):
    pages = [shown(shelf, wording, level) for level in Level]
    ages = [page.reading_age for page in pages]

    assert ages == sorted(ages)
    assert len(plain_text(pages[0].document)) < len(plain_text(pages[2].document))


@pytest.mark.parametrize("level", Level)
def test_a_child_of_any_age_is_told_before_typing_what_matters_most(shelf, level):
    words = plain_text(shown(shelf, Wording.INTRO, level).document)

    assert "your words, not your name, unless someone may be in danger" in " ".join(words.split())
    assert re.search(r"can't (?:promise to )?keep it (?:a )?secret", words)
    for said in ("999", "0800 1111", "receipt", "send", "night"):
        assert said in words


@pytest.mark.parametrize("level", Level)
def test_a_child_of_any_age_is_told_after_sending_what_comes_next(shelf, level):
    words = plain_text(shown(shelf, Wording.THANKS, level).document)

    for said in ("999", "0800 1111", "Keep your receipt", "fault", "need to know"):
        assert said in words


@pytest.mark.parametrize("lang", ["ar", "pl", "ro", "ur"])
@pytest.mark.parametrize(("wording", "level"), EVERY)
def test_a_child_of_any_age_reads_it_in_the_language_of_home(shelf, wording, level, lang):
    assert shown(shelf, wording, level, lang).lang == lang


@pytest.mark.parametrize("page", PRIVACY)
def test_no_notice_promises_secrecy_or_calls_anything_anonymous(shelf, page):
    words = plain_text(shelf.get(page, "en").document).casefold()

    assert "anonym" not in words
    assert "confidential" not in words
    assert "complian" not in words
    assert "delete" in words or "wipe" in words or "when they go" in words


@pytest.mark.parametrize("page", PRIVACY[1:])
def test_a_notice_says_how_long_a_message_is_noted_as_the_tables_do(shelf, page):
    assert f"{INBOX_KEPT.days} days" in plain_text(shelf.get(page, "en").document)


@pytest.mark.parametrize("page", PRIVACY[2:])
def test_whoever_is_not_content_with_the_school_is_told_of_the_commissioner(shelf, page):
    assert "ico.org.uk" in plain_text(shelf.get(page, "en").document)
