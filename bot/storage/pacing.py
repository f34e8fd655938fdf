"""Pacing: one GCRA row a key, shared by every process."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, or_, select

from bot.storage.engine import Engines
from bot.storage.scoped import Scoped
from bot.storage.tables import pacing as table

SHORTEST_WAIT_SECONDS = 0.001


class Pacing:
    """Every method is a short transaction of its own. Times are the machine's clock's.

    GCRA: a key keeps the instant at which its next message would be exactly on time; a message may come up to
    `burst` intervals early (ITU-T I.371, annex A: the generic cell rate algorithm).
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def ask(self, key: str, *, school: str, rate_per_s: float, burst: int, machine_now: datetime) -> float:
        """0 where a message may go now, and it is counted; else the seconds to wait before asking again."""
        now, interval = machine_now.timestamp(), 1 / rate_per_s
        early = now + burst * interval
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            if scoped.add_once(table, {"key": key, "tat": now + interval}):
                connection.commit()
                return 0.0
            on_time = case((table.c.tat > now, table.c.tat), else_=now) + interval
            granted = (
                scoped.update(table)
                .where(
                    table.c.key == key,
                    on_time <= early,
                    or_(table.c.blocked_until.is_(None), table.c.blocked_until <= now),
                )
                .values(tat=on_time)
                .returning(table.c.tat)
            )
            if scoped.first(granted):
                connection.commit()
                return 0.0
            row = connection.execute(
                select(table.c.tat, table.c.blocked_until).where(table.c.school_id == school, table.c.key == key),
            ).one()
        paced = max(row.tat, now) + interval - early
        return float(max(paced, (row.blocked_until or now) - now, SHORTEST_WAIT_SECONDS))

    def take(
        self,
        rates: Sequence[tuple[str, float, int]],
        *,
        school: str,
        longest_s: float,
        machine_now: datetime,
    ) -> float:
        """Take the next slot of each key (key, rate a second, burst), come what may; seconds until all are due.

        For answers, which go out in any case. A key is never booked further ahead than `longest_s`, so that a flood of
        answers holds up a notice for no longer. One transaction.
        """
        now, wait = machine_now.timestamp(), 0.0
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            for key, rate_per_s, burst in rates:
                interval = 1 / rate_per_s
                if scoped.add_once(table, {"key": key, "tat": now + interval}):
                    continue
                latest = now + burst * interval + longest_s
                on_time = case((table.c.tat > now, table.c.tat), else_=now) + interval
                taken = (
                    scoped.update(table)
                    .where(table.c.key == key)
                    .values(tat=case((on_time < latest, on_time), else_=latest))
                    .returning(table.c.tat, table.c.blocked_until)
                )
                row = connection.execute(taken).one()
                wait = max(wait, row.tat - burst * interval - now, (row.blocked_until or now) - now)
            connection.commit()
        return wait

    def block(self, key: str, *, school: str, until: datetime) -> None:
        """A platform said to wait: nothing of this key goes before then, in any process. A longer wait stands."""
        with self._engines.writing() as connection:
            scoped = Scoped(connection, school)
            seconds = until.timestamp()
            if not scoped.add_once(table, {"key": key, "tat": 0.0, "blocked_until": seconds}):
                longer = or_(table.c.blocked_until.is_(None), table.c.blocked_until < seconds)
                scoped.run(scoped.update(table).where(table.c.key == key, longer).values(blocked_until=seconds))
            connection.commit()
