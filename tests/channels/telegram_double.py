"""A desk that remembers, a clock that stands, and the stand-in for Telegram on a loopback port."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot.channels.telegram.channel import TelegramChannel, TelegramSettings
from bot.channels.telegram.polling import PollingBot
from bot.channels.telegram.send import TelegramSender
from bot.channels.telegram.transport import AiohttpRequest
from bot.clock import SetClock
from bot.playground.serving import serve
from bot.playground.telegram import TelegramWorld, telegram_routes
from bot.tokens import Signer
from bot.wire import SILENCE, Answer, Choice, Incoming, Show
from pages import Document, paragraph
from school.calendar import Calendar, HalfTerm
from school.people import LANGUAGES
from school.school import School
from school.words import Text

TOKEN = "700100:AAF-standin_standin_standin_standin"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
AMINA = 501
BEN = 502
SECRET = "a-secret-of-the-webhook"
SIGNER = Signer("primary", ((1, b"k" * 32),))

SCHOOL = School(
    id="primary",
    name="Willow Primary",
    calendar=Calendar(
        zone=ZoneInfo("Europe/London"),
        half_terms=(HalfTerm(id="autumn-1", first=date(2026, 9, 2), last=date(2026, 10, 23)),),
        quiet_from=time(20),
    ),
    classes=(),
    people=(),
    languages=(LANGUAGES["en"], LANGUAGES["ar"]),
)


def says(words: str, *, show: Show = Show.REPLY, choices: tuple[tuple[Choice, ...], ...] = ()) -> Answer:
    return Answer(document=Document("Lollipop", (paragraph(words),)), show=show, choices=choices)


@dataclass
class RememberingDesk:
    """Answers by verb; keeps ids as the inbox would; fails on request, before anything is kept."""

    answers: dict[str, Answer] = field(default_factory=dict)
    failing: Counter[str] = field(default_factory=Counter)
    uncounting: bool = False
    handled: list[Incoming] = field(default_factory=list)
    asked: list[Incoming] = field(default_factory=list)
    told: list[tuple[str, bool]] = field(default_factory=list)
    held: asyncio.Event | None = None
    on_commit: Callable[[], None] | None = None
    _ids: set[str] = field(default_factory=set)
    _failures: Counter[str] = field(default_factory=Counter)

    async def ask(self, incoming: Incoming) -> Answer:
        self.asked.append(incoming)
        await asyncio.sleep(0)
        if self.held is not None:
            await self.held.wait()
        if self.failing[incoming.verb] > 0:
            self.failing[incoming.verb] -= 1
            raise OSError("the database is locked: " + TOKEN)
        ids = {str(incoming.transport_id), str(incoming.semantic_id)}
        if self._ids & ids:
            return SILENCE
        self._ids |= ids
        self.handled.append(incoming)
        if self.on_commit is not None:
            self.on_commit()
        return self.answers.get(incoming.verb, SILENCE)

    def answered(self, incoming: Incoming, *, sent: bool = True) -> None:
        self.told.append((incoming.verb, sent))

    async def give_up(self, incoming: Incoming) -> bool:
        if self.uncounting:
            raise OSError("the database is locked")
        self._failures[str(incoming.transport_id)] += 1
        return self._failures[str(incoming.transport_id)] >= 3

    async def keys(self, work: object) -> object:
        raise NotImplementedError

    @property
    def verbs(self) -> list[str]:
        return [incoming.verb for incoming in self.handled]


@dataclass
class Naps:
    """A sleep that takes no time and remembers what was asked of it."""

    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Stage:
    world: TelegramWorld
    desk: RememberingDesk
    naps: Naps
    clock: SetClock
    api_url: str
    channel: TelegramChannel

    def rebuilt(self, **settings: str) -> TelegramChannel:
        """Another process's channel over the same world and desk."""
        self.channel = build(self.api_url, self.desk, self.naps, self.clock, **settings)
        return self.channel

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something that comes about in this loop; ten seconds at most."""
        async with asyncio.timeout(10):
            while not true():
                await self.world.wait_for_change(self.world.revision, 0.01)

    async def confirmed(self) -> None:
        """Wait until Telegram has nothing left to deliver."""
        await self.until(lambda: not self.world.bot().updates.waiting_ids())

    def shown(self, person: int = AMINA) -> list[str]:
        """What the bot has said to somebody."""
        return [each.text for each in self.world.messages(person) if each.by_bot and not each.deleted]


def build(url: str, desk: RememberingDesk, naps: Naps, clock: SetClock, **settings: str) -> TelegramChannel:
    return TelegramChannel(
        TelegramSettings(**{"token": TOKEN, "api_url": url, **settings}),
        SCHOOL,
        desk,
        SIGNER,
        clock,
        sleep=naps,
        poll_seconds=5,
    )


@asynccontextmanager
async def staged(**settings: str) -> AsyncIterator[Stage]:
    """The stand-in, served, with one bot and two people; the channel is built and not started."""
    world = TelegramWorld(lambda: NOW)
    world.add_bot(TOKEN, "willow_bot")
    world.add_person(AMINA, "Amina", "ar")
    world.add_person(BEN, "Ben", "en-GB")
    desk, naps, clock = RememberingDesk(), Naps(), SetClock(NOW)
    async with serve(Starlette(routes=telegram_routes(world))) as url:
        stage = Stage(world, desk, naps, clock, url, build(url, desk, naps, clock, **settings))
        try:
            yield stage
        finally:
            await stage.channel.stop()


@asynccontextmanager
async def talking(url: str, **seconds: float | None) -> AsyncIterator[PollingBot]:
    """A bot with our requests on both of its seams."""
    requests = [AiohttpRequest(**{"at_once": 2, **seconds}) for _ in range(2)]
    for request in requests:
        await request.initialize()
    try:
        yield PollingBot(TOKEN, base_url=f"{url}/bot", request=requests[0], get_updates_request=requests[1])
    finally:
        for request in requests:
            await request.shutdown()


def choice(label: str, verb: str, **args: str) -> Choice:
    return Choice(label=Text(label), verb=verb, args=args)


def sender_of(bot: PollingBot) -> TelegramSender:
    """A sender alone, without a channel that asks for updates beside it."""
    return TelegramSender(bot=bot, bot_id="700100", signer=SIGNER, clock=SetClock(NOW))
