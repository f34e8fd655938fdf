"""The journal: what is begun and what has ended, committed in groups.

A commit a message is the whole cost of a ledger; everything that comes while one commit is being written makes up the
next (measured: group commits are worth ten times the speed).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from bot.delivery.ports import Deliveries, InThread, Value
from bot.logs import log
from bot.storage import Claim, DeliveryRow, End, Written
from school.notices import Lane
from school.words import Refusal

LINGER_SECONDS = 0.004
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.2, 5.0
# Entries and claims a commit: no writing transaction on SQLite may last a tenth of a second. Of four handfuls two are
# claimed together, so that the others are on their way meanwhile (measured: docs/decisions/0035).
MOST, CLAIMS = 500, 2


class Journal:
    """Built once a loop. While the database is away it waits, says so once, and forgets nothing."""

    def __init__(
        self,
        deliveries: Deliveries,
        *,
        in_thread: InThread,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._deliveries = deliveries
        self._in_thread = in_thread
        self._sleep = sleep
        self._begins: list[tuple[Sequence[UUID], asyncio.Future[frozenset[UUID]]]] = []
        self._ends: list[tuple[Sequence[End], asyncio.Future[None] | None]] = []
        self._claims: list[tuple[Callable[[], Claim], asyncio.Future[Sequence[DeliveryRow]]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._in_hand = 0

    async def begin(self, *row_ids: UUID) -> frozenset[UUID]:
        """Once it returns it is committed that these are being sent; any of them that is not in it may not go."""
        future: asyncio.Future[frozenset[UUID]] = asyncio.get_running_loop().create_future()
        self._begins.append((row_ids, future))
        self._wake()
        return await future

    async def end(self, *ends: End) -> None:
        """Returns once it is committed, and all that was told before it."""
        if not ends and not self.unwritten:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ends.append((ends, future))
        self._wake()
        await future

    def tell(self, end: End) -> None:
        """It will be committed: together with the next claim or before it."""
        self._ends.append(((end,), None))
        self._wake()

    async def claim(self, made: Callable[[], Claim]) -> Sequence[DeliveryRow]:
        """In one commit with every end that was told before, or after it: what has been answered is in no doubt then.

        `made` when it is written, for a lease counts from then. Raises what the database does: it can be asked again.
        """
        future: asyncio.Future[Sequence[DeliveryRow]] = asyncio.get_running_loop().create_future()
        self._claims.append((made, future))
        self._wake()
        return await future

    @property
    def unwritten(self) -> int:
        """Entries that are not committed yet, those that are being written among them."""
        return self._in_hand + len(self._begins) + len(self._ends)

    async def close(self) -> None:
        """Wait for what is still to be written."""
        while self._writing is not None:
            await asyncio.wait({self._writing})

    def give_up(self) -> None:
        """Write no more: nobody is left to wait for it."""
        if self._writing is not None:
            self._writing.cancel()

    def _wake(self) -> None:
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._begins or self._ends or self._claims:
                if not self._begins and not self._claims:
                    await asyncio.sleep(LINGER_SECONDS)
                begins, self._begins = _some(self._begins)
                ends, self._ends = _some(self._ends)
                asked = CLAIMS if not self._ends else 0
                claims, self._claims = self._claims[:asked], self._claims[asked:]
                self._in_hand = len(begins) + len(ends)
                written = await self._insist(
                    [row_id for ids, _ in begins for row_id in ids], [end for each, _ in ends for end in each], claims
                )
                self._in_hand = 0
                for ids, begun in begins:
                    _resolve(begun, written.may_go.intersection(ids))
                for _, ended in ends:
                    if ended is not None:
                        _resolve(ended, None)
                for (_, claimed), rows in zip(claims, written.claimed, strict=False):
                    _resolve(claimed, rows)
        finally:
            self._writing = None

    async def _insist(
        self,
        begins: Sequence[UUID],
        ends: Sequence[End],
        claims: Sequence[tuple[Callable[[], Claim], asyncio.Future[Sequence[DeliveryRow]]]],
    ) -> Written:
        """Write until it is written: what went out must not be forgotten, whatever becomes of the database.

        A claim is not tried again: by then its lease might be over.
        """
        pause = 0.0
        asked = [made() for made, _ in claims]
        if not begins and not ends and not asked:  # somebody waits for what has just been written
            return Written()
        while True:
            work = partial(self._deliveries.write, begins, ends, asked)
            try:
                written = await self._in_thread(Lane.REPLIES, work)
            except Exception as error:  # noqa: BLE001 - locked, full or gone: whatever it is, it is tried again
                for _, future in claims if asked else ():
                    if not future.done():
                        future.set_exception(error)
                asked = []
                if not begins and not ends:
                    return Written()
                if not pause:
                    log(
                        "delivery.database_away",
                        level=logging.WARNING,
                        count=len(begins) + len(ends),
                        outcome=sentence(error),
                        error=error,
                    )
                pause = min(max(pause * 2, FIRST_RETRY_SECONDS), LONGEST_RETRY_SECONDS)
                await self._sleep(pause)
            else:
                if pause:
                    log("delivery.database_back", count=len(begins) + len(ends))
                return written


def sentence(error: Exception) -> str:
    """What a person reads of it, where it is one of ours."""
    return str(error.text) if isinstance(error, Refusal) else ""


Entry = TypeVar("Entry")
Waiter = TypeVar("Waiter")


def _some(
    entries: list[tuple[Sequence[Entry], Waiter]],
) -> tuple[list[tuple[Sequence[Entry], Waiter]], list[tuple[Sequence[Entry], Waiter]]]:
    """Those that make up the next commit, whole entries, and the rest."""
    count = 0
    for number, (each, _) in enumerate(entries, start=1):
        count += len(each)
        if count >= MOST:
            return entries[:number], entries[number:]
    return entries, []


def _resolve(future: asyncio.Future[Value], value: Value) -> None:
    if not future.done():  # whoever waited may have been cancelled
        future.set_result(value)
