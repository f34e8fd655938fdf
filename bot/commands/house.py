"""What commands over a school need: its stores and its content, beside what every command needs (see where.py)."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from bot.clock import MachineClock
from bot.commands.where import Where, leave_alone, named, pass_where, say, say_json
from bot.keys import chat_keys
from bot.library import Library, LibraryError, load_library
from bot.school_file import SchoolFile
from bot.served import files_of
from bot.settings import Settings, Tokens
from bot.storage import Engines, Ledger, Posting, SqlUnits, check_schema, open_engines
from school.school import School
from staff import PolicyFault

__all__ = ["Stores", "Where", "faults_of", "leave_alone", "library", "named", "pass_where", "say", "say_json", "stores"]


@dataclass(frozen=True, kw_only=True)
class Stores:
    """A school's stores without a running product."""

    settings: Settings
    school: School
    engines: Engines
    units: SqlUnits
    ledger: Ledger
    tokens: Tokens
    # Where this school's pages are.
    address: str


@contextlib.contextmanager
def stores(where: Where, *, settings: Settings | None = None, files: Sequence[SchoolFile] = ()) -> Iterator[Stores]:
    """Open the stores. Beside a running product on SQLite, a write waits its turn at the database's own lock.

    `files` are the schools to choose from, where they are not those that are loaded, or the one of the school file.
    """
    settings = settings or where.settings()
    files = files or files_of(settings)
    file = where.chosen(files)
    school = file.school()
    engines = open_engines(settings.database_url)
    try:
        check_schema(engines.read)
        clock = MachineClock()
        posting = Posting(
            school_clock=clock,
            machine_clock=clock,
            zone_of=lambda _school: school.calendar.zone,
            chat_keys=cache(partial(chat_keys, settings.home)),
        )
        units = SqlUnits(engines, posting)
        units.add_school(school.id)
        address = settings.address + (f"/s/{school.id}" if len(files) > 1 else "")
        yield Stores(
            settings=settings,
            school=school,
            engines=engines,
            units=units,
            ledger=Ledger(engines),
            tokens=settings.tokens(file.token_names),
            address=address,
        )
    finally:
        engines.close()


def library(where: Where, *, again: bool = False) -> Library:
    """All content, checked; `again` as `load_library`. Raises LibraryError."""
    return load_library(where.school_file.parent / "content", again=again)


def faults_of(error: LibraryError | PolicyFault) -> list[str]:
    """What an author has to mend, a line each."""
    listed = error.text.values["faults"] if isinstance(error, LibraryError) else error
    return str(listed).splitlines()
