"""The log as it lies in a database: any one row changed, taken out, moved or put in is found, by whatever SQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.logbook import SqlLogBook
from bot.storage.scoped import Scoped
from bot.storage.tables import vault_log, vault_school
from safeguarding import Act, Broken, Head, Outcome, first_break
from tests.storage.conftest import ELSEWHERE, HERE, NOW, Storage

ROWS = 8
PARTS = ("at", "actor", "act", "subject", "outcome", "mark", "number")
Tampering = Callable[[Connection], object]


@pytest.fixture
def log(storage: Storage) -> Storage:
    """Eight rows here, written as they are in life: in several commits; and some at another school."""
    for number in range(ROWS):
        with storage.units.write(HERE) as unit:
            unit.concerns.log.write(
                list(Act)[number],
                actor=("dsl", "head", "sender")[number % 3],
                now=NOW + timedelta(minutes=number, microseconds=number),
                subject=f"LP-7KQ4-M{number % 2}",
                outcome=list(Outcome)[number % 2],
            )
            unit.commit()
    with storage.units.write(ELSEWHERE) as unit:
        unit.concerns.log.write(Act.READ, actor="dsl", now=NOW, subject="LP-0000-00")
        unit.commit()
    return storage


def verified(connection: Connection, anchors: tuple[Head, ...] = ()) -> Broken | None:
    """What `audit verify` finds."""
    book = SqlLogBook(Scoped(connection, HERE))
    return first_break(book.rows(after=-(10**6), limit=10**6), school=HERE, head=book.head(), anchors=anchors)


@contextmanager
def tampered(storage: Storage, *changes: Tampering) -> Iterator[Connection]:
    """The database as somebody with every right left it; undone afterwards."""
    with storage.engines.writing() as connection:
        for change in changes:
            change(connection)
        yield connection
        connection.rollback()


def at(number: int) -> Any:
    return (vault_log.c.school_id == HERE) & (vault_log.c.number == number)


def other(part: str, value: Any) -> Any:
    """Something else that the column takes."""
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, int):
        return value + 1_000
    return {"act": "read" if value != "read" else "listed"}.get(part, f"{value}x"[:20])


def moved(number: int, to: int) -> Tampering:
    return lambda connection: connection.execute(update(vault_log).where(at(number)).values(number=to))


@pytest.mark.clause(41)
def test_a_log_that_nobody_touched_holds(log: Storage) -> None:
    with tampered(log) as connection:
        head = SqlLogBook(Scoped(connection, HERE)).head()
        assert head.number == ROWS
        assert verified(connection, (head,)) is None


@pytest.mark.clause(41)
@pytest.mark.parametrize("part", PARTS)
def test_every_column_of_every_row_shows_when_it_is_changed(log: Storage, part: str) -> None:
    for number in range(1, ROWS + 1):
        with log.engines.reading() as connection:
            (value,) = connection.execute(select(vault_log.c[part]).where(at(number))).one()
        change = update(vault_log).where(at(number)).values({part: other(part, value)})
        with tampered(log, lambda connection, change=change: connection.execute(change)) as connection:
            assert verified(connection) == Broken(number=number), (part, number)


@pytest.mark.clause(41)
def test_every_row_that_is_taken_out_is_missed_also_where_the_rest_moves_up(log: Storage) -> None:
    for number in range(1, ROWS + 1):
        gone: Tampering = lambda connection, number=number: connection.execute(delete(vault_log).where(at(number)))  # noqa: E731
        closed = [moved(later, later - 1) for later in range(number + 1, ROWS + 1)]
        for changes in ((gone,), (gone, *closed)):
            with tampered(log, *changes) as connection:
                assert verified(connection) == Broken(number=number), (number, len(changes))


def test_the_last_row_taken_out_with_the_head_set_back_shows_by_what_was_written_down(log: Storage) -> None:
    with log.engines.reading() as connection:
        written_down = SqlLogBook(Scoped(connection, HERE)).head()
        (before,) = connection.execute(select(vault_log.c.mark).where(at(ROWS - 1))).one()
    gone: Tampering = lambda connection: connection.execute(delete(vault_log).where(at(ROWS)))  # noqa: E731
    back = update(vault_school).where(vault_school.c.school_id == HERE).values(log_number=ROWS - 1, log_mark=before)
    with tampered(log, gone, lambda connection: connection.execute(back)) as connection:
        assert verified(connection) is None, "nothing inside can tell"
        assert verified(connection, (written_down,)) == Broken(number=ROWS)


@pytest.mark.clause(41)
def test_any_two_rows_that_change_places_are_found(log: Storage) -> None:
    for first, second in combinations(range(1, ROWS + 1), 2):
        with tampered(log, moved(first, 999), moved(second, first), moved(999, second)) as connection:
            assert verified(connection) == Broken(number=first), (first, second)


@pytest.mark.clause(41)
def test_a_row_that_is_put_in_anywhere_is_found(log: Storage) -> None:
    with log.engines.reading() as connection:
        copied = dict(connection.execute(select(vault_log).where(at(3))).mappings().one())
    for place in range(1, ROWS + 2):
        room = [moved(later, later + 1) for later in range(ROWS, place - 1, -1)]
        forged = insert(vault_log).values({**copied, "number": place, "subject": "LP-F0RG-ED"})
        with tampered(log, *room, lambda connection, forged=forged: connection.execute(forged)) as connection:
            assert verified(connection) == Broken(number=place), place


def test_a_row_of_another_school_is_no_row_of_this_one(log: Storage) -> None:
    with log.engines.reading() as connection:
        theirs = dict(connection.execute(select(vault_log).where(vault_log.c.school_id == ELSEWHERE)).mappings().one())
    put_in = update(vault_log).where(at(1)).values({**theirs, "school_id": HERE, "number": 1})
    with tampered(log, lambda connection: connection.execute(put_in)) as connection:
        assert verified(connection) == Broken(number=1)


@pytest.mark.parametrize("change", [{"log_number": ROWS + 1}, {"log_number": ROWS - 1}, {"log_mark": bytes(32)}])
def test_the_head_that_is_changed_alone_is_found(log: Storage, change: dict[str, Any]) -> None:
    altered = update(vault_school).where(vault_school.c.school_id == HERE).values(change)
    with tampered(log, lambda connection: connection.execute(altered)) as connection:
        assert verified(connection) is not None


@pytest.mark.clause(41)
def test_whatever_is_written_into_any_one_column_is_found(log: Storage) -> None:
    texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
    values = {
        **dict.fromkeys(("actor", "act", "subject", "outcome"), texts),
        "mark": st.binary(max_size=40),
        "at": st.integers(-(10**15), 10**15).map(lambda micro: NOW + timedelta(microseconds=micro)),
    }
    with log.engines.reading() as connection:
        rows = [row._mapping for row in connection.execute(select(vault_log).where(vault_log.c.school_id == HERE))]

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(rows), st.data())
    def anything(row: Any, data: st.DataObject) -> None:
        part = data.draw(st.sampled_from(sorted(values)))
        value = data.draw(values[part])
        if value == row[part]:
            return
        change = update(vault_log).where(at(row["number"])).values({part: value})
        with tampered(log, lambda connection: connection.execute(change)) as connection:
            assert verified(connection) == Broken(number=row["number"])

    anything()
