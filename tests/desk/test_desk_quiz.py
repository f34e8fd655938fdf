"""The quiz that goes with a newsletter: asked one by one, counted without knowing who."""

from datetime import UTC, datetime

import pytest

from bot.wire import Show
from parents import quiz_of


def on(front_desk, *day):
    front_desk.product.house.school_clock.move_to(datetime(*day, 11, tzinfo=UTC))


def tallies(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return [(each.page, each.question, each.lang, each.answers, each.right) for each in unit.tallies.quizzes()]


@pytest.mark.clause(20)
def test_marta_is_asked_one_question_after_another_of_the_newest_newsletter(front_desk):
    front_desk.joined("en")
    on(front_desk, 2026, 12, 2)

    first = front_desk("quiz", lang="en")
    onward = first.choices[0][0]
    second = front_desk(onward.verb, lang="en", **onward.args)
    last = front_desk("quiz", lang="en", p="newsletter-2026-12", q="3")

    assert first.quiz.ask == "When is a good time to set up a new tablet or phone?"
    assert "Nobody sees which answer is yours." in str(first.document)
    assert second.quiz.ask.startswith("Why do many children keep quiet")
    assert second.document is None
    assert last.choices[0][0].verb == "news"


def test_marta_is_told_where_there_is_no_quiz_yet(front_desk):
    on(front_desk, 2026, 9, 3)

    assert "There is no quiz just now." in front_desk.told("quiz", lang="en")
    assert "There is no quiz just now." in front_desk.told("quiz", lang="en", p="newsletter-1999-01")


@pytest.mark.clause(20)
def test_an_answer_is_counted_by_question_and_language_and_leads_to_nobody(front_desk):
    asked = quiz_of("newsletter-2026-12", shelf=front_desk.product.house.shelf, lang="en").items[0]
    right, wrong = asked.options[asked.answer - 1], asked.options[asked.answer % len(asked.options)]

    for chosen in (right, wrong, right, "what nobody offered"):
        said = front_desk("quiz.answered", sender="", ask=asked.ask, chosen=chosen)
        assert said.show is Show.SILENT
    front_desk("quiz.answered", sender="", ask="What was asked before the page was changed?", chosen=right)

    assert tallies(front_desk) == [("newsletter-2026-12", 1, "en", 3, 2)]


def test_no_two_pages_ask_the_same_so_that_an_answer_is_counted_where_it_belongs(front_desk):
    shelf = front_desk.product.house.shelf
    asked = [item.ask for kind in ("newsletter", "campaign") for page in shelf.all(kind) for item in page.front.quiz]

    assert len(asked) > 30
    assert len(set(asked)) == len(asked)


def test_every_newsletter_and_every_message_of_safer_internet_day_has_two_or_three_questions(front_desk):
    shelf = front_desk.product.house.shelf
    sent = [*shelf.all("newsletter"), *(page for page in shelf.all("campaign") if page.id.startswith("sid-2027-"))]
    for_families = [page for page in sent if page.front.reader == "parent"]

    assert len(for_families) == 17
    assert {len(page.front.quiz) for page in for_families} <= {2, 3}
