"""Migrations from anywhere: the scripts stand beside the package in `alembic/`, or where a wheel laid them."""

import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url

from alembic import command
from bot.storage.engine import lock_home, postgresql_engine, sqlite_engine, translate
from bot.storage.errors import SchemaTooNewError, SchemaTooOldError

BESIDE = Path(__file__).parents[2] / "alembic"
# Beside an installed package stands the library of that name, which has no such template at its top.
INSTALLED = Path(sysconfig.get_path("data")) / "share" / "lollipop" / "alembic"
SCRIPTS = BESIDE if (BESIDE / "script.py.mako").exists() else INSTALLED


def upgrade(
    url: str,
    *,
    home: Path | None = None,
    revision: str = "head",
    keep: Callable[[str], None] | None = None,
) -> None:
    """All of it or nothing. `home` is locked meanwhile on SQLite. Raises HomeInUseError, SchemaTooNewError.

    `keep` is told the revision of a database that is about to be changed, for a backup; whatever it raises leaves all
    as it was. It is not called where there is nothing to keep or nothing to change.
    """
    with _migrating(url, home) as (config, connection):
        found = _refuse_unknown(connection)
        if keep and found not in {None, newest()}:
            keep(str(found))
        command.upgrade(config, revision)


def downgrade(url: str, revision: str, *, home: Path | None = None) -> None:
    """Back to a revision, or to `base`; what later revisions kept is lost. Raises as `upgrade`."""
    with _migrating(url, home) as (config, connection):
        _refuse_unknown(connection)
        command.downgrade(config, revision)


def current(url: str) -> str | None:
    """The database's revision; None where it is empty or not there yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return None
    engine = create_engine(url)
    event.listen(engine, "handle_error", translate, retval=True)
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def newest() -> str:
    """The revision that this code was written for."""
    head = _scripts().get_current_head()
    if head is None:
        msg = f"no migrations in {SCRIPTS}"
        raise RuntimeError(msg)
    return head


def check_schema(engine: Engine) -> None:
    """Raises SchemaTooOldError or SchemaTooNewError, each of which names the command."""
    with engine.connect() as connection:
        revision = _refuse_unknown(connection)
    if revision != newest():
        raise SchemaTooOldError


def _refuse_unknown(connection: Connection) -> str | None:
    revision = _revision(connection)
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaTooNewError
    return revision


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


@contextmanager
def _migrating(url: str, home: Path | None) -> Iterator[tuple[Config, Connection]]:
    address = make_url(url)
    on_sqlite = address.get_backend_name() == "sqlite"
    if on_sqlite:
        Path(address.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = lock_home(home) if home and on_sqlite else None
    # Batch mode makes a table anew and drops the old one, which foreign keys would follow.
    engine = sqlite_engine(url, begin="IMMEDIATE", foreign_keys=False) if on_sqlite else postgresql_engine(url)
    config = _config()
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            yield config, connection
            if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                msg = "a migration left a row that points nowhere; nothing was changed"
                raise RuntimeError(msg)
    finally:
        engine.dispose()
        if held:
            held.close()
