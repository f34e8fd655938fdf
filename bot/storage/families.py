"""Families, their consent log, and the invitations that brought them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func

from bot.storage.ids import new_id
from bot.storage.scoped import Scoped
from bot.storage.tables import consent_event, family, invitation
from parents import ConsentEvent, Event, Family, FamilyState, Invitation


class SqlFamilies:
    """Implements FamilyStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def invitation(self, code: str) -> Invitation | None:
        """See FamilyStore."""
        row = self._scoped.first(self._scoped.select(invitation).where(invitation.c.code == code))
        return _invitation(row) if row else None

    def invitation_for(self, class_id: str) -> Invitation | None:
        """See FamilyStore."""
        newest = (
            self._scoped.select(invitation)
            .where(invitation.c.class_id == class_id, invitation.c.revoked.is_(None))
            .order_by(invitation.c.created.desc(), invitation.c.code)
            .limit(1)
        )
        row = self._scoped.first(newest)
        return _invitation(row) if row else None

    def add_invitation(self, invited: Invitation) -> None:
        """See FamilyStore."""
        values = {
            "code": invited.code,
            "class_id": invited.class_id,
            "created": invited.created,
            "revoked": invited.revoked,
        }
        self._scoped.add(invitation, values)

    def by_address(self, *, via: str, address: str) -> Family | None:
        """See FamilyStore."""
        return self._one(family.c.via == via, family.c.address == address)

    def get(self, family_id: UUID) -> Family | None:
        """See FamilyStore."""
        return self._one(family.c.id == family_id)

    def get_many(self, family_ids: Collection[UUID]) -> dict[UUID, Family]:
        """See FamilyStore."""
        found = self._scoped.all(self._scoped.select(family).where(family.c.id.in_(family_ids)))
        return {row.id: _family(row) for row in found}

    def _one(self, *where: Any) -> Family | None:
        row = self._scoped.first(self._scoped.select(family).where(*where))
        return _family(row) if row else None

    def save(self, known: Family) -> None:
        """See FamilyStore."""
        values = {
            "id": known.id,
            "via": known.via,
            "address": known.address,
            "lang": known.lang,
            "classes": list(known.classes),
            "state": known.state.value,
            "joined": known.joined,
        }
        self._scoped.put(family, values, key=("id",))

    def moved(self, *, via: str, old: str, new: str) -> None:
        """See FamilyStore. Nothing moves where the new address already has a family: that one is the newer tap."""
        if self.by_address(via=via, address=new) is None:
            at_old = self._scoped.update(family).where(family.c.via == via, family.c.address == old)
            self._scoped.run(at_old.values(address=new))

    def note(self, event: ConsentEvent) -> None:
        """See FamilyStore."""
        values = {
            "id": new_id(event.when),
            "family_id": event.family,
            "event": event.event.value,
            "wording": event.wording,
            "lang": event.lang,
            "source": event.source,
            "at": event.when,
        }
        self._scoped.add(consent_event, values)

    def events(self, family_id: UUID) -> tuple[ConsentEvent, ...]:
        """See FamilyStore."""
        log = (
            self._scoped.select(consent_event)
            .where(consent_event.c.family_id == family_id)
            .order_by(consent_event.c.at, consent_event.c.id)
        )
        return tuple(_event(row) for row in self._scoped.all(log))

    def active(self) -> Iterator[Family]:
        """See FamilyStore. Ordered by id."""
        return (_family(row) for row in self._scoped.all(self._writable().order_by(family.c.id)))

    def audience(self, *, after: UUID | None, until: datetime, limit: int) -> Sequence[Family]:
        """See FamilyStore."""
        next_ones = self._writable().where(family.c.joined <= until).order_by(family.c.id).limit(limit)
        if after is not None:
            next_ones = next_ones.where(family.c.id > after)
        return [_family(row) for row in self._scoped.all(next_ones)]

    def audience_size(self, *, until: datetime) -> int:
        """See FamilyStore."""
        row = self._scoped.first(self._writable(func.count().label("size")).where(family.c.joined <= until))
        return int(row.size) if row else 0

    def _writable(self, *columns: Any) -> Select[Any]:
        return self._scoped.select(family, *columns).where(family.c.state == FamilyState.ACTIVE.value)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(code=row.code, class_id=row.class_id, created=row.created, revoked=row.revoked)


def _family(row: Row[Any]) -> Family:
    return Family(
        id=row.id,
        via=row.via,
        address=row.address,
        lang=row.lang,
        classes=tuple(row.classes),
        state=FamilyState(row.state),
        joined=row.joined,
    )


def _event(row: Row[Any]) -> ConsentEvent:
    return ConsentEvent(
        family=row.family_id,
        event=Event(row.event),
        wording=row.wording,
        lang=row.lang,
        source=row.source,
        when=row.at,
    )
