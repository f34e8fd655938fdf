"""The database goes away in the middle of a newsletter, or its disk fills up: it waits, says so, and goes on."""

import asyncio
import contextlib
import gc
import io
import json
import logging
import os
import shutil
import signal
import subprocess
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.logs import configure
from bot.storage import open_engines, upgrade
from tests import needs
from tests.crash.child import Told, work
from tests.crash.office import Office, office
from tests.crash.platforms import RudeBotApi
from tests.databases import FAST, Server, _as_nobody, _served, _system_binaries, _wait, _wheel_binaries

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
FAMILIES, SECONDS = 150, 60.0
DURABLE = [each for each in FAST if not each.startswith("synchronous_commit")]


@pytest.fixture
def logs():
    """Everything that is logged, an object a line."""
    stream, root = io.StringIO(), logging.getLogger()
    before, level = list(root.handlers), root.level
    configure(logging.INFO, stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)


async def _until(true) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def _at_work(told: Told, engines=None):
    """The loop in this process, until the end of the block."""
    task = asyncio.create_task(work(told, engines))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        del task
        # A thread that was cut off in a wait may still have held a connection: it is let go of here, and not in
        # whosever test the collector runs next.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


def _told(url: str, folder: Path, server: RudeBotApi, *, alone: bool) -> Told:
    return Told(
        name="away",
        database=url,
        folder=str(folder),
        server=server.address,
        paced=False,
        alone=alone,
        lease_seconds=5.0,
        read_seconds=10.0,
    )


def _nothing_is_lost_or_doubled(school: Office, server: RudeBotApi) -> None:
    lines = school.ledger()
    assert len(lines) == school.laid
    assert Counter(line.state for line in lines) == {"sent": school.laid}
    assert Counter((each.chat, each.number) for each in server.arrivals) == {
        (line.chat, line.number): 1 for line in lines
    }
    assert school.balanced()


def _events(logs) -> list[str]:
    return [line.get("event", "") for line in logs()]


def _says(logs, sentence: str) -> bool:
    return any(sentence in line.get("outcome", "") for line in logs() if line["level"] == "warning")


@dataclass
class Restartable:
    """A PostgreSQL that can be stopped and started again."""

    server: Server
    started: list[subprocess.Popen] = field(default_factory=list)

    @property
    def _data(self) -> Path:
        return Path(self.server.address.partition("host=")[2]).parent / "data"

    def stop(self) -> None:
        """The "fast" shutdown: everybody is cut off."""
        pid_file = self._data / "postmaster.pid"
        pid = int(pid_file.read_text("utf-8").splitlines()[0])
        os.kill(pid, signal.SIGINT)
        for _ in range(200):
            if not pid_file.exists():
                return
            time.sleep(0.05)
        raise AssertionError("PostgreSQL did not stop")

    def start(self) -> None:
        settings = [part for each in DURABLE for part in ("-c", each)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": "/", **_as_nobody()}
        sockets = self._data.parent / "s"
        running = subprocess.Popen(
            [self.server.binaries / "postgres", "-D", self._data, "-k", sockets, *settings], **quiet
        )
        self.started.append(running)
        _wait(self.server, running, self._data.parent / "log")


@pytest.fixture
def own_postgresql():
    binaries = _system_binaries() or _wheel_binaries()
    if binaries is None:
        needs.missing("no PostgreSQL: nobody stopped one in mid-broadcast")
    with _served(binaries) as server:
        one = Restartable(server)
        yield one
        for running in one.started:
            running.send_signal(signal.SIGINT)
            running.wait(10)


async def test_families_get_their_newsletter_once_although_postgresql_is_stopped_and_started_in_the_middle(
    tmp_path, own_postgresql, logs
):
    with own_postgresql.server.database() as url:
        await asyncio.to_thread(upgrade, url)
        with office(url) as school, RudeBotApi(slowest_seconds=0.2) as server:
            school.newsletter("news-1", school.families(FAMILIES))
            async with _at_work(_told(url, tmp_path, server, alone=False)) as working:
                await _until(lambda: len(server.arrivals) >= FAMILIES // 3)
                await asyncio.to_thread(own_postgresql.stop)
                await _until(lambda: "delivery.database_away" in _events(logs))
                arrived = len(server.arrivals)
                assert not working.done()

                await asyncio.to_thread(own_postgresql.start)
                await _until(school.over)

            assert arrived < FAMILIES
            assert "delivery.database_back" in _events(logs)
            _nothing_is_lost_or_doubled(school, server)


async def test_families_get_their_newsletter_once_although_the_disk_is_full_for_a_while(
    tmp_path, sqlite_template, logs
):
    shutil.copyfile(sqlite_template, tmp_path / "lollipop.db")
    url = f"sqlite:///{tmp_path / 'lollipop.db'}"
    pages = {"most": 0}
    with office(url) as school, RudeBotApi(slowest_seconds=0.05) as server:
        school.newsletter("news-1", school.families(FAMILIES))
        with school.engines.reading() as connection:
            pages["most"] = connection.exec_driver_sql("PRAGMA page_count").scalar()
        engines = open_engines(url, home=tmp_path)

        def fill(connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages['most']}").close()

        event.listen(engines.write, "begin", fill, insert=True)
        async with _at_work(_told(url, tmp_path, server, alone=True), engines) as working:
            await _until(lambda: _says(logs, "The disk that holds the database is full"))
            assert not working.done()
            assert not school.over()
            pages["most"] = 1_000_000
            await _until(school.over)

        _nothing_is_lost_or_doubled(school, server)
        engines.close()
