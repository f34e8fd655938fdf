"""Messages out: one sender, its failures sorted, and the answers to whoever just acted."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.render import Rendered, render, short, toast
from bot.clock import Clock
from bot.languages import translator
from bot.logs import log
from bot.tokens import Signer
from bot.wire import Answer, Choice, Outgoing, SendFailed, Show, Via
from pages.document import Document, Tone, note
from school.words import Text

Sleep = Callable[[float], Awaitable[object]]
Pace = Callable[[Sequence[str]], Awaitable[object]]

REPLY_TRIES: Final = 4
LONGEST_WAIT_SECONDS: Final = 60.0
# httpx's own names for a connection that never came about: the request did not leave this machine.
NEVER_LEFT: Final = frozenset({"PoolTimeout", "ConnectError", "ConnectTimeout", "ProxyError", "UnsupportedProtocol"})
# core.telegram.org/bots/api#making-requests promises no wording; these are what python-telegram-bot passes on.
FORBIDDEN: Final = {"blocked": "blocked", "deactivated": "deactivated", "initiate": "not_started", "kicked": "removed"}
GONE: Final = ("chat not found", "peer_id_invalid", "user not found", "chat_id_invalid")
UNEDITABLE: Final = ("can't be edited", "to edit not found", "message_id_invalid")
UNCHANGED: Final = "message is not modified"

NO_FORMS: Final = Text("This needs a form, and Telegram has none. Please use the school's web page for it.")


async def unpaced(keys: Sequence[str]) -> None:
    """No pacing: for tests, and until the delivery loop hands its own in."""


@contextmanager
def sorted_failures(*, begun: bool = False) -> Iterator[None]:
    """Turn what python-telegram-bot raises into SendFailed. `begun`: an earlier part of the message is out already."""
    try:
        yield
    except TelegramError as error:
        failed = _sorted(error)
        if begun and failed.moved_to is None:
            raise SendFailed("partly_sent", in_doubt=True) from error
        raise failed from error


def _sorted(error: TelegramError) -> SendFailed:
    said = error.message.lower()
    match error:
        case RetryAfter():
            wait = error.retry_after
            return SendFailed("flood", retry_after=wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        case ChatMigrated():
            return SendFailed("moved", moved_to=str(error.new_chat_id))
        case Forbidden():
            reason = next((reason for words, reason in FORBIDDEN.items() if words in said), "forbidden")
            return SendFailed(reason, permanent=True)
        case InvalidToken():
            return SendFailed("token")
        case BadRequest():
            return SendFailed("not_found" if any(words in said for words in GONE) else "refused", permanent=True)
        case NetworkError() if type(error.__cause__).__name__ in NEVER_LEFT:
            return SendFailed("unreachable")
        case _:
            return SendFailed("in_doubt", in_doubt=True)


@dataclass(frozen=True, kw_only=True)
class TelegramSender:
    """Implements bot.wire.Channel over one bot."""

    bot: Bot = field(repr=False)
    bot_id: str
    signer: Signer = field(repr=False)
    clock: Clock
    via: Via = Via.TELEGRAM

    async def send(self, message: Outgoing) -> str:
        """Send, in one message if it fits; ids joined by commas. Raises SendFailed."""
        rendered = self._rendered(message)
        if not rendered.parts:
            raise SendFailed("empty", permanent=True)
        ids: list[str] = []
        for number, part in enumerate(rendered.parts, start=1):
            with sorted_failures(begun=number > 1):
                sent = await self.bot.send_message(
                    chat_id=message.address,
                    text=part,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                    reply_markup=rendered.keyboard if number == len(rendered.parts) else None,
                )
            ids.append(str(sent.message_id))
        return ",".join(ids)

    async def replace(self, message: Outgoing, *, message_id: int) -> None:
        """Put it in place of a message of the bot's; as a new one where that cannot be edited. Raises SendFailed."""
        rendered = self._rendered(message)
        if len(rendered.parts) != 1:
            await self.send(message)
            return
        try:
            await self.bot.edit_message_text(
                chat_id=message.address,
                message_id=message_id,
                text=rendered.parts[0],
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=rendered.keyboard,
            )
        except BadRequest as error:
            said = error.message.lower()
            if UNCHANGED in said:
                return
            if not any(words in said for words in UNEDITABLE):
                raise _sorted(error) from error
            await self.send(message)
        except TelegramError as error:
            raise _sorted(error) from error

    def pacing_keys(self, address: str) -> tuple[str, ...]:
        """The bot's own limit and the chat's (core.telegram.org/bots/faq, broadcasting)."""
        return (f"tg:{self.bot_id}", f"tg:{self.bot_id}:chat:{address}")

    def _mint(self, choice: Choice) -> str:
        return self.signer.button(choice.verb, choice.args, on=self.clock.now().date())

    def _rendered(self, message: Outgoing) -> Rendered:
        try:
            return render(message.document, message.choices, lang=message.lang, mint=self._mint)
        except ValueError as error:
            raise SendFailed("unrenderable", permanent=True) from error


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Where an answer belongs. `said` is the person's message, `tapped` the bot's message with the button."""

    chat: int | None
    lang: str = "en"
    said: int | None = None
    tapped: int | None = None
    callback: str | None = None


class Replies:
    """Sends answers in the background, in order within a chat, so that a slow one never holds up an update."""

    def __init__(self, sender: TelegramSender, *, school: str, sleep: Sleep, pace: Pace = unpaced) -> None:
        self._sender = sender
        self._school = school
        self._sleep = sleep
        self._pace = pace
        self._last: dict[int, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def give(self, answer: Answer, asked: Asked) -> None:
        """Show an answer, some time soon."""
        chat = asked.chat
        if chat is None:
            return
        if answer.delete_incoming and asked.said is not None:
            self._start(self._delete(chat, asked.said))
        outgoing = _outgoing(answer, chat)
        if outgoing is None:
            return
        tapped = asked.tapped if answer.show is Show.REPLACE else None
        self._last[chat] = task = self._start(self._in_order(self._last.get(chat), outgoing, tapped))
        task.add_done_callback(lambda done: self._forget(chat, done))

    def acknowledge(self, asked: Asked, said: Answer | Text | None) -> None:
        """Tell Telegram that a tap has been taken, with a short text or none. Nothing where nobody tapped."""
        if asked.callback is None:
            return
        words: str | None = None
        if isinstance(said, Text):
            words = short(translator(asked.lang)(said))
        elif said is not None and said.document is not None:
            words = toast(said.document, lang=said.lang)
        self._start(self._acknowledge(asked.callback, words))

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, so long and no longer, then drop the rest."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _forget(self, chat: int, task: asyncio.Task[None]) -> None:
        if self._last.get(chat) is task:
            del self._last[chat]

    async def _in_order(self, before: asyncio.Task[None] | None, message: Outgoing, tapped: int | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        for tried in range(1, REPLY_TRIES + 1):
            try:
                await self._pace(self._sender.pacing_keys(message.address))
                await (self._sender.send(message) if tapped is None else self._replace(message, tapped))
            except SendFailed as failed:
                if failed.moved_to is not None:
                    message, tapped = replace(message, address=failed.moved_to), None
                    continue
                if failed.permanent or failed.reason == "partly_sent" or tried == REPLY_TRIES:
                    self._lost(failed)
                    return
                # In doubt it goes again: a repeated answer does no harm, a lost receipt does.
                await self._sleep(_wait(failed, tried))
            except Exception as error:  # noqa: BLE001 - a fault of ours in one answer must not end the task unseen
                self._lost(error)
                return
            else:
                return

    async def _replace(self, message: Outgoing, tapped: int) -> None:
        await self._sender.replace(message, message_id=tapped)

    async def _acknowledge(self, callback: str, words: str | None) -> None:
        for tried in range(1, REPLY_TRIES + 1):
            try:
                with sorted_failures():
                    await self._sender.bot.answer_callback_query(callback, text=words or None)
            except SendFailed as failed:
                if failed.permanent or tried == REPLY_TRIES:
                    return  # too old to be answered: core.telegram.org/bots/api#answercallbackquery
                await self._sleep(_wait(failed, tried))
            else:
                return

    async def _delete(self, chat: int, message_id: int) -> None:
        # Under 48 hours only: core.telegram.org/bots/api#deletemessage. It is a kindness, not a promise.
        try:
            await self._sender.bot.delete_message(chat, message_id)
        except TelegramError as error:
            log("telegram.not_deleted", school=self._school, via=Via.TELEGRAM, error=error)

    def _lost(self, error: Exception) -> None:
        reason = error.reason if isinstance(error, SendFailed) else "fault"
        log(
            "telegram.answer_lost",
            level=logging.WARNING,
            school=self._school,
            via=Via.TELEGRAM,
            outcome=reason,
            error=error,
        )


def _wait(failed: SendFailed, tried: int) -> float:
    wished = failed.retry_after.total_seconds() if failed.retry_after else float(2**tried)
    return min(LONGEST_WAIT_SECONDS, wished) + secrets.randbelow(500) / 1000


def _outgoing(answer: Answer, chat: int) -> Outgoing | None:
    document = answer.document
    if answer.show is Show.SILENT:
        return None
    if answer.form is not None:
        intro = answer.form.intro or Document(answer.form.title)
        document = Document(intro.title, (*intro.blocks, note(NO_FORMS, Tone.URGENT)), intro.lang)
    if document is None:
        return None
    return Outgoing(address=str(chat), document=document, choices=answer.choices, lang=answer.lang)
