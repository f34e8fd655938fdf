"""Telegram, which we ask for news or which posts to us."""

import asyncio
import itertools
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import httpx

from bot.playground.telegram import faults as telegram_faults
from bot.wire import Via
from tests.flows.contract.lines import NUMBERS, Desk, Line
from tests.flows.rig import Rig


class TelegramLine(Line):
    """What both ways to Telegram share."""

    via = Via.TELEGRAM
    answer_method = "sendMessage"
    longest = 4_096

    def __init__(self, rig: Rig, desk: Desk, waits: list[float]) -> None:
        super().__init__(rig, desk, waits)
        self.telegram = rig.telegram
        self.queue = self.telegram.bot().updates

    def newcomer(self) -> int:
        number = 7000 + next(NUMBERS)
        self.telegram.add_person(number, f"Pupil {number}", "en")
        return number

    @abstractmethod
    async def delivered(self, sent: int | None) -> int:
        """Wait, or post, until an update is confirmed."""

    async def ask_for_help(self, person: int) -> int:
        return await self.delivered(self.telegram.say(person, "/help"))

    async def say(self, person: int, words: str) -> int:
        self.said.append(words)
        return await self.delivered(self.telegram.say(person, words))

    async def send_picture(self, person: int, words: str) -> int:
        self.said.append(words)
        return await self.delivered(self.telegram.send_photo(person, words))

    def _button(self, person: int, label: str) -> tuple[int, dict[str, Any]]:
        for message in reversed(self.telegram.messages(person)):
            for key in itertools.chain(*message.inline_keyboard):
                if key["text"] == label:
                    return message.message_id, key
        raise AssertionError(f"no button {label!r}")

    async def press(self, person: int, label: str, *, times: int = 1) -> None:
        message, key = self._button(person, label)
        before = len(self.telegram.calls_of("answerCallbackQuery"))
        taps = [self.telegram.tap(person, message, key["callback_data"]) for _ in range(times)]
        for tap in taps:
            await self.delivered(tap)
        await self.rig.until(lambda: len(self.telegram.calls_of("answerCallbackQuery")) >= before + times, seconds=30)

    def tamper(self, person: int, label: str, token: str) -> None:
        self._button(person, label)[1]["callback_data"] = token

    async def again(self, sent: int) -> None:
        self.telegram.redeliver(sent)
        await self.delivered(sent)

    def confirmed(self, sent: int) -> bool:
        return sent not in self.queue.waiting_ids()

    async def until_given_up(self, sent: int) -> None:
        await self.delivered(sent)

    async def send_strange(self) -> bool:
        allowed, self.queue.allowed = self.queue.allowed, None
        try:
            strange = self.queue.add("tree_planted", {"by": {"id": 1}}, 1)
            odd = self.queue.add("message", {"message_id": "not a number", "chat": 3}, 1)
        finally:
            self.queue.allowed = allowed
        await self.delivered(strange)
        await self.delivered(odd)
        return True

    async def say_to_closing_desk(self, person: int, words: str) -> int:
        channel = self.rig.product.telegram
        assert channel
        before = len(self.desk.asked)
        with self.desk.held():
            saying = asyncio.create_task(self.say(person, words))
            await self.desk.asked_again(before)
            stopping = await self._stops(channel)
        await stopping
        assert self.heard(person), "it stopped before the answer was out"
        await channel.start()
        return await saying

    def too_many(self, seconds: int) -> None:
        self.telegram.faults.next(self.answer_method, telegram_faults.TooMany(seconds))

    def server_error(self) -> None:
        self.telegram.faults.next(self.answer_method, telegram_faults.ServerError(503))

    def heard(self, person: int) -> list[str]:
        return [f"{each.text} {each.markup}" for each in self.telegram.messages(person) if each.by_bot]

    def told(self, person: int) -> str:
        return f"{self.heard(person)} {self.telegram.snapshot(person)['toasts']}"

    def downloads(self) -> Sequence[object]:
        return [*self.telegram.file_requests, *self.telegram.calls_of("getFile")]

    def secrets(self) -> list[str]:
        token = self.telegram.bot().token
        return [each for each in (token, token.partition(":")[2], self.queue.webhook.secret_token) if each]


class Polling(TelegramLine):
    """We ask Telegram for news."""

    name = "polling"

    async def delivered(self, sent: int | None) -> int:
        assert sent is not None
        await self.rig.until(lambda: self.confirmed(sent), seconds=30)
        return sent

    async def say_as_line_breaks(self, person: int, words: str) -> int:
        # The confirming call is cut before it is heard; the next fetches a second message and is cut in its answer.
        drops = [telegram_faults.Drop(carried_out=False), telegram_faults.Drop(carried_out=True)]
        for drop in drops:
            self.telegram.faults.next("getUpdates", drop)
        sent = self.telegram.say(person, words)
        self.said.append(words)
        await self.rig.until(lambda: self.telegram.faults.planted == [], seconds=30)
        await self.ask_for_help(self.newcomer())
        return await self.delivered(sent)


class Webhook(TelegramLine):
    """Telegram posts to us."""

    name = "webhook"

    async def at_once_again(self) -> None:
        """Everything that is in hand is posted a second time."""
        await self.telegram.deliver_webhook()

    async def delivered(self, sent: int | None) -> int:
        assert sent is not None
        for _ in range(5):
            if self.confirmed(sent):
                break
            await self.telegram.deliver_webhook()
        assert self.confirmed(sent)
        return sent

    async def say_as_line_breaks(self, person: int, words: str) -> int:
        self.said.append(words)
        sent = self.telegram.say(person, words)
        assert sent is not None
        before = len(self.desk.asked)
        with self.desk.held():
            async with httpx.AsyncClient(timeout=0.5, trust_env=False) as hasty:
                (attempt,) = await self.telegram.deliver_webhook(client=hasty)
            await self.desk.asked_again(before)
        assert attempt.status is None
        return await self.delivered(sent)
