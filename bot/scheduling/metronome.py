"""The metronome: a tick in every process. It holds no timer of ours: a lost tick is made good by the next."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


class Metronome:
    """Calls `tick` every so many seconds of the machine's clock; never twice at once."""

    def __init__(self, tick: Callable[[], Awaitable[None]], *, every_seconds: int) -> None:
        self._scheduler = AsyncIOScheduler()
        # A late tick is as good as a punctual one: what is due is decided by the rows (engines.md, section 4).
        self._scheduler.add_job(
            tick,
            IntervalTrigger(seconds=every_seconds),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Inside the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """No further ticks."""
        self._scheduler.shutdown(wait=False)
