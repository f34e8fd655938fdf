from pathlib import Path

import pytest

from lessons import screens
from pages import Document, LessonFront, Paragraph, load_shelf, plain_text, says

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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_oak_meets_the_new_words_where_the_lesson_teaches_and_sees_how_long_each_step_takes(page):
    found = screens(page.parts, page.front.quiz, words=page.front.vocabulary, board=page.front.board)

    (words,) = (screen for screen in found if screen.words)
    assert (words.title, dict(words.words)) == ("Teach", dict(page.front.vocabulary))
    assert words is next(screen for screen in found if screen.title == "Teach")
    minutes = {screen.step: screen.minutes for screen in found}
    assert all(0 < each <= page.front.minutes for each in minutes.values())
    assert set(minutes) <= set(range(1, 7))
    assert [screen.step for screen in found] == sorted(screen.step for screen in found)


def test_oak_has_the_columns_in_sight_while_they_sort_and_not_when_they_are_asked():
    (page,) = (page for page in PAGES if page.id == "lesson-y4-privacy-1")

    found = screens(page.parts, page.front.quiz, board=page.front.board)

    assert {screen.title for screen in found if screen.board} == {"Teach", "Practise"}
    assert {screen.board for screen in found if screen.board} == {("Anyone", "People I trust", "Just me")}


def test_a_part_of_which_oak_sees_only_new_words_keeps_the_teachers_words_beside_them():
    told = Paragraph(says("Act it out."))

    (screen,) = screens({"teach": Document("Teach", (told,))}, (), words={"mine": "it belongs to me"})

    assert (screen.beside, screen.minutes) == ((told,), 0)
