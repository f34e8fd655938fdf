import sqlite3
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import StatementError

from bot.storage import (
    DatabaseLockedError,
    DatabaseUnreachableError,
    DiskFullError,
    HomeInUseError,
    Ledger,
    SchemaTooOldError,
    new_id,
    open_engines,
)
from bot.storage.columns import METADATA, data_map
from bot.storage.retirement import CARRIED_OUT, NOT_YET, carried_out, page
from bot.storage.tables import DELIVERY_END, ENROLMENT_END, SALT_END, STAFF_END, school
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_rooms import taught

HOLD_HOME = """
import sys, time
from pathlib import Path
from bot.storage import open_engines
engines = open_engines("sqlite:///" + sys.argv[1] + "/lollipop.db", home=Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""
ROOT = Path(__file__).parents[2]


def test_every_column_says_whose_data_it_holds_and_how_that_ends() -> None:
    rows = list(data_map())

    assert len(rows) == sum(len(table.columns) for table in METADATA.sorted_tables)
    assert [row for row in rows if not row.personal or not row.retire] == []
    assert {row.table for row in rows} == set(METADATA.tables)


def test_a_school_reads_in_the_map_what_the_tables_say() -> None:
    kept = (ROOT / "docs" / "data-protection-map.md").read_text("utf-8")

    assert kept.rstrip() == page().rstrip(), "make it anew: lollipop data-map > docs/data-protection-map.md"
    assert all(f"| `{row.column}` | {row.personal} | {row.retire} |" in kept for row in data_map())


def test_a_school_is_not_told_that_something_is_deleted_which_is_not() -> None:
    rules = {row.retire for row in data_map()}

    assert set(CARRIED_OUT) <= rules
    assert {rule for rule in rules if carried_out(rule) == NOT_YET} == {
        STAFF_END,
        DELIVERY_END,
        SALT_END,
        ENROLMENT_END,
        "12 months after it was revoked",
    }


def test_a_time_without_a_zone_is_refused(storage: Storage) -> None:
    naive = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - what is to be refused

    with storage.engines.writing() as connection, pytest.raises(StatementError, match="has no zone"):
        connection.execute(school.insert().values(id="oakfield", created=naive))


def test_an_instant_comes_back_aware_whatever_zone_it_had(storage: Storage) -> None:
    local = datetime.fromisoformat("2026-07-01T08:30:00.123456+01:00")
    with storage.engines.writing() as connection:
        connection.execute(school.insert().values(id="oakfield", created=local))
        connection.commit()

    with storage.engines.reading() as connection:
        kept = connection.execute(select(school.c.created).where(school.c.id == "oakfield")).scalar_one()
        found = connection.execute(select(school.c.id).where(school.c.created == local)).scalar_one()
    assert (kept.isoformat(), found) == ("2026-07-01T07:30:00.123456+00:00", "oakfield")


def test_a_reader_never_writes(storage: Storage) -> None:
    with storage.units.read(HERE) as unit, pytest.raises(Exception, match=r"read.?only"):
        unit.progress.record(taught(0))


def test_a_reader_does_not_wait_for_a_writer(storage: Storage) -> None:
    with storage.units.write(HERE) as writing, storage.units.read(HERE) as reading:
        writing.progress.record(taught(0))
        assert reading.progress.taught("oak") == ()
        writing.commit()


def test_writers_in_threads_lose_nothing(storage: Storage) -> None:
    def write(class_id: str) -> None:
        for turn in range(10):
            with storage.units.write(HERE) as unit:
                unit.progress.record(taught(turn, class_id))
                unit.commit()

    threads = [threading.Thread(target=write, args=(f"class-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with storage.units.read(HERE) as unit:
        assert [len(unit.progress.taught(f"class-{number}")) for number in range(6)] == [10] * 6


def test_a_database_that_is_locked_says_so_and_nothing_is_changed(storage: Storage) -> None:
    if storage.engines.write.dialect.name == "sqlite":
        other = sqlite3.connect(make_url(storage.url).database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        other = storage.engines.write.connect()
        other.execute(text("LOCK TABLE progress"))

    with storage.units.write(HERE) as unit, pytest.raises(DatabaseLockedError, match="try again in a moment"):
        unit.progress.record(taught(0))
    other.close()

    with storage.units.read(HERE) as unit:
        assert unit.progress.taught("oak") == ()


def test_a_writer_held_up_by_another_thread_says_so(storage: Storage) -> None:
    if storage.engines.writer is None:
        return  # PostgreSQL has no such lock
    holding, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with storage.units.write(HERE):
            holding.set()
            enough.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(5)
    with pytest.raises(DatabaseLockedError), storage.units.write(HERE):
        pass
    enough.set()
    thread.join()


def test_a_unit_inside_a_unit_is_a_mistake_that_shows_at_once(storage: Storage) -> None:
    if storage.engines.writer is None:
        return
    with storage.units.write(HERE), pytest.raises(RuntimeError, match="inside another"):
        Ledger(storage.engines).release([new_id(NOW)])


def test_a_full_disk_says_so(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "lollipop.db"
    path.write_bytes(sqlite_template.read_bytes())
    engines = open_engines(f"sqlite:///{path}")
    with engines.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        schools = [{"id": f"s{number}", "created": NOW} for number in range(2000)]
        with pytest.raises(DiskFullError, match="Free some space"):
            connection.execute(school.insert(), schools)
    engines.close()


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all/lollipop.db", "postgresql+psycopg://lollipop@/lollipop?host=/nowhere/at/all"],
)
def test_a_database_that_is_not_there_says_what_to_check(url: str) -> None:
    engines = open_engines(url)

    with pytest.raises(DatabaseUnreachableError, match="LOLLIPOP_DATABASE_URL"), engines.reading() as connection:
        connection.execute(text("SELECT 1"))

    engines.close()


def test_a_database_without_tables_names_the_command(empty_database_url: str) -> None:
    engines = open_engines(empty_database_url)

    with engines.reading() as connection, pytest.raises(SchemaTooOldError, match="lollipop db upgrade"):
        connection.execute(select(school))

    engines.close()


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="name a file"):
        open_engines("sqlite://")


def test_sqlite_is_set_up_on_every_connection(tmp_path: Path) -> None:
    engines = open_engines(f"sqlite:///{tmp_path / 'lollipop.db'}")
    for opened in (engines.writing, engines.reading):
        with opened() as one, engines.read.connect() as another:
            for connection in (one, another):
                pragmas = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
                }
                assert pragmas == {
                    "journal_mode": "wal",
                    "synchronous": 2,
                    "foreign_keys": 1,
                    "secure_delete": 1,
                    "busy_timeout": 5000,
                }
    engines.close()


def test_a_second_process_on_one_home_is_refused_until_the_first_dies(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lollipop.db'}"
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD_HOME, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert first.stdout
    assert first.stdout.readline() == b"held\n"

    with pytest.raises(HomeInUseError, match="already running on") as refused:
        open_engines(url, home=tmp_path)
    assert str(tmp_path) in str(refused.value)

    first.kill()
    first.wait()
    first.stdout.close()
    engines = open_engines(url, home=tmp_path)
    engines.close()
    open_engines(url, home=tmp_path).close()
