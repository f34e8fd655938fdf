"""What families were told of events, and what they replied."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.event_tables import event_reply, event_told
from bot.storage.scoped import Scoped
from parents import Comes, Reply, Told
from school.events import EventKind


class SqlEvents:
    """Implements EventStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def told(self) -> tuple[Told, ...]:
        """See EventStore."""
        rows = self._scoped.all(self._scoped.select(event_told).order_by(event_told.c.event_id))
        return tuple(_told(row) for row in rows)

    def tell(self, told: Told) -> None:
        """See EventStore."""
        values = {
            "event_id": told.event,
            "version": told.version,
            "name": told.name,
            "kind": told.kind.value,
            "day": told.day,
            "starts": told.starts,
            "off": told.off,
            "at": told.at,
        }
        self._scoped.put(event_told, values, key=("event_id",))

    def replies(self, event: str) -> tuple[Reply, ...]:
        """See EventStore."""
        return self._found(event_reply.c.event_id == event)

    def replies_of(self, family_id: UUID) -> tuple[Reply, ...]:
        """See EventStore."""
        return self._found(event_reply.c.family_id == family_id)

    def keep(self, reply: Reply) -> None:
        """See EventStore."""
        values = {
            "event_id": reply.event,
            "pupil": reply.pupil,
            "family_id": reply.family,
            "class_id": reply.class_id,
            "adults": reply.adults,
            "comes": reply.comes.value,
            "since": reply.since,
        }
        self._scoped.put(event_reply, values, key=("event_id", "pupil", "family_id"))

    def drop(self, reply: Reply) -> None:
        """See EventStore."""
        gone = self._scoped.delete(event_reply).where(
            event_reply.c.event_id == reply.event,
            event_reply.c.pupil == reply.pupil,
            event_reply.c.family_id == reply.family,
        )
        self._scoped.run(gone)

    def forget(
        self, *, before: date, limit: int, held: Collection[str] = (), asked_before: datetime | None = None
    ) -> int:
        """See EventStore."""
        over = self._scoped.select(event_told, event_told.c.event_id).where(event_told.c.day < before)
        ids = [row.event_id for row in self._scoped.all(over.order_by(event_told.c.event_id).limit(limit))]
        if ids:
            self._scoped.run(self._scoped.delete(event_reply).where(event_reply.c.event_id.in_(ids)))
            self._scoped.run(self._scoped.delete(event_told).where(event_told.c.event_id.in_(ids)))
        return len(ids) + (self._forget_untold(held, asked_before) if asked_before else 0)

    def _forget_untold(self, held: Collection[str], asked_before: datetime) -> int:
        """A handful at most: the events of one school that were taken out again before anybody was told."""
        kept = {*held, *(each.event for each in self.told())}
        old = event_reply.c.since < asked_before
        asked = self._scoped.all(self._scoped.select(event_reply, event_reply.c.event_id).where(old).distinct())
        gone = {row.event_id for row in asked} - kept
        if gone:
            self._scoped.run(self._scoped.delete(event_reply).where(old, event_reply.c.event_id.in_(gone)))
        return len(gone)

    def _found(self, *where: Any) -> tuple[Reply, ...]:
        found = self._scoped.select(event_reply).where(*where)
        ordered = found.order_by(event_reply.c.since, event_reply.c.pupil, event_reply.c.family_id)
        return _replies(self._scoped.all(ordered))


def _replies(rows: Sequence[Row[Any]]) -> tuple[Reply, ...]:
    return tuple(
        Reply(
            event=row.event_id,
            pupil=row.pupil,
            family=row.family_id,
            class_id=row.class_id,
            adults=row.adults,
            comes=Comes(row.comes),
            since=row.since,
        )
        for row in rows
    )


def _told(row: Row[Any]) -> Told:
    return Told(
        event=row.event_id,
        version=row.version,
        name=row.name,
        kind=EventKind(row.kind),
        day=row.day,
        starts=row.starts,
        off=row.off,
        at=row.at,
    )
