"""What every command needs: where the school file is, its settings, a product or only its stores."""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.main import Library, LibraryError, load_library
from bot.school_file import SchoolFile
from bot.settings import Settings, load
from bot.storage import Engines, Ledger, Posting, SqlUnits, check_schema, open_engines
from school.school import School
from staff import PolicyFault

SCHOOL_FILE = "school.toml"


@dataclass(frozen=True)
class Where:
    """What stands before the command's name: the school file."""

    school_file: Path

    def settings(self) -> Settings:
        """Raises SettingError."""
        return load(self.school_file)


@dataclass(frozen=True, kw_only=True)
class Stores:
    """A school's stores without a running product."""

    settings: Settings
    school: School
    engines: Engines
    units: SqlUnits
    ledger: Ledger


pass_where = click.make_pass_decorator(Where)


@contextlib.contextmanager
def stores(where: Where, *, settings: Settings | None = None) -> Iterator[Stores]:
    """Open the stores. Beside a running product on SQLite, a write waits its turn at the database's own lock."""
    settings = settings or where.settings()
    school = SchoolFile.read(settings.school_file).school()
    engines = open_engines(settings.database_url)
    try:
        check_schema(engines.read)
        clock = MachineClock()
        posting = Posting(
            school_clock=clock,
            machine_clock=clock,
            zone_of=lambda _school: school.calendar.zone,
        )
        units = SqlUnits(engines, posting)
        units.add_school(school.id)
        yield Stores(settings=settings, school=school, engines=engines, units=units, ledger=Ledger(engines))
    finally:
        engines.close()


def library(where: Where) -> Library:
    """All content, checked. Raises LibraryError."""
    return load_library(where.school_file.parent / "content")


def faults_of(error: LibraryError | PolicyFault) -> list[str]:
    """What an author has to mend, a line each."""
    listed = error.text.values["faults"] if isinstance(error, LibraryError) else error
    return str(listed).splitlines()


def say(words: str) -> None:
    """A line for a person."""
    click.echo(words)


def say_json(value: Any) -> None:
    """One JSON value on standard output with nothing else there."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
