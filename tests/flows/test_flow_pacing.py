"""Answers and news in one house keep to one set of limits."""

from sqlalchemy import select

from bot.playground.slack.faults import TooMany as SlackTooMany
from bot.playground.telegram.faults import TooMany as TelegramTooMany
from bot.storage.clockwork_tables import pacing
from tests.flows.rig import MARTA, PUPIL


def _told_to_wait(rig) -> set[str]:
    """The keys on which a platform has said to wait."""
    with rig.product.engines.reading() as connection:
        blocked = select(pacing.c.key).where(pacing.c.school_id == "oakfield", pacing.c.blocked_until.is_not(None))
        return set(connection.execute(blocked).scalars())


async def test_what_slack_says_of_an_answer_to_a_pupil_holds_for_notices_to_them_and_for_nobody_else(school):
    async with school() as rig:
        rig.slack.faults.next("chat.postMessage", SlackTooMany(1))

        await rig.slack.say(PUPIL, text="Somebody is being mean to me online")

        keys = rig.product.slack.sender.pacing_keys(PUPIL)
        await rig.until(lambda: _told_to_wait(rig) == {keys[-1]})
        await rig.until(lambda: any(each.by_bot for each in rig.slack.dm_messages(PUPIL)))


async def test_what_telegram_says_of_an_answer_to_marta_holds_for_news_to_her_and_for_nobody_else(school):
    async with school() as rig:
        rig.telegram.faults.next("sendMessage", TelegramTooMany(1))

        rig.telegram.start(MARTA, rig.invite)

        keys = rig.product.telegram.sender.pacing_keys(str(MARTA))
        await rig.until(lambda: _told_to_wait(rig) == {keys[-1]})
        await rig.until(lambda: rig.chat(MARTA))
