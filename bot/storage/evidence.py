"""The evidence book: only ever added to."""

from datetime import datetime

from sqlalchemy import func

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

    def latest(self) -> dict[str, tuple[int, datetime]]:
        """See EvidenceBook."""
        columns = (table.c.clause, func.count().label("how_many"), func.max(table.c.at).label("newest"))
        newest = self._scoped.select(table, *columns).group_by(table.c.clause)
        return {row.clause: (row.how_many, row.newest) for row in self._scoped.all(newest)}
