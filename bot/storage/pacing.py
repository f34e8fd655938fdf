"""Pacing: one row a key, shared by every process. What the numbers mean is said in bot.wire and bot.delivery.pacing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from bot.storage.engine import Engines
from bot.storage.scoped import Scoped
from bot.storage.tables import pacing as table
from bot.wire import Bucket

Value = TypeVar("Value")
FORGET_SECONDS = 86_400.0


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
    ) -> Value:
        """Hold the keys' rows, let `decide` say what they become and what follows from it, and keep that.

        Two who settle the same key do so one after the other, in any process: on PostgreSQL the rows are locked in the
        order of their keys, so that nobody waits in a circle.
        """
        wanted = sorted(set(keys))
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            held = self._held(scoped, wanted)
            if len(held) < len(wanted):
                # Made first and then locked: an insert alone would overwrite what another process has just decided.
                missing = [{"key": key, "tat": 0.0, "blocked_until": None} for key in wanted if key not in held]
                scoped.add_many(table, missing)
                held = self._held(scoped, wanted)
            changed, value = decide(held)
            for key, bucket in changed.items():
                row = scoped.update(table).where(table.c.key == key)
                scoped.run(row.values(tat=bucket.tat, blocked_until=bucket.blocked_until))
            connection.commit()
        return value

    @staticmethod
    def _held(scoped: Scoped, keys: Sequence[str]) -> dict[str, Bucket]:
        locked = (
            scoped.select(table, table.c.key, table.c.tat, table.c.blocked_until)
            .where(table.c.key.in_(keys))
            .order_by(table.c.key)
            .with_for_update()
        )
        return {row.key: Bucket(tat=row.tat, blocked_until=row.blocked_until) for row in scoped.all(locked)}

    def buckets(self, school: str) -> dict[str, Bucket]:
        """Every key of a school's, to look at."""
        with self._engines.reading() as connection:
            rows = connection.execute(select(table).where(table.c.school_id == school)).all()
        return {row.key: Bucket(tat=row.tat, blocked_until=row.blocked_until) for row in rows}

    def forget(self, *, school: str, machine_now: datetime) -> int:
        """Drop keys that nobody has used for a day; how many."""
        before = machine_now.timestamp() - FORGET_SECONDS
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            old = scoped.delete(table).where(table.c.tat < before)
            old = old.where((table.c.blocked_until.is_(None)) | (table.c.blocked_until < before))
            gone = len(scoped.all(old.returning(table.c.key)))
            connection.commit()
        return gone
