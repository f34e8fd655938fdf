"""Slack, over a WebSocket that we opened and by signed posts."""

import asyncio
import contextlib
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from html import escape
from typing import Any

from bot.playground.slack import faults as slack_faults
from bot.wire import Via
from tests.flows.contract.lines import NUMBERS, Desk, Line
from tests.flows.rig import Rig


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
