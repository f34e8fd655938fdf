"""A newsletter's quiz on Telegram: asked as a poll without names, answered, and counted."""

from datetime import UTC, datetime

import pytest

from tests.flows.rig import MARTA, SAM


def polls(rig, person):
    return [each for each in rig.telegram.snapshot(person)["messages"] if each["kind"] == "poll"]


def counted(rig):
    with rig.product.house.units.read("oakfield") as unit:
        return [(each.page, each.question, each.answers, each.right) for each in unit.tallies.quizzes()]


@pytest.mark.clause(20)
async def test_marta_and_sam_answer_a_quiz_and_the_school_has_a_count_and_no_names(school):
    async with school() as rig:
        rig.clock.move_to(datetime(2026, 12, 1, 17, 0, tzinfo=UTC))
        for person, chosen in ((MARTA, 0), (SAM, 1)):
            rig.telegram.say(person, "/quiz")
            await rig.until(lambda person=person: polls(rig, person))
            message = polls(rig, person)[-1]
            rig.telegram.vote(person, message["message_id"], [chosen])
        await rig.until(lambda: counted(rig) == [("newsletter-2026-12", 1, 2, 1)])

        asked = polls(rig, MARTA)[-1]["poll"]
        assert (asked["type"], asked["is_anonymous"], asked["correct_option_ids"]) == ("quiz", True, [0])
        assert asked["explanation"].startswith("Then the first day can be about fun.")

        label = next(label for label in rig.buttons(MARTA) if "2" in label)
        await rig.tap(MARTA, label)
        await rig.until(lambda: len(polls(rig, MARTA)) == 2)
        assert polls(rig, MARTA)[-1]["poll"]["question"].startswith("Why do many children keep quiet")
