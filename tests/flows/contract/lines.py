"""What people and platforms do, said once for the four ways in which Lollipop is connected.

A `Line` is one way: Socket Mode, signed HTTP, polling or webhook. It speaks to the stand-ins alone.
"""

import asyncio
import contextlib
import itertools
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import Any

import httpx
from sqlalchemy import select

from bot.playground.slack import faults as slack_faults
from bot.playground.telegram import faults as telegram_faults
from bot.storage.tables import delivery, vault_concern
from bot.wire import Via
from tests.flows.rig import Rig

NUMBERS = itertools.count(1)
UNHURRIED_SECONDS = 30.0
"""How long Slack's stand-in waits for an acknowledgement where a test is not about that: machines can be busy."""


@dataclass
class Desk:
    """The school's desk with a gate in front of it: what has been asked of it, and a way to keep it waiting."""

    rig: Rig
    asked: list[str] = field(default_factory=list)
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._open.set()
        counter = self.rig.product.counter
        counter.ask = partial(self._ask, counter.ask)  # type: ignore[method-assign]

    async def _ask(self, ask, incoming):
        self.asked.append(incoming.verb)
        await self._open.wait()
        return await ask(incoming)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Whoever asks now waits until the block has ended."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    async def asked_again(self, before: int) -> None:
        """Wait until somebody has asked for more than `before` times."""
        await self.rig.until(lambda: len(self.asked) > before)


class Line(ABC):
    """One way of being connected. A person is an id of the platform's; `sent` is what it can deliver again."""

    name: str
    via: Via
    answer_method: str
    """How the channel answers words in a private chat."""
    longest: int
    """The characters that a person may send in one message."""

    def __init__(self, rig: Rig, desk: Desk, waits: list[float]) -> None:
        self.rig, self.desk, self.waits = rig, desk, waits
        self.said: list[str] = []
        self.logged: Callable[[], str] = str

    # What people do

    @abstractmethod
    def newcomer(self) -> Any:
        """Somebody whom Lollipop has never met."""

    @abstractmethod
    async def ask_for_help(self, person: Any) -> Any:
        """Type the command for help."""

    @abstractmethod
    async def say(self, person: Any, words: str) -> Any:
        """Write to the bot; back once the platform has delivered it as often as it does by itself."""

    @abstractmethod
    async def send_picture(self, person: Any, words: str) -> Any:
        """Send a picture with words."""

    @abstractmethod
    async def press(self, person: Any, label: str, *, times: int = 1) -> None:
        """Press the newest button with this label, so often at once; back when every press was acknowledged."""

    @abstractmethod
    def tamper(self, person: Any, label: str, token: str) -> None:
        """What the button holds is changed, as somebody else's programme would."""

    # What the platform does

    @abstractmethod
    async def again(self, sent: Any) -> None:
        """Deliver the same thing once more, as the platform does."""

    @abstractmethod
    def confirmed(self, sent: Any) -> bool:
        """Whether the platform may forget it."""

    @abstractmethod
    async def until_given_up(self, sent: Any) -> None:
        """Deliver it as often as it takes to have it parked: three times."""

    @abstractmethod
    async def send_strange(self) -> bool:
        """Something of a kind that did not exist when this was written; whether it was acknowledged."""

    @abstractmethod
    async def say_as_line_breaks(self, person: Any, words: str) -> Any:
        """The line breaks while the desk has it in hand, and the platform delivers it again over a new one."""

    @abstractmethod
    async def say_to_closing_desk(self, person: Any, words: str) -> Any:
        """The channel is stopped while the desk has it in hand, and started again."""

    @abstractmethod
    def too_many(self, seconds: int) -> None:
        """The platform answers the next answer with 429."""

    @abstractmethod
    def server_error(self) -> None:
        """The platform answers the next answer with 503, and does not show it."""

    @staticmethod
    async def _stops(channel: Any) -> asyncio.Task[None]:
        stopping = asyncio.create_task(channel.stop())
        done, _ = await asyncio.wait({stopping}, timeout=0.3)
        assert not done, "it stopped before what it had in hand was finished"
        return stopping

    # What can be seen

    @abstractmethod
    def heard(self, person: Any) -> list[str]:
        """What the bot has said to somebody, buttons and all."""

    @abstractmethod
    def told(self, person: Any) -> str:
        """Everything somebody can read, in their window's own hints too."""

    @abstractmethod
    def downloads(self) -> Sequence[object]:
        """Every attempt to get at a file."""

    @abstractmethod
    def secrets(self) -> list[str]:
        """What no log may hold."""

    async def heard_from(self, person: Any, times: int = 1) -> None:
        """Wait until the bot has said so much."""
        await self.rig.until(lambda: len(self.heard(person)) >= times, seconds=30)

    def kept(self, person: Any) -> list[Any]:
        """The rows of what somebody said and the vault holds, still sealed."""
        house = self.rig.product.house
        mark = house.vault.sender("oakfield", via=self.via, address=str(person))
        with self.rig.product.engines.reading() as connection:
            return list(connection.execute(select(vault_concern).where(vault_concern.c.sent_from == mark)).all())

    def notices_of(self, reference: str) -> list[str]:
        """Whom the notices about a concern are for."""
        with self.rig.product.engines.reading() as connection:
            rows = connection.execute(select(delivery.c.recipient, delivery.c["values"])).all()
        return [row.recipient for row in rows if row._mapping["values"].get("reference") == reference]


class SlackLine(Line):
    """What both ways to Slack share."""

    via = Via.SLACK
    answer_method = "chat.postMessage"
    longest = 40_000

    def __init__(self, rig: Rig, desk: Desk, waits: list[float]) -> None:
        super().__init__(rig, desk, waits)
        self.slack = rig.slack

    def newcomer(self) -> str:
        number = next(NUMBERS)
        return self.slack.add_user(f"U1NEW{number:03}", f"Pupil {number}", is_pupil=True).id

    async def ask_for_help(self, person: str) -> Any:
        kept: list[Any] = []
        send = self.slack.command

        async def command(payload):
            kept.append(payload)
            return await send(payload)

        self.slack.command = command  # type: ignore[method-assign]
        try:
            ack = await self.slack.slash(person, "/lollipop", "help")
        finally:
            self.slack.command = send  # type: ignore[method-assign]
        assert ack.ok
        return kept[0]

    async def say(self, person: str, words: str) -> Any:
        self.said.append(words)
        await self.slack.say(person, text=_as_slack_sends(words))
        return self.slack.deliveries[-1]

    async def send_picture(self, person: str, words: str) -> Any:
        self.said.append(words)
        await self.slack.say(person, text=_as_slack_sends(words), files=1)
        return self.slack.deliveries[-1]

    def _button(self, person: str, label: str) -> tuple[str, dict[str, Any]]:
        for message in reversed(self.slack.dm_messages(person)):
            for block in message.blocks:
                for element in block.get("elements", []) if block["type"] == "actions" else []:
                    if element["text"]["text"] == label:
                        return message.ts, element
        raise AssertionError(f"no button {label!r}")

    async def press(self, person: str, label: str, *, times: int = 1) -> None:
        ts, element = self._button(person, label)
        room, name = self.slack.dm(person).id, element["action_id"]
        acks = await asyncio.gather(*(self.slack.press(person, room, ts, name) for _ in range(times)))
        assert all(ack.ok for ack in acks)

    def tamper(self, person: str, label: str, token: str) -> None:
        self._button(person, label)[1]["value"] = token

    async def again(self, sent: Any) -> None:
        ack = await (self.slack.command(sent) if isinstance(sent, dict) else self.slack.redeliver(delivery=sent))
        assert ack.ok

    def confirmed(self, sent: Any) -> bool:
        return sent.confirmed

    async def until_given_up(self, sent: Any) -> None:
        for _ in range(2):
            await self.again(sent)

    async def at_once_again(self) -> None:
        """The event that is in hand comes a second time."""
        await self.slack.redeliver()

    async def send_strange(self) -> bool:
        told = await self.slack.event({"type": "tree_planted", "user": "U0AMARA", "event_ts": self.slack.new_ts()})
        act = await self.slack.interaction({"type": "tree_shaken", "user": {"id": "U0AMARA"}, "team": {"id": "T0"}})
        return told.ok and act.ok

    @abstractmethod
    def _break(self) -> contextlib.AbstractAsyncContextManager[None]:
        """The line is broken in this block, and stands again after it."""

    async def say_as_line_breaks(self, person: str, words: str) -> Any:
        before = len(self.desk.asked)
        with self.desk.held():
            async with self._break():
                saying = asyncio.create_task(self.say(person, words))
                await self.desk.asked_again(before)
            sent = await saying
        assert not sent.confirmed
        await self.slack.retry_events()
        return sent

    async def say_to_closing_desk(self, person: str, words: str) -> Any:
        channel = self.rig.product.slack
        assert channel
        before = len(self.desk.asked)
        with self.desk.held():
            saying = asyncio.create_task(self.say(person, words))
            await self.desk.asked_again(before)
            stopping = await self._stops(channel)
        await stopping
        assert self.heard(person), "it stopped before the answer was out"
        sent = await saying
        await channel.start()
        await self.slack.retry_events()
        return sent

    def too_many(self, seconds: int) -> None:
        self.slack.faults.next(self.answer_method, slack_faults.TooMany(seconds))

    def server_error(self) -> None:
        self.slack.faults.next(self.answer_method, slack_faults.ServerError())

    def heard(self, person: str) -> list[str]:
        return [f"{each.text} {each.blocks}" for each in self.slack.dm_messages(person) if each.by_bot]

    def told(self, person: str) -> str:
        return f"{self.heard(person)} {self.slack.toasts.get(person, '')}"

    def downloads(self) -> Sequence[object]:
        return [*self.slack.file_requests, *(call for call in self.slack.calls if call.method.startswith("files."))]

    def secrets(self) -> list[str]:
        links = [f"/response/{self.slack.team_id}/{key}" for key in self.slack.response_urls]
        return [self.slack.bot_token, self.slack.app_token, self.slack.signing_secret, *links, *self.slack.triggers]


def _as_slack_sends(words: str) -> str:
    """Three signs are escaped in every text: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return escape(words, quote=False)


class SocketMode(SlackLine):
    """Slack over a WebSocket that we opened."""

    name = "Socket Mode"

    @contextlib.asynccontextmanager
    async def _break(self) -> AsyncIterator[None]:
        (connection,) = self.slack.sockets.connections
        yield
        await connection.websocket.close(1012)
        await self.slack.wait_until(lambda: connection not in self.slack.sockets.connections, 30)
        await self.slack.wait_until_connected(timeout=30)


class SignedHttp(SlackLine):
    """Slack posts to us, and signs what it posts."""

    name = "signed HTTP"

    @contextlib.asynccontextmanager
    async def _break(self) -> AsyncIterator[None]:
        patience, self.slack.ack_seconds = self.slack.ack_seconds, 0.5  # then Slack hangs up
        try:
            yield
            last = self.slack.deliveries[-1]
            await self.rig.until(lambda: last.acks)
        finally:
            self.slack.ack_seconds = patience


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


LINES: tuple[type[Line], ...] = (SocketMode, SignedHttp, Polling, Webhook)
