from datetime import UTC, datetime

import pytest

from curriculum import Hands, NothingPlannedError, Outcome, Planned, Reason, Taught, chosen, next_lesson
from school.people import YearGroup
from school.school import CatchUp

FOUR = YearGroup(4)
HALVES = ("autumn-1", "autumn-2", "spring-1", "spring-2", "summer-1", "summer-2")
PLAN = tuple(
    Planned(lesson=f"lesson-{number}", strand="privacy", year=FOUR, order=number, half_term=half)
    for number, half in enumerate(HALVES, start=1)
)


def had(number, turn, outcome=Outcome.TAUGHT, hands=()):
    return Taught(
        class_id="oak",
        turn=turn,
        lesson=f"lesson-{number}",
        version=1,
        strand="privacy",
        outcome=outcome,
        hands=hands,
        by="amara",
        when=datetime(2026, 11, 23, 9, turn, tzinfo=UTC),
    )


def taught(*numbers):
    return tuple(had(number, turn) for turn, number in enumerate(numbers))


def ask(entries, half_term="autumn-1", plan=PLAN, year=FOUR):
    return next_lesson(plan, taught=entries, half_term=half_term, year=year, class_name="Oak")


@pytest.mark.parametrize(
    ("entries", "half", "lesson", "reason", "why"),
    [
        ((), "autumn-1", 1, Reason.FIRST, "This is Oak's first lesson of the year, so it starts the plan."),
        (
            (had(1, 0), had(2, 1, Outcome.PARTLY)),
            "autumn-2",
            2,
            Reason.AGAIN,
            "Oak began this one and did not finish it, so it comes again before anything new.",
        ),
        (
            taught(1),
            "spring-1",
            2,
            Reason.BEHIND,
            "Oak has had 1 of 6 lessons; by the end of this half-term the plan has 3. This is the one waiting longest.",
        ),
        (
            taught(1),
            "autumn-2",
            2,
            Reason.IN_STEP,
            "Oak has had 1 of 6 lessons and is in step with the plan. This one comes next.",
        ),
        (
            taught(1, 2),
            "autumn-2",
            3,
            Reason.AHEAD,
            "Oak has had 2 of 6 lessons and is ahead of the plan. This one comes next.",
        ),
        (
            taught(1, 2, 3, 4, 5, 6),
            "summer-2",
            1,
            Reason.FINISHED,
            "Oak has had all 6 lessons of the year. This one is worth coming back to.",
        ),
    ],
)
def test_a_teacher_is_told_which_lesson_is_next_and_why(entries, half, lesson, reason, why):
    position = ask(entries, half)

    assert (position.planned.lesson, position.reason, str(position.why)) == (f"lesson-{lesson}", reason, why)


def test_a_teacher_who_finished_a_half_done_lesson_goes_on():
    position = ask((had(1, 0, Outcome.PARTLY), had(1, 1)), "autumn-2")

    assert (position.planned.lesson, position.reason) == ("lesson-2", Reason.IN_STEP)


def test_a_teacher_who_said_not_today_is_offered_the_same_lesson_as_the_first():
    position = ask((had(1, 0, Outcome.NOT_TODAY),))

    assert (position.planned.lesson, position.reason) == ("lesson-1", Reason.FIRST)


def test_a_teacher_who_jumped_ahead_gets_the_lesson_that_was_left_out():
    assert ask(taught(1, 3), "spring-1").planned.lesson == "lesson-2"


def test_a_class_that_has_finished_comes_back_to_what_it_was_least_sure_of():
    unsure = had(4, 3, hands=(Hands((9, 21), right=0),))
    entries = (*taught(1, 2, 3), unsure, had(5, 4, hands=(Hands((28, 2), right=0),)), had(6, 5))

    assert ask(entries, "summer-2").planned.lesson == "lesson-4"


def test_a_teacher_of_a_year_without_lessons_is_told_which_years_have_them():
    with pytest.raises(NothingPlannedError) as refused:
        ask((), year=YearGroup(9))

    assert str(refused.value) == ("There are no lessons for Year 9 yet, so Oak has nothing next. Lessons come for: 4.")


def digest(entries, half_term):
    return next_lesson(PLAN, taught=entries, half_term=half_term, year=FOUR, class_name="Oak", catch_up=CatchUp.DIGEST)


@pytest.mark.parametrize(
    ("numbers", "half", "joined"),
    [
        ((), "summer-2", (1, 2, 3)),
        ((1,), "spring-1", (2, 3)),
        ((1, 3), "spring-2", (2, 4)),
        ((1, 2), "spring-1", ()),
        ((), "autumn-1", ()),
    ],
)
def test_a_digest_joins_the_lessons_that_oak_missed_and_none_that_is_still_to_come(numbers, half, joined):
    found = digest(taught(*numbers), half)

    assert tuple(entry.lesson for entry in found.joined) == tuple(f"lesson-{number}" for number in joined)
    assert (found.reason is Reason.SHORT) == bool(joined)
    assert not joined or found.joined[0] == found.planned


def test_whoever_chooses_one_lesson_has_no_digest():
    found = digest((), "summer-2")

    assert found.joined
    assert chosen("lesson-5", plan=PLAN, instead_of=found).joined == ()
    assert ask((), half_term="summer-2").joined == ()


def test_a_class_that_takes_digests_is_in_step_after_as_many_as_it_takes():
    entries, half, taken = (), "summer-2", 0
    while joined := digest(entries, half).joined:
        numbers = [int(entry.lesson.removeprefix("lesson-")) for entry in joined]
        entries += tuple(had(number, len(entries) + place) for place, number in enumerate(numbers))
        taken += 1

    assert (taken, len(entries)) == (2, 6)
