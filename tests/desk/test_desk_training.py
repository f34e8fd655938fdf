"""Training in Slack: Amara reads a module step by step, answers its questions, and finds her place again."""

import pytest

from school.people import Role
from staff import DutyState, Sort
from tests.desk.conftest import read
from tests.desk.test_desk_revisits import buttons
from tests.desk.test_desk_todo import MORNING, evidence, holder, round_on, tap

REPORTING = "When a child tells you, and when you see it"


def duties(desk, sort=Sort.MODULE):
    with desk.product.house.units.read("oakfield") as unit:
        return unit.duties.of(sort)


def duty_of(desk, person, subject):
    return next(each for each in duties(desk) if (each.person, each.subject) == (person.id, subject))


def opened(desk, person, title):
    return tap(desk, person.slack, desk("training", sender=person.slack, lang="en", topic="training"), title)


@pytest.mark.clause(21, 4)
def test_amara_reads_a_module_step_by_step_and_answers_its_questions(front_desk):
    amara = holder(front_desk, Role.ESAFETY_LEAD)
    round_on(front_desk, MORNING)

    card = opened(front_desk, amara, REPORTING)
    assert "step 1 of 4" in read(card)
    for number in (2, 3, 4):
        card = tap(front_desk, amara.slack, card, "Next")
        assert f"step {number} of 4" in read(card)
    card = tap(front_desk, amara.slack, card, "To the questions")
    assert "question 1 of 4" in read(card)
    wrong = tap(front_desk, amara.slack, card, "Yes, so that they trust me")
    assert "Better: I can't keep it secret, but I'll only tell people who can help." in read(wrong)
    assert "A promise of secrecy cannot be kept" in read(wrong)
    card = tap(front_desk, amara.slack, wrong, "Next question")
    for right in ("Don't look, stay calm, and tell the safeguarding lead at once", "Tell me what happened."):
        said = tap(front_desk, amara.slack, card, right)
        assert "Right: " in read(said)
        card = tap(front_desk, amara.slack, said, "Next question")
    done = tap(front_desk, amara.slack, card, "Tell the head, as a low-level concern")

    assert "Done: 3 of 4 right" in read(done)
    duty = duty_of(front_desk, amara, "module-reporting")
    assert (duty.said, duty.said_by, duty.right) == (DutyState.DONE, amara.id, 3)
    for clause in ("C4", "C21", "C26", "C59"):
        assert evidence(front_desk, clause) == [("module.done", "module-reporting, 2026: done")]
    assert REPORTING not in buttons(front_desk("training", sender=amara.slack, lang="en"))
