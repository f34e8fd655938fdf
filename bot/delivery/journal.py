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
from bot.storage import End
from school.notices import Lane
from school.words import Refusal

LINGER_SECONDS = 0.004
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.2, 5.0
MOST = 500  # entries a commit: no writing transaction on SQLite may last a tenth of a second


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
        self._ends: list[tuple[Sequence[End], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._in_hand = 0

    async def begin(self, *row_ids: UUID) -> frozenset[UUID]:
        """Once it returns it is committed that these are being sent; any of them that is not in it may not go."""
        future: asyncio.Future[frozenset[UUID]] = asyncio.get_running_loop().create_future()
        self._begins.append((row_ids, future))
        self._wake()
        return await future

    async def end(self, *ends: End) -> None:
        """Returns once it is committed."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ends.append((ends, future))
        self._wake()
        await future

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
            while self._begins or self._ends:
                if not self._begins:
                    await asyncio.sleep(LINGER_SECONDS)
                begins, self._begins = _some(self._begins)
                ends, self._ends = _some(self._ends)
                self._in_hand = len(begins) + len(ends)
                may_go = await self._insist(
                    [row_id for ids, _ in begins for row_id in ids], [end for each, _ in ends for end in each]
                )
                self._in_hand = 0
                for ids, begun in begins:
                    _resolve(begun, may_go.intersection(ids))
                for _, ended in ends:
                    _resolve(ended, None)
        finally:
            self._writing = None

    async def _insist(self, begins: Sequence[UUID], ends: Sequence[End]) -> frozenset[UUID]:
        """Write until it is written: what went out must not be forgotten, whatever becomes of the database."""
        pause = 0.0
        while True:
            work = partial(self._deliveries.write, begins, ends)
            try:
                may_go = await self._in_thread(Lane.REPLIES, work)
            except Exception as error:  # noqa: BLE001 - locked, full or gone: whatever it is, it is tried again
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
                return may_go


def sentence(error: Exception) -> str:
    """What a person reads of it, where it is one of ours."""
    return str(error.text) if isinstance(error, Refusal) else ""


Entry = TypeVar("Entry")


def _some(
    entries: list[tuple[Sequence[Entry], asyncio.Future[Value]]],
) -> tuple[list[tuple[Sequence[Entry], asyncio.Future[Value]]], list[tuple[Sequence[Entry], asyncio.Future[Value]]]]:
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
