"""A sentence in a catalogue says what the code says, with the same values in it."""

import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.languages import LOCALE, PSEUDO, is_right_to_left, translator
from school.words import Text, counted

HOUSE = Path(__file__).parents[2]
ROOMS = ("bot", "curriculum", "lessons", "pages", "parents", "safeguarding", "school", "staff")
TEMPLATE = LOCALE / "lollipop.pot"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/lollipop.po"))
PAGES = sorted(
    page
    for folder in ("safeguarding/content", "parents/content", "lessons/content/agreements")
    for page in (HOUSE / folder).rglob("*.md")
    if not page.name.endswith(".en.md") and page.name != "README.md"
)
# Whom to call and where to go: a digit lost on the way helps nobody.
TO_TURN_TO = re.compile(r"\b\d[\d ]{1,11}\d\b|\(https://[^)]+\)|SHOUT|(?<![\w/<.}])/[a-z]+|\{\w+\}")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# Groups of digits change places, and a command's stroke its side, in a line that runs from right to left.
KEPT_TOGETHER = re.compile(r"\d+(?: \d+)+|(?<![\w/<.}])/[a-z]+")
LEFT_TO_RIGHT, RIGHT_TO_LEFT, END = "\u2066", "\u200f", "\u2069"
FOREIGN = Text("A sentence for {name} that no catalogue has", {"name": "Oak"})


def msgids() -> set[str]:
    with TEMPLATE.open("rb") as file:
        return {str(each) for message in read_po(file) if message.id for each in forms(message.id)}


def forms(one_or_more) -> tuple[str, ...]:
    """A sentence, or for one that counts, all its forms."""
    return one_or_more if isinstance(one_or_more, tuple) else (one_or_more,)


def test_the_template_has_every_sentence_of_the_code() -> None:
    keywords = {"Text": None, "counted": (1, 2)}
    said = {
        str(each)
        for room in ROOMS
        for found in extract_from_dir(HOUSE / room, [("**.py", "python")], keywords=keywords)
        for each in forms(found[2])
    }

    assert said == msgids(), f"Extract again: the command is at the head of {TEMPLATE.name}"


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda source: source.parts[-3])
def test_a_translation_keeps_its_placeholders(source: Path) -> None:
    with source.open("rb") as file:
        translated = [message for message in read_po(file) if message.id and message.string]

    assert translated
    for message in translated:
        # A form for one may leave its number out, where the English one does.
        may_be = [sorted(PLACEHOLDER.findall(each)) for each in forms(message.id)]
        for form in forms(message.string):
            assert sorted(PLACEHOLDER.findall(form)) in may_be, message.id


def test_a_form_for_several_is_made_where_whoever_collects_sentences_finds_it() -> None:
    by_name = [
        path.as_posix()
        for room in ROOMS
        for path in sorted((HOUSE / room).rglob("*.py"))
        if re.search(r"\bplural=", path.read_text("utf-8"))
    ]

    assert by_name == [], "use `counted`: Babel reads no arguments by name"


@pytest.mark.parametrize(
    ("lang", "count", "said"),
    [
        *(("pl", 1, "Są dowody z ostatniego dnia."), ("pl", 30, "Są dowody z ostatnich 30 dni.")),
        *(("ro", 7, "Există dovezi din ultimele 7 zile."), ("ro", 30, "Există dovezi din ultimele 30 de zile.")),
        *(
            ("ar", 2, "توجد أدلة من اليومين الماضيين."),
            ("ar", 30, "توجد أدلة من آخر 30 يومًا."),
            ("ar", 7, "توجد أدلة من آخر 7 أيام."),
        ),
    ],
)
def test_a_count_is_said_as_its_language_counts(lang: str, count: int, said: str) -> None:
    one, many = "There is evidence from the last day.", "There is evidence from the last {count} days."
    days = counted(one, many, {"count": count})

    assert translator(lang)(days) == said


# Staff read English: what is said to them alone is in these files, and may wait where a school's staff all do.
STAFF_ALONE = re.compile(
    r"bot/commands/|bot/channels/slack/|bot/channels/email/send|bot/storage/|bot/(settings|served|library|school_file)|"
    r"bot/desk/(agreements|alerts|cases|classes|counting|coverage|digesting|editions|found|hands|identity|inbox|keypage|knowing|"
    r"lessons|locksmith|lowlevel|papers|pictures|polls|previewing|programme|revisiting|routed|sending|sent|sharing|"
    r"sites|sorting|steps|teaching)\.|curriculum/|lessons/(assemblies|cards|digests|helping|knowing|quiz|revisiting|sign_roll|slides|"
    r"starters)|safeguarding/(alert_intake|alerts|cards|cases|identity|keyring|lowlevel|sharing)|"
    r"staff/(addresses|finds|sites|weighing)|school/school|parents/(moving_up|pupil_lists)"
)
# What came with the staff's half of the policy: an English school's staff read it in English, whatever its families do.
STAFF_LATER = re.compile(
    r"bot/commands/(own_policy|policy|register_csv|registers|signoffs|training)|"
    r"bot/desk/(asking_for|breaches|cards|cpd|devices|evidence|evidence_outside|evidence_sheet|glance|guidance|"
    r"home|inset_pack|ladder|meetings|needs|offices|policy|pressing|register_forms|register_words|registers|"
    r"release_words|reminding|request_words|requests|role_list|roll_page|rolls|searching|signed_words|signing|"
    r"slash|todo|training|training_roll|whatnow|who|year_words|yearly)\.|"
    r"staff/(approving|cpd|deciding|devices|duties|inset|meetings|named_parts|needs|people_roll|register_|"
    r"registers|request_|requests|risks|signing|training|versions)|"
    r"bot/approver_file|bot/commands/guidance|bot/delivery/notice_buttons|staff/releases"
)
ALL_OF_IT = ("ar", "pl", "ro", "ur")


def may_wait(place: str, lang: str) -> bool:
    """Whether a sentence of a file may still be English in a language."""
    return bool(STAFF_LATER.match(place) or (lang not in ALL_OF_IT and STAFF_ALONE.match(place)))


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda source: source.parts[-3])
def test_families_and_pupils_read_no_sentence_in_english_that_their_language_could_say(source: Path) -> None:
    with TEMPLATE.open("rb") as file:
        asked = [
            forms(message.id)[0]
            for message in read_po(file)
            if message.id and not all(may_wait(place, source.parts[-3]) for place, _ in message.locations)
        ]
    with source.open("rb") as file:
        said = {forms(message.id)[0] for message in read_po(file) if message.id and all(forms(message.string))}

    assert [each for each in asked if each not in said] == []


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda source: source.parts[-3])
def test_a_catalogue_says_that_it_awaits_review(source: Path) -> None:
    assert "not yet reviewed by a native speaker" in source.read_text(encoding="utf-8").split("msgid", 1)[0]


def said_from_right_to_left() -> list[tuple[str, str]]:
    """Where and what: every translated sentence, and every line of the open form's own pages."""
    said = []
    for lang in ("ar", "ur"):
        with (LOCALE / lang / "LC_MESSAGES" / "lollipop.po").open("rb") as file:
            found = [message for message in read_po(file) if message.id and message.string]
            said += [(lang, form) for message in found for form in forms(message.string)]
        folders = ("safeguarding/content", "parents/content", "lessons/content")
        for page in sorted(found for folder in folders for found in (HOUSE / folder).rglob(f"*.{lang}.md")):
            body = page.read_text(encoding="utf-8").split("---\n", 2)[2]
            said += [(page.name, line.lstrip("-* ")) for line in body.splitlines() if line]
    return said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_translated_page_has_the_numbers_and_addresses_of_the_english_one(page: Path) -> None:
    name, _, _ = page.name.split(".")
    english = page.with_name(f"{name}.en.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    words = page.read_text(encoding="utf-8").split("---\n", 2)[2]

    for told in TO_TURN_TO.findall(english):
        assert told in words, told


def test_amina_reads_childlines_number_in_its_order() -> None:
    for where, words in said_from_right_to_left():
        for found in KEPT_TOGETHER.finditer(words):
            assert words[found.start() - 1] == LEFT_TO_RIGHT, (where, words)
            assert END in words[found.end() :], (where, words)


def test_a_line_that_begins_with_a_latin_name_still_runs_from_right_to_left() -> None:
    for where, words in said_from_right_to_left():
        outside = re.sub(f"{LEFT_TO_RIGHT}[^{END}]*{END}", "", PLACEHOLDER.sub("Oak", words))
        strong = [unicodedata.bidirectional(char) for char in outside]
        first = next((way for way in strong if way in {"L", "R", "AL"}), "")

        assert first != "L" or "AL" not in strong, (where, words)


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
