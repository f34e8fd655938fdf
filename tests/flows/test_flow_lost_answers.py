import asyncio

import pytest
from sqlalchemy import func, select

from bot.playground.slack import Stall
from bot.storage.tables import inbox, vault_concern
from tests.flows.rig import PUPIL, SAM


def _offers(rig) -> int:
    return sum("Yes, pass it on" in str(each) for each in rig.slack.dm_messages(PUPIL))


def _concerns(rig) -> int:
    with rig.product.engines.reading() as connection:
        return connection.execute(select(func.count()).select_from(vault_concern)).scalar_one()


def _unanswered(rig) -> int:
    with rig.product.engines.reading() as connection:
        missing = select(func.count()).select_from(inbox).where(inbox.c.answered.is_(None))
        return connection.execute(missing).scalar_one()


@pytest.mark.clause(40)
async def test_a_pupil_whose_words_slack_sends_again_after_a_new_connection_is_answered_once(school):
    async with school() as rig:
        rig.slack.faults.next("chat.postMessage", Stall())
        saying = asyncio.create_task(rig.slack.say(PUPIL, text="Someone keeps writing to me"))
        await rig.until(lambda: rig.slack.faults.stalled)
        await rig.slack.disconnect_sockets()
        await rig.slack.wait_until_connected(timeout=20)

        again = await rig.slack.redeliver()
        rig.slack.faults.release()
        await saying
        await rig.until(lambda: _offers(rig))
        await rig.until(lambda: not _unanswered(rig))
        later = await rig.slack.redeliver()

        assert again.ok
        assert later.ok
        assert _offers(rig) == 1
        assert _concerns(rig) == 1


async def test_sam_and_a_pupil_leave_nothing_unanswered_behind(school):
    async with school() as rig:
        rig.telegram.say(SAM, "Someone keeps writing to me")
        await rig.slack.slash(PUPIL, "/report")
        await rig.until(lambda: rig.slack.modal(PUPIL))
        await rig.slack.submit(PUPIL, values={"year": "12"})
        await rig.until(lambda: rig.chat(SAM))
        await rig.tap(SAM, "No, throw it away")

        await rig.until(lambda: not _unanswered(rig))
