"""The one place where every query is bound to one school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Column, Connection, Delete, Row, Select, Table, Update, delete, select, text, update

from bot.storage.tables import school as school_table

# Below so many rows a wrong idea of a table costs nothing.
FEW = 500
_KNOWN_ROWS = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:b_table)")


def _insert(table: Table, dialect: str) -> Any:
    # Both dialects spell ON CONFLICT alike, but SQLAlchemy keeps two classes for it. By name: the engine has loaded the
    # one that is in use, and the other would cost every start 60 ms.
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


@cache
def _once(table: Table, dialect: str) -> Any:
    """Built once: a plan for a whole school leaves hundreds of notices in one transaction."""
    return _insert(table, dialect).on_conflict_do_nothing().returning(table.c.school_id)


@dataclass(frozen=True)
class Scoped:
    """A connection that sees one school. Statements made here carry the school; stores make none of their own."""

    connection: Connection
    school: str

    def select(self, table: Table, *columns: Column[Any] | Any) -> Select[Any]:
        """Columns of the school's rows, or whole rows."""
        return select(*columns or (table,)).select_from(table).where(table.c.school_id == self.school)

    def update(self, table: Table) -> Update:
        """The school's rows."""
        return update(table).where(table.c.school_id == self.school)

    def delete(self, table: Table) -> Delete:
        """The school's rows."""
        return delete(table).where(table.c.school_id == self.school)

    def all(self, statement: Any) -> Sequence[Row[Any]]:
        """Every row."""
        return self.connection.execute(statement).all()

    def first(self, statement: Any) -> Row[Any] | None:
        """One row or None."""
        return self.connection.execute(statement).first()

    def run(self, statement: Any) -> None:
        """For its effect."""
        self.connection.execute(statement)

    def _insert(self, table: Table) -> Any:
        return _insert(table, self.connection.dialect.name)

    def add(self, table: Table, values: Mapping[str, Any]) -> None:
        """A new row of the school's. Raises IntegrityError where its key is taken."""
        self.connection.execute(self._insert(table), self._row(values))

    def add_once(self, table: Table, values: Mapping[str, Any]) -> bool:
        """A new row of the school's; False where any of its keys is taken.

        psycopg gives no usable `rowcount` after ON CONFLICT DO NOTHING, so a returned row tells.
        """
        statement = _once(table, self.connection.dialect.name)
        return self.connection.execute(statement, self._row(values)).first() is not None

    def add_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """New rows of the school's, with the same columns each; one whose key is taken is left out."""
        statement = self._insert(table).on_conflict_do_nothing()
        self.connection.execute(statement, [self._row(values) for values in rows])

    def count_anew(self, table: Table, *, added: int) -> None:
        """Tell PostgreSQL what a table holds, where it has grown by a tenth: its own look comes up to a minute later.

        Until then it plans as if the table were as it was, and a claim goes through all that is planned, each time.
        """
        if self.connection.dialect.name != "postgresql":
            return
        known = self.connection.execute(_KNOWN_ROWS, {"b_table": table.name}).scalar() or 0
        if added > FEW and added * 10 > known:
            self.connection.execute(text(f"ANALYZE {table.name}"))

    def put(self, table: Table, values: Mapping[str, Any], *, key: Sequence[str]) -> None:
        """A new row of the school's, or new values for the row with the same key (its columns without the school)."""
        rest = {name: value for name, value in values.items() if name not in key}
        insert = self._insert(table).values(self._row(values))
        self.connection.execute(insert.on_conflict_do_update(index_elements=["school_id", *key], set_=rest))

    def add_school(self, now: datetime) -> bool:
        """The school itself; False where it is known."""
        values = {"id": self.school, "created": now}
        known = self._insert(school_table).values(values).on_conflict_do_nothing().returning(school_table.c.id)
        return self.connection.execute(known).first() is not None

    def this_school(self) -> Row[Any] | None:
        """The school's own row."""
        return self.connection.execute(select(school_table).where(school_table.c.id == self.school)).first()

    def pause_school(self, since: datetime | None) -> None:
        """Hold the school, or let it go on."""
        self.connection.execute(update(school_table).where(school_table.c.id == self.school).values(paused=since))

    def _row(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {**values, "school_id": self.school}
