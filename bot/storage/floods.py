"""What waits of reports that came in a flood."""

from datetime import datetime
from typing import Any

from sqlalchemy import func

from bot.storage.scoped import Scoped
from bot.storage.tables import vault_concern, vault_wrap
from safeguarding import State


class SqlFloods:
    """That part of ConcernStore which asks about them."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def flood_waits(self, person: str, *, urgent: bool) -> int:
        """See ConcernStore."""
        theirs = self._scoped.select(vault_wrap, vault_wrap.c.concern_id).where(
            vault_wrap.c.person == person, ~vault_wrap.c.reserve
        )
        counted = self._scoped.select(vault_concern, func.count()).where(
            *_waiting(urgent=urgent), vault_concern.c.id.in_(theirs)
        )
        return int(self._scoped.all(counted)[0][0])

    def flood_due(self, *, urgent: bool) -> datetime | None:
        """See ConcernStore."""
        first = self._scoped.select(vault_concern, func.min(vault_concern.c.watch_at))
        due: datetime | None = self._scoped.all(first.where(*_waiting(urgent=urgent)))[0][0]
        return due


def _waiting(*, urgent: bool) -> tuple[Any, ...]:
    danger = vault_concern.c.urgent if urgent else ~vault_concern.c.urgent
    return vault_concern.c.flood, danger, vault_concern.c.state == State.NEW.value
