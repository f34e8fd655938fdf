"""Answers to whoever just acted: in the background, in order within a chat, tried a bounded number of times."""

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Final

from telegram.error import TelegramError

from bot.channels.telegram.render import short, toast
from bot.channels.telegram.send import Sleep, TelegramSender, sorted_failures
from bot.languages import translator
from bot.logs import log
from bot.wire import Answer, Outgoing, Pace, SendFailed, Show, Via
from pages import Document, Tone, note
from school.words import Text

REPLY_TRIES: Final = 4
LONGEST_WAIT_SECONDS: Final = 60.0
# The desk says in which language an answer is; this is for one that never was there.
ENGLISH: Final = "en"
NO_FORMS: Final = Text("This needs a form, and Telegram has none. Please use the school's web page for it.")


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

    def __init__(self, sender: TelegramSender, *, school: str, sleep: Sleep, pace: Pace) -> None:
        self._sender = sender
        self._school = school
        self._sleep = sleep
        self._pace = pace
        self._last: dict[int, asyncio.Task[bool]] = {}
        self._running: set[asyncio.Task[bool]] = set()

    def give(self, answer: Answer, asked: Asked) -> asyncio.Task[bool] | None:
        """Show an answer, some time soon; the task says whether Telegram has it. None where nothing is to be sent."""
        chat = asked.chat
        if chat is None:
            return None
        if answer.delete_incoming and asked.said is not None:
            self._start(self._delete(chat, asked.said))
        outgoing = _outgoing(answer, chat)
        if outgoing is None:
            return None
        tapped = asked.tapped if answer.show is Show.REPLACE else None
        spent = asked.tapped if answer.buttons_spent and tapped is None else None
        self._last[chat] = task = self._start(self._in_order(self._last.get(chat), outgoing, tapped, spent))
        task.add_done_callback(lambda done: self._forget(chat, done))
        return task

    def acknowledge(self, asked: Asked, said: Answer | Text | None) -> asyncio.Task[bool] | None:
        """Tell Telegram that a tap has been taken, with a short text or none. Nothing where nobody tapped."""
        if asked.callback is None:
            return None
        return self._start(self._acknowledge(asked.callback, said, asked.lang))

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, so long and no longer, then drop the rest."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, bool]) -> asyncio.Task[bool]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _forget(self, chat: int, task: asyncio.Task[bool]) -> None:
        if self._last.get(chat) is task:
            del self._last[chat]

    async def _in_order(
        self, before: asyncio.Task[bool] | None, message: Outgoing, tapped: int | None, spent: int | None
    ) -> bool:
        if before is not None:
            await asyncio.wait({before})
        sent = await self._sent(message, tapped)
        if sent and spent is not None:
            await self._take_buttons(message.address, spent)
        return sent

    async def _sent(self, message: Outgoing, tapped: int | None) -> bool:
        for tried in range(1, REPLY_TRIES + 1):
            try:
                await self._pace.turn(self._sender.pacing_keys(message.address))
                await (self._sender.send(message) if tapped is None else self._replace(message, tapped))
            except SendFailed as failed:
                if failed.retry_after is not None:
                    await self._pace.told_to_wait(self._sender.pacing_keys(message.address), failed.retry_after)
                if failed.moved_to is not None:
                    message, tapped = replace(message, address=failed.moved_to), None
                    continue
                if failed.reason in {"refused", "unrenderable"} and message.choices:
                    # The words matter more than the buttons.
                    log("telegram.buttons_dropped", level=logging.ERROR, school=self._school, error=failed)
                    message = replace(message, choices=())
                    continue
                if failed.permanent or failed.reason == "partly_sent" or tried == REPLY_TRIES:
                    self._lost(failed)
                    return False
                # In doubt it goes again: a repeated answer does no harm, a lost receipt does.
                await self._sleep(_wait(failed, tried))
            except Exception as error:  # noqa: BLE001 - a fault of ours in one answer must not end the task unseen
                self._lost(error)
                return False
            else:
                return True
        return False

    async def _replace(self, message: Outgoing, tapped: int) -> None:
        await self._sender.replace(message, message_id=tapped)

    async def _acknowledge(self, callback: str, said: Answer | Text | None, lang: str) -> bool:
        words = _toast(said, lang)
        for tried in range(1, REPLY_TRIES + 1):
            try:
                with sorted_failures():
                    await self._sender.bot.answer_callback_query(callback, text=words or None)
            except SendFailed as failed:
                if failed.permanent or tried == REPLY_TRIES:
                    return False  # too old to be answered: core.telegram.org/bots/api#answercallbackquery
                await self._sleep(_wait(failed, tried))
            else:
                return True
        return False

    async def _take_buttons(self, chat: str, message_id: int) -> None:
        """Off a message whose words stay. What they led to is done or asked anew: a tap would only say so."""
        try:
            await self._sender.bot.edit_message_reply_markup(chat_id=chat, message_id=message_id, reply_markup=None)
        except TelegramError as error:
            log("telegram.buttons_stayed", school=self._school, via=Via.TELEGRAM, error=error)

    async def _delete(self, chat: int, message_id: int) -> bool:
        # Under 48 hours only: core.telegram.org/bots/api#deletemessage. It is a kindness, not a promise.
        try:
            await self._sender.bot.delete_message(chat, message_id)
        except TelegramError as error:
            log("telegram.not_deleted", school=self._school, via=Via.TELEGRAM, error=error)
            return False
        return True

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


def _toast(said: Answer | Text | None, lang: str) -> str:
    if isinstance(said, Text):
        return short(translator(lang)(said))
    return toast(said.document, lang=said.lang or ENGLISH) if said is not None and said.document is not None else ""


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
    if document is None and answer.quiz is None:
        return None
    return Outgoing(
        address=str(chat),
        document=document or Document(""),
        choices=answer.choices,
        lang=answer.lang or ENGLISH,
        quiz=answer.quiz,
    )
