"""Who wrote a report: sealed under a key in two halves, each half sealed to the people of one group."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.scoped import Scoped
from bot.storage.sealed_tables import vault_identity, vault_identity_half, vault_uncovering, vault_uncovering_copy
from bot.storage.sealing import (
    CannotOpenError,
    CopyPlace,
    open_copy,
    open_under,
    seal_copy,
    seal_under,
    two_halves,
    whole,
)
from bot.storage.tables import vault_concern
from safeguarding import (
    About,
    AlreadyAskedError,
    Guards,
    Identity,
    NewConcern,
    NothingAskedError,
    Recipient,
    State,
    Uncovering,
)
from school.sensitive import SecretKey, Sensitive

IDENTITY, HALF, ASKED, FOUND = "identity/sealed", "identity/half", "identity/asked", "identity/found"
# What stands in place of an answer once it is given: in the clear it would say whom the report is about.
SAID = ""


@dataclass(frozen=True, kw_only=True)
class Split:
    """An identity with the halves of its key: for whom, which half (0 or 1), and sealed to them."""

    sealed: bytes
    halves: tuple[tuple[Recipient, int, bytes], ...]


def split(identity: Identity, *, school: str, concern_id: UUID, guards: Guards) -> Split:
    """Under a fresh key that is forgotten at once. Nobody may be on both sides."""
    if {holder.person for holder in guards[0]} & {holder.person for holder in guards[1]}:
        msg = "one person would hold both halves"
        raise ValueError(msg)
    halves = two_halves()
    place = CopyPlace(name=IDENTITY, school=school, subject=concern_id, person="")
    return Split(
        sealed=seal_under(_spelt(identity), place=place, key=whole(*halves)),
        halves=tuple(
            (holder, number, _sealed_half(halves[number], number, school=school, concern_id=concern_id, to=holder))
            for number, group in enumerate(guards)
            for holder in group
        ),
    )


def _sealed_half(half: bytes, number: int, *, school: str, concern_id: UUID, to: Recipient) -> bytes:
    return seal_copy(half, place=_half(school, concern_id, to.person, number), public=to.public)


def _half(school: str, concern_id: UUID, person: str, number: int) -> CopyPlace:
    return CopyPlace(name=HALF, school=school, subject=concern_id, person=person, part=str(number))


def keep_identity(scoped: Scoped, concern: NewConcern) -> None:
    """Where a platform told who it is: once for each answer that the report may still get."""
    if concern.identity is None:
        return
    for about, guards in concern.guards.items():
        found = split(concern.identity, school=scoped.school, concern_id=concern.id, guards=guards)
        here = {"concern_id": concern.id, "about": about.value if concern.state is State.DRAFT else SAID}
        scoped.add(vault_identity, {**here, "sealed": found.sealed})
        for holder, number, sealed in found.halves:
            row = {"key_id": holder.key_id, "person": holder.person, "half": number, "sealed": sealed}
            scoped.add(vault_identity_half, {**here, **row})


def settle_identity(scoped: Scoped, concern_id: UUID, about: About) -> None:
    """The answer is given: whoever guards another one holds nothing any more."""
    for table in (vault_identity, vault_identity_half):
        here = table.c.concern_id == concern_id
        scoped.run(scoped.delete(table).where(here, table.c.about != about.value))
        scoped.run(scoped.update(table).where(here).values(about=SAID))


def destroy_identity(scoped: Scoped, concern_id: UUID) -> None:
    """With all of its halves and what was asked."""
    for table in (vault_uncovering_copy, vault_uncovering, vault_identity_half, vault_identity):
        scoped.run(scoped.delete(table).where(table.c.concern_id == concern_id))


class SqlIdentities:
    """Implements IdentityStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped
        # Whether anything that was passed on was, in this transaction.
        self.destroyed = False

    def holders(self, concern_id: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """See IdentityStore."""
        halves = self._scoped.select(vault_identity_half, vault_identity_half.c.person, vault_identity_half.c.half)
        here = halves.where(vault_identity_half.c.concern_id == concern_id, vault_identity_half.c.about == SAID)
        rows = self._scoped.all(here.order_by(vault_identity_half.c.person))
        first, second = (tuple(dict.fromkeys(row.person for row in rows if row.half == half)) for half in (0, 1))
        return first, second

    def request(self, concern_id: UUID) -> Uncovering | None:
        """See IdentityStore."""
        found = self._requests(vault_uncovering.c.concern_id == concern_id)
        return found[0] if found else None

    def requests(self, *, holder: str = "", asked_before: datetime | None = None) -> tuple[Uncovering, ...]:
        """See IdentityStore."""
        where: list[Any] = []
        if holder:
            copies = self._scoped.select(vault_uncovering_copy, vault_uncovering_copy.c.concern_id)
            where.append(vault_uncovering.c.concern_id.in_(copies.where(vault_uncovering_copy.c.person == holder)))
        if asked_before is not None:
            where.append(vault_uncovering.c.asked <= asked_before)
        return self._requests(*where)

    def _requests(self, *where: Any) -> tuple[Uncovering, ...]:
        asked = self._scoped.select(vault_uncovering).where(*where).order_by(vault_uncovering.c.asked)
        rows = self._scoped.all(asked)
        reports = self._scoped.select(vault_concern, vault_concern.c.id, vault_concern.c.reference)
        known = self._scoped.all(reports.where(vault_concern.c.id.in_([row.concern_id for row in rows])))
        references = {row.id: row.reference for row in known}
        return tuple(_uncovering(row, references[row.concern_id]) for row in rows)

    def ask(
        self,
        concern_id: UUID,
        *,
        person: str,
        key: SecretKey,
        reason: Sensitive,
        to: Sequence[Recipient],
        now: datetime,
    ) -> bool:
        """See IdentityStore."""
        mine = self._mine(concern_id, person=person, key=key)
        if mine is None:
            return False
        number, half = mine
        values = {"concern_id": concern_id, "asked_by": person, "asked": now, "half": number}
        if not self._scoped.add_once(vault_uncovering, values):
            raise AlreadyAskedError
        told = json.dumps({"half": half.hex(), "reason": reason.reveal()}).encode()
        for other in to:
            place = self._place(ASKED, concern_id, other.person, part=f"{number} {person}")
            copy = {"key_id": other.key_id, "person": other.person}
            sealed = seal_copy(told, place=place, public=other.public)
            self._scoped.add(vault_uncovering_copy, {"concern_id": concern_id, **copy, "sealed": sealed})
        return True

    def reason(self, concern_id: UUID, *, person: str, key: SecretKey) -> Sensitive | None:
        """See IdentityStore."""
        told = self._told(concern_id, person=person, key=key)
        return Sensitive(told["reason"]) if told else None

    def agree(
        self, concern_id: UUID, *, person: str, key: SecretKey, asker: Recipient, now: datetime
    ) -> Identity | None:
        """See IdentityStore. Asked by writing: of two who agree at one time the second finds nothing to agree to."""
        open_still = self._scoped.update(vault_uncovering).where(
            vault_uncovering.c.concern_id == concern_id,
            vault_uncovering.c.agreed.is_(None),
            vault_uncovering.c.asked_by == asker.person,
        )
        held = open_still.values(agreed=now, agreed_by=person).returning(vault_uncovering.c.half)
        if (row := self._scoped.first(held)) is None:
            raise NothingAskedError
        identity = self._joined(concern_id, person=person, key=key, theirs=row.half)
        here = self._scoped.update(vault_uncovering).where(vault_uncovering.c.concern_id == concern_id)
        if identity is None:
            self._scoped.run(here.values(agreed=None, agreed_by=None))
            return None
        place = self._place(FOUND, concern_id, asker.person, part=person)
        self._scoped.run(here.values(found=seal_copy(_spelt(identity), place=place, public=asker.public)))
        self._forget_copies(concern_id)
        return identity

    def take(self, concern_id: UUID, *, person: str, key: SecretKey) -> Identity | None:
        """See IdentityStore."""
        row = self._scoped.first(
            self._scoped.select(vault_uncovering).where(vault_uncovering.c.concern_id == concern_id)
        )
        if row is None or row.found is None:
            return None
        place = self._place(FOUND, concern_id, person, part=row.agreed_by)
        try:
            identity = _read(open_copy(row.found, place=place, key=key))
        except CannotOpenError:
            return None
        self.end(concern_id)
        return identity

    def withdraw(self, concern_id: UUID) -> bool:
        """See IdentityStore. Asked by writing, which holds the row against whoever agrees at this moment."""
        here = self._scoped.update(vault_uncovering).where(
            vault_uncovering.c.concern_id == concern_id, vault_uncovering.c.agreed.is_(None)
        )
        held = here.values(half=vault_uncovering.c.half).returning(vault_uncovering.c.concern_id)
        if self._scoped.first(held) is None:
            return False
        self.end(concern_id)
        return True

    def end(self, concern_id: UUID) -> None:
        """See IdentityStore."""
        self._forget_copies(concern_id)
        here = vault_uncovering.c.concern_id == concern_id
        self._scoped.run(self._scoped.delete(vault_uncovering).where(here))

    def _forget_copies(self, concern_id: UUID) -> None:
        here = vault_uncovering_copy.c.concern_id == concern_id
        gone = self._scoped.delete(vault_uncovering_copy).where(here).returning(vault_uncovering_copy.c.key_id)
        self.destroyed = bool(self._scoped.all(gone)) or self.destroyed

    def _place(self, name: str, concern_id: UUID, person: str, *, part: str = "") -> CopyPlace:
        return CopyPlace(name=name, school=self._scoped.school, subject=concern_id, person=person, part=part)

    def _mine(self, concern_id: UUID, *, person: str, key: SecretKey) -> tuple[int, bytes] | None:
        """The person's own half, and which it is."""
        halves = self._scoped.select(vault_identity_half).where(
            vault_identity_half.c.concern_id == concern_id,
            vault_identity_half.c.person == person,
            vault_identity_half.c.about == SAID,
        )
        for row in self._scoped.all(halves):
            place = _half(self._scoped.school, concern_id, person, row.half)
            if (half := _opened(row.sealed, place=place, key=key)) is not None:
                return row.half, half
        return None

    def _told(self, concern_id: UUID, *, person: str, key: SecretKey) -> Mapping[str, str] | None:
        """What was passed on to the person."""
        asked = self._scoped.first(
            self._scoped.select(vault_uncovering).where(vault_uncovering.c.concern_id == concern_id)
        )
        if asked is None:
            return None
        copies = self._scoped.select(vault_uncovering_copy).where(
            vault_uncovering_copy.c.concern_id == concern_id, vault_uncovering_copy.c.person == person
        )
        place = self._place(ASKED, concern_id, person, part=f"{asked.half} {asked.asked_by}")
        return _first_told(self._scoped.all(copies), place=place, key=key)

    def _joined(self, concern_id: UUID, *, person: str, key: SecretKey, theirs: int) -> Identity | None:
        mine, told = self._mine(concern_id, person=person, key=key), self._told(concern_id, person=person, key=key)
        row = self._scoped.first(
            self._scoped.select(vault_identity).where(
                vault_identity.c.concern_id == concern_id, vault_identity.c.about == SAID
            )
        )
        if mine is None or told is None or row is None or mine[0] == theirs:
            return None
        try:
            key_of_both = whole(mine[1], bytes.fromhex(told["half"]))
            return _read(open_under(row.sealed, place=self._place(IDENTITY, concern_id, ""), key=key_of_both))
        except CannotOpenError:
            return None


def _first_told(rows: Iterable[Row[Any]], *, place: CopyPlace, key: SecretKey) -> Mapping[str, str] | None:
    for row in rows:
        if (content := _opened(row.sealed, place=place, key=key)) is not None:
            told: Mapping[str, str] = json.loads(content)
            return told
    return None


def _opened(sealed: bytes, *, place: CopyPlace, key: SecretKey) -> bytes | None:
    try:
        return open_copy(sealed, place=place, key=key)
    except CannotOpenError:
        return None


def _uncovering(row: Row[Any], reference: str) -> Uncovering:
    return Uncovering(
        concern_id=row.concern_id,
        reference=reference,
        asked_by=row.asked_by,
        asked=row.asked,
        half=row.half,
        agreed_by=row.agreed_by or "",
        agreed=row.agreed,
    )


def _spelt(identity: Identity) -> bytes:
    told = {"via": identity.via, "address": identity.address.reveal(), "called": identity.called.reveal()}
    return json.dumps(told).encode()


def _read(content: bytes) -> Identity:
    told = json.loads(content)
    return Identity(via=told["via"], address=Sensitive(told["address"]), called=Sensitive(told["called"]))
