"""The one outward loop: looks after what nobody is at work on, finds where something is due, and starts pumps there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery.inprocess import InProcess
from bot.delivery.journal import Journal, sentence
from bot.delivery.letters import Drawings, Preparing, Route
from bot.delivery.office import LEASE, Office
from bot.delivery.pacing import Rate, rate_of
from bot.delivery.ports import Always, Deliveries, Engine, InThread, Pacer, Turns
from bot.delivery.pump import Pump
from bot.logs import log
from bot.storage import DeliveryRow, Source
from bot.wire import Channel, SendFailed
from school.notices import Lane

# How many rows of a school may be in doubt at once: 5 where limits hold, 100 where none do. News never takes the last
# fifth, so that a notice about a child always finds a place.
PACED, FREE = 5, 100
# With the platforms at once, over all schools of this process.
PLACES = 1_000
STOP_SECONDS = 25.0
# What is late or cancelled is put away so many chunks at a time, each a transaction, between other work.
CHUNKS_A_LOOK = 20


def _never(_school: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Post:
    """What the loop is told of the rooms: where a row goes, what is on its page, and who hears of what went wrong.

    `late` skips a chunk of what is too late at a school, and tells whoever answers for it. `quiet` says whether a
    school's families are left in peace just now.
    """

    channels: Callable[[str], Mapping[str, Channel]]
    routes: Callable[[Sequence[DeliveryRow]], Sequence[Route]]
    drawings: Drawings
    gone: Callable[[DeliveryRow, SendFailed], None]
    late: Callable[[str], None]
    quiet: Callable[[str], bool] = _never


class DeliveryLoop:
    """Built once; `turn()` does what is due and says how much that was, `run()` does it until `stop()`."""

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        pacer: Pacer,
        post: Post,
        in_thread: InThread,
        school_clock: Clock,
        machine_clock: Clock,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        rates: Callable[[str], Rate] = rate_of,
        free: int = FREE,
        lease: timedelta = LEASE,
        alone: bool = False,
        here: InProcess | None = None,
        engine: Engine | None = None,
        turns: Turns | None = None,
    ) -> None:
        """`alone`: no other process can be at work on this database, so that what a dead one held is taken at once.

        Otherwise it is taken when its `lease` has lapsed. `engine` carries kicks where `here`, the one of this process,
        is not to. `turns` says whose turn a school's news is, where several processes might send it at once.
        """
        self._deliveries = deliveries
        self._post = post
        self._in_thread = in_thread
        self._school_clock = school_clock
        self._machine_clock = machine_clock
        self._alone = alone
        self._free = free
        self._journal = journal = Journal(deliveries, in_thread=in_thread, sleep=sleep)
        preparing = Preparing(
            channels=post.channels, routes=post.routes, drawings=post.drawings, machine_clock=machine_clock
        )
        urgent = Office(
            deliveries=deliveries,
            pacer=pacer,
            preparing=preparing,
            journal=journal,
            gone=post.gone,
            in_thread=in_thread,
            school_clock=school_clock,
            machine_clock=machine_clock,
            sleep=sleep,
            rates=rates,
            places=asyncio.Semaphore(PLACES // 5),
            paced=PACED,
            lease=lease,
        )
        self._offices = {True: urgent, False: replace(urgent, places=asyncio.Semaphore(PLACES - PLACES // 5))}
        self._handled = 0
        self._turns = turns or Always()
        self._kicked = asyncio.Event()
        self._running_in: asyncio.AbstractEventLoop | None = None
        self._recovered = False
        self._here = here or InProcess()
        self._here.on_kick(self.kick)
        self._engine: Engine = engine or self._here
        self._here.start(self.pump)

    @property
    def resting(self) -> tuple[tuple[str, str], ...]:
        """Schools' channels that are being left alone just now."""
        return tuple(key for key, each in self._offices[True].breakers.items() if each.is_open)

    @property
    def handled(self) -> int:
        """Deliveries that this process has had in hand since it started."""
        return self._handled

    @property
    def drawn(self) -> int:
        """Pages that this process has drawn since it started."""
        return self._post.drawings.made

    def kick(self) -> None:
        """There may be something to do: look now rather than at the next tick. From any thread."""
        if self._running_in is not None and not self._running_in.is_closed():
            self._running_in.call_soon_threadsafe(self._kicked.set)

    async def run(self, *, idle_seconds: float = 1.0) -> None:
        """Until stopped or cancelled. A fault of one look is logged and does not end the loop."""
        self._running_in = asyncio.get_running_loop()
        if self._engine is not self._here:
            self._engine.start(self.pump)
        faulty = False
        while not self._stopping:
            self._kicked.clear()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever happens in a look
                if not faulty:  # said once: there is a look every second
                    log("delivery.turn", level=logging.WARNING, outcome=sentence(error), error=error)
                faulty = True
            else:
                faulty = False
            try:
                await asyncio.wait_for(self._kicked.wait(), idle_seconds)
            except TimeoutError:
                continue

    async def turn(self) -> int:
        """Everything that is due now, to its end, in this process; how many were handled."""
        before = self._handled
        await self._look_after()
        await self._here.offer(await self._found())
        await self._here.idle()
        return self._handled - before

    async def pump(self, school: str, urgent: bool, most: int | None = None) -> int:  # noqa: FBT001 - a kick's two words
        """Everything that is due at one school, of one kind; how many were handled."""
        fifth = max(self._free // 5, 1)
        pump = Pump(
            self._offices[urgent],
            lane=Lane.SAFEGUARDING if urgent else Lane.BULK,
            share=PACED if urgent else PACED - PACED // 5,
            free=fifth if urgent else self._free - fifth,
        )
        find = partial(self._sources, school, urgent=urgent)
        try:
            return await pump.run(find if urgent else partial(self._in_our_turn, school, find), most=most)
        finally:
            self._handled += pump.handled
            if not urgent:
                await self._turns.over(school)

    async def stop(self, *, seconds: float = STOP_SECONDS) -> None:
        """Claim nothing more, finish what is on its way, write its state, release the rest.

        It takes `seconds` at most, and a fifth more where the database is away. What a database that is away cannot be
        told by then is left as it was written last: whoever starts next finds those rows held by nobody, and goes by
        their doubt.
        """
        for office in self._offices.values():
            office.stopping = True
        self._kicked.set()
        try:
            async with asyncio.timeout(seconds):
                await self._here.idle()
        except TimeoutError:
            log("delivery.stopped_late", level=logging.WARNING)
        await self._here.stop()
        if self._engine is not self._here:
            await self._engine.stop()
        try:
            async with asyncio.timeout(seconds / 5):
                await self._journal.close()
        except TimeoutError:
            log("delivery.stopped_unwritten", level=logging.WARNING, count=self._journal.unwritten)
            self._journal.give_up()

    @property
    def _stopping(self) -> bool:
        return self._offices[True].stopping

    async def _look(self) -> None:
        """Look after the ledger, and see to it that there is a pump wherever something is due."""
        await self._look_after()
        found = await self._found()
        if not await self._engine.offer(found):
            # Its tables may be missing, or it is away: then this process does the work itself.
            await self._here.offer(found)

    async def _found(self) -> list[tuple[str, bool]]:
        work = partial(self._deliveries.work, now=self._school_clock.now(), machine_now=self._machine_clock.now())
        sources = await self._in_thread(Lane.REPLIES, work)
        may_go = (source for source in sources if not self._rests_till_morning(source))
        return list(dict.fromkeys((source.school, source.lane is not Lane.BULK) for source in may_go))

    async def _sources(self, school: str, *, urgent: bool) -> list[Source]:
        work = partial(
            self._deliveries.work,
            now=self._school_clock.now(),
            machine_now=self._machine_clock.now(),
            school_id=school,
        )
        found = await self._in_thread(Lane.SAFEGUARDING if urgent else Lane.BULK, work)
        ours = (source for source in found if (source.lane is not Lane.BULK) == urgent)
        return [source for source in ours if not self._rests_till_morning(source)]

    def _rests_till_morning(self, source: Source) -> bool:
        """News that was laid down by day and held, paused, put off or slow is as loud at night as any other."""
        return source.lane is Lane.BULK and self._post.quiet(source.school)

    async def _in_our_turn(self, school: str, find: Callable[[], Awaitable[Sequence[Source]]]) -> Sequence[Source]:
        """A school's news goes out from one process at a time: what one chat's second is must be known in one place."""
        return await find() if await self._turns.ours(school) else ()

    async def _look_after(self) -> None:
        machine_now, now = self._machine_clock.now(), self._school_clock.now()
        first = self._alone and not self._recovered
        await self._in_thread(Lane.REPLIES, partial(self._deliveries.recover, machine_now, all_of_it=first))
        self._recovered = True
        for _ in range(CHUNKS_A_LOOK):
            school = await self._in_thread(Lane.BULK, partial(self._deliveries.late, now))
            if school is None:
                break
            await self._in_thread(Lane.BULK, partial(self._post.late, school))
        for _ in range(CHUNKS_A_LOOK):
            if not await self._in_thread(Lane.BULK, self._deliveries.sweep_cancelled):
                break
        await self._in_thread(Lane.BULK, partial(self._deliveries.finish, now))
