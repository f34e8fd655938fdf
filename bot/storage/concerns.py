"""Concerns: sealed on the way in, opened only with a recipient's key. The sealing has no other importer."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.storage.ids import new_id
from bot.storage.scoped import Scoped
from bot.storage.sealing import (
    CannotOpenError,
    Place,
    Story,
    open_sealed,
    seal,
    unwrap,
    unwrap_answer,
    wrap_with_answer,
)
from bot.storage.tables import vault_concern, vault_key, vault_reading, vault_wrap
from safeguarding import About, Concern, NewConcern, NotForYouError, Opened, Recipient, State, WrappedKey
from school.sensitive import SecretKey


class SqlConcerns:
    """Implements ConcernStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def recipients(self, people: Sequence[str]) -> tuple[Recipient, ...]:
        """See ConcernStore. In the order of the people."""
        newest: dict[str, Row[Any]] = {}
        for row in self._scoped.all(self._keys().where(vault_key.c.person.in_(list(people)))):
            newest.setdefault(row.person, row)
        return tuple(
            Recipient(person=person, key_id=newest[person].id, public=newest[person].public)
            for person in dict.fromkeys(people)
            if person in newest
        )

    def wrapped_keys(self, person: str) -> tuple[WrappedKey, ...]:
        """See ConcernStore."""
        return tuple(
            WrappedKey(person=row.person, key_id=row.id, public=row.public, salt=row.salt, wrapped=row.wrapped)
            for row in self._scoped.all(self._keys().where(vault_key.c.person == person))
        )

    def _keys(self) -> Any:
        newest_first = (vault_key.c.created.desc(), vault_key.c.id.desc())
        return self._scoped.select(vault_key).where(vault_key.c.retired.is_(None)).order_by(*newest_first)

    def add_key(self, key: WrappedKey, *, now: datetime) -> None:
        """See ConcernStore. Earlier keys stay: earlier concerns are sealed to them."""
        values = {
            "id": key.key_id,
            "person": key.person,
            "public": key.public,
            "salt": key.salt,
            "wrapped": key.wrapped,
            "created": now,
        }
        self._scoped.add(vault_key, values)

    def add(self, concern: NewConcern) -> None:
        """See ConcernStore."""
        sealed = seal(
            Story(about=concern.about, via=concern.via, words=concern.words, details=concern.details),
            place=Place(school=self._scoped.school, concern=concern.id),
            recipients=concern.routed,
            receipt=concern.receipt.wrapping,
        )
        values = {
            "id": concern.id,
            "reference": concern.reference,
            "state": concern.state.value,
            "received": concern.received,
            "urgent": concern.urgent,
            "receipt_lookup": concern.receipt.lookup,
            "receipt_wrap": sealed.receipt_wrap,
            "sealed": sealed.envelope,
            "sent_from": concern.sent_from,
            "destroy_after": concern.destroy_after,
        }
        self._scoped.add(vault_concern, values)
        for recipient, wrapped in zip(concern.routed, sealed.wraps, strict=True):
            wrap = {"concern_id": concern.id, "key_id": recipient.key_id, "person": recipient.person}
            self._scoped.add(vault_wrap, {**wrap, "wrapped": wrapped})

    def by_reference(self, reference: str) -> Concern | None:
        """See ConcernStore. Whatever the capitals."""
        return self._one(vault_concern.c.reference == reference.strip().upper())

    def by_receipt(self, lookup: bytes) -> Concern | None:
        """See ConcernStore."""
        return self._one(vault_concern.c.receipt_lookup == lookup)

    def draft_of(self, sent_from: str) -> Concern | None:
        """See ConcernStore."""
        if not sent_from:
            return None
        return self._one(vault_concern.c.sent_from == sent_from, vault_concern.c.state == State.DRAFT.value)

    def _one(self, *where: Any) -> Concern | None:
        found = self._concerns(*where, limit=1)
        return found[0] if found else None

    def _concerns(self, *where: Any, limit: int | None = None) -> tuple[Concern, ...]:
        newest_first = (vault_concern.c.received.desc(), vault_concern.c.id.desc())
        rows = self._scoped.all(
            self._scoped.select(vault_concern).where(*where).order_by(*newest_first).limit(limit),
        )
        readers: dict[UUID, list[str]] = {row.id: [] for row in rows}
        held = self._scoped.select(vault_wrap, vault_wrap.c.concern_id, vault_wrap.c.person)
        for wrap in self._scoped.all(
            held.where(vault_wrap.c.concern_id.in_(list(readers))).order_by(vault_wrap.c.person),
        ):
            readers[wrap.concern_id].append(wrap.person)
        return tuple(_concern(row, tuple(dict.fromkeys(readers[row.id]))) for row in rows)

    def hand_over(self, concern_id: UUID, *, about: About, to: Collection[str]) -> bool:
        """See ConcernStore. The server cannot seal the envelope again, so the answer is sealed around each key."""
        if not self._is_still_a_draft(concern_id):
            return False
        wraps = vault_wrap.c.concern_id == concern_id
        self._scoped.run(self._scoped.delete(vault_wrap).where(wraps, vault_wrap.c.person.not_in(list(to))))
        kept = self._scoped.all(self._scoped.select(vault_wrap).where(wraps))
        if not kept:
            msg = "nobody could read this concern"
            raise ValueError(msg)
        keys = self._scoped.select(vault_key).where(vault_key.c.id.in_([wrap.key_id for wrap in kept]))
        publics = {row.id: row.public for row in self._scoped.all(keys)}
        for wrap in kept:
            answered = wrap_with_answer(wrap.wrapped, about=about, public=publics[wrap.key_id])
            here = self._scoped.update(vault_wrap).where(wraps, vault_wrap.c.key_id == wrap.key_id)
            self._scoped.run(here.values(wrapped=answered))
        self._scoped.run(
            self._scoped.update(vault_concern)
            .where(vault_concern.c.id == concern_id)
            .values(state=State.NEW.value, sent_from="", destroy_after=None),
        )
        return True

    def _is_still_a_draft(self, concern_id: UUID) -> bool:
        """Asked by writing, for that holds the row: of two taps at one time the second finds no draft any more."""
        draft = vault_concern.c.state == State.DRAFT.value
        held = (
            self._scoped.update(vault_concern)
            .where(vault_concern.c.id == concern_id, draft)
            .values(state=State.DRAFT.value)
            .returning(vault_concern.c.id)
        )
        return self._scoped.first(held) is not None

    def mark(self, concern_id: UUID, *, state: State, by: str, now: datetime) -> None:
        """See ConcernStore."""
        no_draft = vault_concern.c.state != State.DRAFT.value
        here = self._scoped.update(vault_concern).where(vault_concern.c.id == concern_id, no_draft)
        self._scoped.run(here.values(state=state.value))
        first = {State.OPENED: vault_concern.c.opened, State.ACKNOWLEDGED: vault_concern.c.acknowledged}.get(state)
        if first is not None:
            who = {vault_concern.c.acknowledged_by: by} if state is State.ACKNOWLEDGED else {}
            self._scoped.run(here.where(first.is_(None)).values({first: now, **who}))

    def destroy(self, concern_id: UUID) -> bool:
        """See ConcernStore."""
        if not self._is_still_a_draft(concern_id):
            return False
        for table in (vault_wrap, vault_reading):
            self._scoped.run(self._scoped.delete(table).where(table.c.concern_id == concern_id))
        self._scoped.run(self._scoped.delete(vault_concern).where(vault_concern.c.id == concern_id))
        return True

    def for_reader(self, person: str) -> tuple[Concern, ...]:
        """See ConcernStore."""
        theirs = self._scoped.select(vault_wrap, vault_wrap.c.concern_id).where(vault_wrap.c.person == person)
        return self._concerns(vault_concern.c.id.in_(theirs), vault_concern.c.state != State.DRAFT.value)

    def open(self, concern_id: UUID, *, person: str, key: SecretKey) -> Opened:
        """See ConcernStore. A key that is not theirs is no key, and to a draft nobody's is."""
        concern = self._one(vault_concern.c.id == concern_id)
        wraps = self._scoped.all(
            self._scoped.select(vault_wrap, vault_wrap.c.wrapped).where(
                vault_wrap.c.concern_id == concern_id,
                vault_wrap.c.person == person,
            ),
        )
        row = self._scoped.first(
            self._scoped.select(vault_concern, vault_concern.c.sealed).where(vault_concern.c.id == concern_id),
        )
        if concern is None or concern.state is State.DRAFT or row is None:
            raise NotForYouError
        story = _first_that_opens(
            [wrap.wrapped for wrap in wraps],
            envelope=row.sealed,
            key=key,
            place=Place(school=self._scoped.school, concern=concern_id),
        )
        return Opened(concern=concern, about=story.about, via=story.via, words=story.words, details=story.details)

    def note_reading(self, concern_id: UUID, *, person: str, now: datetime) -> None:
        """See ConcernStore."""
        self._scoped.add(vault_reading, {"id": new_id(now), "concern_id": concern_id, "person": person, "at": now})

    def stale_drafts(self, now: datetime) -> tuple[Concern, ...]:
        """See ConcernStore."""
        return self._concerns(vault_concern.c.state == State.DRAFT.value, vault_concern.c.destroy_after <= now)


def _first_that_opens(wraps: Sequence[bytes], *, envelope: bytes, key: SecretKey, place: Place) -> Story:
    """Raises NotForYouError where none of the wrapped keys is this key's; CannotOpenError where the seal is broken."""
    for wrapped in wraps:
        try:
            about, beneath = unwrap_answer(wrapped, key=key)
            content_key = unwrap(beneath, key=key)
        except CannotOpenError:
            continue
        story = open_sealed(envelope, content_key=content_key, place=place)
        return replace(story, about=about) if about else story
    raise NotForYouError


def _concern(row: Row[Any], readers: tuple[str, ...]) -> Concern:
    return Concern(
        id=row.id,
        reference=row.reference,
        state=State(row.state),
        received=row.received,
        urgent=row.urgent,
        readers=readers,
        opened=row.opened,
        acknowledged=row.acknowledged,
        acknowledged_by=row.acknowledged_by or "",
        destroy_after=row.destroy_after,
    )
