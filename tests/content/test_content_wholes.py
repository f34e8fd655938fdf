"""A translator brings a whole page: it says which English one it follows, and who has checked it."""

from pathlib import Path

import pytest

from bot.channels.telegram.render import render as as_telegram
from bot.commands.translated import in_other_languages
from bot.languages import NOT_CHECKED, page_in
from bot.library import load_library
from pages import Reader, Shelf, load_shelf, plain_text
from tests.content.desk_of_an_author import NEWSLETTER, report, write

POLISH = (
    NEWSLETTER.replace("Kind words online", "Miłe słowa")
    .replace("send_on: 2026-11-02\n", "send_on: 2026-11-02\ntranslates: 1\ntranslation: machine-assisted\n")
    .replace("Hello. We talk about kind words this week.", "W niebezpieczeństwie: 999.")
)
IN_DANGER = "In danger: 999."
SIGNED = "{reviewed_by: Maria Nowak, on: 2026-10-01}"


def both(root: Path, polish: str = POLISH, english: str = NEWSLETTER) -> Shelf:
    write(root, "kind-words.en.md", english.replace("Hello.", f"Hello. {IN_DANGER}"))
    write(root, "kind-words.pl.md", polish)
    return load_shelf([root])


def test_whom_to_call_stands_in_english_too_until_somebody_signs_the_page(tmp_path: Path) -> None:
    unsigned = plain_text(page_in(both(tmp_path), "kind-words", "pl"))
    signed = plain_text(page_in(both(tmp_path, POLISH.replace("machine-assisted", SIGNED)), "kind-words", "pl"))

    assert unsigned.startswith(NOT_CHECKED.msgid)
    assert IN_DANGER in unsigned
    assert "W niebezpieczeństwie" in unsigned
    assert signed.startswith("W niebezpieczeństwie")
    assert IN_DANGER not in signed


def test_a_page_that_follows_an_older_english_one_is_not_sent_and_the_office_hears_which(tmp_path: Path) -> None:
    shelf = both(tmp_path, english=NEWSLETTER.replace("version: 1", "version: 2"))

    assert shelf.get("kind-words", "pl").lang == "en"
    assert shelf.langs("kind-words") == ("en",)
    assert (
        "follows version 1 of the English page, which is now at version 2"
        in in_other_languages(shelf, names=False).pop()
    )


def test_a_page_that_waits_for_a_reviewer_is_counted(tmp_path: Path) -> None:
    (line,) = in_other_languages(both(tmp_path), names=False)

    assert line.endswith("0 of 1 pages for pupils and families. Waiting for a reviewer: 1.")


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        (("translates: 1", "translates: 2"), "translates: there is no version 2 yet: the English page is version 1"),
        (("translates: 1\n", ""), "translates: is missing: the version of the English page"),
        (("translation: machine-assisted\n", ""), "translation: is missing: machine-assisted, or who checked it"),
        (("machine-assisted", "reviewed"), "translation: should be machine-assisted or, once somebody has checked it"),
    ],
)
def test_a_translator_of_a_page_is_told_what_is_wrong(tmp_path: Path, spoilt: tuple[str, str], expected: str) -> None:
    write(tmp_path, "kind-words.en.md", NEWSLETTER)
    write(tmp_path, "kind-words.pl.md", POLISH.replace(*spoilt))

    (fault,) = report(tmp_path)

    assert expected in fault


def test_an_english_page_follows_no_other(tmp_path: Path) -> None:
    write(tmp_path, "kind-words.en.md", POLISH)

    assert "translates: an English page follows no other: take it out" in report(tmp_path)[0]


OURS = load_library().shelf
WHOLE = [
    (page.id, lang)
    for page in OURS.all()
    for lang in OURS.langs(page.id)
    if lang != "en" and page.front.reader is not Reader.STAFF
]


def test_every_page_of_ours_in_another_language_says_what_it_follows() -> None:
    assert WHOLE
    assert [each for each in WHOLE if OURS.get(*each).front.translates is None] == []


@pytest.mark.parametrize("lang", sorted({lang for _, lang in WHOLE}))
def test_a_page_with_its_english_beside_it_goes_into_one_message(lang: str) -> None:
    sent = [page_id for page_id, told in WHOLE if told == lang and OURS.get(page_id, lang).kind != "wording"]

    parts = {page: len(as_telegram(page_in(OURS, page, lang), (), lang=lang, mint=str).parts) for page in sent}

    assert {page: count for page, count in parts.items() if count > 1} == {}
