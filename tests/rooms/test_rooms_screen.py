from pathlib import Path

import pytest

from lessons import screens
from pages import LessonFront, load_shelf, plain_text

LESSONS = Path(__file__).resolve().parents[2] / "lessons" / "content"
PAGES = load_shelf([LESSONS], ages=False).all(kind="lesson")


def shown(page) -> str:
    found = screens(page.parts, page.front.quiz)
    return "\n".join(plain_text(screen.document) for screen in found if screen.document)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_oak_reads_no_direction_and_no_expected_answer_on_the_big_screen(page):
    words = shown(page)

    assert "Expect" not in words
    assert "(step)" not in words
    assert [item.why for item in page.front.quiz if item.why in words] == []
    assert isinstance(page.front, LessonFront)
    for direction in ("Draw a big door", "Give each group", "Heads down", "Ask each child", "Read the story"):
        assert direction not in words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_oak_has_each_question_of_the_exit_check_on_a_screen_of_its_own(page):
    found = screens(page.parts, page.front.quiz)

    assert [screen.question for screen in found if screen.question] == list(page.front.quiz)
    assert [screen.number for screen in found if screen.question] == list(range(1, len(page.front.quiz) + 1))
    assert all((screen.document is None) != (screen.question is None) for screen in found)


def test_oak_reads_what_is_said_to_them_and_the_questions_of_the_recall():
    (page,) = (page for page in PAGES if page.id == "lesson-y4-privacy-1")

    words = shown(page)

    assert "Imagine the front door of a house in a story." in words
    assert 'What does "personal information" mean?' in words.replace("“", '"').replace("”", '"')
    assert "things about me, such as my name" not in words
