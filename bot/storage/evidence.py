"""The evidence book: only ever added to."""

from datetime import datetime

from sqlalchemy import func, select

from bot.storage.ids import new_id
from bot.storage.scoped import Scoped
from bot.storage.tables import evidence as table
from school.evidence import Evidence


class SqlEvidenceBook:
    """Implements EvidenceBook."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def write(self, evidence: Evidence) -> None:
        """See EvidenceBook."""
        values = {
            "id": new_id(evidence.when),
            "clause": evidence.clause,
            "kind": evidence.kind,
            "at": evidence.when,
            "what": evidence.what,
            "by": evidence.by,
        }
        self._scoped.add(table, values)

    def by_kind(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> dict[str, dict[str, tuple[int, datetime]]]:
        """See EvidenceBook."""
        columns = (table.c.clause, table.c.kind, func.count().label("how_many"), func.max(table.c.at).label("newest"))
        chosen = self._scoped.select(table, *columns).group_by(table.c.clause, table.c.kind)
        if since is not None:
            chosen = chosen.where(table.c.at >= since)
        if until is not None:
            chosen = chosen.where(table.c.at < until)
        found: dict[str, dict[str, tuple[int, datetime]]] = {}
        for row in self._scoped.all(chosen):
            found.setdefault(row.clause, {})[row.kind] = (row.how_many, row.newest)
        return found

    def trails(self, *, limit: int, clause: str = "") -> dict[str, tuple[Evidence, ...]]:
        """See EvidenceBook."""
        newest_first = (table.c.at.desc(), table.c.id.desc())
        place = func.row_number().over(partition_by=table.c.clause, order_by=newest_first).label("place")
        numbered = self._scoped.select(table, *table.c, place)
        if clause:
            numbered = numbered.where(table.c.clause == clause)
        inner = numbered.subquery()
        found: dict[str, list[Evidence]] = {}
        for row in self._scoped.all(
            select(inner).where(inner.c.place <= limit).order_by(inner.c.clause, inner.c.place)
        ):
            made = Evidence(clause=row.clause, kind=row.kind, when=row.at, what=row.what, by=row.by)
            found.setdefault(row.clause, []).append(made)
        return {name: tuple(acts) for name, acts in found.items()}
