"""What stands beside a message in the demo is the school's time, and what the protocols carry is the machine's."""

import time
from datetime import UTC, datetime

from bot import demo
from bot.clock import MachineClock, SetClock

CAMPAIGN = datetime(2027, 2, 9, 16, tzinfo=UTC)


class Product:
    app = staticmethod(lambda scope, receive, send: None)


def test_amara_and_sam_see_the_school_clock_beside_what_they_wrote() -> None:
    slack, telegram = demo.worlds()
    demo.playground_over(Product, slack, telegram, SetClock(CAMPAIGN), invite="")

    written = slack.post(slack.dm("U0AMARA"), "U0AMARA", "Hello")
    bot = telegram.bot()
    sent = telegram.post(
        bot, telegram.private_chat(bot, telegram.people[demo.SAM]), telegram.people[demo.SAM].json(), text="Hello"
    )

    assert slack.snapshot("U0AMARA")["channels"][-1]["messages"][-1]["at"] == CAMPAIGN.isoformat()
    assert telegram.snapshot(demo.SAM)["messages"][-1]["date"] == CAMPAIGN.isoformat()
    assert abs(float(written.ts) - time.time()) < 600
    assert abs((sent.date - MachineClock().now()).total_seconds()) < 600
