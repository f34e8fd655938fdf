"""The one outward loop: claim, check again, pace, render, send, record."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot.clock import Clock
from bot.delivery.pacing import Rate, rate_of
from bot.delivery.ports import PERHAPS_A_REPEAT, Deliveries, Due, Pacer
from bot.logs import log
from bot.wire import Channel, Outgoing, SendFailed
from pages import Document
from school.notices import Lane

Value = TypeVar("Value")


class InThread(Protocol):
    """Does plain work in a thread."""

    def __call__(self, work: Callable[[], Value], /) -> Awaitable[Value]:
        """The work's value."""


LEASE = timedelta(seconds=60)
BATCH = 5  # how many may be in doubt at once, should the machine die
TRIES = 5
LONGEST_PACE_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a delivery goes, found again at the moment of sending; `skip` says why it goes nowhere after all."""

    address: str = ""
    lang: str = "en"
    skip: str = ""


def backoff(attempts: int) -> timedelta:
    """30 s, 5 min, 10 min and so on: what RapidPro's courier settled on."""
    return timedelta(seconds=(30, 300, 600)[min(attempts, 2)])


class DeliveryLoop:
    """Built once; `turn()` does what is due and says how much that was, `run()` does it for ever."""

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        pacer: Pacer,
        channels: Callable[[str], Mapping[str, Channel]],
        route: Callable[[Due], Route],
        compose: Callable[[Due, str], Document],
        gone: Callable[[Due, SendFailed], None],
        in_thread: InThread,
        school_clock: Clock,
        machine_clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rates: Callable[[str], Rate] = rate_of,
    ) -> None:
        self._deliveries = deliveries
        self._pacer = pacer
        self._channels = channels
        self._route = route
        self._compose = compose
        self._gone = gone
        self._in_thread = in_thread
        self._school_clock = school_clock
        self._machine_clock = machine_clock
        self._sleep = sleep
        self._rates = rates
        self._kicked = asyncio.Event()

    def kick(self) -> None:
        """There may be something to do: look now rather than at the next tick."""
        self._kicked.set()

    async def run(self, *, idle_seconds: float = 1.0) -> None:
        """Until cancelled. A fault of one turn is logged and does not end the loop."""
        while True:
            self._kicked.clear()
            try:
                done = await self.turn()
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever happens in a turn
                log("delivery.turn", error=error)
                done = 0
            if not done:
                try:
                    await asyncio.wait_for(self._kicked.wait(), idle_seconds)
                except TimeoutError:
                    continue

    async def turn(self) -> int:
        """Recover, expire, claim up to a handful, send them; how many were handled."""
        machine_now = self._machine_clock.now()
        now = self._school_clock.now()
        await self._in_thread(partial(self._deliveries.recover, machine_now))
        await self._in_thread(partial(self._deliveries.expire, now))
        rows: Sequence[Due] = await self._in_thread(
            partial(self._deliveries.claim, now=now, machine_now=machine_now, limit=BATCH, lease=LEASE),
        )
        await asyncio.gather(*(self._guarded(row) for row in rows))
        return len(rows)

    async def _guarded(self, row: Due) -> None:
        """A row that cannot be made or sent holds up no other; one for safeguarding is tried for ever."""
        try:
            await self._one(row)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this row's
            log("delivery.row", school=row.school, via=row.channel, error=error)
            if row.lane is Lane.SAFEGUARDING:
                await self._later(row, backoff(row.attempts), "could not be made")
            else:
                await self._in_thread(partial(self._deliveries.failed, row.id, "could not be made"))

    async def _one(self, row: Due) -> None:
        channel = self._channels(row.school).get(row.channel)
        if channel is None:
            await self._later(row, timedelta(minutes=1), "the channel is off")
            return
        route = await self._in_thread(partial(self._route, row))
        if route.skip:
            await self._in_thread(partial(self._deliveries.skipped, row.id, route.skip))
            return
        for key in channel.pacing_keys(route.address):
            if not await self._paced(row, key):
                return
        document = await self._in_thread(partial(self._compose, row, route.lang))
        lease_until = self._machine_clock.now() + LEASE
        may_go = await self._in_thread(partial(self._deliveries.sending, [row.id], lease_until=lease_until))
        if row.id not in may_go:
            return
        await self._send(row, channel, Outgoing(address=route.address, document=document, lang=route.lang))

    async def _paced(self, row: Due, key: str) -> bool:
        """Wait for a key's turn; False where the wait is so long that the row is put back."""
        rate = self._rates(key)
        while wait := await self._in_thread(
            partial(
                self._pacer.ask,
                key,
                school=row.school,
                rate_per_s=rate.per_second,
                burst=rate.burst,
                machine_now=self._machine_clock.now(),
            ),
        ):
            if wait > LONGEST_PACE_SECONDS:
                await self._later(row, timedelta(seconds=wait), "waiting its turn")
                return False
            await self._sleep(wait)
        return True

    async def _send(self, row: Due, channel: Channel, message: Outgoing) -> None:
        try:
            external = await channel.send(message)
        except SendFailed as failure:
            await self._failed(row, channel, message, failure)
        else:
            await self._in_thread(partial(self._deliveries.sent, row.id, external))

    async def _failed(self, row: Due, channel: Channel, message: Outgoing, failure: SendFailed) -> None:
        log("delivery.failed", school=row.school, via=row.channel, outcome=failure.reason)
        await self._in_thread(partial(self._gone, row, failure))
        if failure.retry_after is not None:
            key = channel.pacing_keys(message.address)[-1]
            until = self._machine_clock.now() + failure.retry_after
            await self._in_thread(partial(self._pacer.block, key, school=row.school, until=until))
            await self._later(row, failure.retry_after, "the platform said to wait")
        elif failure.moved_to is not None:
            # The address is already changed by `gone`: the next claim finds the new one. Once only.
            if row.attempts == 0:
                await self._later(row, timedelta(0), "the chat moved")
            else:
                await self._in_thread(partial(self._deliveries.failed, row.id, "moved twice"))
        elif failure.permanent:
            await self._in_thread(partial(self._deliveries.failed, row.id, failure.reason))
        elif failure.in_doubt:
            await self._doubtful(row, failure)
        elif row.attempts + 1 >= TRIES and row.lane is not Lane.SAFEGUARDING:
            await self._in_thread(partial(self._deliveries.failed, row.id, failure.reason))
        else:
            await self._later(row, backoff(row.attempts), failure.reason)

    async def _doubtful(self, row: Due, failure: SendFailed) -> None:
        """It may have gone out: a person decides on news; a safeguarding notice goes again and says so."""
        if row.lane is Lane.SAFEGUARDING:
            await self._later(row, backoff(row.attempts), PERHAPS_A_REPEAT)
        else:
            await self._in_thread(partial(self._deliveries.unknown, row.id, failure.reason))

    async def _later(self, row: Due, wait: timedelta, reason: str) -> None:
        not_before: datetime = self._machine_clock.now() + wait
        await self._in_thread(partial(self._deliveries.again, row.id, not_before, reason=reason))
