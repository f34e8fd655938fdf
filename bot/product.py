"""A built Lollipop: what it is made of, and how it starts and stops."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from starlette.applications import Starlette

from bot.channels.slack.channel import SlackChannel
from bot.channels.telegram.channel import TelegramChannel
from bot.connecting import Connected
from bot.delivery import DeliveryLoop
from bot.desk import Counter, House
from bot.library import Library
from bot.logs import log
from bot.scheduling import Metronome, Rounds, SiteRound
from bot.storage import Engines, Ledger
from bot.turns import LeasedTurns
from school.notices import Lane
from school.school import School
from school.words import Refusal

TICK_SECONDS = 5
RETRY_SECONDS = 30.0
# How often it is asked whether it is time to ask the sites of a list: once a week it is.
LINKS_SECONDS = 60.0


@dataclass(kw_only=True)
class Product:
    """`app` serves it; `running()` starts every school's channels, ticker and delivery, and stops them again.

    `school`, `slack` and `telegram` are for where there is one school; they raise ValueError where there are several.
    """

    app: Starlette
    schools: Mapping[str, School]
    connected: Mapping[str, Connected]
    library: Library
    house: House
    engines: Engines
    ledger: Ledger
    loop: DeliveryLoop
    rounds: Rounds
    sites: SiteRound
    counter: Counter
    asking: LeasedTurns
    # Sets this process's clock by the database server's.
    align: Callable[[], None]
    retry_seconds: float = RETRY_SECONDS
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def school(self) -> School:
        """The only school."""
        (school,) = self.schools.values()
        return school

    @property
    def slack(self) -> SlackChannel | None:
        """The only school's Slack, where it is on."""
        (connected,) = self.connected.values()
        return connected.slack

    @property
    def telegram(self) -> TelegramChannel | None:
        """The only school's Telegram, where it is on."""
        (connected,) = self.connected.values()
        return connected.telegram

    async def look_after(self) -> None:
        """One tick: the clock, the rounds, then delivery is told to look."""
        await self.counter.run(Lane.BULK, self.align)
        await self.counter.run(Lane.BULK, self.rounds.go)
        self.loop.kick()

    @contextlib.asynccontextmanager
    async def running(self, *, listen: bool = True) -> AsyncIterator[None]:
        """Everything that runs beside the web pages. Without `listen` it only sends and looks after what is due."""
        metronome = Metronome(self.look_after, every_seconds=TICK_SECONDS)
        for school, connected in self.connected.items():
            for via, why in connected.off.items():
                log("channel.off", level=logging.WARNING, school=school, via=via, outcome=str(why))
            for channel in connected.started:
                self._tasks.add(asyncio.create_task(self._keep_starting(school, channel, listen=listen)))
        self._tasks.add(asyncio.create_task(self.loop.run()))
        self._tasks.add(asyncio.create_task(self.asking.keep()))
        self._tasks.add(asyncio.create_task(self._keep_asking_sites()))
        metronome.start()
        await self.look_after()
        try:
            yield
        finally:
            metronome.stop()
            # What is on its way is finished and written while the channels still stand.
            await self.loop.stop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            # At once: each may have to wait for what is in its hands.
            await asyncio.gather(*(self._stop(school, each) for school, each in self.connected.items()))
            await self.asking.all_over()
            self.counter.close()
            self.engines.close()

    async def _keep_starting(self, school: str, channel: SlackChannel | TelegramChannel, *, listen: bool) -> None:
        """A channel that cannot start says why and is tried again: the rest of the house works on."""
        via, was_off = channel.sender.via, False
        while True:
            try:
                await channel.start(listen=listen)
            except Refusal as refusal:
                log("channel.off", level=logging.WARNING, school=school, via=via, outcome=str(refusal.text))
            except Exception as error:  # noqa: BLE001 - whatever it was, the next try may do better
                log("channel.off", level=logging.ERROR, school=school, via=via, error=error)
            else:
                if was_off:
                    log("channel.on", school=school, via=via)
                return
            was_off = True
            await asyncio.sleep(self.retry_seconds)

    async def _keep_asking_sites(self) -> None:
        """Beside the rounds, which look after reports: a site that hangs for ten seconds holds up nobody."""
        while True:
            await asyncio.sleep(LINKS_SECONDS)
            await self.sites.go()

    async def _stop(self, school: str, connected: Connected) -> None:
        for channel in connected.started:
            try:
                await channel.stop()
            except Exception as error:  # noqa: BLE001 - the other schools' channels are stopped all the same
                log("channel.stop", level=logging.ERROR, school=school, via=channel.sender.via, error=error)
