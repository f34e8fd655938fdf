"""What Amara sees of a lesson at the desk."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from bot import demo
from bot.channels.email.render import render
from bot.channels.slack.views import TITLE_LENGTH, modal
from bot.clock import SetClock
from bot.desk import Reception
from bot.languages import translator
from bot.main import build, load_library
from bot.wire import Incoming, Show, Via
from pages import plain_text
from tests.databases import sqlite_template

__all__ = ["sqlite_template"]

MORNING = datetime(2026, 11, 24, 11, tzinfo=UTC)
AT = {"c": "oak", "l": "lesson-y4-privacy-1", "t": "0"}
RIGHT = "Right answer: C, “My club and the day it meets”. A club and a day say where to find you."


@cache
def ours():
    """The pages are read once for all these people."""
    return load_library()


@pytest.fixture
def school_with(tmp_path, sqlite_template):
    """Ask the desk of a school as somebody on Slack; `public_url` is where its web pages are."""
    products = []

    def built(public_url="https://safe.oakfield.example"):
        shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
        settings = replace(demo.prepare(tmp_path, 8000), public_url=public_url)
        products.append(build(settings, school_clock=SetClock(MORNING), library=ours()))
        desk = Reception(products[0].house)

        def asked(verb, sender="U0AMARA", **args):
            return desk.receive(Incoming(school="oakfield", via=Via.SLACK, sender=sender, verb=verb, args=args))

        return asked

    yield built
    for product in products:
        product.counter.close()
        product.engines.close()


def read(answer) -> str:
    return render(answer.document, lang="en").text


def links(answer) -> dict[str, str]:
    return {str(choice.label): choice.href for row in answer.choices for choice in row if choice.href}


def test_amara_has_a_letter_for_each_answer_and_the_right_one_with_its_reason(school_with):
    card = read(school_with()("lesson.step", **AT, n="4"))

    assert "one letter at a time" in card
    lettered = ["A. My favourite animal", "B. The name of a film I like", "C. My club and the day it meets", RIGHT]
    places = [card.index(said) for said in lettered]
    assert places == sorted(places)
    assert "C. Say no and let them help another way" in card
    assert "D. Say no" not in card


def test_amara_counts_hands_under_one_heading_for_each_question(school_with):
    fields = school_with()("lesson.hands", **AT).form.fields

    assert [str(field.label) for field in fields][:5] == [
        "A. My favourite animal",
        "B. The name of a film I like",
        "C. My club and the day it meets",
        "D. My best score in a game",
        "A. My name and my age",
    ]
    headed = [field for field in fields if field.above]
    assert [field.name for field in headed] == ["h0_0", "h1_0", "h2_0"]
    assert "1. Which of these is best kept private?" in plain_text(headed[0].above)
    assert RIGHT in plain_text(headed[0].above)


def test_amaras_form_says_each_question_once_and_before_its_boxes(school_with):
    form = school_with()("lesson.hands", **AT).form

    view = modal(form, translate=translator("en"), mint=lambda choice: choice.verb)

    drawn = str(view["blocks"])
    assert drawn.count("Which of these is best kept private?") == 1
    assert drawn.index("Which of these is best kept private?") < drawn.index("A. My favourite animal")
    assert drawn.index("D. My best score in a game") < drawn.index("2. Which makes the strongest password?")


@pytest.mark.parametrize("times", [1, 2])
def test_what_amara_reads_when_a_lesson_is_marked_has_a_short_title_and_the_lessons_whole_name(school_with, times):
    ask = school_with()

    for _ in range(times):
        done = ask("lesson.taught", **AT, h0_2="20")

    assert done.show is Show.REPLACE
    assert len(str(done.document.title)) <= TITLE_LENGTH
    assert "“Keep it yours: private things and strong passwords”" in read(done)


def test_amara_opens_what_pupils_may_see_from_the_card_and_from_each_step(school_with):
    ask = school_with()

    there = {"Open on the big screen": "https://safe.oakfield.example/lessons/lesson-y4-privacy-1/present"}
    assert links(ask("lesson", **{"class": "Oak"})).items() >= there.items()
    assert links(ask("lesson.step", **AT, n="0")) == there
    assert "Open on the big screen" in read(ask("help"))


def test_amara_takes_slides_notes_and_the_sheet_for_home_from_the_card_alone(school_with):
    ask = school_with()

    rows = [[choice.label.msgid for choice in row] for row in ask("lesson", **{"class": "Oak"}).choices]
    files = {label: href for label, href in links(ask("lesson", **{"class": "Oak"})).items() if "(" in label}

    assert rows[-1] == [
        *("Slides (PPTX)", "Notes with answers (PDF)", "Home sheet (PDF)", "Poster with a code (PDF)"),
        "All papers, in each language",
    ]
    lesson = "https://safe.oakfield.example/lessons/lesson-y4-privacy-1"
    slides, notes, home, poster = files.values()
    assert (home, poster) == (f"{lesson}/home.pdf", f"{lesson}/poster.pdf")
    papers = links(ask("lesson", **{"class": "Oak"}))["All papers, in each language"]
    assert papers.startswith(f"{lesson}/papers/")
    assert (slides, notes) == (f"{papers}/slides.pptx", f"{papers}/notes.pdf"), "what has answers has a ticket"


def test_amara_is_given_no_address_that_only_the_server_itself_could_open(school_with):
    assert links(school_with(public_url="")("lesson", **{"class": "Oak"})) == {}


def test_amara_is_told_what_secure_means_where_she_reads_it(school_with):
    card = read(school_with()("coverage"))

    assert "0 secure" in card
    assert "Secure: at least 80 in every 100 hands went up for the right answer" in card
