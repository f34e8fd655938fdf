"""Our own long polling: handle, commit, answer, and only then confirm. A killed process loses nothing.

An update is confirmed by the offset of the next call (core.telegram.org/bots/api#getupdates).
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.handlers import ANSWER_SECONDS, UPDATES, Handlers, Taken
from bot.channels.telegram.send import Sleep
from bot.logs import log
from school.words import Text

POLL_SECONDS: Final = 30
BATCH: Final = 100  # core.telegram.org/bots/api#getupdates
LONGEST_PAUSE_SECONDS: Final = 60.0
STAND_BY_SECONDS: Final = 3.0
# So many failures in a row and the channel is not healthy: one lost connection is nothing to report.
PATIENCE: Final = 3

CONFLICT: Final = Text(
    "Another program is reading this bot's messages: a second Lollipop with the same token, or a webhook. Stop it, "
    "or make a new token with @BotFather.",
)
WRONG_TOKEN: Final = Text("Telegram no longer accepts this bot's token. Put the current one from @BotFather in place.")


Ours = Callable[[], Awaitable[bool]]


async def always_ours() -> bool:
    """There is no other process."""
    return True


class PollingBot(Bot):
    """A Bot that hands updates over unparsed, so that one that cannot be read does not take the others with it."""

    def __repr__(self) -> str:
        return "<PollingBot>"  # the library's own shows the token

    async def raw_updates(self, *, offset: int | None, timeout_seconds: int) -> Sequence[Mapping[str, Any]]:
        """Updates from the offset on, after confirming those before it."""
        data = {
            "offset": offset,
            "limit": BATCH,
            "timeout": timeout_seconds,
            "allowed_updates": list(UPDATES),
        }
        found: list[dict[str, Any]] = await self._post("getUpdates", data, read_timeout=timeout_seconds + 10.0)
        return found


class Poller:
    """Asks for updates for as long as it runs."""

    def __init__(
        self,
        bot: PollingBot,
        handlers: Handlers,
        *,
        school: str,
        sleep: Sleep,
        poll_seconds: int = POLL_SECONDS,
        ours: Ours = always_ours,
    ) -> None:
        self._bot = bot
        self._handlers = handlers
        self._school = school
        self._sleep = sleep
        self._poll_seconds = poll_seconds
        self._ours = ours
        self._offset: int | None = None
        self._failures = 0
        self._said: str = ""
        self._handling: asyncio.Task[Taken] | None = None
        self.healthy = True

    async def run(self) -> None:
        """Until cancelled; what is being handled then is finished first."""
        setbacks = 0
        while True:
            if not await self._ours():
                # Another process asks. Should it die, what it had not confirmed comes to whoever asks next.
                self._offset = None
                await self._sleep(STAND_BY_SECONDS)
                continue
            raw = await self._fetch()
            if raw is None:
                continue
            self._handling = asyncio.create_task(self._handle(raw))
            try:
                taken = await asyncio.shield(self._handling)
            except asyncio.CancelledError:
                await asyncio.wait({self._handling})
                raise
            except Exception as error:  # noqa: BLE001 - a fault of ours must not end the listening
                log("telegram.fault", level=logging.ERROR, school=self._school, via="telegram", error=error)
                taken = Taken(done=False)
            if taken.sending:
                await asyncio.wait(taken.sending, timeout=ANSWER_SECONDS)
            setbacks = 0 if taken.done else setbacks + 1
            if setbacks:
                await self._sleep(pause(setbacks))

    async def _fetch(self) -> Sequence[Mapping[str, Any]] | None:
        try:
            raw = await self._bot.raw_updates(offset=self._offset, timeout_seconds=self._poll_seconds)
        except TelegramError as error:
            self._failures += 1
            self._report(error)
            await self._sleep(_wait(error, self._failures))
            return None
        if self._said:
            log("telegram.recovered", school=self._school, via="telegram", count=self._failures)
        self._failures, self._said, self.healthy = 0, "", True
        return raw

    async def _handle(self, raw: Sequence[Mapping[str, Any]]) -> Taken:
        """Done where all of them are. A chat with one that is not waits; the others go on."""
        sending: list[asyncio.Task[bool]] = []
        waiting: set[int | None] = set()
        first_undone: int | None = None
        for update_id, update in self._read(raw):
            chat = update.effective_chat.id if update and update.effective_chat else None
            done = update is None
            if update is not None and chat not in waiting:
                taken = await self._handlers.handle(update)
                done = taken.done
                sending += taken.sending
            if not done:
                waiting.add(chat)
                first_undone = update_id if first_undone is None else first_undone
            if first_undone is None:
                self._offset = update_id + 1
        return Taken(done=first_undone is None, sending=tuple(sending))

    def _read(self, raw: Sequence[Mapping[str, Any]]) -> list[tuple[int, Update | None]]:
        read: list[tuple[int, Update | None]] = []
        for each in raw:
            update: Update | None = None
            try:
                update = Update.de_json(dict(each), self._bot)
            except Exception as error:  # noqa: BLE001 - a shape this library does not know must not stop the rest
                log("telegram.unreadable", level=logging.ERROR, school=self._school, via="telegram", error=error)
            read.append((int(each["update_id"]), update))
        return read

    def _report(self, error: TelegramError) -> None:
        sentence = ""
        if isinstance(error, Conflict):
            sentence = str(CONFLICT)
        elif isinstance(error, InvalidToken):
            sentence = str(WRONG_TOKEN)
        if sentence or self._failures >= PATIENCE:
            self.healthy = False
        said = sentence or type(error).__name__
        if said != self._said:
            self._said = said
            log(
                "telegram.polling",
                level=logging.ERROR if sentence else logging.WARNING,
                school=self._school,
                via="telegram",
                outcome=sentence,
                error=error,
            )


def pause(failures: int) -> float:
    """Seconds to wait after so many failures in a row: doubling to a minute, with a fifth of jitter."""
    return min(LONGEST_PAUSE_SECONDS, 2.0 ** min(failures - 1, 10)) * (0.9 + secrets.randbelow(200) / 1000)


def _wait(error: TelegramError, failures: int) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    return pause(failures)
