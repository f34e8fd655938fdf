"""News of a stand-in: a number that every change raises, and a wait for it."""

import asyncio
import contextlib


class News:
    """Part of both worlds. One event loop waits; a change may come from another thread."""

    def __init__(self) -> None:
        self.revision = 0
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def changed(self) -> None:
        """Raise the revision and wake everyone who waits."""
        self.revision += 1
        waiters, self._waiters = self._waiters, []
        for loop, event in waiters:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def wait_for_change(self, since: int, timeout: float | None = None) -> int:  # noqa: ASYNC109 - a page's poll
        """Wait until `revision` is above `since`, or `timeout` seconds have passed; answer the revision then."""
        if self.revision <= since:
            event = asyncio.Event()
            self._waiters.append((asyncio.get_running_loop(), event))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), timeout)
            self._waiters = [waiter for waiter in self._waiters if waiter[1] is not event]
        return self.revision
