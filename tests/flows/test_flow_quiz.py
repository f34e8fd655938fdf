"""A newsletter's quiz on Telegram: asked as a poll without names, answered, and counted."""

from datetime import UTC, datetime

import pytest

from tests.flows.rig import MARTA, SAM


def polls(rig, person):
    return [each for each in rig.telegram.snapshot(person)["messages"] if each["kind"] == "poll"]


async def joined(rig, person):
    rig.telegram.start(person, rig.invite)
    await rig.tap(person, "English")
    await rig.tap(person, "Yes, join")
    await rig.until(lambda: "Thank you for joining" in str(rig.chat(person)))


def counted(rig):
    with rig.product.house.units.read("oakfield") as unit:
        return sorted((each.page, each.question, each.answers, each.right) for each in unit.tallies.quizzes())


@pytest.mark.clause(20)
async def test_marta_and_sam_answer_a_quiz_and_the_school_has_a_count_and_no_names(school):
    async with school() as rig:
        rig.clock.move_to(datetime(2026, 12, 1, 17, 0, tzinfo=UTC))
        for person, chosen in ((MARTA, 0), (SAM, 1)):
            rig.telegram.say(person, "/quiz")
            await rig.until(lambda person=person: polls(rig, person))
            message = polls(rig, person)[-1]
            rig.telegram.vote(person, message["message_id"], [chosen])
        # A count for each language, since the words are not the same.
        await rig.until(lambda: counted(rig) == [("newsletter-2026-12", 1, 1, 0), ("newsletter-2026-12", 1, 1, 1)])

        asked = polls(rig, MARTA)[-1]["poll"]
        assert (asked["type"], asked["is_anonymous"], asked["correct_option_ids"]) == ("quiz", True, [0])
        assert asked["explanation"].startswith("Wtedy pierwszy dzień może być po prostu radosny.")

        label = next(label for label in rig.buttons(MARTA) if "2" in label)
        await rig.tap(MARTA, label)
        await rig.until(lambda: len(polls(rig, MARTA)) == 2)
        assert polls(rig, MARTA)[-1]["poll"]["question"].startswith("Dlaczego wiele dzieci milczy")


@pytest.mark.clause(15, 17)
async def test_marta_s_newsletter_comes_with_its_buttons_and_they_are_the_same_for_sam(school):
    async with school() as rig:
        for person in (MARTA, SAM):
            await joined(rig, person)
        rig.clock.move_to(datetime(2026, 12, 1, 16, 30, tzinfo=UTC))
        await rig.settle()
        await rig.until(lambda: "New devices" in rig.chat(MARTA)[-1] and "New devices" in rig.chat(SAM)[-1])

        hers, his = rig.buttons(MARTA), rig.buttons(SAM)
        assert list(hers) == [
            *("Try the quiz", "See the lesson"),
            *("Ask the school", "What to do if ..."),
            "Tell us about a worry",
        ]
        assert {label: data for label, (_, data) in hers.items()} == {label: data for label, (_, data) in his.items()}

        page = (await rig.web.get("/news/newsletter-2026-12")).text
        assert "1. When is a good time to set up a new tablet or phone?" in page
        assert page.count("<details") == 4
        assert "www.internetmatters.org: 29/11/2026" in page
        assert 'href="/lessons/lesson-y3-wellbeing-1/home"' in page
        picture = await rig.web.get("/pictures/newsletter-2026-12")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
        assert 'alt="A tablet with a star on its screen' in page
        assert (await rig.web.get("/pictures/newsletter-2027-01")).status_code == 404
        assert "What is the number for?" in (await rig.web.get("/lessons/lesson-y3-wellbeing-1/home")).text

        await rig.tap(MARTA, "See the lesson")
        await rig.until(lambda: "What is the number for?" in rig.chat(MARTA)[-1])
        message, data = hers["Try the quiz"]
        rig.telegram.tap(MARTA, message, data)
        await rig.until(lambda: polls(rig, MARTA))
        assert "When is a good time to set up" in polls(rig, MARTA)[-1]["poll"]["question"]
