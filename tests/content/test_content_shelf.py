"""Whoever asks for a page gets it in the best language there is."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from curriculum import load_framework
from pages import (
    ContentFaults,
    Fault,
    LessonFront,
    NewsletterFront,
    NoSuchPageError,
    NoSuchPartError,
    Shelf,
    load_shelf,
)
from school.words import Refusal
from tests.content.desk_of_an_author import NEWSLETTER, lesson, write

HOUSE = Path(__file__).parents[2]
ROOTS = [HOUSE / room / "content" for room in ("lessons", "parents", "safeguarding")]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    write(tmp_path, "kind-words.en.md", NEWSLETTER)
    write(
        tmp_path,
        "kind-words.pl.md",
        NEWSLETTER.replace("Kind words online", "Miłe słowa").replace("## At home", "## W domu {#at-home}"),
    )
    write(tmp_path, "strong-passwords.en.md", lesson())
    return load_shelf([tmp_path])


def test_a_polish_parent_reads_polish_and_english_where_there_is_none(shelf: Shelf) -> None:
    assert shelf.get("kind-words", "pl").document.title == "Miłe słowa"
    assert shelf.get("kind-words", "pl-PL").lang == "pl"
    assert shelf.get("kind-words", "ur").lang == "en"
    assert shelf.get("strong-passwords", "pl").lang == "en"


def test_a_translator_names_a_part_as_the_english_page_does(shelf: Shelf) -> None:
    part = shelf.get("kind-words", "pl").part("at-home")

    assert part.title == "W domu"
    assert part.lang == "pl"
    assert shelf.get("kind-words", "pl").reading_age is None


def test_a_teacher_who_asks_for_a_page_that_is_gone_is_told_so(shelf: Shelf) -> None:
    with pytest.raises(NoSuchPageError) as caught:
        shelf.get("strong-paswords", "en")

    assert isinstance(caught.value, Refusal)
    assert str(caught.value) == "That page isn't here any more."


def test_a_developer_who_asks_for_a_part_that_is_not_there_is_told_which_are(shelf: Shelf) -> None:
    with pytest.raises(NoSuchPartError, match=r"“kind-words” has no part “hook”\. It has: at-home\."):
        shelf.get("kind-words", "en").part("hook")


def test_a_teacher_gets_the_parts_of_a_lesson_by_name(shelf: Shelf) -> None:
    page = shelf.get("strong-passwords", "en")

    assert isinstance(page.front, LessonFront)
    assert page.front.quiz[0].options == ("My friends", "My parent, or carer", "No")
    assert list(page.parts)[:3] == ["card", "safe-teaching", "hook"]
    assert "send-and-eal" in page.parts
    assert page.part("support-and-stretch").title == "Support and stretch"
    assert (page.version, page.kind) == (2, "lesson")


def test_an_office_lists_each_page_once(shelf: Shelf) -> None:
    assert [(page.id, page.lang) for page in shelf.all()] == [("kind-words", "en"), ("strong-passwords", "en")]
    assert [(page.id, page.lang) for page in shelf.all("newsletter", "pl")] == [("kind-words", "pl")]
    assert shelf.langs("kind-words") == ("en", "pl")
    assert shelf.langs("nothing") == ()
    assert len(shelf) == 3


def test_a_school_puts_its_own_page_in_place_of_ours(tmp_path: Path) -> None:
    write(tmp_path, "ours/kind-words.en.md", NEWSLETTER)
    write(tmp_path, "theirs/anything.en.md", NEWSLETTER.replace("Kind words online", "Oak Hill says hello"))
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"

    assert load_shelf([ours, theirs]).get("kind-words", "en").document.title == "Oak Hill says hello"
    assert load_shelf([ours]).hash != load_shelf([ours, theirs]).hash == load_shelf([theirs]).hash


def test_an_author_may_write_a_question_mark_in_a_list(tmp_path: Path) -> None:
    write(tmp_path, "a.en.md", lesson().replace("[My friends,", "[Who says so?,"))

    front = load_shelf([tmp_path]).get("strong-passwords", "en").front

    assert isinstance(front, LessonFront)
    assert front.quiz[0].options[0] == "Who says so?"
    assert front.quiz[0].ask == "Who may know your password?"


def test_an_author_writes_a_day_as_a_day(shelf: Shelf) -> None:
    front = shelf.get("kind-words", "en").front

    assert isinstance(front, NewsletterFront)
    assert front.send_on.isoformat() == "2026-11-02"
    assert front.years == ("R", 4)


KEYS_AND_BODY = st.builds(lambda keys, body: f"---\n{keys}\n---\n{body}", st.text(), st.text())
PIECES = st.lists(
    st.sampled_from([*NEWSLETTER.splitlines(keepends=True), *"[]{}&*!|>:-?#\"'`<_\n\t ", "page:", "]("])
).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(), KEYS_AND_BODY, PIECES, PIECES.map(lambda body: NEWSLETTER + body), st.binary()))
@example(text="---\na: " + "[" * 5000 + "\n---\n")
@example(text="---\nid: kind-words\n? [a, b]\n: c\n---\n")
@example(text='---\nid: "\\ud800"\nkind: story\ntitle: a\nversion: 1\nreader: staff\n---\n')
@example(text=NEWSLETTER + "> " * 500 + "deep")
@example(text=NEWSLETTER + "*" * 5000)
@example(text=NEWSLETTER + "[" * 3000)
def test_an_author_who_writes_anything_at_all_gets_a_page_or_a_report(text: str | bytes, tmp_path: Path) -> None:
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    path = write(tmp_path, "any.en.md", raw)

    found: tuple[Fault, ...] = ()
    try:
        load_shelf([tmp_path])
    except ContentFaults as faults:
        found = faults.faults

    lines = raw.count(b"\n") + raw.count(b"\r") + 1
    assert all(fault.path == path and 1 <= fault.line <= lines for fault in found)


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.parent.name)
def test_a_reader_of_our_own_pages_meets_no_fault(root: Path) -> None:
    strands = {strand.id for strand in load_framework().strands}

    load_shelf(ROOTS, known_strands=strands)

    assert any(root.rglob("*.md"))
