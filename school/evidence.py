"""Evidence: what a room did towards a clause of the policy, written in the transaction in which it did it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One act: `clause` such as `C6`, `kind` such as `lesson.taught`, `what` without any name of a child or parent."""

    clause: str
    kind: str
    when: datetime
    what: str
    by: str = ""


class EvidenceBook(Protocol):
    """Where rooms write evidence down. It is only ever added to."""

    def write(self, evidence: Evidence) -> None:
        """Add one act."""

    def by_kind(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> dict[str, dict[str, tuple[int, datetime]]]:
        """For each clause, and each kind of act for it, how many and the newest; since an instant, and before one."""

    def trails(self, *, limit: int, clause: str = "") -> dict[str, tuple[Evidence, ...]]:
        """For each clause, or one, its newest acts, the newest first."""
