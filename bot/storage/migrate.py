"""Migrations from anywhere: the scripts stand beside the package in `alembic/`, or where a wheel laid them.

Reached through bot.storage.revision, which knows without Alembic whether there is anything to do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.config import Config
from sqlalchemy import Connection, make_url

from alembic import command
from bot.storage.engine import lock_home, postgresql_engine, sqlite_engine
from bot.storage.revision import SCRIPTS, newest, refuse_unknown


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
        found = refuse_unknown(connection)
        if keep and found not in {None, newest()}:
            keep(str(found))
        command.upgrade(config, revision)


def downgrade(url: str, revision: str, *, home: Path | None = None) -> None:
    """Back to a revision, or to `base`; what later revisions kept is lost. Raises as `upgrade`."""
    with _migrating(url, home) as (config, connection):
        refuse_unknown(connection)
        command.downgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


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
