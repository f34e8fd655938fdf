"""The ledger as staff see it."""

from typing import Any

from sqlalchemy import Row, func

from bot.storage.scoped import Scoped
from bot.storage.states import DeliveryState
from bot.storage.tables import delivery
from bot.unit import DeliveryCounts, DeliveryLine
from school.notices import Lane


class SqlDeliveryBook:
    """Implements DeliveryBook."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

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
    )
