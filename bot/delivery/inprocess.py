"""The engine of one process: a kick starts a pump here."""

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from bot.delivery.journal import sentence
from bot.delivery.ports import Pumping
from bot.logs import log


class InProcess:
    """Implements Engine and bot.storage.Kicks. Several processes on one PostgreSQL each find their own work."""

    def __init__(self) -> None:
        self._pump: Pumping | None = None
        self._running: dict[tuple[str, bool], asyncio.Task[object]] = {}
        self._again: set[tuple[str, bool]] = set()
        self._kicked: Callable[[], None] = lambda: None

    def on_kick(self, kicked: Callable[[], None]) -> None:
        """What to do when something was left to be sent; it is called from any thread."""
        self._kicked = kicked

    def within(self, connection: Any, school: str, *, urgent: bool) -> None:
        """See Kicks. Nothing is told before it is committed."""

    def after(self, school: str) -> None:  # noqa: ARG002 - the look finds out where
        """See Kicks."""
        self._kicked()

    def start(self, pump: Pumping) -> None:
        """See Engine."""
        self._pump = pump

    async def offer(self, found: Collection[tuple[str, bool]]) -> bool:
        """See Engine. One pump a school and kind; where one runs already, it is asked to look once more."""
        for where in found:
            if where in self._running:
                self._again.add(where)
            else:
                self._start(where)
        return True

    async def idle(self) -> None:
        """Until no pump runs."""
        while self._running:
            await asyncio.wait(self._running.values())

    async def stop(self) -> None:
        """See Engine."""
        self._again.clear()
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _start(self, where: tuple[str, bool]) -> None:
        if self._pump is None:
            return
        task = asyncio.ensure_future(self._pump(*where))
        self._running[where] = task
        task.add_done_callback(partial(self._ended, where))

    def _ended(self, where: tuple[str, bool], task: asyncio.Future[object]) -> None:
        self._running.pop(where, None)
        if not task.cancelled() and (error := task.exception()):
            # What it had claimed comes back when its lease has lapsed.
            said = sentence(error) if isinstance(error, Exception) else ""
            log("delivery.pump", level=logging.WARNING, school=where[0], outcome=said, error=error)
        elif where in self._again:
            self._again.discard(where)
            self._start(where)
