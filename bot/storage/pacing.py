"""Pacing: one row a key, shared by every process. What the numbers mean is said in bot.wire and bot.delivery.pacing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select, update

from bot.storage.clockwork_tables import pacing as table
from bot.storage.engine import Engines
from bot.storage.scoped import Scoped
from bot.wire import Bucket

Value = TypeVar("Value")


# Built once: building a statement costs more than running it does.
_HELD = (
    select(table.c.key, table.c.tat, table.c.blocked_until)
    .where(table.c.school_id == bindparam("b_school"), table.c.key.in_(bindparam("b_keys", expanding=True)))
    .order_by(table.c.key)
    .with_for_update()
)
_KEEP = (
    update(table)
    .where(table.c.school_id == bindparam("b_school"), table.c.key == bindparam("b_key"))
    .values(tat=bindparam("b_tat"), blocked_until=bindparam("b_blocked"))
)


def _held(connection: Connection, school: str, keys: Sequence[str]) -> dict[str, Bucket]:
    rows = connection.execute(_HELD, {"b_school": school, "b_keys": keys})
    return {row.key: Bucket(tat=row.tat, blocked_until=row.blocked_until) for row in rows}


class Pacing:
    """Every method is a short transaction of its own. Times are the machine's clock's, in seconds since 1970."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def settle(
        self,
        keys: Sequence[str],
        *,
        school: str,
        decide: Callable[[Mapping[str, Bucket]], tuple[Mapping[str, Bucket], Value]],
        make: Collection[str] | None = None,
    ) -> Value:
        """Hold the keys' rows, let `decide` say what they become and what follows from it, and keep that.

        Keys to `make` (None is all) get a row; any other that has none counts as fresh and is not kept. Two who settle
        the same key do so one after the other, in any process: on PostgreSQL the rows are locked in the order of their
        keys, so that nobody waits in a circle.
        """
        wanted = sorted(set(keys))
        with self._engines.writing() as connection:
            held = _held(connection, school, wanted)
            if missing := [key for key in wanted if key not in held and (make is None or key in make)]:
                # Made first and then locked: an insert alone would overwrite what another process has just decided.
                fresh = [{"key": key, "tat": 0.0, "blocked_until": None} for key in missing]
                Scoped(connection, school).add_many(table, fresh)
                held = _held(connection, school, wanted)
            changed, value = decide({key: held.get(key, Bucket()) for key in wanted})
            if kept := [
                {"b_school": school, "b_key": key, "b_tat": bucket.tat, "b_blocked": bucket.blocked_until}
                for key, bucket in sorted(changed.items())
                if key in held
            ]:
                connection.execute(_KEEP, kept)
            connection.commit()
        return value

    def buckets(self, school: str) -> dict[str, Bucket]:
        """Every key of a school's, to look at."""
        with self._engines.reading() as connection:
            rows = connection.execute(select(table).where(table.c.school_id == school)).all()
        return {row.key: Bucket(tat=row.tat, blocked_until=row.blocked_until) for row in rows}
