"""The one outward loop: looks after what nobody is at work on, finds where something is due, and starts pumps there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.clock import Clock
from bot.delivery.journal import Journal
from bot.delivery.letters import Drawings, Preparing, Route
from bot.delivery.pacing import Rate, rate_of
from bot.delivery.ports import Deliveries, InThread, Pacer
from bot.delivery.pump import Office, Pump
from bot.logs import log
from bot.storage import DeliveryRow, Late, Source
from bot.wire import Channel, SendFailed
from school.notices import Lane

# How many rows of a school may be in doubt at once: 5 where limits hold, 100 where none do. News never takes the last
# fifth, so that a notice about a child always finds a place.
PACED, FREE = 5, 100
# With the platforms at once, over all schools of this process.
PLACES = 1_000
STOP_SECONDS = 25.0


@dataclass(frozen=True, kw_only=True)
class Post:
    """What the loop is told of the rooms: where a row goes, what is on its page, and who hears of what went wrong."""

    channels: Callable[[str], Mapping[str, Channel]]
    routes: Callable[[Sequence[DeliveryRow]], Sequence[Route]]
    drawings: Drawings
    gone: Callable[[DeliveryRow, SendFailed], None]
    late: Callable[[Late], None] = field(default=lambda _late: None)


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
        alone: bool = False,
    ) -> None:
        """`alone`: no other process can be at work on this database, so that what a dead one held is taken at once."""
        self._deliveries = deliveries
        self._post = post
        self._in_thread = in_thread
        self._school_clock = school_clock
        self._machine_clock = machine_clock
        self._alone = alone
        self._free = free
        journal = Journal(deliveries, in_thread=in_thread, sleep=sleep)
        self._journal = journal
        preparing = Preparing(
            channels=post.channels, routes=post.routes, drawings=post.drawings, machine_clock=machine_clock
        )
        self._offices = {
            urgent: Office(
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
                places=asyncio.Semaphore(PLACES // 5 if urgent else PLACES - PLACES // 5),
            )
            for urgent in (True, False)
        }
        self._pumps: dict[tuple[str, bool], tuple[Pump, asyncio.Task[int]]] = {}
        self._kicked = asyncio.Event()
        self._running_in: asyncio.AbstractEventLoop | None = None
        self._recovered = False

    @property
    def resting(self) -> tuple[tuple[str, str], ...]:
        """Schools' channels that are being left alone just now."""
        return tuple(key for office in self._offices.values() for key, each in office.breakers.items() if each.is_open)

    def kick(self) -> None:
        """There may be something to do: look now rather than at the next tick. From any thread."""
        if self._running_in is not None and not self._running_in.is_closed():
            self._running_in.call_soon_threadsafe(self._kicked.set)

    async def run(self, *, idle_seconds: float = 1.0) -> None:
        """Until stopped or cancelled. A fault of one look is logged and does not end the loop."""
        self._running_in = asyncio.get_running_loop()
        while not self._stopping:
            self._kicked.clear()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever happens in a look
                log("delivery.turn", error=error)
            try:
                await asyncio.wait_for(self._kicked.wait(), idle_seconds)
            except TimeoutError:
                continue

    async def turn(self) -> int:
        """Everything that is due now, to its end; how many were handled."""
        before = sum(pump.handled for pump, _ in self._pumps.values())
        started = await self._look()
        running = [task for _, task in self._pumps.values()]
        pumps = [pump for pump, _ in self._pumps.values()]
        await asyncio.gather(*running)
        return sum(pump.handled for pump in pumps) - before if started or running else 0

    async def stop(self, *, seconds: float = STOP_SECONDS) -> None:
        """Claim nothing more, finish what is on its way, write its state, release the rest."""
        for office in self._offices.values():
            office.stopping = True
        self._kicked.set()
        tasks = [task for _, task in self._pumps.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
        await self._journal.close()

    @property
    def _stopping(self) -> bool:
        return self._offices[True].stopping

    async def _look(self) -> int:
        """Look after the ledger, and start or feed a pump wherever something is due; how many places that is."""
        await self._look_after()
        work = partial(self._deliveries.work, now=self._school_clock.now(), machine_now=self._machine_clock.now())
        by_pump: dict[tuple[str, bool], list[Source]] = {}
        for source in await self._in_thread(Lane.REPLIES, work):
            by_pump.setdefault((source.school, source.lane is not Lane.BULK), []).append(source)
        for (school, urgent), sources in by_pump.items():
            known = self._pumps.get((school, urgent))
            if known is not None and not known[1].done():
                known[0].offer(sources)
                continue
            self._start(school, sources, urgent=urgent)
        return len(by_pump)

    def _start(self, school: str, sources: Sequence[Source], *, urgent: bool) -> None:
        lane = Lane.SAFEGUARDING if urgent else Lane.BULK
        fifth = max(self._free // 5, 1)
        paced = PACED if urgent else PACED - PACED // 5
        pump = Pump(self._offices[urgent], lane=lane, paced=paced, free=fifth if urgent else self._free - fifth)
        pump.offer(sources)
        task = asyncio.get_running_loop().create_task(pump.run())
        self._pumps[school, urgent] = (pump, task)
        task.add_done_callback(partial(self._ended, (school, urgent)))

    def _ended(self, key: tuple[str, bool], task: asyncio.Task[int]) -> None:
        if self._pumps.get(key, (None, None))[1] is task:
            del self._pumps[key]
        if not task.cancelled() and (error := task.exception()):
            # What it had claimed comes back when its lease has lapsed.
            log("delivery.pump", school=key[0], error=error)

    async def _look_after(self) -> None:
        machine_now, now = self._machine_clock.now(), self._school_clock.now()
        first = self._alone and not self._recovered
        recover = partial(self._deliveries.recover, machine_now, all_of_it=first)
        await self._in_thread(Lane.REPLIES, recover)
        self._recovered = True
        for late in await self._in_thread(Lane.BULK, partial(self._deliveries.expire, now)):
            await self._in_thread(Lane.BULK, partial(self._post.late, late))
        await self._in_thread(Lane.BULK, self._deliveries.sweep_cancelled)
        await self._in_thread(Lane.BULK, partial(self._deliveries.finish, now))
