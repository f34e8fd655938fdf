"""Engines for both databases, one writer at a time on SQLite, and a lock on the home folder."""

import fcntl
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url

from bot.storage.errors import (
    DatabaseLockedError,
    DatabaseUnreachableError,
    DiskFullError,
    HomeInUseError,
    HomeUnusableError,
    NotADatabaseError,
    SchemaTooOldError,
)
from school.words import Refusal

WAIT_SECONDS = 5.0
# PostgreSQL's codes (appendix A of its manual) and SQLite's sentences (sqlite.org/rescode.html), which have none here.
BY_CODE: dict[str, type[Refusal]] = {
    "55P03": DatabaseLockedError,
    "53100": DiskFullError,
    "53300": DatabaseUnreachableError,
    "57P01": DatabaseUnreachableError,
    "42P01": SchemaTooOldError,
    "42703": SchemaTooOldError,
}
BY_SENTENCE: dict[str, type[Refusal]] = {
    "database is locked": DatabaseLockedError,
    "database table is locked": DatabaseLockedError,
    "database or disk is full": DiskFullError,
    "unable to open database file": DatabaseUnreachableError,
    "file is not a database": NotADatabaseError,
    "database disk image is malformed": NotADatabaseError,
    "no such table": SchemaTooOldError,
    "no such column": SchemaTooOldError,
    "has no column named": SchemaTooOldError,
}


class WriterLock:
    """One writer of this process at a time, in the order in which they came; never twice in one thread.

    A `threading.Lock` goes to whoever asks at the right instant: to the planner that has just let go of it, chunk after
    chunk, while a child's report waits (measured: docs/decisions/0022).
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Lock] = deque()
        self._owner: int | None = None

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Raises DatabaseLockedError after so many seconds."""
        if self._owner == threading.get_ident():
            msg = "a writing transaction inside another of the same thread"
            raise RuntimeError(msg)
        self._take(seconds)
        self._owner = threading.get_ident()
        try:
            yield
        finally:
            self._owner = None
            self._pass_on()

    def _take(self, seconds: float) -> None:
        turn = threading.Lock()
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            turn.acquire()
            self._queue.append(turn)
        if turn.acquire(timeout=seconds):
            return
        with self._mutex:
            if turn in self._queue:  # otherwise it was handed over at the last instant
                self._queue.remove(turn)
                raise DatabaseLockedError

    def _pass_on(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False


@dataclass(frozen=True, kw_only=True)
class Engines:
    """A writing and a reading engine on one database. `wait_seconds` bounds every wait for a lock."""

    write: Engine
    read: Engine
    wait_seconds: float = WAIT_SECONDS
    writer: WriterLock | None = None
    home_lock: TextIO | None = field(default=None, repr=False)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that may write. The caller commits; leaving without it undoes everything."""
        if self.writer is None:
            with self.write.connect() as connection:
                yield connection
            return
        with self.writer.held(self.wait_seconds), self.write.connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, and on SQLite never waits for a writer."""
        with self.read.connect() as connection:
            yield connection

    def wipe(self, tables: Sequence[str]) -> bool:
        """Take what was deleted out of the database's own files; False where somebody was in the way: try again.

        On SQLite the write-ahead log is emptied: `secure_delete` has put zeros where rows were, and the log holds the
        pages as they stood before (sqlite.org/pragma.html#pragma_wal_checkpoint). On PostgreSQL dead rows are cleared
        out of the tables; its write-ahead log is the server's own. Outside any transaction; nobody waits for it long.
        """
        try:
            if self.writer is None:
                with self.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")
                return True
            with self.writer.held(self.wait_seconds), closing(self.write.raw_connection()) as connection:
                # Not one moment for a reader that is in the way: whoever writes waits meanwhile.
                connection.execute("PRAGMA busy_timeout = 0").close()
                try:
                    told = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    blocked, *_ = told.fetchone()
                    told.close()
                finally:
                    connection.execute(f"PRAGMA busy_timeout = {int(self.wait_seconds * 1000)}").close()
                return not blocked
        except (DatabaseLockedError, sqlite3.OperationalError):
            return False

    def close(self) -> None:
        """Give back connections and the home folder."""
        self.read.dispose()
        self.write.dispose()
        if self.home_lock:
            self.home_lock.close()


def open_engines(url: str, *, home: Path | None = None, wait_seconds: float = WAIT_SECONDS) -> Engines:
    """Engines for a database URL; connections are made when they are first needed.

    `home` is locked for this process on SQLite; without it (for a command that only reads) nothing is locked.
    Raises HomeInUseError.
    """
    if make_url(url).get_backend_name() != "sqlite":
        engine = postgresql_engine(url, wait_seconds=wait_seconds)
        reading = engine.execution_options(postgresql_readonly=True)
        return Engines(write=engine, read=reading, wait_seconds=wait_seconds)
    held = lock_home(home) if home else None
    return Engines(
        write=sqlite_engine(url, begin="IMMEDIATE", wait_seconds=wait_seconds),
        read=sqlite_engine(url, begin="DEFERRED", wait_seconds=wait_seconds),
        wait_seconds=wait_seconds,
        writer=WriterLock(),
        home_lock=held,
    )


def server_time(engines: Engines) -> datetime | None:
    """The instant by the database server's clock; None on SQLite, which has this machine's."""
    if engines.read.dialect.name == "sqlite":
        return None
    with engines.reading() as connection:
        told: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return told


def lock_home(home: Path) -> TextIO:
    """Hold the home folder until the file is closed or this process dies.

    Raises HomeInUseError, or HomeUnusableError where there can be no such folder.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = (home / "lollipop.lock").open("a", encoding="utf-8")
    except OSError as error:
        raise HomeUnusableError(home=str(home)) from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held.close()
        raise HomeInUseError(home=str(home)) from error
    return held


def sqlite_engine(url: str, *, begin: str, wait_seconds: float = WAIT_SECONDS, foreign_keys: bool = True) -> Engine:
    """`begin` is IMMEDIATE for writing and DEFERRED for reading.

    The driver's own transactions lose about half of all concurrent updates without an error, and a deferred one
    cannot become a writer once another has written (measured: engines.md, section 6).
    """
    if make_url(url).database in {None, "", ":memory:"}:
        msg = "a database in memory cannot be shared by a writer and a reader: name a file"
        raise ValueError(msg)
    engine = create_engine(url, connect_args={"timeout": wait_seconds}, hide_parameters=True)

    def connected(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None
        pragmas = [
            f"busy_timeout = {int(wait_seconds * 1000)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            "secure_delete = ON",  # for this connection only: SQLite does not store it
        ]
        if begin == "DEFERRED":
            pragmas = [*(each for each in pragmas if not each.startswith("journal_mode")), "query_only = ON"]
        for pragma in pragmas:
            dbapi.execute(f"PRAGMA {pragma}").close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    event.listen(engine, "handle_error", translate, retval=True)
    return engine


def postgresql_engine(url: str, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """A pool; every wait for a lock is bounded."""
    engine = create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True)

    def connected(dbapi: Any, _record: object) -> None:
        with dbapi.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(wait_seconds * 1000)}")
        dbapi.commit()

    event.listen(engine, "connect", connected)
    event.listen(engine, "handle_error", translate, retval=True)
    return engine


def translate(context: ExceptionContext) -> BaseException | None:
    """An anticipated fault of the database as the sentence for it; None leaves the fault as it is."""
    if context.is_pre_ping:
        return None  # the pool makes a new connection, unless it is told of a fault that it does not know
    fault = context.original_exception
    code = str(getattr(fault, "sqlstate", None) or "")
    if code in BY_CODE:
        return BY_CODE[code]()
    sentence = str(fault).casefold()
    for part, refusal in BY_SENTENCE.items():
        if part in sentence:
            return refusal()
    never_connected = context.connection is None and type(fault).__name__ == "OperationalError"
    if never_connected or context.is_disconnect:
        return DatabaseUnreachableError()
    return None
