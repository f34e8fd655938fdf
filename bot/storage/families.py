"""Families, their consent log, and the invitations that brought them."""

import hmac
import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, cast, func

from bot.storage.answers import forget_who
from bot.storage.children import end_bindings
from bot.storage.event_tables import event_reply
from bot.storage.family_tables import family_forgotten
from bot.storage.ids import new_id
from bot.storage.scoped import Scoped
from bot.storage.tables import consent_event, delivery, family, invitation, mailing
from parents import Alike, ConsentEvent, Event, Family, FamilyState, ForgottenChatError, Frequency, Invitation, Sent
from school.notices import To
from school.people import YearGroup

NOBODY = UUID(int=0)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class SqlFamilies:
    """Implements FamilyStore. `keys` are kept outside the database: the first marks a forgotten chat, any knows it."""

    def __init__(self, scoped: Scoped, keys: Sequence[bytes]) -> None:
        self._scoped = scoped
        self._keys = keys

    def invitation(self, code: str) -> Invitation | None:
        """See FamilyStore."""
        row = self._scoped.first(self._scoped.select(invitation).where(invitation.c.code == code))
        return _invitation(row) if row else None

    def invitation_for(self, class_id: str, *, event_id: str = "") -> Invitation | None:
        """See FamilyStore."""
        newest = (
            self._scoped.select(invitation)
            .where(*_for(class_id, event_id), invitation.c.revoked.is_(None))
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
            "event_id": invited.event_id,
        }
        self._scoped.add(invitation, values)

    def revoke(self, class_id: str, *, now: datetime, event_id: str = "") -> int:
        """See FamilyStore."""
        open_ones = (
            self._scoped.update(invitation)
            .where(*_for(class_id, event_id), invitation.c.revoked.is_(None))
            .values(revoked=now)
            .returning(invitation.c.code)
        )
        return len(self._scoped.all(open_ones))

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
        if self.forgotten(via=known.via, address=known.address):
            raise ForgottenChatError
        values = {
            "id": known.id,
            "via": known.via,
            "address": known.address,
            "lang": known.lang,
            "classes": list(known.classes),
            "state": known.state.value,
            "joined": known.joined,
            "years": ",".join(year.code for year in known.years),
            "frequency": known.frequency.value,
        }
        self._scoped.put(family, values, key=("id",))
        if known.state is not FamilyState.ACTIVE:
            end_bindings(self._scoped, known.id)

    def moved(self, *, via: str, old: str, new: str) -> None:
        """See FamilyStore. Nothing moves where the new address already has a family: that one is the newer tap."""
        if self.forgotten(via=via, address=old):
            self._forget(via=via, address=new, now=self._since(via=via, address=old))
        elif self.by_address(via=via, address=new) is None:
            at_old = self._scoped.update(family).where(family.c.via == via, family.c.address == old)
            self._scoped.run(at_old.values(address=new))

    def sent(self, family_id: UUID) -> tuple[Sent, ...]:
        """See FamilyStore."""
        rows = self._scoped.select(delivery).where(*_to(family_id)).order_by(delivery.c.due_at, delivery.c.id)
        return tuple(_sent(row) for row in self._scoped.all(rows))

    def erase(self, family_id: UUID, *, now: datetime) -> bool:
        """See FamilyStore."""
        known = self.get(family_id)
        if known is None:
            return False
        self._scoped.run(self._scoped.delete(consent_event).where(consent_event.c.family_id == family_id))
        # Counted for nobody: the id of nobody is asked for like any other, and has no address.
        for_nobody = {"recipient": str(NOBODY), "key": "erased:" + cast(delivery.c.id, String), "external_id": ""}
        self._scoped.run(self._scoped.update(delivery).where(*_to(family_id)).values(**for_nobody))
        # How far an audience has been laid down: the next is still the next.
        upto = self._scoped.update(mailing).where(mailing.c.upto == family_id)
        self._scoped.run(upto.values(upto=UUID(int=max(family_id.int - 1, 0))))
        self._scoped.run(self._scoped.delete(event_reply).where(event_reply.c.family_id == family_id))
        end_bindings(self._scoped, family_id, erase=True)
        forget_who(self._scoped, family_id)
        self._scoped.run(self._scoped.delete(family).where(family.c.id == family_id))
        self._forget(via=known.via, address=known.address, now=now)
        return True

    def forgotten(self, *, via: str, address: str) -> bool:
        """See FamilyStore."""
        return self._since(via=via, address=address) is not None

    def remember(self, *, via: str, address: str) -> None:
        """See FamilyStore."""
        there = family_forgotten.c.mark.in_(self._marks(via, address))
        self._scoped.run(self._scoped.delete(family_forgotten).where(there))

    def _forget(self, *, via: str, address: str, now: datetime | None) -> None:
        self._scoped.add_once(family_forgotten, {"mark": self._marks(via, address)[0], "at": now})

    def _since(self, *, via: str, address: str) -> datetime | None:
        there = family_forgotten.c.mark.in_(self._marks(via, address))
        row = self._scoped.first(self._scoped.select(family_forgotten).where(there).limit(1))
        return row.at if row else None

    def _marks(self, via: str, address: str) -> list[str]:
        said = b"\0".join((b"a family forgotten", self._scoped.school.encode(), via.encode(), address.encode()))
        return [hmac.new(key, said, "sha256").hexdigest() for key in self._keys]

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
            "detail": event.detail,
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

    def alike(self, *, joined_by: datetime | None = None) -> tuple[Alike, ...]:
        """See FamilyStore. Counted by the database: a school of many families is a handful of rows."""
        if joined_by is None:
            return self._alike()
        return self._alike(family.c.joined <= joined_by) + self._alike(family.c.joined > joined_by, late=True)

    def _alike(self, *where: Any, late: bool = False) -> tuple[Alike, ...]:
        # PostgreSQL has no way to tell whether two JSON values are the same.
        classes = cast(family.c.classes, String).label("of")
        same = (family.c.via, family.c.lang, classes, family.c.years, family.c.frequency, family.c.state)
        grouped = self._scoped.select(family, *same, func.count().label("number")).where(*where).group_by(*same)
        return tuple(sorted((_alike(row, late=late) for row in self._scoped.all(grouped)), key=repr))

    def audience_size(self, *, until: datetime) -> int:
        """See FamilyStore."""
        row = self._scoped.first(self._writable(func.count().label("size")).where(family.c.joined <= until))
        return int(row.size) if row else 0

    def _writable(self, *columns: Any) -> Select[Any]:
        return self._scoped.select(family, *columns).where(family.c.state == FamilyState.ACTIVE.value)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        code=row.code, class_id=row.class_id, created=row.created, revoked=row.revoked, event_id=row.event_id
    )


def _for(class_id: str, event_id: str) -> tuple[Any, ...]:
    return (invitation.c.class_id == class_id, invitation.c.event_id == event_id)


def _family(row: Row[Any]) -> Family:
    return Family(
        id=row.id,
        via=row.via,
        address=row.address,
        lang=row.lang,
        classes=tuple(row.classes),
        state=FamilyState(row.state),
        joined=row.joined,
        years=tuple(YearGroup.parse(code) for code in row.years.split(",") if code),
        frequency=Frequency(row.frequency),
    )


def _alike(row: Row[Any], *, late: bool) -> Alike:
    alike = Family(
        id=NOBODY,
        via=row.via,
        address="",
        lang=row.lang,
        classes=tuple(json.loads(row.of)),
        state=FamilyState(row.state),
        joined=LONG_AGO,
        years=tuple(YearGroup.parse(code) for code in row.years.split(",") if code),
        frequency=Frequency(row.frequency),
    )
    return Alike(family=alike, number=row.number, late=late)


def _to(family_id: UUID) -> tuple[Any, ...]:
    return (delivery.c.to_kind == To.FAMILY.value, delivery.c.recipient == str(family_id))


def _sent(row: Row[Any]) -> Sent:
    return Sent(
        page=row.page,
        part=row.part,
        via=row.channel,
        state=row.state,
        due=row.due_at,
        external_id=row.external_id,
        key=row.key,
        values=row.values,
    )


def _event(row: Row[Any]) -> ConsentEvent:
    return ConsentEvent(
        family=row.family_id,
        event=Event(row.event),
        wording=row.wording,
        lang=row.lang,
        source=row.source,
        when=row.at,
        detail=row.detail,
    )
