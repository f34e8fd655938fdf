"""Amara asks Oak a question again, and chooses another lesson than the next."""

from datetime import UTC, datetime

import pytest

from bot.wire import Show
from curriculum import Hands, Outcome, Taught
from tests.desk.conftest import read

AMARA = "U0AMARA"
MONDAY = datetime(2026, 11, 16, 11, tzinfo=UTC)
PRIVACY = "lesson-y4-privacy-1"
NOBODY = (0, 0, 0, 0)


def had(front_desk, *hands, lesson=PRIVACY, when=MONDAY, outcome=Outcome.TAUGHT):
    """Oak was taught it, with these hands; the right answer is the first."""
    with front_desk.product.house.units.write("oakfield") as unit:
        entry = Taught(
            class_id="oak",
            turn=len(unit.progress.taught("oak")),
            lesson=lesson,
            version=1,
            strand="privacy-and-security",
            outcome=outcome,
            hands=tuple(Hands(counts, 0) for counts in hands),
            by="amara",
            when=when,
        )
        assert unit.progress.record(entry)
        unit.commit()


def entries(front_desk):
    with front_desk.product.house.units.read("oakfield") as unit:
        return unit.progress.taught("oak")


def buttons(answer):
    return {str(choice.label): choice for row in answer.choices for choice in row}


def press(front_desk, answer, label, **more):
    found = buttons(answer)
    assert label in found, list(found)
    chosen = found[label]
    return front_desk(chosen.verb, sender=AMARA, lang="en", **chosen.args, **more)


FIRST = "Two minutes first: Keep it yours: private things and strong…"


@pytest.mark.clause(6)
def test_amara_is_offered_what_oak_was_unsure_of_a_week_ago_before_anything_new(front_desk):
    had(front_desk, (20, 2, 3, 0), (5, 15, 5, 0))

    card = front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"})
    again = press(front_desk, card, FIRST)
    form = press(front_desk, again, "Count hands").form
    kept = front_desk(form.verb, sender=AMARA, lang="en", **form.args, h1_1="22", h1_0="3")

    assert "about a week ago" in read(again)
    assert "Right answer" in read(again)
    assert {field.name for field in form.fields} == {f"h1_{n}" for n in range(4)}
    assert "88 in every 100" in read(kept)
    *_, last = entries(front_desk)
    assert (last.outcome, last.lesson, last.by) == (Outcome.REVISITED, PRIVACY, "amara")
    assert last.hands[0].counts == (0,) * len(last.hands[0].counts)
    assert FIRST not in buttons(front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"}))


def test_amara_who_taps_twice_asks_once(front_desk):
    had(front_desk, (5, 15, 5, 0))
    again = press(front_desk, front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"}), FIRST)

    press(front_desk, again, "Asked, not counted")
    second = press(front_desk, again, "Asked, not counted")

    assert "already marked" in read(second)
    assert len(entries(front_desk)) == 2


def test_amara_reads_on_the_card_what_two_minutes_first_is(front_desk):
    assert "Two minutes first: Oak had something" not in read(lesson_card(front_desk))
    had(front_desk, (5, 15, 5, 0))

    card = lesson_card(front_desk)

    said = read(card)
    assert "Two minutes first: Oak had something some time ago that is worth asking again" in said
    assert said.index("Two minutes first: Oak") < said.index(FIRST)


def lesson_card(front_desk):
    return front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"})


@pytest.mark.parametrize("through", ["the next", "a chosen one"])
def test_amara_goes_back_from_all_lessons_to_the_card_that_she_came_from(front_desk, through):
    card = lesson_card(front_desk)
    if through == "a chosen one":
        others = press(front_desk, card, "Another lesson")
        card = press(front_desk, others, next(label for label in buttons(others) if label.startswith("3. ")))

    back = press(front_desk, press(front_desk, card, "Another lesson"), "Back to the card")

    assert read(back) == read(card)
    assert back.show is Show.REPLACE


def test_amara_s_lesson_is_marked_though_a_question_was_asked_since_its_card_was_shown(front_desk):
    had(front_desk, (5, 15, 5, 0))
    card = lesson_card(front_desk)
    press(front_desk, press(front_desk, card, FIRST), "Asked, not counted")

    form = press(front_desk, card, "Mark as taught").form
    done = [front_desk(form.verb, sender=AMARA, lang="en", **form.args) for _ in range(2)]

    assert "Thank you" in read(done[0])
    assert "already marked" in read(done[1])
    assert [entry.outcome for entry in entries(front_desk)] == [Outcome.TAUGHT, Outcome.REVISITED, Outcome.TAUGHT]


def test_amara_s_position_is_what_it_was_after_a_question_was_asked_again(front_desk):
    had(front_desk, (5, 15, 5, 0))
    before = lesson_card(front_desk)
    again = press(front_desk, before, FIRST)
    press(front_desk, again, "Asked, not counted")

    after = lesson_card(front_desk)

    assert "1 of 8" in read(before)
    assert "1 of 8" in read(after)
    assert buttons(after).keys() == buttons(before).keys() - {FIRST}


def test_amara_is_told_when_the_question_is_no_longer_in_the_lesson(front_desk):
    gone = front_desk("revisit", sender=AMARA, lang="en", c="oak", l=PRIVACY, q="9", g="week", t="0")

    assert "isn't in the library any more" in read(gone)


def test_amara_sees_all_lessons_of_the_year_and_takes_the_one_that_is_needed(front_desk):
    had(front_desk, (25, 0, 0, 0))
    card = front_desk("lesson", sender=AMARA, lang="en", **{"class": "Oak"})

    others = press(front_desk, card, "Another lesson")
    label = next(label for label in buttons(others) if label.startswith("3. "))
    bullying = press(front_desk, others, label)

    said = read(others)
    assert "Keep it yours: private things and strong passwords: taught, and secure" in said
    assert said.count("not yet") == 7
    assert "You chose this one" in read(bullying)
    assert buttons(bullying)["Mark as taught"].args["l"] == "lesson-y4-bullying-1"


def test_marta_may_ask_for_none_of_it(front_desk):
    for verb in ("revisit", "revisit.done", "revisit.hands", "lesson.others", "lesson.this"):
        answer = front_desk(verb, lang="en", c="oak", l=PRIVACY, q="0", t="0")
        assert "Two minutes" not in read(answer)
    assert entries(front_desk) == ()
