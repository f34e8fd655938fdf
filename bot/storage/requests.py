"""What staff ask for or tell of, and the votes on it: one row a request, one a person who said yes or no."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case

from bot.storage.request_tables import request_vote, staff_request
from bot.storage.scoped import Scoped
from staff import GOING_ON, Ask, RequestState, StaffRequest, Vote

table = staff_request
# What never changes once it is asked.
ASKED = ("id", "reference", "asked_by", "asked", "subject", "why", "more", "class_id", "choice", "lapses")
# The filter may be off from when it is granted; personal data may turn out to be involved in a breach.
TIMES = ("starts", "ends", "decided", "begun", "begun_by", "told", "times", "closed", "closed_by")
CHANGES = ("personal", "outcome", "said", *TIMES)


class SqlRequests:
    """Implements RequestStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def add(self, request: StaffRequest) -> None:
        """See RequestStore."""
        values = _values(request, (*ASKED, *CHANGES))
        self._scoped.add(table, values | {"kind": request.kind.value, "state": request.state.value})

    def by_reference(self, reference: str) -> StaffRequest | None:
        """See RequestStore."""
        row = self._scoped.first(self._scoped.select(table).where(table.c.reference == reference))
        return _request(row) if row else None

    def going_on(self) -> tuple[StaffRequest, ...]:
        """See RequestStore."""
        found = self._scoped.select(table).where(table.c.state.in_(_going_on()), table.c.closed.is_(None))
        return tuple(map(_request, self._scoped.all(found.order_by(table.c.asked, table.c.id))))

    def newest(self, *, limit: int, asked_by: str = "") -> tuple[StaffRequest, ...]:
        """See RequestStore."""
        over = case((table.c.state.in_(_going_on()), 0), else_=1)
        rows = self._scoped.select(table).order_by(over, table.c.asked.desc(), table.c.id.desc()).limit(limit)
        theirs = rows.where(table.c.asked_by == asked_by) if asked_by else rows
        return tuple(map(_request, self._scoped.all(theirs)))

    def hold(self, request_id: UUID, *, was: RequestState) -> bool:
        """See RequestStore. SQLite has one writer; on PostgreSQL the update takes the row's lock."""
        here = self._scoped.update(table).where(table.c.id == request_id, table.c.state == was.value)
        return self._scoped.first(here.values(state=was.value).returning(table.c.id)) is not None

    def save(self, request: StaffRequest, *, was: StaffRequest) -> bool:
        """See RequestStore. Only what changes is written: the rest may be a moment old."""
        same = table.c.state == was.state.value, table.c.outcome == was.outcome
        here = self._scoped.update(table).where(table.c.id == request.id, *same)
        new = {name: value for name, value in _values(request, CHANGES).items() if value != getattr(was, name)}
        changed = here.values(new | {"state": request.state.value})
        return self._scoped.first(changed.returning(table.c.id)) is not None

    def vote(self, request_id: UUID, vote: Vote) -> None:
        """See RequestStore."""
        values = {"request_id": request_id, "person": vote.person, "yes": vote.yes, "at": vote.at, "why": vote.why}
        self._scoped.put(request_vote, values, key=("request_id", "person"))

    def votes(self, request_id: UUID) -> tuple[Vote, ...]:
        """See RequestStore."""
        votes = request_vote.c
        found = self._scoped.select(request_vote).where(votes.request_id == request_id).order_by(votes.at, votes.person)
        return tuple(Vote(person=row.person, yes=row.yes, at=row.at, why=row.why) for row in self._scoped.all(found))


def _going_on() -> list[str]:
    return sorted(state.value for state in GOING_ON)


def _values(request: StaffRequest, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(request, name) for name in names}


def _request(row: Row[Any]) -> StaffRequest:
    same = {name: getattr(row, name) for name in (*ASKED, *CHANGES)}
    return StaffRequest(**same, kind=Ask(row.kind), state=RequestState(row.state))
