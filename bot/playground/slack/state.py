"""The workspace's state, and the few ways of changing it that people's acts and API methods share."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bot.playground.news import News
from bot.playground.slack.errors import SlackError
from bot.playground.slack.faults import Faults, RateLimiter
from bot.playground.slack.model import (
    CallRecord,
    Channel,
    Delivery,
    Json,
    Message,
    ResponseUrl,
    Toast,
    Trigger,
    User,
    View,
)

TRIGGER_LIFE_SECONDS = 3.0
"""https://docs.slack.dev/interactivity/handling-user-interaction/#modal_responses."""
RESPONSE_URL_LIFE_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
"""Both: https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses."""
ACK_SECONDS = 3.0
"""https://docs.slack.dev/interactivity/handling-user-interaction/#acknowledgment_response."""


class State(News):
    """Everything there is; every change raises `revision` and wakes who waits for it. One event loop only."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
        *,
        ack_seconds: float = ACK_SECONDS,
        team_id: str = "T0LOLLIPOP",
        team_name: str = "Lollipop School",
        bot_token: str = "xoxb-standin-bot-token",  # noqa: S107 - it opens nothing but this stand-in
        app_token: str = "xapp-standin-app-token",  # noqa: S107
        signing_secret: str = "standin-signing-secret",  # noqa: S107
        bot_name: str = "Lollipop",
    ) -> None:
        """Begin with a bot and nobody else.

        Args:
            clock: an aware instant, for the `ts` of messages and events.
            seconds: a clock that only moves forward, for the life of trigger ids and response URLs.
            ack_seconds: how long a person's window really waits for the app.
            team_id: the workspace's id.
            team_name: its name.
            bot_token: what the Web API asks for.
            app_token: what `apps.connections.open` asks for.
            signing_secret: signs what is posted to `request_url`.
            bot_name: the app's name.
        """
        self.clock, self.seconds, self.ack_seconds = clock, seconds, ack_seconds
        self.team_id, self.team_name, self.team_domain = team_id, team_name, "lollipop-school"
        self.bot_token, self.app_token, self.signing_secret = bot_token, app_token, signing_secret
        self.app_id, self.bot_id = "A0LOLLIPOP", "B0LOLLIPOP"
        self.bot = User("U0LOLLIPOP", bot_name, "🍭", "#d53f8c", is_bot=True)
        # What the page shows beside a message: the school's clock, where that is moved about.
        self.shown_clock = clock
        self.base_url: str | None = None
        self.request_url: str | None = None
        self.token_error: str | None = None
        self.scopes: set[str] | None = None
        self.commands: set[str] | None = None
        self.subscriptions = {"app_home_opened", "message.im"}
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.channels: dict[str, Channel] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.toasts: dict[str, list[Toast]] = {}
        self.calls: list[CallRecord] = []
        self.deliveries: list[Delivery] = []
        self.file_requests: list[str] = []
        self.faults = Faults()
        self.limiter: RateLimiter | None = None
        super().__init__()
        self._numbers = 0
        self._last_ts = 0

    def add_user(self, user_id: str, name: str, **more: Any) -> User:
        """Register a person; `more` are fields of `User`."""
        user = User(user_id, name, **more)
        self.users[user_id] = user
        self.changed()
        return user

    def add_channel(self, channel_id: str, name: str, members: list[str], *, with_bot: bool = True) -> Channel:
        """Make a public channel; `name` without the hash."""
        channel = Channel(channel_id, name, set(members) | ({self.bot.id} if with_bot else set()))
        self.channels[channel_id] = channel
        self.changed()
        return channel

    def deactivate(self, user_id: str) -> None:
        """A person leaves the workspace."""
        self.users[user_id] = replace(self.users[user_id], deleted=True)
        self.changed()

    def dm(self, user_id: str) -> Channel:
        """The direct messages of a person with the bot, opened on first use."""
        for channel in self.channels.values():
            if channel.user == user_id:
                return channel
        user = self.users[user_id]
        made = Channel(f"D{user.id[1:]}", "directmessage", {user.id, self.bot.id}, user=user.id)
        self.channels[made.id] = made
        return made

    def post(self, channel: Channel, user: str, text: str, **parts: Any) -> Message:
        """Put a message into a channel; `parts` are fields of `Message`."""
        message = Message(channel.id, self.new_ts(), user, text, self.shown_clock(), user == self.bot.id, **parts)
        channel.messages[message.ts] = message
        self.changed()
        return message

    def message(self, channel_id: str, ts: str) -> Message:
        """A message by its channel and `ts`.

        Raises:
            KeyError: there is none.
        """
        return self.channels[channel_id].messages[ts]

    def go_on_from(self, number: int) -> None:
        """Count events and triggers from here on: those of the world before this one are not used again."""
        self._numbers = number

    def number(self) -> int:
        """A number that has not been used."""
        self._numbers += 1
        return self._numbers

    def new_ts(self) -> str:
        """A `ts` that has not been used: seconds since 1970 with six digits after the point, always rising."""
        micros = round((self.clock() - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def new_trigger(self, user: str, view_id: str | None = None) -> str:
        """A trigger id for what a person just did, good for 3 s; as Slack's own, no other workspace ever gives it."""
        trigger_id = f"{self.number()}.{len(self.triggers) + 1}.{uuid4().hex}"
        self.triggers[trigger_id] = Trigger(user, self.seconds() + TRIGGER_LIFE_SECONDS, view_id)
        return trigger_id

    def spend_trigger(self, trigger_id: str) -> Trigger:
        """Exchange a trigger id.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.seconds() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """A response URL for what a person just did.

        Raises:
            RuntimeError: nobody has called the API yet, and `base_url` has not been set either.
        """
        if self.base_url is None:
            raise RuntimeError(
                "Set world.base_url to the stand-in's address, such as http://127.0.0.1:8000/playground/slack"
            )
        key = f"{self.number()}"
        life = self.seconds() + RESPONSE_URL_LIFE_SECONDS
        self.response_urls[key] = ResponseUrl(user, channel, life, message_ts)
        return f"{self.base_url}/response/{self.team_id}/{key}"

    def toast(self, user: str, code: str, text: str, about: str) -> None:
        """Tell a person, as Slack's window does, that the app has failed."""
        self.toasts.setdefault(user, []).append(Toast(code, text, about))
        self.changed()

    def clear_toasts(self, user: str) -> None:
        """Forget the toasts that a page has shown."""
        if self.toasts.pop(user, None):
            self.changed()

    def calls_of(self, method: str) -> list[CallRecord]:
        """The recorded calls of a method, refused ones as well."""
        return [call for call in self.calls if call.method == method]

    def person(self, user: str) -> Json:
        """The `user` of an interaction payload."""
        who = self.users[user]
        return {"id": who.id, "username": who.handle, "name": who.handle, "team_id": self.team_id}

    async def wait_until(self, true: Callable[[], bool], timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until something holds; it is asked again after every change.

        Raises:
            TimeoutError: it did not within `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while not true():
                await self.wait_for_change(self.revision)
