"""Columns that say whose data they hold and how it ends; instants that refuse to be naive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, ForeignKeyConstraint, MetaData, String, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

# Named so that SQLite's batch mode can drop them and both databases agree.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)


class NaiveInstantError(ValueError):
    """A time without a zone was about to be stored."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, given back aware on both databases (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Raises NaiveInstantError."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"{value.isoformat()} has no zone"
            raise NaiveInstantError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """In UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def column(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]], personal: str, retire: str, **rest: Any) -> Any:
    """A column with its line of the data-protection map; not null unless said. `"none"` is an answer, silence is not.

    `personal` is what personal data it holds; `retire` is when and how that ends.
    """
    rest.setdefault("nullable", False)
    return Column(name, kind, info={"personal": personal, "retire": retire}, **rest)


def school_column() -> Any:
    """The school that a row belongs to; the first part of every key."""
    return column("school_id", String(40), "none", "with the row", primary_key=True)


def belongs_to(table: str, *columns: str, key: str = "id") -> ForeignKeyConstraint:
    """A foreign key within one school: `columns` here, `key` there."""
    return ForeignKeyConstraint(["school_id", *columns], [f"{table}.school_id", f"{table}.{key}"])


def of_a_school() -> ForeignKeyConstraint:
    """Every row belongs to a school that is there."""
    return ForeignKeyConstraint(["school_id"], ["school.id"])


@dataclass(frozen=True, kw_only=True)
class DataMapRow:
    """One column of the data-protection map."""

    table: str
    column: str
    personal: str
    retire: str


def data_map() -> Iterator[DataMapRow]:
    """Every stored column, by table, in the tables' own order. Raises KeyError on a column that says nothing."""
    tables: list[Table] = list(METADATA.sorted_tables)
    for table in tables:
        for each in table.columns:
            yield DataMapRow(
                table=table.name,
                column=each.name,
                personal=str(each.info["personal"]),
                retire=str(each.info["retire"]),
            )
