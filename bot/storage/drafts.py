"""Drafts that go by themselves: when, and where their sender is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.chats import open_chat, seal_chat
from bot.storage.scoped import Scoped
from bot.storage.tables import vault_concern, vault_going
from safeguarding import State, Waiting
from school.notices import Chat


class SqlDrafts:
    """Implements Drafts."""

    def __init__(self, scoped: Scoped, keys: Sequence[bytes]) -> None:
        self._scoped = scoped
        self._keys = keys

    def of(self, sent_from: str) -> tuple[Waiting, ...]:
        """See Drafts. Asked by writing, for that holds the rows: a no and the rounds come one after the other."""
        if not sent_from:
            return ()
        held = (
            self._scoped.update(vault_concern)
            .where(vault_concern.c.sent_from == sent_from, vault_concern.c.state == State.DRAFT.value)
            .values(state=vault_concern.c.state)
            .returning(vault_concern.c.id, vault_concern.c.reference, vault_concern.c.received)
        )
        rows = sorted(self._scoped.all(held), key=lambda row: (row.received, row.id))
        going = self._scoped.select(vault_going).where(vault_going.c.concern_id.in_([row.id for row in rows]))
        at = {row.concern_id: row.at for row in self._scoped.all(going)}
        return tuple(
            Waiting(
                id=row.id,
                reference=row.reference,
                goes_at=at.get(row.id),
                kept_back=row.id in at and at[row.id] is None,
            )
            for row in rows
        )

    def due(self, now: datetime) -> tuple[str, ...]:
        """See Drafts."""
        now_due = self._scoped.select(vault_going, vault_going.c.concern_id).where(vault_going.c.at <= now)
        senders = self._scoped.select(vault_concern, vault_concern.c.sent_from).distinct()
        draft = vault_concern.c.state == State.DRAFT.value
        return tuple(row.sent_from for row in self._scoped.all(senders.where(draft, vault_concern.c.id.in_(now_due))))

    def go(self, concern_id: UUID, *, at: datetime, chat: Chat) -> None:
        """See Drafts."""
        sealed = seal_chat(chat, keys=self._keys, school=self._scoped.school, place=str(concern_id))
        self._scoped.put(vault_going, {"concern_id": concern_id, "at": at, "sealed": sealed}, key=["concern_id"])

    def keep_back(self, concern_id: UUID) -> None:
        """See Drafts."""
        kept = {"concern_id": concern_id, "at": None, "sealed": None}
        self._scoped.put(vault_going, kept, key=["concern_id"])

    def goes_at(self, concern_id: UUID) -> datetime | None:
        """See Drafts."""
        row = self._row(concern_id)
        return row.at if row else None

    def _row(self, concern_id: UUID) -> Row[Any] | None:
        return self._scoped.first(self._scoped.select(vault_going).where(vault_going.c.concern_id == concern_id))

    def chat(self, concern_id: UUID) -> Chat | None:
        """See Drafts."""
        row = self._row(concern_id)
        if row is None or row.sealed is None:
            return None
        return open_chat(row.sealed, keys=self._keys, school=self._scoped.school, place=str(concern_id))
