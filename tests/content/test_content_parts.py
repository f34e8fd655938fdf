"""A translator brings a part of a page; the rest of it stays English."""

import re
from pathlib import Path

import pytest

from bot.channels.email.render import render as as_email
from bot.channels.telegram.render import render as as_telegram
from bot.commands.translated import in_other_languages
from bot.languages import NOT_CHECKED, own_words
from bot.library import load_library
from lessons import lesson_plan
from pages import NoSuchPartError, Shelf, load_shelf, plain_text
from tests.content.desk_of_an_author import lesson, report, write

HOME = """\
---
id: strong-passwords
kind: lesson
title: "Silne hasła"
translates: 2
reader: parent
parts: [home]
translation: machine-assisted
---

## Home

Porozmawiajcie o hasłach.
"""
SIGNED = "{reviewed_by: Maria Nowak, on: 2026-10-01}"
IN_DANGER = "In danger now: 999. The NSPCC helps adults on 0808 800 5000."
NUMBERS = re.compile(r"\d{3,}")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    write(tmp_path, "strong-passwords.en.md", lesson())
    write(tmp_path, "strong-passwords.pl.md", HOME)
    return load_shelf([tmp_path])


def test_a_polish_family_reads_the_part_that_is_there_in_polish_and_the_rest_in_english(shelf: Shelf) -> None:
    home, card = shelf.part("strong-passwords", "home", "pl-PL"), shelf.part("strong-passwords", "card", "pl")

    assert (home.title, home.document.lang, plain_text(home.document)) == (
        *("Silne hasła", "pl"),
        "Porozmawiajcie o hasłach.",
    )
    assert (card.title, card.document.lang) == ("Strong passwords", "en")
    assert shelf.part("strong-passwords", "home", "ur").document.lang == "en"
    with pytest.raises(NoSuchPartError):
        shelf.part("strong-passwords", "encore", "pl")


def test_a_teacher_still_finds_one_lesson_with_all_that_the_english_page_says(shelf: Shelf) -> None:
    page = shelf.get("strong-passwords", "pl")

    assert (page.lang, len(page.parts), page.front.years) == ("en", 14, (4,))
    assert (len(shelf), shelf.langs("strong-passwords"), len(lesson_plan(shelf))) == (1, ("en",), 1)
    assert [each.lang for each in shelf.all("lesson", "pl")] == ["en"]


def test_a_translator_may_call_a_part_by_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, "strong-passwords.en.md", lesson())
    write(tmp_path, "strong-passwords.pl.md", HOME.replace("## Home", "## W domu {#home}"))

    assert load_shelf([tmp_path]).part("strong-passwords", "home", "pl").document.title == "W domu"


SPOILT = {
    "a part without its heading": (
        ("## Home", "## W domu"),
        [
            "7: parts 1: there is no section “home” below: a translated heading is followed by {#home}",
            "11: section “W domu”: is not among the parts that the keys name; add “w-domu” to them, or take it out",
        ],
    ),
    "a heading that is not named": (
        ("Porozmawiajcie", "Tak.\n\n## Card\n\nPorozmawiajcie"),
        ["15: section “Card”: is not among the parts that the keys name; add “card” to them, or take it out"],
    ),
    "a part that no lesson has": (
        ("[home]\n", "[home, hom]\n"),
        [
            "7: parts 2: the English page has no part “hom”; did you mean “home”?",
            "7: parts 2: there is no section “hom” below: a translated heading is followed by {#hom}",
        ],
    ),
    "a part twice": (("[home]", "[home, home]"), ["7: parts 2: “home” is here twice"]),
    "no parts": (("parts: [home]\n", ""), ["1: parts: is missing", "10: section “Home”: is not among the parts"]),
    "no words": (("\nPorozmawiajcie o hasłach.\n", ""), ["11: section “Home”: is empty"]),
    "words of no part": (("## Home", "Tak.\n\n## Home"), ["11: text: this stands before the first ## heading"]),
    "what the English page says": (
        ("reader:", "strand: privacy-and-security\nminutes: 30\nreader:"),
        [
            "6: strand: comes from the English page: take it out here",
            "7: minutes: comes from the English page: take it out here",
        ],
    ),
    "a key that nothing has": (("reader:", "reviewd: 1\nreader:"), ["6: reviewd: there is no such key here"]),
    "no English page": (
        ("id: strong-passwords", "id: strong-pasword"),
        [
            (
                "2: id: there is no English page “strong-pasword” that these parts could belong to; did you mean "
                "“strong-passwords”?"
            )
        ],
    ),
    "a version that is not there yet": (
        ("translates: 2", "translates: 3"),
        ["5: translates: there is no version 3 yet: the English page is version 2"],
    ),
    "another kind": (("kind: lesson", "kind: story"), ["3: kind: is story here but lesson in English"]),
    "a promise of a review": (
        ("machine-assisted", "reviewed"),
        ["8: translation: should be machine-assisted or, once somebody has checked it, {reviewed_by: A Name, on: 2026"],
    ),
    "a review without its day": (
        ("machine-assisted", "{reviewed_by: Maria Nowak, on: soon}"),
        ["8: translation, on: should be a day of the calendar, such as 2026-09-01"],
    ),
}


@pytest.mark.parametrize(("spoilt", "expected"), SPOILT.values(), ids=SPOILT)
def test_a_translator_is_told_what_is_wrong_by_line(
    tmp_path: Path, spoilt: tuple[str, str], expected: list[str]
) -> None:
    write(tmp_path, "strong-passwords.en.md", lesson())
    write(tmp_path, "strong-passwords.pl.md", HOME.replace(*spoilt))

    found = report(tmp_path)

    assert len(found) == len(expected), found
    assert all(
        line.startswith(f"strong-passwords.pl.md:{begins}") for line, begins in zip(found, expected, strict=True)
    )


def test_a_translator_who_writes_parts_of_a_page_in_english_is_told_that_it_is_whole(tmp_path: Path) -> None:
    write(tmp_path, "strong-passwords.en.md", HOME)

    assert "1: file name: parts are held in another language: an English page is whole" in report(tmp_path)[0]


def test_what_follows_an_older_page_is_not_sent_and_the_office_hears_which_it_is(tmp_path: Path) -> None:
    write(tmp_path, "strong-passwords.en.md", lesson().replace("version: 2", "version: 3"))
    older = write(tmp_path, "strong-passwords.pl.md", HOME)

    shelf = load_shelf([tmp_path])

    assert shelf.part("strong-passwords", "home", "pl").document.lang == "en"
    assert in_other_languages(shelf, names=False) == [
        (
            "pl (Polski): missing are the Home of 1 of 1 lessons, and 0 of 0 pages for pupils and families. "
            "Waiting for a reviewer: 0."
        ),
        (
            f"{older.as_posix()}: follows version 2 of the English page, which is now at version 3; families get the "
            "English until it is brought up to date"
        ),
    ]


def test_a_school_s_own_page_is_not_sent_in_the_words_that_translate_ours(tmp_path: Path) -> None:
    """Both are version 2; they say different things."""
    write(tmp_path, "ours/strong-passwords.en.md", lesson())
    write(tmp_path, "ours/strong-passwords.pl.md", HOME)
    own = write(tmp_path, "theirs/strong-passwords.en.md", lesson().replace("Say it now.", "Say it our way."))
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"

    shelf = load_shelf([ours, theirs])

    assert plain_text(shelf.part("strong-passwords", "home", "pl").document) == "Say it our way."
    assert (
        f"follows another English page than the one that is used, {own.as_posix()};"
        in (in_other_languages(shelf, names=False)[-1])
    )

    write(tmp_path, "theirs/strong-passwords.pl.md", HOME.replace("Porozmawiajcie o hasłach.", "Po naszemu."))
    assert plain_text(load_shelf([ours, theirs]).part("strong-passwords", "home", "pl").document) == "Po naszemu."


def test_an_office_reads_who_has_nothing_yet_by_name(shelf: Shelf) -> None:
    assert in_other_languages(shelf, names=True) == [
        (
            "pl (Polski): missing are the Home of 0 of 1 lessons, and 0 of 0 pages for pupils and families. "
            "Waiting for a reviewer: 1."
        ),
        "  strong-passwords: waits for a reviewer",
    ]


def homes(tmp_path: Path, *, says: str, english: str, signed: bool = False, lang: str = "pl") -> Shelf:
    write(tmp_path, "strong-passwords.en.md", lesson().rpartition("Say it now.")[0] + english + "\n")
    text = HOME.replace("Porozmawiajcie o hasłach.", says)
    write(tmp_path, f"strong-passwords.{lang}.md", text.replace("machine-assisted", SIGNED) if signed else text)
    return load_shelf([tmp_path])


def test_a_polish_family_hears_that_nobody_has_checked_the_words_until_somebody_signs(tmp_path: Path) -> None:
    unsigned = own_words(
        homes(tmp_path, says="Porozmawiajcie.", english="Talk.").part("strong-passwords", "home", "pl")
    )
    signed = homes(tmp_path, says="Porozmawiajcie.", english="Talk.", signed=True)

    assert plain_text(unsigned).splitlines() == [NOT_CHECKED.msgid, "Porozmawiajcie."]
    assert plain_text(own_words(signed.part("strong-passwords", "home", "pl"))) == "Porozmawiajcie."


@pytest.mark.parametrize(("signed", "shown"), [(False, True), (True, False)], ids=["unchecked", "checked"])
def test_whom_to_call_stands_beside_the_english_until_somebody_signs(tmp_path: Path, signed: bool, shown: bool) -> None:
    shelf = homes(tmp_path, says="W niebezpieczeństwie: 999.", english=IN_DANGER, signed=signed)

    document = own_words(shelf.part("strong-passwords", "home", "pl"))

    assert ("The same in English" in plain_text(document)) is shown
    assert (IN_DANGER in plain_text(document)) is shown


def test_what_is_shown_beside_the_english_goes_into_one_message_however_long_it_is(tmp_path: Path) -> None:
    shelf = homes(tmp_path, says="Słowo. " * 340, english="Word. " * 400 + f"\n\n{IN_DANGER}")

    document = own_words(shelf.part("strong-passwords", "home", "pl"))

    assert IN_DANGER in plain_text(document)
    assert "Word." not in plain_text(document)
    assert len(as_telegram(document, (), lang="pl", mint=str).parts) == 1


def test_an_arabic_family_reads_arabic_from_the_right_and_the_english_below_from_the_left(tmp_path: Path) -> None:
    shelf = homes(tmp_path, says="في حالة الخطر الآن: 999.", english=IN_DANGER, lang="ar")

    document = own_words(shelf.part("strong-passwords", "home", "ar"))
    (message,) = as_telegram(document, (), lang="ar", mint=str).parts
    letter = as_email(document, lang="ar").html

    arabic, english = message.split("———")
    assert [line[0] for line in arabic.splitlines() if "في حالة" in line] == ["\u200f"]
    assert [line[0] for line in english.splitlines() if "danger" in line] == ["I"]
    assert f'<p lang="en" dir="ltr">{IN_DANGER}</p>' in letter
    assert "<p>في حالة الخطر الآن: 999.</p>" in letter
    assert 'dir="rtl"' in letter


OURS = load_library().shelf
HELD = [
    held
    for page in OURS.all(kind="lesson")
    for lang in ("ar", "cy", "pl", "ro", "ur")
    if (held := OURS.partly(page.id, lang))
]


def test_our_own_parts_are_for_families_and_none_follows_an_older_page() -> None:
    assert OURS.outdated == ()
    assert HELD
    assert {(part, held.front.reader.value) for held in HELD for part in held.front.parts} == {("home", "parent")}


def test_our_own_parts_give_every_number_to_call_and_fit_one_message() -> None:
    for held in HELD:
        for name, part in held.parts.items():
            english = OURS.get(held.id, "en").part(name)
            figures = [sorted(NUMBERS.findall(plain_text(each))) for each in (part, english)]
            assert figures[0] == figures[1], held.path
            assert len(part.blocks) == len(english.blocks), held.path
            document = own_words(OURS.part(held.id, name, held.lang))
            assert len(as_telegram(document, (), lang=held.lang, mint=str).parts) == 1, held.path
