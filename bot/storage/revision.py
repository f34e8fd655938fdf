"""Which revision a database has, and which this code was written for. Read without Alembic, which is slow to import."""

import re
import sysconfig
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url

from bot.storage.engine import lock_home, translate
from bot.storage.errors import NoTablesYetError, SchemaTooNewError, SchemaTooOldError

BESIDE = Path(__file__).parents[2] / "alembic"
# Beside an installed package stands the library of that name, which has no such template at its top.
INSTALLED = Path(sysconfig.get_path("data")) / "share" / "lollipop" / "alembic"
SCRIPTS = BESIDE if (BESIDE / "script.py.mako").exists() else INSTALLED
_NAMES = re.compile(r"^(revision|down_revision)\b[^=\n]*= *[\"']([^\"'\n]+)[\"']", re.MULTILINE)


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
    if revision == "head" and current(url) == newest():
        if home and make_url(url).get_backend_name() == "sqlite":
            lock_home(home).close()
        return
    _migrations().upgrade(url, home=home, revision=revision, keep=keep)


def downgrade(url: str, revision: str, *, home: Path | None = None) -> None:
    """Back to a revision, or to `base`; what later revisions kept is lost. Raises as `upgrade`."""
    _migrations().downgrade(url, revision, home=home)


def current(url: str) -> str | None:
    """The database's revision; None where it is empty or not there yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return None
    engine = create_engine(url)
    event.listen(engine, "handle_error", translate, retval=True)
    try:
        with engine.connect() as connection:
            return revision_of(connection)
    finally:
        engine.dispose()


def newest() -> str:
    """The revision that this code was written for."""
    scripts = _scripts()
    heads = scripts.keys() - scripts.values()
    if len(heads) != 1:
        msg = f"{len(heads)} newest migrations in {SCRIPTS}, where there must be one"
        raise RuntimeError(msg)
    return heads.pop()


def check_schema(engine: Engine) -> None:
    """Raises NoTablesYetError, SchemaTooOldError or SchemaTooNewError, each of which names the command."""
    with engine.connect() as connection:
        revision = refuse_unknown(connection)
    if revision is None:
        raise NoTablesYetError
    if revision != newest():
        raise SchemaTooOldError


def refuse_unknown(connection: Connection) -> str | None:
    """The database's revision. Raises SchemaTooNewError where this code has never heard of it."""
    revision = revision_of(connection)
    if revision is not None and revision not in _scripts():
        raise SchemaTooNewError
    return revision


def revision_of(connection: Connection) -> str | None:
    """What Alembic wrote down; None where it has not been here."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


@cache
def _scripts() -> dict[str, str]:
    """Each revision and the one before it, empty before the first."""
    found = {}
    for script in sorted((SCRIPTS / "versions").glob("*.py")):
        names = dict(_NAMES.findall(script.read_text("utf-8")))
        found[names["revision"]] = names.get("down_revision", "")
    return found


def _migrations() -> Any:
    """By name: Alembic takes 200 ms to import (half of SQLAlchemy itself), and a start that migrates nothing waits."""
    return import_module("bot.storage.migrate")
