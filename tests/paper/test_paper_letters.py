"""A letter that goes home on paper: in the reader's language and direction, with whom to call and a code to join by."""

import io
import unicodedata
from dataclasses import replace
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from bot.library import load_library
from bot.paper import Letter, PaperLetters
from bot.paper.family_letters import day_in_words
from bot.paper.glyphs import numbers_together
from pages import Bullets, Document, marked, says
from school.calendar import Calendar
from school.people import Reporting
from school.school import School

SCHOOL = School(
    id="oakfield",
    name="Oakfield Primary School",
    calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
    classes=(),
    people=(),
    languages=(),
    reporting=Reporting(out_of_hours_phone="01632 960 999"),
)
JOIN = "https://oakfield.example/join"


@cache
def shelf():
    return load_library().shelf


def a_letter(lang: str, page: str = "join-ask-email") -> Letter:
    document = shelf().get(page, lang).document
    return Letter(document=document, on=date(2026, 12, 1), lang=lang, school=SCHOOL, address=JOIN, joins=True)


@pytest.mark.parametrize("lang", ["en", "pl", "ar"])
def test_a_letter_is_on_one_sheet_with_whose_it_is_whom_to_call_and_where_to_join(lang):
    reader = PdfReader(io.BytesIO(PaperLetters().printed(a_letter(lang))))

    (sheet,) = reader.pages
    said = unicodedata.normalize("NFKC", sheet.extract_text()).replace("\u200b", "")
    assert reader.trailer["/Root"]["/Lang"] == lang
    assert "Oakfield Primary School" in said
    assert "2026" in said
    for number in ("0808 800 5000", "01632 960 999", "999"):
        assert number in said, "its groups stand in their order, whichever way the line runs"
    assert JOIN in said


def test_english_in_an_arabic_letter_has_its_marks_where_its_lines_begin():
    page = Document("رسالة", (Bullets((says("مرحبا"),)), *marked(Document("", (Bullets((says("Hello"),)),)))), "ar")
    letter = replace(a_letter("ar"), document=page)
    placed = []

    def seen(text, at, *_):
        placed.append((text.strip(), round(at[4]), round(at[5])))

    PdfReader(io.BytesIO(PaperLetters().printed(letter))).pages[0].extract_text(visitor_text=seen)

    ((across, height),) = [(x, y) for text, x, y in placed if text == "Hello"]
    marks = [x for text, x, y in placed if text == "•" and abs(y - height) < 3]
    assert marks
    assert max(marks) < across


@pytest.mark.parametrize(("lang", "drawn"), [("ar", True), ("ur", True), ("en", False)])
def test_bold_words_of_arabic_script_are_drawn_heavier_for_the_fonts_have_no_bold_of_it(lang, drawn):
    page = PdfReader(io.BytesIO(PaperLetters().printed(a_letter(lang)))).pages[0]

    # PDF 1.7, 9.3.6: mode 2 fills the letters and draws their outlines.
    assert (b"2 Tr" in page.get_contents().get_data()) is drawn


def test_a_letter_that_was_printed_is_not_printed_again_until_anything_in_it_changes():
    letters, letter = PaperLetters(), a_letter("en")

    assert letters.kept(letter) is None
    first = letters.printed(letter)
    assert letters.printed(a_letter("en")) is first
    assert letters.made == 1
    assert letters.kept(replace(letter, on=date(2026, 12, 2))) is None
    assert letters.kept(replace(letter, school=replace(SCHOOL, id="elm"))) is None


def test_the_groups_of_a_number_stay_together_and_nothing_else_does():
    assert numbers_together("Call 0808 800 5000 now") == "Call 0808\u00a0800\u00a05000 now"
    assert numbers_together("Year 4 and 5") == "Year 4 and 5"


def test_a_day_is_spelled_as_its_reader_has_it():
    assert day_in_words(date(2026, 12, 1), "pl") == "1 grudnia 2026"
    assert day_in_words(date(2026, 12, 1), "en") == "1 December 2026"
    assert day_in_words(date(2026, 12, 1), "xx") == "1 December 2026"
