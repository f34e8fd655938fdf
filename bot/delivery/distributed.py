"""The engine of many processes: Procrastinate on PostgreSQL carries kicks, and nothing but kicks.

Needs the extra `distributed` (requirements/distributed.txt). A job says "this school has work of this kind"; its
lock lets one pump of a school and kind run at a time, whatever the number of workers, so that what one chat's second
and one bot's thirtieth are stays with one process. Truth is in the ledger: a job that is lost, or stands still with
a worker that died, costs delay until the next look (docs/decisions/0016).
"""

import asyncio
import contextlib
import logging
from collections.abc import Collection
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import JobDeferrer, Status

from bot.delivery.ports import Pumping
from bot.logs import log

URGENT, BULK, URGENT_FIRST = "urgent", "bulk", 10
TASK = "lollipop.pump"
# After about so many a school's work goes behind the others'.
MOST_A_JOB = 1_000
# Pumps at once in one worker; a worker that has been silent for so many seconds, so many heartbeats, is dead, and its
# jobs begin again.
PUMPS, DEAD_SECONDS, BEATS, STOP_SECONDS = 64, 10.0, 5, 20.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0


class DistributedKicks:
    """Implements bot.storage.Kicks: a job in the very transaction that left something to be sent."""

    def __init__(self, address: str) -> None:
        self._app = App(connector=SyncPsycopgConnector(conninfo=address))

    def within(self, connection: Any, school: str, *, urgent: bool) -> None:
        """See Kicks. In a savepoint of its own, for a job that is queued already would undo the whole."""
        try:
            with connection.transaction():
                _job(self._app, school, urgent=urgent, connection=connection).defer(school=school, urgent=urgent)
        except AlreadyEnqueued:
            return
        except Exception as error:  # noqa: BLE001 - whoever looks next finds it
            log("delivery.not_kicked", level=logging.WARNING, school=school, error=error)

    def after(self, school: str) -> None:
        """See Kicks. PostgreSQL notifies the workers by itself."""


class Distributed:
    """Implements Engine: queues what the look through the ledger found, and runs pumps for jobs that come."""

    def __init__(self, address: str, *, pumps: int = PUMPS, dead_seconds: float = DEAD_SECONDS) -> None:
        """A worker that has been silent for `dead_seconds` is dead, and its jobs are taken from it."""
        self._address = address
        self._pumps = pumps
        self._dead_seconds = dead_seconds
        self._app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4, timeout=10.0))
        self._working: asyncio.Task[None] | None = None
        self._open = False
        self._stopping = asyncio.Event()

    def start(self, pump: Pumping) -> None:
        """See Engine."""

        async def job(school: str, urgent: bool) -> None:  # noqa: FBT001 - a kick's two words
            if await pump(school, urgent, MOST_A_JOB) >= MOST_A_JOB:
                # There is more: behind the jobs of the other schools, so that a big newsletter holds up nobody else's.
                await self.offer([(school, urgent)])

        self._app.task(name=TASK)(job)
        self._working = asyncio.get_running_loop().create_task(self._work())

    async def offer(self, found: Collection[tuple[str, bool]]) -> bool:
        """See Engine. What is queued already is not queued again; what a dead worker held is taken from it."""
        if not self._open:
            return False
        try:
            await self._reap()
            for school, urgent in found:
                with contextlib.suppress(AlreadyEnqueued):
                    await _job(self._app, school, urgent=urgent).defer_async(school=school, urgent=urgent)
        except ConnectorException as error:
            log("delivery.engine_away", level=logging.WARNING, error=error)
            return False
        return True

    async def stop(self) -> None:
        """See Engine."""
        self._stopping.set()
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        """Work for as long as we run; while the database is away, try again ever less often."""
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                async with self._app.open_async():
                    self._open = True
                    pause = FIRST_PAUSE_SECONDS
                    await self._app.run_worker_async(
                        concurrency=self._pumps,
                        install_signal_handlers=False,
                        delete_jobs="always",
                        update_heartbeat_interval=self._dead_seconds / BEATS,
                        stalled_worker_timeout=self._dead_seconds,
                        shutdown_graceful_timeout=STOP_SECONDS,
                        fetch_job_polling_interval=1.0,
                    )
            except Exception as error:  # noqa: BLE001 - an engine's failure costs delay: it is tried again
                log("delivery.engine_away", level=logging.WARNING, error=error)
            finally:
                self._open = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _reap(self) -> None:
        """Jobs of a worker that died stay in hand for ever if nobody looks (measured: engines.md, section 2).

        They are not queued again but dropped: another kick of their kind may wait behind them already, of which there
        is never a second; and where something is due, this very look has found it.
        """
        stalled = await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._dead_seconds)
        for job in stalled:
            with contextlib.suppress(ConnectorException):  # another process was sooner
                await self._app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
                log("delivery.job_taken_back", school=str(job.task_kwargs.get("school", "")))


def prepare(address: str) -> bool:
    """Make the engine's own tables where there are none yet; whether it did."""
    app = App(connector=SyncPsycopgConnector(conninfo=address, min_size=1, max_size=1))
    with app.open():
        if app.check_connection():
            return False
        app.schema_manager.apply_schema()
    return True


def _job(app: App, school: str, *, urgent: bool, connection: Any = None) -> JobDeferrer:
    queue = URGENT if urgent else BULK
    where = f"{school}:{queue}"
    return app.configure_task(
        TASK,
        lock=where,
        queueing_lock=where,
        queue=queue,
        priority=URGENT_FIRST if urgent else 0,
        connection=connection,
    )
