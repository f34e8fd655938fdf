"""A backup: one file with the database as SQLite and the settings beside it, from either database and for either.

It holds sealed reports and recipients' keys under their passphrases; nothing in it opens a report by itself.
"""

import contextlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, func, insert, make_url, select

from bot.storage.columns import METADATA
from bot.storage.engine import Engines, open_engines
from bot.storage.revision import check_schema, upgrade
from school.words import Refusal, Text

DATABASE, SETTINGS = "lollipop.db", "settings"
ROWS_AT_ONCE = 500


class BackupExistsError(Refusal):
    """A file that is already there."""

    text = Text("There is already a file at {file}. Choose another name: a backup is never written over.")


class NotABackupError(Refusal):
    """A file that `backup` did not write, or that was cut."""

    text = Text("{file} is not a Lollipop backup, or it is damaged.")


class NotEmptyError(Refusal):
    """A database with a school in it."""

    text = Text(
        "The database already holds a school. Restore into a new one: set LOLLIPOP_DATABASE_URL or LOLLIPOP_HOME."
    )


def backup(url: str, file: Path, *, settings: Mapping[str, Path]) -> None:
    """Write the file, readable by its owner alone; `settings` are files to go with it, by the name they are kept under.

    Reads one state of the database while others may write. Raises BackupExistsError, SchemaTooOldError.
    """
    if file.exists():
        raise BackupExistsError(file=str(file))
    _write(file, lambda copy: _copy(url, f"sqlite:///{copy}"), settings)


def backup_as_it_stands(url: str, file: Path, *, settings: Mapping[str, Path]) -> None:
    """As `backup`, of a SQLite database of an earlier version, page by page: `restore` upgrades it.

    Raises BackupExistsError.
    """
    if file.exists():
        raise BackupExistsError(file=str(file))

    def copied(copy: Path) -> None:
        with (
            contextlib.closing(sqlite3.connect(make_url(url).database or "")) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            # A copy of a database in WAL mode would want two more files beside it.
            target.execute("PRAGMA journal_mode = DELETE")

    _write(file, copied, settings)


def file_beside(url: str, *, revision: str, now: datetime) -> Path | None:
    """A name for a backup beside a SQLite database, with its revision and the time; None on PostgreSQL."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return None
    database = Path(address.database or "").resolve()
    return database.with_name(f"{database.stem}-{revision}-{now:%Y%m%dT%H%M%SZ}.backup")


def _write(file: Path, copied: Callable[[Path], None], settings: Mapping[str, Path]) -> None:
    """Pack what `copied` puts where it is told, and the settings; the file is there whole or not at all."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".lollipop-backup-") as scratch:
        copy, packed = Path(scratch) / DATABASE, Path(scratch) / "packed"
        copied(copy)
        with packed.open("xb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
            archive.add(copy, DATABASE)
            for name, path in settings.items():
                if path.exists():
                    archive.add(path, f"{SETTINGS}/{name}")
        packed.chmod(0o600)
        os.link(packed, file)


def restore(url: str, file: Path, *, settings: Path) -> tuple[str, ...]:
    """Fill an empty database from a backup of this or an earlier version; settings go into a folder, never over others.

    Gives the names of the settings written. Raises NotABackupError, NotEmptyError, SchemaTooNewError.
    """
    with tempfile.TemporaryDirectory(prefix="lollipop-restore-") as scratch:
        copy = Path(scratch) / DATABASE
        kept = _unpacked(file, copy)
        upgrade(f"sqlite:///{copy}")
        _copy(f"sqlite:///{copy}", url)
    fresh = tuple(name for name in sorted(kept) if not (settings / name).exists())
    if fresh:
        settings.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in fresh:
        (settings / name).touch(mode=0o600)
        (settings / name).write_bytes(kept[name])
    return fresh


def _unpacked(file: Path, database: Path) -> dict[str, bytes]:
    """Write the database out and give the settings by name; whatever else is in the archive is left alone."""
    kept: dict[str, bytes] = {}
    try:
        with tarfile.open(file, "r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content and member.name == DATABASE:
                    with database.open("xb") as out:
                        shutil.copyfileobj(content, out)
                elif content and PurePosixPath(member.name).parent == PurePosixPath(SETTINGS):
                    kept[PurePosixPath(member.name).name] = content.read()
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise NotABackupError(file=str(file)) from error
    if not database.exists():
        raise NotABackupError(file=str(file))
    return kept


def _copy(source_url: str, target_url: str) -> None:
    """Every row of one database into another, which must be empty, in one transaction."""
    source, target = open_engines(source_url), open_engines(target_url)
    try:
        check_schema(source.read)
        upgrade(target_url)
        with _one_state(source) as reading, target.writing() as writing:
            first = METADATA.sorted_tables[0]
            if any(writing.execute(select(func.count()).select_from(first)).scalars()):
                raise NotEmptyError
            for table in METADATA.sorted_tables:
                rows = reading.execute(select(table)).mappings()
                while chunk := rows.fetchmany(ROWS_AT_ONCE):
                    writing.execute(insert(table), [dict(row) for row in chunk])
            writing.commit()
    finally:
        source.close()
        target.close()


def _one_state(engines: Engines) -> Connection:
    """A reading connection that sees one state throughout, as SQLite's always do."""
    if engines.read.dialect.name == "sqlite":
        return engines.read.connect()
    return engines.read.connect().execution_options(isolation_level="REPEATABLE READ")
