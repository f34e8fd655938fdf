"""What every command needs: where the school file is, its settings, a product or only its stores."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.clock import MachineClock
from bot.library import Library, LibraryError, load_library
from bot.school_file import SchoolFile
from bot.served import files_of
from bot.settings import Settings, load
from bot.storage import Engines, Ledger, Posting, SqlUnits, check_schema, open_engines
from school.school import School
from staff import PolicyFault

SCHOOL_FILE = "school.toml"


@dataclass(frozen=True)
class Where:
    """What stands before the command's name: the school file, and which school of several."""

    school_file: Path
    name: str = ""

    def settings(self) -> Settings:
        """Raises SettingError."""
        return load(self.school_file)

    def chosen(self, files: Sequence[SchoolFile]) -> SchoolFile:
        """The school that is meant. Raises click.UsageError: a command for one must not be done to another."""
        found = named(files, self.name) if self.name else list(files)
        if len(found) == 1:
            return found[0]
        there = "; ".join(f"“{file.name}” ({file.id})" for file in files)
        if found:
            said = f"there are several schools. Say which one is meant, by its id: --school {found[0].id}"
            raise click.UsageError(f"{said}. There are: {there}.")
        there = f"The school file is that of {there}" if len(files) == 1 else f"There are: {there}"
        raise click.BadParameter(f"there is no school “{self.name}” here. {there}.", param_hint="--school")


def named(files: Sequence[SchoolFile], name: str) -> list[SchoolFile]:
    """Those with a name or an id; an id comes before a name."""
    asked = name.casefold()
    return [file for file in files if file.id == asked] or [file for file in files if file.name.casefold() == asked]


@dataclass(frozen=True, kw_only=True)
class Stores:
    """A school's stores without a running product."""

    settings: Settings
    school: School
    engines: Engines
    units: SqlUnits
    ledger: Ledger
    # Where this school's pages are.
    address: str


pass_where = click.make_pass_decorator(Where)


@contextlib.contextmanager
def stores(where: Where, *, settings: Settings | None = None, files: Sequence[SchoolFile] = ()) -> Iterator[Stores]:
    """Open the stores. Beside a running product on SQLite, a write waits its turn at the database's own lock.

    `files` are the schools to choose from, where they are not those that are loaded, or the one of the school file.
    """
    settings = settings or where.settings()
    files = files or files_of(settings)
    school = where.chosen(files).school()
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
        address = settings.address + (f"/s/{school.id}" if len(files) > 1 else "")
        yield Stores(
            settings=settings, school=school, engines=engines, units=units, ledger=Ledger(engines), address=address
        )
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
