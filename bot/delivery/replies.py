"""Answers take their turn in the same rows as news and notices, ahead of what has not been granted one yet."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery.pacing import Buckets, Rate, blocked, book_reply, reply_rate_of
from bot.delivery.ports import InThread, Pacer
from bot.logs import log
from bot.wire import Bucket
from school.notices import Lane

LONGEST_SECONDS = 1.0


class ReplyPace:
    """Implements bot.wire.Pace for one school: one small write an answer, and at most about a second's wait.

    An answer never asks twice: it takes the next slot of each key at once, and news then waits for the one after. A few
    answers of a bot go ahead of their turn, so that nobody waits behind a newsletter. Where the slot is further off
    than a second, or the database does not answer in time, it goes all the same: a platform's 429 is waited for where
    it comes.
    """

    def __init__(
        self,
        *,
        school: str,
        pacer: Pacer,
        in_thread: InThread,
        machine_clock: Clock,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        rates: Callable[[str], Rate] = reply_rate_of,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._school = school
        self._pacer = pacer
        self._in_thread = in_thread
        self._machine_clock = machine_clock
        self._sleep = sleep
        self._rates = rates
        self._longest = longest_seconds

    async def turn(self, keys: Sequence[str]) -> None:
        """See bot.wire.Pace."""
        if not keys:
            return
        clock = asyncio.get_running_loop()
        deadline = clock.time() + self._longest
        rates = {key: self._rates(key) for key in keys}

        def decide(buckets: Buckets) -> tuple[dict[str, Bucket], float]:
            now = self._machine_clock.now().timestamp()
            return book_reply(buckets, keys, rates, now=now, longest=self._longest)

        work = partial(self._pacer.settle, keys, school=self._school, decide=decide)
        try:
            async with asyncio.timeout_at(deadline):
                wait = await self._in_thread(Lane.REPLIES, work)
        except Exception as error:  # noqa: BLE001 - an answer is worth more than its place in a queue
            log("delivery.reply_unpaced", school=self._school, error=error)
            return
        if (left := min(wait, deadline - clock.time())) > 0:
            await self._sleep(left)

    async def told_to_wait(self, keys: Sequence[str], wait: timedelta) -> None:
        """See bot.wire.Pace. The last key is the narrowest: one chat's 429 holds up no other chat."""
        until = self._machine_clock.now().timestamp() + wait.total_seconds()

        def decide(buckets: Buckets) -> tuple[dict[str, Bucket], None]:
            return blocked(buckets, keys[-1:], until=until), None

        work = partial(self._pacer.settle, keys[-1:], school=self._school, decide=decide)
        try:
            async with asyncio.timeout(self._longest):
                await self._in_thread(Lane.REPLIES, work)
        except Exception as error:  # noqa: BLE001 - whoever is told to wait waits anyway; only the others do not know
            log("delivery.reply_unpaced", school=self._school, error=error)
