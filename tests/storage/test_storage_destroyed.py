"""What was destroyed is nowhere in the database's own files: not its words, not one key that could open them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from bot.storage.engine import open_engines
from bot.storage.tables import vault_concern, vault_entry, vault_reading, vault_wrap
from bot.storage.units import WITH_CONTENT, SqlUnits
from safeguarding import EntryKind, State
from school.sensitive import Sensitive
from tests.databases import Server
from tests.storage.conftest import HERE, NOW, Storage
from tests.storage.test_storage_vault import CANARY, add, concern, enrol

CONTENT = (vault_concern, vault_wrap, vault_entry, vault_reading)
# So much of a blob, from so many places of it, is looked for: a long one is broken over several pages.
PIECE = 16


def files_of(storage: Storage) -> dict[str, bytes]:
    """Each file of an SQLite database, by its ending."""
    whole = Path(make_url(storage.url).database or "")
    return {path.name.removeprefix(whole.name): path.read_bytes() for path in whole.parent.glob(f"{whole.name}*")}


def pieces(blob: bytes) -> Iterator[bytes]:
    for start in range(2, max(len(blob) - PIECE, 3), 64):
        yield blob[start : start + PIECE]


def blobs_of(storage: Storage) -> list[bytes]:
    """Every sealed part and wrapped key of every report."""
    found: list[bytes] = []
    with storage.engines.reading() as connection:
        for row in connection.execute(select(vault_concern)):
            found += [row.sealed, row.receipt_wrap, row.receipt_lookup, row.entry_public]
        found += connection.execute(select(vault_wrap.c.wrapped)).scalars()
        found += connection.execute(select(vault_entry.c.sealed)).scalars()
    return [bytes(each) for each in found]


def seen(blobs: list[bytes], content: bytes) -> int:
    """How many of them show with any piece."""
    return sum(any(piece in content for piece in pieces(blob)) for blob in blobs)


def filled(storage: Storage) -> list[bytes]:
    """A long report with three readers and an entry of each kind; another that stays. What is to go."""
    readers = [enrol(storage, person)[0] for person in ("dsl", "deputy", "head")]
    going = concern(storage, *readers, words=Sensitive(CANARY * 500))
    add(storage, going)
    with storage.units.write(HERE) as unit:
        for kind in EntryKind:
            unit.concerns.add_entry(going.id, kind=kind, author="dsl", words=Sensitive(f"{CANARY} {kind}"), now=NOW)
        unit.concerns.note_reading(going.id, person="dsl", now=NOW)
        unit.concerns.mark(going.id, state=State.CLOSED, by="dsl", now=NOW)
        unit.commit()
    blobs = blobs_of(storage)
    assert len(blobs) == 4 + 3 + len(EntryKind)
    add(storage, concern(storage, *readers))
    with storage.units.write(HERE) as unit:
        assert unit.concerns.destroy(going.id)
        unit.commit()
    return blobs


def on_sqlite(storage: Storage) -> bool:
    return storage.engines.write.dialect.name == "sqlite"


@pytest.mark.clause(41)
def test_after_a_report_is_destroyed_no_file_of_sqlite_holds_a_piece_of_it(storage: Storage) -> None:
    if not on_sqlite(storage):
        return
    blobs = filled(storage)
    before = files_of(storage)
    assert seen(blobs, before["-wal"]) == len(blobs), "the log shows what stood there: that is what is to be wiped"

    assert storage.units.wipe()

    after = files_of(storage)
    assert {*after} >= {"", "-wal", "-shm"}
    assert after["-wal"] == b""
    assert {name: seen(blobs, content) for name, content in after.items()} == dict.fromkeys(after, 0)
    staying = blobs_of(storage)
    assert seen(staying, after[""]) == len(staying), "and what stays is still there"


@pytest.mark.clause(41)
def test_after_a_report_is_destroyed_no_row_of_it_is_left(storage: Storage) -> None:
    blobs = filled(storage)
    assert storage.units.wipe()

    assert not {*blobs} & {*blobs_of(storage)}
    with storage.engines.reading() as connection:
        counts = [len(connection.execute(select(table)).all()) for table in CONTENT]
    assert counts == [1, 3, 0, 0]


def dead_rows(storage: Storage) -> tuple[int, int]:
    """Rows that PostgreSQL keeps of what was deleted: in the tables, and where long values lie."""
    with storage.engines.reading() as connection:
        dead = connection.execute(
            text("SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE relname = ANY(:names)"),
            {"names": list(WITH_CONTENT)},
        ).scalar_one()
        beside = "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'vault_concern'"
        toast = connection.execute(text(beside)).scalar_one()
        return int(dead), connection.execute(text(f"SELECT count(*) FROM {toast}")).scalar_one()


def test_on_postgresql_the_dead_rows_are_cleared_and_a_full_vacuum_leaves_no_byte_in_the_tables(
    storage: Storage, request: pytest.FixtureRequest
) -> None:
    """What docs/safeguarding.md says of each."""
    if on_sqlite(storage):
        return
    server: Server = request.getfixturevalue("postgresql")
    blobs = filled(storage)

    assert storage.units.wipe()
    assert dead_rows(storage) == (0, 0)

    with storage.engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM FULL {', '.join(WITH_CONTENT)}")
    if server.data is not None:
        server.tell("CHECKPOINT")
        oid = server.tell(f"SELECT oid FROM pg_database WHERE datname = '{make_url(storage.url).database}'")
        tables = b"".join(path.read_bytes() for path in (server.data / "base" / oid).rglob("*") if path.is_file())
        assert seen(blobs, tables) == 0


def test_a_reader_who_is_in_the_way_only_puts_it_off(storage: Storage) -> None:
    if not on_sqlite(storage):
        return
    other = open_engines(storage.url, wait_seconds=0.3)
    with other.reading() as reader:
        reader.execute(select(vault_concern)).all()
        blobs = filled(storage)
        assert not storage.units.wipe()
        assert not storage.units.wipe()
        assert seen(blobs, files_of(storage)["-wal"]) == len(blobs)

    assert storage.units.wipe()
    assert seen(blobs, b"".join(files_of(storage).values())) == 0
    other.close()


def test_a_writer_who_is_in_the_way_only_puts_it_off(storage: Storage) -> None:
    other = open_engines(storage.url, wait_seconds=0.3)
    filled(storage)
    with other.writing() as writer:
        writer.execute(select(vault_concern)).all()
        assert storage.units.wipe() is not on_sqlite(storage)
    assert storage.units.wipe() is on_sqlite(storage)
    other.close()


def test_it_is_done_once_after_a_start_and_after_every_destruction_and_not_else(storage: Storage) -> None:
    assert storage.units.wipe(), "nobody knows what the process before this one left"
    assert not storage.units.wipe()

    dsl, _ = enrol(storage)
    draft = concern(storage, dsl, state=State.DRAFT, sent_from="s", destroy_after=NOW + timedelta(days=1))
    add(storage, draft)
    with storage.units.write(HERE) as unit:
        assert unit.concerns.destroy(draft.id)
    assert not storage.units.wipe(), "it was undone"

    with storage.units.write(HERE) as unit:
        assert unit.concerns.destroy(draft.id)
        unit.commit()
    assert storage.units.wipe()
    assert not storage.units.wipe()


def test_the_next_process_wipes_what_a_killed_one_left(storage: Storage) -> None:
    if not on_sqlite(storage):
        return
    blobs = filled(storage)
    # Nobody closes anything: the log lies there as after a kill.
    engines = open_engines(storage.url, wait_seconds=0.3)

    assert SqlUnits(engines, storage.units._posting).wipe()

    assert seen(blobs, b"".join(files_of(storage).values())) == 0
    engines.close()
