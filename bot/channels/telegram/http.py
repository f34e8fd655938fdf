"""The webhook: handled within the request, 200 only after the commit (core.telegram.org/bots/api#setwebhook)."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.channels.telegram.handlers import ANSWER_SECONDS, Handlers
from bot.logs import log

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
# A message is at most 4,096 characters; an update with all its fields stays far below this.
LONGEST_BODY_BYTES = 1_000_000


def path(school: str) -> str:
    """Where Telegram posts the updates of one school's bot."""
    return f"/telegram/{school}"


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Takes the posts of Telegram for one bot."""

    bot: Bot = field(repr=False)
    handlers: Handlers
    school: str
    secret: str = field(repr=False)
    open_: Callable[[], bool]
    _in_hand: set[asyncio.Task[Response]] = field(default_factory=set, init=False, repr=False)

    def route(self) -> Route:
        """What the web application mounts."""
        return Route(path(self.school), self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """401 without the secret, 500 or 503 where Telegram should send it again."""
        given = request.headers.get(SECRET_HEADER, "")
        if not self.secret or not hmac.compare_digest(given.encode(), self.secret.encode()):
            return _plain(401)
        if not self.open_():
            return _plain(503)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_BODY_BYTES:
                return _plain(413)
        try:
            update = Update.de_json(json.loads(body), self.bot)
        except Exception as error:  # noqa: BLE001 - a shape this library does not know would come back for ever
            log("telegram.unreadable", level=logging.ERROR, school=self.school, via="telegram", error=error)
            return _plain(200)
        task = asyncio.create_task(self._handle(update))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        return await asyncio.shield(task)  # whoever hangs up meanwhile

    async def _handle(self, update: Update) -> Response:
        taken = await self.handlers.handle(update)
        if taken.sending:
            await asyncio.wait(taken.sending, timeout=ANSWER_SECONDS)
        return _plain(200 if taken.done else 500)

    async def drain(self, seconds: float) -> None:
        """Wait for what is in hand, so long and no longer."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=seconds)


def _plain(status: int) -> Response:
    return PlainTextResponse("", status_code=status)
