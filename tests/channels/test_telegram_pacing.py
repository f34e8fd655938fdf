"""Answers on Telegram take their turn with what is sent there anyway, and pass on what Telegram says about waiting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from telegram_double import AMINA, says, staged

from bot.playground.telegram import TooMany


@dataclass
class Turns:
    """Grants everything, and keeps what was asked and told."""

    taken: list[tuple[str, ...]] = field(default_factory=list)
    told: list[tuple[tuple[str, ...], timedelta]] = field(default_factory=list)

    async def turn(self, keys: Sequence[str]) -> None:
        self.taken.append(tuple(keys))

    async def told_to_wait(self, keys: Sequence[str], wait: timedelta) -> None:
        self.told.append((tuple(keys), wait))


async def test_an_answer_to_amina_takes_its_turn_and_passes_on_a_429():
    turns = Turns()
    async with staged() as stage:
        stage.channel._replies._pace = turns
        stage.desk.answers["words"] = says("Hello")
        stage.world.faults.next("sendMessage", TooMany(7))
        await stage.channel.start()

        stage.world.say(AMINA, "hello")
        await stage.until(stage.shown)

        keys = stage.channel.sender.pacing_keys(str(AMINA))
        assert turns.taken == [keys, keys]
        assert turns.told == [(keys, timedelta(seconds=7))]
