"""Every page of families and pupils, in every language and form, is drawn as it was when somebody looked at it last."""

import io
import re
import unicodedata
from functools import cache

import pytest
from pypdf import PdfReader

from bot.paper import PaperLetters
from school.people import LANGUAGES
from tests.content.golden.faults import faults_of
from tests.content.golden.forms import FORMS, SITE, Held, held_in, letter, shelf
from tests.content.golden.lines import AGAIN, HERE, READABLE, changed, drawn, lines_of, readable

HELP_LINE = "0808 800 5000"
NEWS = READABLE[0]
MOST_NAMED = 25

made = cache(drawn)


def told(what: str, found: list[str]) -> str:
    """For whoever changed something on purpose, and whoever did not."""
    more = [f"... and {len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    named = "\n  ".join((*found[:MOST_NAMED], *more))
    return f"{what}\n  {named}\nIf that is what you want: {AGAIN} (python -m tests.content.golden), and read the diff."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_in_every_form_is_drawn_as_it_was(lang):
    found = changed(lang, made(lang))

    assert not found, told(f"In {lang}, {len(found)} are not as they were kept:", found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_pages_are_word_for_word_as_they_were(lang):
    found = [
        str(file.relative_to(HERE))
        for file, said in readable(lang)
        if not file.is_file() or file.read_text("utf-8") != said
    ]

    assert not found, told("Not as they were kept, whole:", found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_is_drawn_is_filled_fits_and_says_its_language(lang):
    held = {each.name: each for each in held_in(lang)}

    found = [fault for (name, form), said in made(lang).items() for fault in faults_of(held[name], form, said)]

    assert not found, "\n  ".join((f"In {lang}:", *found))


def test_a_page_without_a_line_is_named_with_the_command_that_adds_one():
    new = {("page-of-today", "email.txt"): "Hello"}

    (line,) = [each for each in changed("en", {**made("en"), **new}) if "page-of-today" in each]

    assert line == "page-of-today as email.txt: is new, and has no line yet"
    assert AGAIN in told("", [line])


def test_one_letter_more_in_one_form_is_named_and_so_is_a_page_that_is_gone():
    key, gone = (NEWS, "web.html"), (NEWS, "site.html")
    altered = {**made("en"), key: made("en")[key] + "."}
    del altered[gone]

    found = [each for each in changed("en", altered) if each.startswith(f"{NEWS} as")]

    length = len(made("en")[key])
    assert found == [
        f"{NEWS} as site.html: is not there any more, and still has a line",
        f"{NEWS} as web.html: has changed ({length} characters before, {length + 1} now)",
    ]


SPOILT = {
    "a placeholder": ("telegram.txt", "999", "{number}", "{number} has no value"),
    "bold by hand": ("email.txt", "999", "**999**", "“**” is left of the markup"),
    "a link by hand": ("paper.json", "999", "[999](tel:999)", "“](” is left of the markup"),
    "a link to a page": ("site.html", "999", "page:whatif-menu", "“page:w” is left of the markup"),
    "a long message": ("telegram.txt", "999", "9" * 4096, "goes into no message of 4096"),
    "a second message": ("telegram.txt", "999", "=== next message ===", "goes into no message of 4096"),
    "no direction": ("email.html", 'lang="ar" dir="rtl"', 'lang="ar"', "the whole is marked as ('ar', '')"),
    "no language": ("web.html", '<html lang="ar"', "<html", "the whole is marked as ('', 'rtl')"),
    "English that says nothing": ("email.html", ' lang="en" dir="ltr"', "", "is in en"),
    "English in Arabic's direction": ("site.html", '<div lang="en" dir="ltr">', '<div lang="en">', "is in en"),
}


@pytest.mark.parametrize(("form", "right", "wrong", "says"), SPOILT.values(), ids=SPOILT)
def test_whoever_spoils_a_form_is_told_how(form, right, wrong, says):
    (held,) = (each for each in held_in("ar") if each.name == NEWS)
    said = made("ar")[NEWS, form]
    assert right in said

    found = list(faults_of(held, form, said.replace(right, wrong)))

    assert any(says in fault for fault in found), found


def test_a_form_with_nothing_of_its_page_in_it_is_told_of():
    (held,) = (each for each in held_in("ar") if each.name == NEWS)

    (fault,) = faults_of(held, "site.html", '<article lang="ar" dir="rtl"><p>Hello</p></article>')

    assert fault == f"{NEWS} as site.html: not one line of the page is in it"


def test_what_is_drawn_twice_is_the_same():
    again = {(held.name, form): draw(held) for held in held_in("cy")[::12] for form, draw in FORMS.items()}

    assert lines_of(again).items() <= lines_of(made("cy")).items()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pressed_letter_holds_its_title_and_its_numbers_in_order(lang):
    held = Held(shelf().get(NEWS, lang), lang)

    reader = PdfReader(io.BytesIO(PaperLetters().printed(letter(held, f"{SITE}/join"))))

    said = bare("".join(sheet.extract_text() for sheet in reader.pages))
    assert bare(held.page.front.title) in bare(str(reader.metadata.title))
    assert HELP_LINE in plain_spaces("".join(sheet.extract_text() for sheet in reader.pages))
    assert bare(f"{SITE}/join") in said
    assert reader.trailer["/Root"]["/Lang"] == held.page.lang


def plain_spaces(words: str) -> str:
    """With one kind of space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", words).replace("\u200b", ""))


def bare(words: str) -> str:
    """Without spaces, marks, and the forms that letters take beside each other."""
    kept = unicodedata.normalize("NFKC", words)
    return "".join(each for each in kept if not each.isspace() and unicodedata.category(each) != "Cf")
