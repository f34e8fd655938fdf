"""A demo that is started once more: its chats begin anew, and the school does not take them for the last time's."""

from datetime import UTC, datetime

import pytest

from bot import demo
from bot.clock import SetClock


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch):
    """The demo's worlds as they begin at an instant."""

    def at(second: int):
        monkeypatch.setattr(demo, "MachineClock", lambda: SetClock(datetime(2026, 11, 28, 9, 0, second, tzinfo=UTC)))
        return demo.worlds()

    return at


def test_nothing_of_a_second_start_is_numbered_like_anything_of_the_first(started) -> None:
    (slack, telegram), (slack_again, telegram_again) = started(0), started(59)
    (bot,), (bot_again,) = telegram.bots.values(), telegram_again.bots.values()

    triggers = {slack.new_trigger("U0AMARA") for _ in range(20)}
    assert triggers.isdisjoint(slack_again.new_trigger("U0AMARA") for _ in range(20))
    assert bot_again.updates.next_id - bot.updates.next_id == 59
    assert bot_again.next_message_id - bot.next_message_id == 59
    assert telegram_again.number() - telegram.number() == 59
