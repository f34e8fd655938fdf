"""The ledger as staff see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func

from bot.storage.clockwork_tables import pacing
from bot.storage.held import skipped, too_late
from bot.storage.mailings import SqlMailings
from bot.storage.scoped import Scoped
from bot.storage.states import EXPIRED, LEFT, DeliveryState
from bot.storage.tables import delivery
from bot.unit import DeliveryCounts, DeliveryLine, Late, MailingProgress
from school.notices import Lane


class SqlDeliveryBook:
    """Implements DeliveryBook."""

    def __init__(self, scoped: Scoped, mailings: SqlMailings) -> None:
        self._scoped = scoped
        self._mailings = mailings

    def counts(self) -> DeliveryCounts:
        """See DeliveryBook."""
        grouped = self._scoped.select(delivery, delivery.c.channel, delivery.c.state, func.count()).group_by(
            delivery.c.channel,
            delivery.c.state,
        )
        return counted(self._scoped.all(grouped))

    def lines(self, *, limit: int, state: str | None = None) -> tuple[DeliveryLine, ...]:
        """See DeliveryBook."""
        newest = self._scoped.select(delivery).order_by(delivery.c.due_at.desc(), delivery.c.id.desc()).limit(limit)
        if state is not None:
            newest = newest.where(delivery.c.state == state)
        return tuple(_line(row) for row in self._scoped.all(newest))

    def doubtful(self, *, limit: int) -> tuple[DeliveryLine, ...]:
        """See DeliveryBook."""
        oldest = (
            self._scoped.select(delivery)
            .where(delivery.c.state == DeliveryState.UNKNOWN.value, delivery.c.reason != LEFT)
            .order_by(delivery.c.due_at, delivery.c.id)
            .limit(limit)
        )
        return tuple(_line(row) for row in self._scoped.all(oldest))

    def decide(self, delivery_id: str, *, again: bool, now: datetime) -> bool:
        """See DeliveryBook. What is sent again may go however late it is: somebody has just asked for it."""
        values: dict[str, Any] = {"reason": LEFT}
        if again:
            values = {"state": DeliveryState.PLANNED.value, "reason": "", "not_before": None, "not_after": None}
            values["due_at"] = now
        decided = (
            self._scoped.update(delivery)
            .where(delivery.c.id == _id(delivery_id), delivery.c.state == DeliveryState.UNKNOWN.value)
            .values(values)
            .returning(delivery.c.id, delivery.c.mailing)
        )
        row = self._scoped.first(decided)
        if row is not None and again and row.mailing:
            self._mailings.reopen(row.mailing)
        return row is not None

    def paused(self) -> datetime | None:
        """See DeliveryBook."""
        row = self._scoped.this_school()
        return row.paused if row else None

    def pause(self, *, since: datetime | None) -> None:
        """See DeliveryBook."""
        self._scoped.pause_school(since)

    def expire(self, *, now: datetime, limit: int) -> tuple[int, tuple[Late, ...]]:
        """See DeliveryBook."""
        here = delivery.c.school_id == self._scoped.school
        counts: dict[tuple[str, str], int] = {}
        rows = self._scoped.all(skipped(and_(here, too_late(now)), reason=EXPIRED, limit=limit))
        for row in rows:
            counts[row.page, row.mailing] = counts.get((row.page, row.mailing), 0) + 1
        if len(rows) == limit:
            rest = self._scoped.select(delivery, delivery.c.page, delivery.c.mailing, func.count().label("number"))
            for row in self._scoped.all(rest.where(too_late(now)).group_by(delivery.c.page, delivery.c.mailing)):
                if (row.page, row.mailing) in counts:
                    counts[row.page, row.mailing] += row.number
        late = (Late(page=page, mailing=mailing, count=count) for (page, mailing), count in counts.items())
        return len(rows), tuple(late)

    def forget_pacing(self, *, before: datetime, limit: int) -> int:
        """See DeliveryBook."""
        instant = before.timestamp()
        held = pacing.c.blocked_until >= instant
        old = (
            self._scoped.select(pacing, pacing.c.key).where(pacing.c.tat < instant, ~held | held.is_(None)).limit(limit)
        )
        gone = self._scoped.delete(pacing).where(pacing.c.key.in_(old)).returning(pacing.c.key)
        return len(self._scoped.all(gone))

    def progress(self, *, limit: int) -> tuple[MailingProgress, ...]:
        """See DeliveryBook."""
        headers = self._mailings.standings(limit=limit)
        grouped = (
            self._scoped.select(delivery, delivery.c.mailing, delivery.c.state, func.count().label("number"))
            .where(delivery.c.mailing.in_([header.mailing.id for header in headers]))
            .group_by(delivery.c.mailing, delivery.c.state)
        )
        states: dict[str, dict[str, int]] = {}
        for row in self._scoped.all(grouped):
            states.setdefault(row.mailing, {})[row.state] = row.number
        return tuple(MailingProgress(header=each, states=states.get(each.mailing.id, {})) for each in headers)


def _id(typed: str) -> UUID:
    """An id as it stands on a button; one that is none finds nothing."""
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def counted(rows: Any) -> DeliveryCounts:
    """Counts from rows of channel, state and number; every state is there, with 0."""
    states = {state.value: 0 for state in DeliveryState}
    by_channel: dict[str, dict[str, int]] = {}
    for channel, state, number in rows:
        states[state] += number
        by_channel.setdefault(channel, {each.value: 0 for each in DeliveryState})[state] = number
    return DeliveryCounts(states=states, by_channel=by_channel)


def _line(row: Row[Any]) -> DeliveryLine:
    return DeliveryLine(
        id=str(row.id),
        page=row.page,
        lane=Lane(row.lane),
        to=f"{row.to_kind} {row.recipient}",
        channel=row.channel,
        state=row.state,
        due=row.due_at,
        reason=row.reason,
        mailing=row.mailing,
    )
