"""The inbox: what has been handled, by its ids. Never a body."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from bot.storage.ids import new_id
from bot.storage.scoped import Scoped
from bot.storage.tables import inbox


class Outcome(StrEnum):
    """FAILED may be handled again; the others never."""

    HANDLED = "handled"
    FAILED = "failed"
    PARKED = "parked"


class SqlInbox:
    """Implements Inbox."""

    def __init__(self, scoped: Scoped, correlation: str = "") -> None:
        self._scoped = scoped
        self._correlation = correlation

    def first_time(self, *, via: str, transport_id: str | None, semantic_id: str | None, now: datetime) -> bool:
        """See Inbox. An arrival whose handling failed is a first time again; one without ids always is."""
        if transport_id is None and semantic_id is None:
            return True
        values = {
            "id": new_id(now),
            "via": via,
            "transport_id": transport_id,
            "semantic_id": semantic_id,
            "arrived": now,
            "outcome": Outcome.HANDLED.value,
            "failures": 0,
            "answered": None,
            "correlation": self._correlation,
        }
        return self._scoped.add_once(inbox, values) or self._again(via, transport_id, semantic_id)

    def _again(self, via: str, transport_id: str | None, semantic_id: str | None) -> bool:
        if transport_id is None:
            return False
        if semantic_id is not None:
            twin = self._scoped.select(inbox, inbox.c.id).where(inbox.c.via == via, inbox.c.semantic_id == semantic_id)
            if self._scoped.first(twin):
                return False
        reclaimed = (
            self._scoped.update(inbox)
            .where(inbox.c.via == via, inbox.c.transport_id == transport_id, inbox.c.outcome == Outcome.FAILED.value)
            .values(outcome=Outcome.HANDLED.value, semantic_id=semantic_id, answered=None)
            .returning(inbox.c.id)
        )
        return self._scoped.first(reclaimed) is not None

    def unanswered(self, *, via: str, transport_id: str | None, semantic_id: str | None) -> bool:
        """See Inbox. By either id: somebody who presses twice has another transport id the second time."""
        waiting = self._scoped.select(inbox, inbox.c.id).where(*self._waiting(via, transport_id, semantic_id))
        return self._scoped.first(waiting) is not None

    def answered(self, *, via: str, transport_id: str | None, semantic_id: str | None, now: datetime) -> None:
        """See Inbox. The first time stands."""
        waiting = self._waiting(via, transport_id, semantic_id)
        self._scoped.run(self._scoped.update(inbox).where(*waiting).values(answered=now))

    @staticmethod
    def _waiting(via: str, transport_id: str | None, semantic_id: str | None) -> tuple[ColumnElement[bool], ...]:
        ids: tuple[tuple[Any, str | None], ...] = (
            (inbox.c.transport_id, transport_id),
            (inbox.c.semantic_id, semantic_id),
        )
        known = [named == given for named, given in ids if given is not None]
        handled = inbox.c.outcome == Outcome.HANDLED.value
        return (inbox.c.via == via, handled, inbox.c.answered.is_(None), or_(false(), *known))

    def failed(self, *, via: str, transport_id: str, now: datetime) -> int:
        """See Inbox. Whatever this unit had done is undone first: a failure is counted after the rollback."""
        self._scoped.connection.rollback()
        fresh = self._put(via=via, transport_id=transport_id, now=now, outcome=Outcome.FAILED)
        counted = (
            self._scoped.update(inbox)
            .where(inbox.c.via == via, inbox.c.transport_id == transport_id)
            .values(failures=inbox.c.failures + 1)
            .returning(inbox.c.failures)
        )
        count = 1 if fresh else int(self._scoped.connection.execute(counted).scalar_one())
        self._scoped.connection.commit()
        return count

    def park(self, *, via: str, transport_id: str, now: datetime) -> None:
        """See Inbox."""
        self._put(via=via, transport_id=transport_id, now=now, outcome=Outcome.PARKED)
        self._scoped.run(
            self._scoped.update(inbox)
            .where(inbox.c.via == via, inbox.c.transport_id == transport_id)
            .values(outcome=Outcome.PARKED.value),
        )

    def forget(self, *, before: datetime, limit: int) -> int:
        """See Inbox. Ids sort by arrival, so the oldest are found by the key and a round costs the same at any size."""
        oldest = self._scoped.select(inbox, inbox.c.id).order_by(inbox.c.id).limit(limit)
        gone = self._scoped.delete(inbox).where(inbox.c.id.in_(oldest), inbox.c.arrived < before)
        return len(self._scoped.all(gone.returning(inbox.c.id)))

    def forget_chat(self, *, via: str, address: str) -> None:
        """See Inbox. An id of Telegram's begins with the chat; one that tells of a move has both (handlers.py)."""
        named = (f"{address}:%", f"moved:{address}:%", f"moved:%:{address}")
        theirs = self._scoped.update(inbox).where(
            inbox.c.via == via, or_(*(inbox.c.semantic_id.like(each) for each in named))
        )
        self._scoped.run(theirs.values(semantic_id=None))

    def _put(self, *, via: str, transport_id: str, now: datetime, outcome: Outcome) -> bool:
        values = {
            "id": new_id(now),
            "via": via,
            "transport_id": transport_id,
            "semantic_id": None,
            "arrived": now,
            "outcome": outcome.value,
            "failures": 1,
            "correlation": self._correlation,
        }
        return self._scoped.add_once(inbox, values)
