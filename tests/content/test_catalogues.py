"""A sentence in a catalogue says what the code says, with the same values in it."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.languages import LOCALE, PSEUDO, is_right_to_left, translator
from school.words import Text

HOUSE = Path(__file__).parents[2]
ROOMS = ("bot", "curriculum", "lessons", "pages", "parents", "safeguarding", "school", "staff")
TEMPLATE = LOCALE / "lollipop.pot"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/lollipop.po"))
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
FOREIGN = Text("A sentence for {name} that no catalogue has", {"name": "Oak"})


def msgids() -> set[str]:
    with TEMPLATE.open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}


def test_the_template_has_every_sentence_of_the_code() -> None:
    said = {
        str(found[2])
        for room in ROOMS
        for found in extract_from_dir(HOUSE / room, [("**.py", "python")], keywords={"Text": None})
    }

    assert said == msgids(), f"Extract again: the command is at the head of {TEMPLATE.name}"


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda source: source.parts[-3])
def test_a_translation_keeps_its_placeholders(source: Path) -> None:
    with source.open("rb") as file:
        translated = [message for message in read_po(file) if message.id and message.string]

    assert translated
    for message in translated:
        kept = sorted(PLACEHOLDER.findall(str(message.string)))
        assert kept == sorted(PLACEHOLDER.findall(str(message.id))), message.id


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda source: source.parts[-3])
def test_a_catalogue_says_that_it_awaits_review(source: Path) -> None:
    assert "not yet reviewed by a native speaker" in source.read_text(encoding="utf-8").split("msgid", 1)[0]


def test_the_made_up_language_marks_every_sentence_and_keeps_its_values() -> None:
    pseudo = translator(PSEUDO)

    for msgid in msgids():
        values = {name[1:-1]: f"<{name[1:-1]}>" for name in PLACEHOLDER.findall(msgid)}
        marked = pseudo(Text(msgid, values))
        assert marked.startswith("⟦")
        assert marked.endswith("⟧")
        assert all(value in marked for value in values.values()), msgid


@pytest.mark.parametrize("lang", ["pl", "ro", "ur", "ar", "cy", "xx"])
def test_what_no_catalogue_has_is_said_in_english(lang: str) -> None:
    assert translator(lang)(FOREIGN) == "A sentence for Oak that no catalogue has"


def test_a_polish_parent_is_asked_in_polish() -> None:
    assert translator("pl")(Text("Yes, join")) == "Tak, dołączam"


@pytest.mark.parametrize(
    ("lang", "expected"), [("ar", True), ("ur", True), ("pl", False), ("ro", False), ("en", False)]
)
def test_arabic_and_urdu_run_from_right_to_left(lang: str, expected: bool) -> None:
    assert is_right_to_left(lang) is expected
