"""The stand-in's world: one object that the routes, the demo's page and the tests share."""

from typing import Any

import httpx

from bot.playground.telegram.acts import Acts
from bot.playground.telegram.model import CallRecord, Message
from bot.playground.telegram.snapshot import snapshot
from bot.playground.telegram.updates import Delivery


class TelegramWorld(Acts):
    """Bots, people and chats in memory. Everything runs on one event loop, and no time passes by itself."""

    def snapshot(self, user_id: int, *, bot: int | None = None) -> dict[str, Any]:
        """What a person sees in the chat with a bot, JSON-ready.

        Raises:
            KeyError: no such person or bot.
        """
        return snapshot(self, user_id, bot)

    def messages(self, chat_id: int, *, bot: int | None = None) -> list[Message]:
        """Every message of a chat in order, the deleted ones as well."""
        chat = self.bot(bot).chats.get(chat_id)
        return list(chat.messages.values()) if chat else []

    def calls_of(self, method: str, *, bot: int | None = None) -> list[CallRecord]:
        """The recorded calls of a method, refused ones as well."""
        number = self.bot(bot).id
        return [call for call in self.calls if call.method == method and call.bot_id == number]

    def clear_toasts(self, user_id: int, *, bot: int | None = None) -> None:
        """Forget the toasts that a page has shown."""
        if self.bot(bot).toasts.pop(user_id, None):
            self.changed()

    async def deliver_webhook(
        self, *, bot: int | None = None, client: httpx.AsyncClient | None = None
    ) -> list[Delivery]:
        """Post every waiting update to the webhook once; those not answered with 2xx stay for the next call."""
        queue = self.bot(bot).updates
        if client is not None:
            return await queue.post(client)
        async with httpx.AsyncClient(timeout=30, trust_env=False) as own:
            return await queue.post(own)

    async def push_webhooks(self, *, bot: int | None = None, retry_seconds: float = 5.0) -> None:
        """Deliver for as long as the task lives: at once when something changes, and again for what failed.

        For a demo's background task; tests call `deliver_webhook`.
        """
        while True:
            seen = self.revision
            attempts = await self.deliver_webhook(bot=bot)
            failed = any(not attempt.confirmed for attempt in attempts)
            await self.wait_for_change(seen, retry_seconds if failed else None)
