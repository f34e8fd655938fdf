"""Approvals of mailings: only ever added to."""

from bot.storage.approval_tables import mailing_approvals as table
from bot.storage.scoped import Scoped
from parents import Approval


class SqlApprovals:
    """Implements ApprovalBook."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def add(self, approval: Approval) -> bool:
        """See ApprovalBook."""
        values = {
            "mailing": approval.mailing,
            "digest": approval.digest,
            "person": approval.person,
            "at": approval.at,
        }
        return self._scoped.add_once(table, values)

    def of(self, mailing: str) -> tuple[Approval, ...]:
        """See ApprovalBook."""
        given = self._scoped.select(table).where(table.c.mailing == mailing).order_by(table.c.at, table.c.person)
        return tuple(
            Approval(mailing=row.mailing, digest=row.digest, person=row.person, at=row.at)
            for row in self._scoped.all(given)
        )
