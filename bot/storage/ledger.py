"""The ledger as the delivery loop uses it. Every method is a short transaction of its own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Update, and_, case, func, or_, select, update

from bot.storage.deliveries import counted
from bot.storage.engine import Engines
from bot.storage.states import EXPIRED, LANE_ORDER, PERHAPS_A_REPEAT, DeliveryState
from bot.storage.tables import delivery
from bot.unit import DeliveryCounts
from school.notices import Doubt, Lane, To

LONGEST_REASON = 120


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """One claimed delivery. `attempts` counts earlier sendings; `repeat` says that it may have gone out before."""

    id: UUID
    school: str
    key: str
    channel: str
    to: To
    recipient: str
    page: str
    part: str
    values: Mapping[str, str]
    lane: Lane
    due: datetime
    attempts: int
    repeat: bool
    campaign: str


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """What became of rows whose lease lapsed."""

    planned: int
    repeats: int
    unknown: int


class Ledger:
    """Deliveries of every school. `now` is the school clock's, `machine_now` the machine's."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def claim(
        self,
        *,
        now: datetime,
        machine_now: datetime,
        limit: int,
        lease: timedelta,
        lanes: Collection[Lane] = LANE_ORDER,
        channels: Collection[str] | None = None,
    ) -> list[DeliveryRow]:
        """Up to `limit` that are due, by lane, then by due time. Two claimers never get the same row.

        The locking words compile to nothing on SQLite, where there is one writer at a time anyway.
        """
        due = [
            delivery.c.state == DeliveryState.PLANNED.value,
            delivery.c.due_at <= now,
            or_(delivery.c.not_after.is_(None), delivery.c.not_after > now),
            or_(delivery.c.not_before.is_(None), delivery.c.not_before <= machine_now),
            delivery.c.lane.in_([lane.value for lane in lanes]),
        ]
        if channels is not None:
            due.append(delivery.c.channel.in_(list(channels)))
        # As a plain subquery PostgreSQL may run it once a row, each time skipping what it has locked, and so claim more
        # than the limit; one that is materialised runs once.
        chosen = (
            select(delivery.c.id)
            .where(*due)
            .order_by(_lane_rank(), delivery.c.due_at, delivery.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("chosen")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        claimed = (
            update(delivery)
            .where(delivery.c.id.in_(select(chosen.c.id)), delivery.c.state == DeliveryState.PLANNED.value)
            .values(state=DeliveryState.CLAIMED.value, lease_until=machine_now + lease)
            .returning(delivery)
        )
        rows = [_row(row) for row in self._write(claimed)]
        return sorted(rows, key=lambda row: (LANE_ORDER.index(row.lane), row.due, row.id))

    def sending(self, ids: Iterable[UUID], *, lease_until: datetime | None = None) -> frozenset[UUID]:
        """Committed before the network is touched. Gives those that may go: some may have been withdrawn meanwhile."""
        values: dict[str, Any] = {"state": DeliveryState.SENDING.value, "attempts": delivery.c.attempts + 1}
        if lease_until is not None:
            values["lease_until"] = lease_until
        moved = _in(ids, DeliveryState.CLAIMED).values(values).returning(delivery.c.id)
        return frozenset(row.id for row in self._write(moved))

    def sent(self, delivery_id: UUID, external_id: str) -> None:
        """It went out; the platform's id of it."""
        self.sent_many({delivery_id: external_id})

    def sent_many(self, sent: Mapping[UUID, str]) -> None:
        """Several in one commit, which is worth ten times the speed."""
        if not sent:
            return
        went = case(*((delivery.c.id == each, external) for each, external in sent.items()), else_="")
        self._write(
            _in(sent, DeliveryState.SENDING, DeliveryState.UNKNOWN)
            .values(state=DeliveryState.SENT.value, external_id=went, lease_until=None, reason="")
            .returning(delivery.c.id),
        )

    def failed(self, delivery_id: UUID, reason: str) -> None:
        """It will never go out."""
        self._end(delivery_id, DeliveryState.FAILED, reason)

    def skipped(self, delivery_id: UUID, reason: str) -> None:
        """It need not go out any more."""
        self._end(delivery_id, DeliveryState.SKIPPED, reason)

    def unknown(self, delivery_id: UUID, reason: str) -> None:
        """It may or may not have gone out: a person decides."""
        self._end(delivery_id, DeliveryState.UNKNOWN, reason)

    def _end(self, delivery_id: UUID, state: DeliveryState, reason: str) -> None:
        open_states = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
        self._write(
            _in([delivery_id], *open_states)
            .values(state=state.value, reason=reason[:LONGEST_REASON], lease_until=None)
            .returning(delivery.c.id),
        )

    def again(self, delivery_id: UUID, not_before: datetime, *, reason: str = "") -> None:
        """It did not go out: planned again, not before an instant of the machine's clock. Its due time stands."""
        self._write(
            _in([delivery_id], DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
            .values(
                state=DeliveryState.PLANNED.value,
                not_before=not_before,
                lease_until=None,
                reason=_keep_repeat(reason[:LONGEST_REASON]),
            )
            .returning(delivery.c.id),
        )

    def recover(self, machine_now: datetime) -> Recovered:
        """After a process died: what it had claimed is planned again; what it was sending goes by the row's doubt."""
        lapsed = delivery.c.lease_until <= machine_now
        sending = and_(delivery.c.state == DeliveryState.SENDING.value, lapsed)
        statements = (
            update(delivery)
            .where(delivery.c.state == DeliveryState.CLAIMED.value, lapsed)
            .values(state=DeliveryState.PLANNED.value, lease_until=None),
            update(delivery)
            .where(sending, delivery.c.doubt == Doubt.REPEAT.value)
            .values(state=DeliveryState.PLANNED.value, lease_until=None, reason=PERHAPS_A_REPEAT),
            update(delivery)
            .where(sending, delivery.c.doubt != Doubt.REPEAT.value)
            .values(state=DeliveryState.UNKNOWN.value, lease_until=None, reason="stopped while sending"),
        )
        with self._engines.writing() as connection:
            planned, repeats, unknown = (
                len(connection.execute(statement.returning(delivery.c.id)).all()) for statement in statements
            )
            connection.commit()
        return Recovered(planned=planned, repeats=repeats, unknown=unknown)

    def expire(self, now: datetime) -> int:
        """Skip what is planned and too late; how many."""
        late = (
            update(delivery)
            .where(delivery.c.state == DeliveryState.PLANNED.value, delivery.c.not_after <= now)
            .values(state=DeliveryState.SKIPPED.value, reason=EXPIRED)
            .returning(delivery.c.id)
        )
        return len(self._write(late))

    def counts(self, school: str | None = None) -> DeliveryCounts:
        """Of one school or of all."""
        grouped = select(delivery.c.channel, delivery.c.state, func.count()).group_by(
            delivery.c.channel,
            delivery.c.state,
        )
        if school is not None:
            grouped = grouped.where(delivery.c.school_id == school)
        with self._engines.reading() as connection:
            return counted(connection.execute(grouped).all())

    def _write(self, statement: Any) -> list[Row[Any]]:
        with self._engines.writing() as connection:
            rows = list(connection.execute(statement).all())
            connection.commit()
        return rows


def _lane_rank() -> Any:
    ranks = {lane.value: rank for rank, lane in enumerate(LANE_ORDER)}
    return case(ranks, value=delivery.c.lane, else_=len(LANE_ORDER))


def _in(ids: Iterable[UUID], *states: DeliveryState) -> Update:
    return update(delivery).where(delivery.c.id.in_(list(ids)), delivery.c.state.in_([each.value for each in states]))


def _keep_repeat(reason: str) -> Any:
    """A notice that may be a repeat stays marked as one, however often it is tried."""
    return case((delivery.c.reason == PERHAPS_A_REPEAT, PERHAPS_A_REPEAT), else_=reason)


def _row(row: Row[Any]) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        school=row.school_id,
        key=row.key,
        channel=row.channel,
        to=To(row.to_kind),
        recipient=row.recipient,
        page=row.page,
        part=row.part,
        values=row._mapping[delivery.c["values"]],  # noqa: SLF001 - `row.values` is a method of the row
        lane=Lane(row.lane),
        due=row.due_at,
        attempts=row.attempts,
        repeat=row.reason == PERHAPS_A_REPEAT,
        campaign=row.campaign,
    )
