"""One school's Telegram bot: starts, stops, and says whether it is well."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from starlette.routing import Route
from telegram import BotCommand
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.telegram.answers import Replies
from bot.channels.telegram.handlers import UPDATES, Handlers, Reader
from bot.channels.telegram.http import Webhook, path
from bot.channels.telegram.polling import POLL_SECONDS, Ours, Poller, PollingBot, always_ours
from bot.channels.telegram.send import Sleep, TelegramSender
from bot.channels.telegram.transport import AiohttpRequest
from bot.clock import Clock, ahead
from bot.languages import translator
from bot.logs import log, scrub
from bot.tokens import Signer
from bot.wire import FrontDesk, Pace, Unpaced
from school.school import School
from school.words import Refusal, Text

SENDS_AT_ONCE: Final = 100
SEND_SECONDS: Final = 20.0
TURN_SECONDS: Final = 30.0  # to wait for one of the connections
DRAIN_SECONDS: Final = 10.0
UNPACED: Final = Unpaced()
# core.telegram.org/bots/api#setwebhook
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")

MENU: Final = {
    "news": Text("The latest newsletter"),
    "quiz": Text("A short quiz"),
    "events": Text("What is on at school"),
    "ask": Text("Ask the school"),
    "faq": Text("Questions and answers"),
    "whatif": Text("What to do if ..."),
    "agree": Text("Your own child: what the school asks you"),
    "language": Text("Choose your language"),
    "years": Text("Your classes, and how often"),
    "report": Text("Tell us about a worry"),
    "privacy": Text("What we keep about you"),
    "stop": Text("Stop all messages"),
    "help": Text("What this bot does"),
}


class TelegramTokenError(Refusal):
    """Telegram does not know the token."""

    text = Text("Telegram does not accept the bot's token. Copy it from @BotFather again: it looks like 123456:ABC-….")


class TelegramUnreachableError(Refusal):
    """No answer from the Bot API."""

    text = Text("Telegram's server does not answer at {address}. Check the network, the proxy and the address.")


class TelegramWebhookError(Refusal):
    """Webhook mode without what it needs, or refused by Telegram."""

    text = Text(
        "Telegram's webhook needs a public https address, and a secret of 1 to 256 letters, digits, _ and -. "
        "Set both, or use polling.",
    )


class Mode(StrEnum):
    """How updates come in."""

    POLLING = "polling"
    WEBHOOK = "webhook"


@dataclass(frozen=True, kw_only=True)
class TelegramSettings:
    """One bot. `api_url` without a slash at its end; `public_url` and `webhook_secret` for WEBHOOK only."""

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    mode: Mode | str = Mode.POLLING
    public_url: str = ""
    webhook_secret: str = field(default="", repr=False)


class TelegramChannel:
    """Everything of one school's bot. Build it, mount `routes()`, then `start()` inside the running loop."""

    def __init__(
        self,
        settings: TelegramSettings,
        school: School,
        desk: FrontDesk,
        signer: Signer,
        clock: Clock,
        *,
        sleep: Sleep = asyncio.sleep,
        pace: Pace = UNPACED,
        poll_seconds: int = POLL_SECONDS,
        ours: Ours = always_ours,
    ) -> None:
        """`ours` says, before each question, whether this process is the one of several to ask for updates."""
        scrub(settings.token)
        scrub(settings.webhook_secret)
        self._settings = settings
        self._school = school
        self._mode = Mode(settings.mode)
        self._api_url = settings.api_url.rstrip("/")
        self._clock = clock
        # By how much Telegram's clock was ahead of ours at its last answer.
        self.ahead: timedelta | None = None
        self._bot = PollingBot(
            settings.token,
            base_url=f"{self._api_url}/bot",
            base_file_url=f"{self._api_url}/file/bot",
            request=AiohttpRequest(
                at_once=SENDS_AT_ONCE,
                read_seconds=SEND_SECONDS,
                pool_seconds=TURN_SECONDS,
                dated=self._compare_clocks,
            ),
            # Its own connection: what is asked for half a minute must not wait behind a newsletter.
            get_updates_request=AiohttpRequest(at_once=1),
        )
        bot_id = settings.token.partition(":")[0]
        self.sender = TelegramSender(bot=self._bot, bot_id=bot_id, signer=signer, clock=clock)
        self._replies = Replies(self.sender, school=school.id, sleep=sleep, pace=pace)
        reader = Reader(school=school.id, signer=signer)
        handlers = Handlers(reader=reader, desk=desk, clock=clock, replies=self._replies)
        self._poller = Poller(self._bot, handlers, school=school.id, sleep=sleep, poll_seconds=poll_seconds, ours=ours)
        self._webhook = Webhook(
            bot=self._bot,
            handlers=handlers,
            school=school.id,
            secret=settings.webhook_secret,
            open_=lambda: self._started,
        )
        self._polling: asyncio.Task[None] | None = None
        self._started = False
        self.username = ""

    @property
    def healthy(self) -> bool:
        """Whether updates come in, as far as is known."""
        if not self._started:
            return False
        if self._mode is Mode.WEBHOOK:
            return True
        return self._polling is not None and not self._polling.done() and self._poller.healthy

    def routes(self) -> Sequence[Route]:
        """What the web application mounts: the webhook, or nothing when polling."""
        return (self._webhook.route(),) if self._mode is Mode.WEBHOOK else ()

    async def start(self, *, listen: bool = True) -> None:
        """Raises TelegramTokenError, TelegramUnreachableError or TelegramWebhookError.

        Without `listen` it only sends.
        """
        if listen:
            self._check_webhook()
        try:
            await self._bot.initialize()
            self.username = self._bot.username
            if listen:
                await self._choose_mode()
        except InvalidToken:
            await self._bot.shutdown()
            raise TelegramTokenError from None  # the library's own sentence contains the token
        except TelegramError as error:
            await self._bot.shutdown()
            raise TelegramUnreachableError(address=self._api_url) from error
        except Refusal:
            await self._bot.shutdown()
            raise
        if listen:
            await self._set_menu()
        if listen and self._mode is Mode.POLLING:
            self._polling = asyncio.create_task(self._poller.run())
        self._started = True
        log("telegram.started", school=self._school.id, via="telegram", state=self._mode)

    async def greet(self) -> None:
        """Try the token and hang up without having listened. Raises TelegramTokenError or TelegramUnreachableError."""
        try:
            await self._bot.initialize()
        except InvalidToken:
            raise TelegramTokenError from None  # the library's own sentence contains the token
        except TelegramError as error:
            raise TelegramUnreachableError(address=self._api_url) from error
        finally:
            await self._bot.shutdown()

    def _compare_clocks(self, date_header: str | None) -> None:
        self.ahead = ahead(date_header, self._clock)

    async def stop(self) -> None:
        """Take nothing new, finish what is being handled, send the answers that are ready, close connections."""
        if not self._started:
            return
        self._started = False
        if self._polling is not None:
            self._polling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._polling
        await self._webhook.drain(DRAIN_SECONDS)
        await self._replies.drain(DRAIN_SECONDS)
        await self._bot.shutdown()

    def _check_webhook(self) -> None:
        if self._mode is Mode.WEBHOOK and not (
            self._settings.public_url and _SECRET.fullmatch(self._settings.webhook_secret)
        ):
            raise TelegramWebhookError

    async def _choose_mode(self) -> None:
        if self._mode is Mode.POLLING:
            await self._bot.delete_webhook(drop_pending_updates=False)
            return
        try:
            await self._bot.set_webhook(
                f"{self._settings.public_url.rstrip('/')}{path(self._school.id)}",
                secret_token=self._settings.webhook_secret,
                allowed_updates=list(UPDATES),
                drop_pending_updates=False,
            )
        except BadRequest as error:
            raise TelegramWebhookError from error

    async def _set_menu(self) -> None:
        """The commands people are offered. Without it the bot works, so a failure is only noted."""
        try:
            await self._bot.set_my_commands(_commands("en"))
            for language in self._school.languages:
                primary = language.code.partition("-")[0]
                if len(primary) == 2 and primary != "en":  # ISO 639-1: core.telegram.org/bots/api#setmycommands
                    await self._bot.set_my_commands(_commands(language.code), language_code=primary)
        except TelegramError as error:
            log("telegram.menu", level=logging.WARNING, school=self._school.id, via="telegram", error=error)


def _commands(lang: str) -> list[BotCommand]:
    say = translator(lang)
    return [BotCommand(name, say(words)) for name, words in MENU.items()]
