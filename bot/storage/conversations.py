"""Where people stand in flows of several messages."""

from datetime import datetime
from typing import Any

from bot.storage.scoped import Scoped
from bot.storage.tables import conversation as table
from bot.unit import Conversation


class SqlConversations:
    """Implements Conversations."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def current(self, *, via: str, address: str) -> Conversation | None:
        """See Conversations."""
        row = self._scoped.first(self._scoped.select(table).where(*_at(via, address)))
        if row is None:
            return None
        return Conversation(flow=row.flow, step=row.step, held=dict(row.held), touched=row.touched)

    def keep(self, *, via: str, address: str, conversation: Conversation) -> None:
        """See Conversations."""
        values = {
            "via": via,
            "address": address,
            "flow": conversation.flow,
            "step": conversation.step,
            "held": dict(conversation.held),
            "touched": conversation.touched,
        }
        self._scoped.put(table, values, key=("via", "address"))

    def end(self, *, via: str, address: str) -> None:
        """See Conversations."""
        self._scoped.run(self._scoped.delete(table).where(*_at(via, address)))

    def forget(self, *, before: datetime, limit: int) -> int:
        """See Conversations."""
        left = self._scoped.select(table, table.c.via, table.c.address).where(table.c.touched < before).limit(limit)
        rows = self._scoped.all(left)
        for row in rows:
            self.end(via=row.via, address=row.address)
        return len(rows)


def _at(via: str, address: str) -> tuple[Any, Any]:
    return table.c.via == via, table.c.address == address
