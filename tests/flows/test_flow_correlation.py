"""One mark follows what somebody did: through the inbox, the desk, the ledger and the log."""

import json

import pytest
from sqlalchemy import select

from bot.storage.tables import delivery, inbox
from tests.flows.rig import SAM


@pytest.mark.clause(40)
async def test_what_sam_tells_can_be_followed_by_one_mark_and_by_none_of_his_words(school):
    async with school() as rig:
        rig.telegram.say(SAM, "Someone keeps hiding my PE kit")
        await rig.until(lambda: "Yes, pass it on" in rig.buttons(SAM))
        await rig.tap(SAM, "Yes, pass it on")
        await rig.until(lambda: "No, or it is about me or another pupil" in rig.buttons(SAM))
        await rig.tap(SAM, "No, or it is about me or another pupil")
        await rig.until(
            lambda: rig.product.ledger.counts().states["planned"] + rig.product.ledger.counts().states["sent"]
        )

        with rig.product.engines.reading() as connection:
            arrived = set(connection.execute(select(inbox.c.correlation)).scalars())
            left = set(connection.execute(select(delivery.c.correlation)).scalars())
        (mark,) = left
        assert mark.startswith("tg")
        assert mark in arrived
        lines = [json.loads(line) for line in rig.logs.getvalue().splitlines()]
        handled = [line for line in lines if line.get("event") == "desk.handled" and line.get("correlation") == mark]
        assert [line["verb"] for line in handled] == ["draft.about"]
        assert "asking me for photos" not in rig.logs.getvalue()
