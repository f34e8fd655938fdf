"""How long `lollipop parents codes CLASS --file` takes for a long list, beside reading it and inserting the same rows.

The whole command but for Python's own start: the list is read and checked, a code made for each row, kept as a keyed
mark, signed into a link, and all of them written to a table on the disk before each transaction ends. SQLite, one adult
a pupil. `import.read` is its first part alone: the list read, and every line of it checked.
"""

import contextlib
import csv
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from benchmarks.figures import Row, figure
from bot import demo
from bot.__main__ import cli
from parents import listed_in_file
from school.calendar import Calendar
from school.people import SchoolClass, YearGroup
from school.school import School

TIMES = 5
OAK = SchoolClass(id="oak", name="Oak", years=(YearGroup(4),))
CALENDAR = Calendar(zone=ZoneInfo("Europe/London"), half_terms=())
OAKFIELD = School(id="oakfield", name="Oakfield", calendar=CALENDAR, classes=(OAK,), people=(), languages=())
CLASS = "Oak"
INSERT = """INSERT INTO family_code (school_id, id, pupil, class_id, adult, mark, made, "left")
VALUES ('oakfield', ?, ?, 'oak', 1, ?, '2026-11-29 12:00:00.000000', 0)"""


def rows(count: int) -> Iterator[Row]:
    """Two figures: milliseconds for 1,000 rows, in lists of so many."""
    ours, peer, read, bare_read = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pupils.csv"
        file.write_text("pupil\n" + "".join(f"OAK-{number:05}\n" for number in range(count)), "utf-8")
        for number in range(TIMES):
            ours.append(_ours(_school(Path(folder) / f"ours-{number}"), file, count))
            peer.append(_bare(_school(Path(folder) / f"peer-{number}"), file, count))
            read.append(_read(file, count))
            bare_read.append(_timed(lambda: _bare_list(file), count))
    name = "csv.reader and the same rows as bare INSERTs, in one transaction"
    yield figure("import.codes", ours, peer, peer_name=name, unit="ms/1,000 rows", better="lower") | {"rows": count}
    alone = figure("import.read", read, bare_read, peer_name="csv.reader", unit="ms/1,000 rows", better="lower")
    yield alone | {"rows": count}


def _timed(act: Callable[[], Sequence[object]], count: int) -> float:
    """Milliseconds for 1,000 of so many rows."""
    began = time.perf_counter()
    found = len(act())
    took = time.perf_counter() - began
    _counted(found, count)
    return took * 1000 / (count / 1000)


def _read(file: Path, count: int) -> float:
    said = file.read_text("utf-8")
    return _timed(lambda: listed_in_file(said, school=OAKFIELD, klass=OAKFIELD.classes[0], adults=1), count)


def _bare_list(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.reader(opened))[1:]


def _school(home: Path) -> Path:
    """A school file with an empty database where its settings look for it."""
    home.mkdir()
    return demo.prepare(home, 8000).school_file


def _ours(school_file: Path, file: Path, count: int) -> float:
    out = school_file.parent / "codes.csv"
    asked = ("--file", str(file), "--adults", "1", "--bot", "OakfieldBot", "--csv", str(out))
    began = time.perf_counter()
    done = CliRunner().invoke(cli, ["--school-file", str(school_file), "parents", "codes", CLASS, *asked])
    took = time.perf_counter() - began
    if done.exception is not None:
        raise done.exception
    _counted(len(out.read_text("utf-8").splitlines()) - 1, count)
    return took * 1000 / (count / 1000)


def _bare(school_file: Path, file: Path, count: int) -> float:
    with contextlib.closing(sqlite3.connect(school_file.parent / "lollipop.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        began = time.perf_counter()
        read = _bare_list(file)
        with connection:
            filled = ((f"{number:032x}", pupil, f"{number:064x}") for number, (pupil,) in enumerate(read))
            connection.executemany(INSERT, filled)
        took = time.perf_counter() - began
        _counted(connection.execute("SELECT count(*) FROM family_code").fetchone()[0], count)
    return took * 1000 / (count / 1000)


def _counted(found: int, count: int) -> None:
    if found != count:
        msg = f"{found} of {count} codes were kept"
        raise RuntimeError(msg)
