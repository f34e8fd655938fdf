"""What nobody is at work on: held by the dead, too late, cancelled, or over and done with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, Row, and_, bindparam, literal_column, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.engine import Engines
from bot.storage.states import CANCELLED, PERHAPS_A_REPEAT, DeliveryState
from bot.storage.tables import delivery, mailing
from school.notices import Doubt, MailingState

# Rows a transaction: none may hold up a child's report for a tenth of a second (HOUSE, "Durable work").
CHUNK = 1_000


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """What became of rows whose lease lapsed."""

    planned: int
    repeats: int
    unknown: int


class HeldLedger:
    """The ledger's housekeeping, of every school. Every method is a short transaction of its own."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def recover(self, machine_now: datetime, *, all_of_it: bool = False) -> Recovered:
        """After a process died: what it had claimed is planned again; what it was sending goes by the row's doubt.

        `all_of_it`: whatever is held, lapsed or not; for the one process of an SQLite, which knows that there is no
        other.
        """
        lapsed = literal_column("1 = 1") if all_of_it else delivery.c.lease_until <= machine_now
        planned: dict[str, Any] = {"state": DeliveryState.PLANNED.value, "lease_until": None}
        unknown = {"state": DeliveryState.UNKNOWN.value, "lease_until": None, "reason": "stopped while sending"}
        repeats = delivery.c.doubt == Doubt.REPEAT.value
        claimed: ColumnElement[bool] = literal_column("delivery.state = 'claimed'")
        sending: ColumnElement[bool] = literal_column("delivery.state = 'sending'")
        statements = (
            _taken_back(and_(claimed, lapsed), planned),
            _taken_back(and_(sending, lapsed, repeats), {**planned, "reason": PERHAPS_A_REPEAT}),
            _taken_back(and_(sending, lapsed, ~repeats), unknown),
        )
        with self._engines.reading() as connection:
            held: Any = literal_column("delivery.state IN ('claimed', 'sending')")
            if connection.execute(select(delivery.c.id).where(held, lapsed).limit(1)).first() is None:
                return Recovered(planned=0, repeats=0, unknown=0)
        with self._engines.writing() as connection:
            counts = [len(connection.execute(each).all()) for each in statements]
            connection.commit()
        return Recovered(planned=counts[0], repeats=counts[1], unknown=counts[2])

    def late(self, now: datetime) -> str | None:
        """A school where something is planned and too late; None where nothing is."""
        first = select(delivery.c.school_id).where(too_late(now)).limit(1)
        with self._engines.reading() as connection:
            return connection.execute(first).scalar()

    def sweep_cancelled(self, *, limit: int = CHUNK) -> int:
        """Skip what a cancelled mailing has not begun to send, so many at most; how many."""
        waiting = select(mailing.c.school_id, mailing.c.id).where(
            mailing.c.state == MailingState.CANCELLED.value,
            _has(DeliveryState.PLANNED),
        )
        with self._engines.reading() as connection:
            row = connection.execute(waiting.limit(1)).first()
        if row is None:
            return 0
        of_it = and_(delivery.c.school_id == row.school_id, delivery.c.mailing == row.id)
        return len(self._write(skipped(of_it, reason=CANCELLED, limit=limit)))

    def finish(self, now: datetime) -> int:
        """Running mailings of which nothing is pending are finished; how many that was."""
        pending = _has(DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENDING)
        over = and_(mailing.c.state == MailingState.RUNNING.value, mailing.c.laid, ~pending)
        with self._engines.reading() as connection:
            if connection.execute(select(mailing.c.id).where(over).limit(1)).first() is None:
                return 0
        # Held first and asked again: whoever has just asked for more of one holds it, and a statement on PostgreSQL
        # sees nothing that was committed after it began.
        held = select(mailing.c.school_id, mailing.c.id).where(over).limit(CHUNK)
        this = and_(mailing.c.school_id == bindparam("b_school"), mailing.c.id == bindparam("b_id"))
        ended = update(mailing).where(this, over).values(state=MailingState.FINISHED.value, ended=now)
        with self._engines.writing() as connection:
            found = connection.execute(held.with_for_update(skip_locked=True, of=mailing)).all()
            done = [
                connection.execute(ended.returning(mailing.c.id), {"b_school": row.school_id, "b_id": row.id}).first()
                for row in found
            ]
            connection.commit()
        return len([row for row in done if row is not None])

    def _write(self, statement: Any) -> list[Row[Any]]:
        with self._engines.writing() as connection:
            rows = list(connection.execute(statement).all())
            connection.commit()
        return rows


_PLANNED: ColumnElement[bool] = literal_column("delivery.state = 'planned'")


def too_late(now: datetime) -> ColumnElement[bool]:
    """What is planned and will not go out any more."""
    return and_(_PLANNED, delivery.c.not_after <= now)


def skipped(which: ColumnElement[bool], *, reason: str, limit: int) -> ReturningUpdate[Any]:
    """So many at most of what is planned, but for what somebody is claiming at this moment; their page and mailing."""
    chosen = (
        select(delivery.c.id)
        .where(which, _PLANNED)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
        .cte("chosen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        update(delivery)
        .where(delivery.c.id.in_(select(chosen.c.id)), _PLANNED)
        .values(state=DeliveryState.SKIPPED.value, reason=reason)
        .returning(delivery.c.page, delivery.c.mailing)
    )


def _taken_back(which: ColumnElement[bool], values: Mapping[str, Any]) -> ReturningUpdate[Any]:
    """Not what somebody is writing at this moment: who does is alive, or stands still and would hold up everybody."""
    chosen = (
        select(delivery.c.id)
        .where(which)
        .with_for_update(skip_locked=True)
        .cte("chosen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    taken = update(delivery).where(delivery.c.id.in_(select(chosen.c.id)), which).values(values)
    return taken.returning(delivery.c.id)


def _has(*states: DeliveryState) -> Exists:
    """Whether a mailing has a delivery in one of these states: a probe of the index by mailing and state."""
    found = select(delivery.c.id).where(
        delivery.c.school_id == mailing.c.school_id,
        delivery.c.mailing == mailing.c.id,
        delivery.c.state.in_([state.value for state in states]),
    )
    return found.correlate(mailing).exists()
