"""A school's events through the real Telegram rig: a notice, a reply with a letter, and none without."""

from datetime import UTC, datetime

import pytest

from bot.commands.sample import SCHOOL, without_phones
from bot.storage import new_id
from parents import Comes, give_out
from tests.flows.rig import AMARA, MARTA, SAM

LETTER = "K7QM4TXP"
EVENING = """
[[events]]
id = "oak-evening"
name = "Parents' evening for Oak"
day = 2026-12-03
starts = 16:00:00
classes = ["oak"]
kind = "parents_evening"
rsvp = true
places = 2
"""


@pytest.fixture
def with_evening(tmp_path):
    """The sample school with an evening for Oak; the demo leaves a school file that is there as it is."""
    sample = without_phones(SCHOOL.format(id="oakfield", name="Oakfield Primary School"))
    (tmp_path / "school.toml").write_text(sample + EVENING, "utf-8")


def give_letter(rig, pupil="OAK-07", code=LETTER):
    with rig.product.house.units.write("oakfield") as unit:
        now = rig.clock.now()
        give_out([pupil], class_id="oak", adults=1, codes=[code], ids=[new_id(now)], children=unit.children, now=now)
        unit.commit()


async def join(rig, person, language="English"):
    rig.telegram.start(person, rig.invite)
    await rig.tap(person, language)
    await rig.until(lambda: len(rig.buttons(person)) == 2)
    await rig.tap(person, next(iter(rig.buttons(person))))
    await rig.until(lambda: "Thank you for joining" in str(rig.chat(person)))


def replies(rig):
    with rig.product.house.units.read("oakfield") as unit:
        return [(each.pupil, each.adults, each.comes) for each in unit.events.replies("oak-evening")]


@pytest.mark.clause(17)
async def test_marta_reads_of_the_evening_in_polish_and_replies_with_her_letter_and_sam_is_told_kindly(
    school, with_evening
):
    async with school() as rig:
        give_letter(rig)
        await join(rig, SAM)
        rig.telegram.say(MARTA, "/agree K7QM-4TXP")
        await rig.tap(MARTA, "Polski")
        await rig.until(lambda: len(rig.buttons(MARTA)) == 2)
        await rig.tap(MARTA, next(iter(rig.buttons(MARTA))))
        await rig.until(lambda: len(rig.buttons(MARTA)) == 1)

        rig.clock.move_to(datetime(2026, 11, 26, 16, 30, tzinfo=UTC))
        await rig.settle()
        await rig.until(lambda: "czwartek, 3 grudnia 2026" in rig.chat(MARTA)[-1])
        await rig.until(lambda: "Thursday, 3 December 2026, 16:00" in rig.chat(SAM)[-1])
        said = len(rig.chat(MARTA))
        await rig.settle()
        assert len(rig.chat(MARTA)) == said, "planned twice, sent once"

        rig.telegram.tap(SAM, *newest(rig, SAM))
        await rig.until(lambda: "you need the letter from the school office" in rig.chat(SAM)[-1])
        rig.telegram.tap(MARTA, *newest(rig, MARTA))
        await rig.until(lambda: len(rig.chat(MARTA)) > said)
        rig.telegram.tap(MARTA, *newest(rig, MARTA))
        await rig.until(lambda: len(rig.buttons(MARTA)) == 5)
        for _ in range(2):
            rig.telegram.tap(MARTA, *list(rig.buttons(MARTA).values())[1])
            await rig.until(lambda: replies(rig) == [("OAK-07", 2, Comes.YES)])
        with rig.product.house.units.read("oakfield") as unit:
            assert len(unit.evidence.trails(limit=9, clause="C17")["C17"]) == 2  # one notice, one reply

        rig.clock.move_to(datetime(2026, 12, 2, 16, 30, tzinfo=UTC))
        before = len(rig.chat(SAM))
        await rig.settle()
        await rig.until(lambda: "Wiemy od Ciebie, że przyjdziesz" in str(rig.chat(MARTA)))
        assert not any("You told us" in each for each in rig.chat(SAM)[before:])

        await rig.slack.slash(AMARA, "/lollipop", "events", "C0OAK")
        await rig.until(lambda: "adults coming 2, waiting 0" in str(rig.slack.snapshot(AMARA)))


def newest(rig, person):
    """The first button of the newest message that has any."""
    return next(iter(rig.buttons(person).values()))
