"""Work that goes on after an acknowledgement, kept track of so that none is lost at a stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.channels.slack.quiet import log_failure


class Tasks:
    """Tasks in flight."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin, and keep until it ends; a failure is logged by its class."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def drain(self, *, seconds: float) -> None:
        """Wait for what is in flight, and for what that begins; after the time is up, cancel the rest."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._running and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._running, timeout=left)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log_failure("an answer was not shown", error)
