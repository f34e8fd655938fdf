"""A bot's queue of updates: kept until confirmed, polled or posted (https://core.telegram.org/bots/api#getting-updates)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.playground.telegram.errors import ApiError

KEPT_FOR = timedelta(hours=24)
"""Updates "will not be kept longer than 24 hours" (https://core.telegram.org/bots/api#getting-updates)."""
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds that only come when `allowed_updates` names them."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

Update = dict[str, Any]


@dataclass
class Webhook:
    """What https://core.telegram.org/bots/api#setwebhook left; an empty url means polling."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    has_certificate: bool = False
    last_error_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True)
class Delivery:
    """One attempt to post an update; `status` is the HTTP status, None where nobody answered."""

    update_id: int
    status: int | None

    @property
    def confirmed(self) -> bool:
        """Whether the answer was 2xx, which takes the update out of the queue."""
        return self.status is not None and 200 <= self.status < 300


@dataclass
class _Entry:
    update: Update
    queue: int
    at: datetime


@dataclass
class UpdateQueue:
    """Updates in order of their ids. Everything runs on one event loop."""

    clock: Callable[[], datetime]
    next_id: int
    pending: dict[int, _Entry] = field(default_factory=dict)
    seen: dict[int, _Entry] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)
    again_shown: set[int] = field(default_factory=set)
    allowed: set[str] | None = None
    webhook: Webhook = field(default_factory=Webhook)
    _poll: asyncio.Future[str] | None = None

    def add(self, kind: str, body: dict[str, Any], queue: int) -> int | None:
        """Queue an update of `kind` and return its id; None if the bot has not allowed that kind.

        Args:
            kind: a field of https://core.telegram.org/bots/api#update, such as `message`.
            body: what stands in that field.
            queue: updates of one chat are posted in order; this is the chat's id.
        """
        if kind not in self.allowed if self.allowed else kind in UNASKED:
            return None
        number = self.next_id
        self.next_id += 1
        entry = _Entry({"update_id": number, kind: body}, queue, self.clock())
        self.pending[number] = self.seen[number] = entry
        self._wake("")
        return number

    def redeliver(self, update_id: int) -> None:
        """Let an update come once more although it was confirmed, as the real server now and then does.

        Raises:
            KeyError: there never was such an update.
        """
        if update_id not in self.seen:
            raise KeyError(update_id)
        if update_id not in self.pending and update_id not in self.again:
            self.again.append(update_id)
        self._wake("")

    def waiting_ids(self) -> list[int]:
        """The ids of the updates that nobody has confirmed, oldest first."""
        return sorted({*self.pending, *self.again})

    def allow(self, kinds: list[str] | None) -> None:
        """Keep `allowed_updates`: None leaves what was set before, an empty list means the default kinds."""
        if kinds is not None:
            self.allowed = set(kinds) or None

    def forget(self) -> None:
        """Drop everything that waits (`drop_pending_updates`)."""
        self.pending.clear()
        self.again.clear()
        self.again_shown.clear()

    async def poll(self, offset: int, limit: int, timeout_seconds: int) -> list[Update]:
        """Answer https://core.telegram.org/bots/api#getupdates: confirm what lies before `offset`, then wait.

        Raises:
            ApiError: 409, if a webhook is set, or for the older of two pollers.
        """
        if self.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._confirm(offset)
        ready = self._ready(offset, limit)
        if ready or timeout_seconds <= 0:
            return ready
        waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = waiting
        try:
            conflict = await asyncio.wait_for(waiting, timeout_seconds)
        except TimeoutError:
            conflict = ""
        finally:
            if self._poll is waiting:
                self._poll = None
        if conflict:
            raise ApiError(409, f"Conflict: {conflict}")
        return self._ready(offset, limit)

    def end_poll(self, why: str) -> None:
        """End a poll that waits, with a 409 that says why."""
        self._wake(why)

    def _wake(self, conflict: str) -> None:
        poll = self._poll
        if poll is None:
            return
        loop = poll.get_loop()

        def finish() -> None:
            if not poll.done():
                poll.set_result(conflict)

        if conflict:
            self._poll = None
        loop.call_soon_threadsafe(finish)

    def _confirm(self, offset: int) -> None:
        self.again = [number for number in self.again if number not in self.again_shown]
        self.again_shown.clear()
        oldest = self.clock() - KEPT_FOR
        dropped = {number for number, entry in self.pending.items() if number < offset or entry.at < oldest}
        if offset < 0:
            dropped |= set(sorted(self.pending)[:offset])
        for number in dropped:
            del self.pending[number]

    def _ready(self, offset: int, limit: int) -> list[Update]:
        numbers = [*self.again, *(number for number in sorted(self.pending) if number >= offset)][:limit]
        self.again_shown |= set(numbers) & set(self.again)
        return [self.seen[number].update for number in numbers]

    async def post(self, client: httpx.AsyncClient) -> list[Delivery]:
        """Post what waits to the webhook, once each, in order; one that fails holds back the later ones of its chat."""
        attempts: list[Delivery] = []
        held: set[int] = set()
        for number in self.waiting_ids():
            entry = self.seen[number]
            if not self.webhook.url or entry.queue in held:
                continue
            attempt = Delivery(number, await self._post_one(client, entry.update))
            attempts.append(attempt)
            if attempt.confirmed:
                self.pending.pop(number, None)
                self.again = [other for other in self.again if other != number]
            else:
                held.add(entry.queue)
                answered = attempt.status is not None
                self.webhook.last_error_at = self.clock()
                self.webhook.last_error = (
                    f"Wrong response from the webhook: {attempt.status}" if answered else "Connection refused"
                )
        return attempts

    async def _post_one(self, client: httpx.AsyncClient, update: Update) -> int | None:
        headers = {SECRET_HEADER: self.webhook.secret_token} if self.webhook.secret_token else {}
        try:
            answer = await client.post(self.webhook.url, json=update, headers=headers)
        except httpx.HTTPError:
            return None
        return answer.status_code
