"""Concerns: sealed on the way in, opened only with a recipient's key. The sealing has no other importer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func

from bot.storage.alerts import known_alerts
from bot.storage.concern_rows import concern_of
from bot.storage.floods import SqlFloods
from bot.storage.identity import destroy_identity, keep_identity, settle_identity
from bot.storage.ids import new_id
from bot.storage.logbook import SqlLogBook
from bot.storage.pairs import key_row, ring, wrapped_key
from bot.storage.scoped import Scoped
from bot.storage.sealing import (
    CannotOpenError,
    EntryPlace,
    Place,
    Story,
    content_key_of,
    open_entry,
    open_sealed,
    seal,
    seal_entry,
    unwrap_by_receipt,
    wrap_with_answer,
)
from bot.storage.tables import (
    vault_concern,
    vault_entry,
    vault_going,
    vault_key,
    vault_reading,
    vault_wrap,
)
from safeguarding import (
    ENDS,
    NO_RUNGS,
    About,
    Concern,
    Entry,
    EntryKind,
    LogBook,
    NewConcern,
    NoPlaceError,
    NotForYouError,
    Opened,
    Recipient,
    State,
    WrappedKey,
    newest_chat,
)
from school.sensitive import SecretKey, Sensitive


class SqlConcerns(SqlFloods):
    """Implements ConcernStore."""

    def __init__(self, scoped: Scoped) -> None:
        super().__init__(scoped)
        # Whether anything was, in this transaction.
        self.destroyed = False
        self.log: LogBook = SqlLogBook(scoped)

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
        return tuple(wrapped_key(row) for row in self._scoped.all(self._keys().where(vault_key.c.person == person)))

    def _keys(self) -> Any:
        newest_first = (vault_key.c.created.desc(), vault_key.c.id.desc())
        return self._scoped.select(vault_key).where(vault_key.c.retired.is_(None)).order_by(*newest_first)

    def add_key(self, key: WrappedKey, *, now: datetime) -> None:
        """See ConcernStore. Earlier keys stay: earlier concerns are sealed to them."""
        self._scoped.add(vault_key, key_row(key, now=now))

    def add(self, concern: NewConcern) -> None:
        """See ConcernStore."""
        sealed = seal(
            Story(about=concern.about, via=concern.via, words=concern.words, details=concern.details),
            place=Place(school=self._scoped.school, concern=concern.id),
            recipients=(*concern.routed, *concern.reserve),
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
            "entry_public": sealed.entry_public,
            "watch_at": concern.watch_at,
            "watch_rung": concern.watch_rung,
            "alert_mark": concern.alert_mark or None,
            "batch": concern.batch,
            "flood": concern.flood,
        }
        self._scoped.add(vault_concern, values)
        for recipient, wrapped in zip((*concern.routed, *concern.reserve), sealed.wraps, strict=True):
            wrap = {
                "concern_id": concern.id,
                "key_id": recipient.key_id,
                "person": recipient.person,
                "wrapped": wrapped,
                "reserve": recipient in concern.reserve,
                "rung": concern.rungs.get(recipient.person, 0),
            }
            self._scoped.add(vault_wrap, wrap)
        keep_identity(self._scoped, concern)

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
        held: dict[UUID, list[Row[Any]]] = {row.id: [] for row in rows}
        columns = (vault_wrap.c.concern_id, vault_wrap.c.person, vault_wrap.c.reserve, vault_wrap.c.rung)
        wraps = self._scoped.select(vault_wrap, *columns).where(vault_wrap.c.concern_id.in_(list(held)))
        for wrap in self._scoped.all(wraps.order_by(vault_wrap.c.rung, vault_wrap.c.person)):
            held[wrap.concern_id].append(wrap)
        return tuple(concern_of(row, held[row.id]) for row in rows)

    def hand_over(
        self,
        concern_id: UUID,
        *,
        about: About,
        to: Collection[str],
        rungs: Mapping[str, int] = NO_RUNGS,
        reserve: Collection[str] = (),
        watch_at: datetime | None = None,
        watch_rung: int = 0,
    ) -> bool:
        """See ConcernStore. The server cannot seal the envelope again, so the answer is sealed around each key."""
        if not self._is_still(concern_id, State.DRAFT):
            return False
        self._scoped.run(self._scoped.delete(vault_going).where(vault_going.c.concern_id == concern_id))
        wraps = vault_wrap.c.concern_id == concern_id
        self._scoped.run(self._scoped.delete(vault_wrap).where(wraps, vault_wrap.c.person.not_in([*to, *reserve])))
        kept = self._scoped.all(self._scoped.select(vault_wrap).where(wraps))
        if not {wrap.person for wrap in kept} & {*to}:
            msg = "nobody could read this concern"
            raise ValueError(msg)
        keys = self._scoped.select(vault_key).where(vault_key.c.id.in_([wrap.key_id for wrap in kept]))
        publics = {row.id: row.public for row in self._scoped.all(keys)}
        for wrap in kept:
            answered = wrap_with_answer(wrap.wrapped, about=about, public=publics[wrap.key_id])
            here = self._scoped.update(vault_wrap).where(wraps, vault_wrap.c.key_id == wrap.key_id)
            standing = {"reserve": wrap.person in reserve, "rung": rungs.get(wrap.person, 0)}
            self._scoped.run(here.values(wrapped=answered, **standing))
        settle_identity(self._scoped, concern_id, about)
        self._scoped.run(
            self._scoped.update(vault_concern)
            .where(vault_concern.c.id == concern_id)
            .values(state=State.NEW.value, sent_from="", destroy_after=None, watch_at=watch_at, watch_rung=watch_rung),
        )
        return True

    def _is_still(self, concern_id: UUID, *states: State) -> bool:
        """Asked by writing, for that holds the row: of two taps at one time the second finds no draft any more."""
        held = (
            self._scoped.update(vault_concern)
            .where(vault_concern.c.id == concern_id, vault_concern.c.state.in_([state.value for state in states]))
            .values(state=vault_concern.c.state)
            .returning(vault_concern.c.id)
        )
        return self._scoped.first(held) is not None

    def mark(self, concern_id: UUID, *, state: State, by: str, now: datetime) -> None:
        """See ConcernStore."""
        no_draft = vault_concern.c.state != State.DRAFT.value
        here = self._scoped.update(vault_concern).where(vault_concern.c.id == concern_id, no_draft)
        ended = now if state in ENDS else None
        self._scoped.run(here.values(state=state.value, watch_at=None, close_asked_by=None, ended=ended))
        first = {State.OPENED: vault_concern.c.opened, State.ACKNOWLEDGED: vault_concern.c.acknowledged}.get(state)
        if first is not None:
            who = {vault_concern.c.acknowledged_by: by} if state is State.ACKNOWLEDGED else {}
            self._scoped.run(here.where(first.is_(None)).values({first: now, **who}))

    def destroy(self, concern_id: UUID) -> bool:
        """See ConcernStore."""
        if not self._is_still(concern_id, State.DRAFT, *ENDS):
            return False
        destroy_identity(self._scoped, concern_id)
        for table in (vault_wrap, vault_reading, vault_entry, vault_going):
            self._scoped.run(self._scoped.delete(table).where(table.c.concern_id == concern_id))
        self._scoped.run(self._scoped.delete(vault_concern).where(vault_concern.c.id == concern_id))
        self.destroyed = True
        return True

    def for_reader(self, person: str) -> tuple[Concern, ...]:
        """See ConcernStore."""
        theirs = self._scoped.select(vault_wrap, vault_wrap.c.concern_id).where(
            vault_wrap.c.person == person, ~vault_wrap.c.reserve
        )
        return self._concerns(vault_concern.c.id.in_(theirs), vault_concern.c.state != State.DRAFT.value)

    def open(self, concern_id: UUID, *, person: str, key: SecretKey) -> Opened:
        """See ConcernStore."""
        concern = self._one(vault_concern.c.id == concern_id)
        content_key, about = self._unwrapped(concern_id, person=person, key=key)
        row = self._sealed(concern_id)
        if concern is None or row is None:
            raise NotForYouError
        place = Place(school=self._scoped.school, concern=concern_id)
        story = open_sealed(row.sealed, content_key=content_key, place=place)
        return Opened(
            concern=concern,
            about=about or story.about,
            via=story.via,
            words=story.words,
            details=story.details,
            entries=tuple(each for each in self._entries(concern_id, content_key) if each.kind is not EntryKind.CHAT),
        )

    def _unwrapped(self, concern_id: UUID, *, person: str, key: SecretKey) -> tuple[SecretKey, About | None]:
        """A key that is not theirs is no key, one in reserve is none yet, and to a draft nobody's."""
        row = self._sealed(concern_id)
        if row is None or row.state == State.DRAFT.value:
            raise NotForYouError
        held = self._scoped.select(vault_wrap, vault_wrap.c.wrapped).where(
            vault_wrap.c.concern_id == concern_id, vault_wrap.c.person == person, ~vault_wrap.c.reserve
        )
        wraps = [wrap.wrapped for wrap in self._scoped.all(held)]
        try:
            return content_key_of(wraps, halves=ring(self._scoped, person, key))
        except CannotOpenError as error:
            raise NotForYouError from error

    def chat_of(self, concern_id: UUID, *, person: str, key: SecretKey) -> Sensitive | None:
        """See ConcernStore."""
        content_key, _ = self._unwrapped(concern_id, person=person, key=key)
        return newest_chat(self._entries(concern_id, content_key))

    def chat_by_receipt(self, concern_id: UUID, *, wrapping: SecretKey) -> Sensitive | None:
        """See ConcernStore."""
        return newest_chat(self._entries(concern_id, self._by_receipt(concern_id, wrapping)))

    def open_by_receipt(self, concern_id: UUID, *, wrapping: SecretKey) -> tuple[Entry, ...]:
        """See ConcernStore."""
        entries = self._entries(concern_id, self._by_receipt(concern_id, wrapping))
        return tuple(each for each in entries if each.kind in {EntryKind.FROM_SENDER, EntryKind.TO_SENDER})

    def _by_receipt(self, concern_id: UUID, wrapping: SecretKey) -> SecretKey:
        row = self._sealed(concern_id)
        if row is None or row.state == State.DRAFT.value:
            raise NotForYouError
        try:
            return unwrap_by_receipt(row.receipt_wrap, wrapping=wrapping)
        except CannotOpenError as error:
            raise NotForYouError from error

    def _sealed(self, concern_id: UUID) -> Row[Any] | None:
        return self._scoped.first(self._scoped.select(vault_concern).where(vault_concern.c.id == concern_id))

    def _entries(self, concern_id: UUID, content_key: SecretKey) -> tuple[Entry, ...]:
        rows = self._scoped.select(vault_entry).where(vault_entry.c.concern_id == concern_id)
        return tuple(
            Entry(
                number=row.number,
                kind=EntryKind(row.kind),
                author=row.author,
                at=row.at,
                words=self._entry_words(concern_id, row, content_key),
            )
            for row in self._scoped.all(rows.order_by(vault_entry.c.number))
        )

    def _entry_words(self, concern_id: UUID, row: Row[Any], content_key: SecretKey) -> Sensitive | None:
        told = {"number": row.number, "kind": row.kind, "author": row.author}
        place = EntryPlace(school=self._scoped.school, concern=concern_id, **told)
        try:
            return open_entry(row.sealed, place=place, content_key=content_key)
        except CannotOpenError:
            return None

    def add_entry(self, concern_id: UUID, *, kind: EntryKind, author: str, words: Sensitive, now: datetime) -> int:
        """See ConcernStore. The concern's row is held meanwhile, so that two who add take a number each."""
        kept = vault_concern.c.state != State.DRAFT.value
        here = self._scoped.update(vault_concern).where(vault_concern.c.id == concern_id, kept)
        held = here.values(watch_rung=vault_concern.c.watch_rung).returning(vault_concern.c.entry_public)
        row = self._scoped.first(held)
        if row is None or row.entry_public is None:
            raise NoPlaceError
        last = self._scoped.select(vault_entry, func.max(vault_entry.c.number))
        number = int(self._scoped.all(last.where(vault_entry.c.concern_id == concern_id))[0][0] or 0) + 1
        place = EntryPlace(
            school=self._scoped.school, concern=concern_id, number=number, kind=kind.value, author=author
        )
        values = {"concern_id": concern_id, "number": number, "kind": kind.value, "author": author, "at": now}
        self._scoped.add(vault_entry, {**values, "sealed": seal_entry(words, place=place, public=row.entry_public)})
        return number

    def assign(self, concern_id: UUID, *, to: str) -> None:
        """See ConcernStore."""
        self._scoped.run(
            self._scoped.update(vault_concern).where(vault_concern.c.id == concern_id).values(assigned=to or None)
        )

    def ask_to_close(self, concern_id: UUID, *, by: str) -> None:
        """See ConcernStore."""
        here = self._scoped.update(vault_concern).where(vault_concern.c.id == concern_id)
        self._scoped.run(here.values(close_asked_by=by))

    def over(self, *, since: datetime) -> tuple[Concern, ...]:
        """See ConcernStore."""
        ended = vault_concern.c.state.in_([state.value for state in ENDS])
        return self._concerns(ended, vault_concern.c.ended <= since)

    def watched(self, now: datetime) -> tuple[Concern, ...]:
        """See ConcernStore."""
        return self._concerns(vault_concern.c.watch_at <= now, vault_concern.c.state == State.NEW.value)

    def watch(self, *concern_ids: UUID, rung: int, at: datetime | None, let_in: Collection[str]) -> None:
        """See ConcernStore. So many at a time: SQLite takes 32,766 values in one statement (sqlite.org/limits.html)."""
        for start in range(0, len(concern_ids), 500):
            chunk = concern_ids[start : start + 500]
            here = self._scoped.update(vault_concern).where(vault_concern.c.id.in_(chunk))
            self._scoped.run(here.values(watch_rung=rung, watch_at=at))
            theirs = self._scoped.update(vault_wrap).where(
                vault_wrap.c.concern_id.in_(chunk), vault_wrap.c.person.in_(list(let_in))
            )
            self._scoped.run(theirs.values(reserve=False))

    def known_alerts(self, marks: Sequence[str]) -> tuple[str, ...]:
        """See ConcernStore."""
        return known_alerts(self._scoped, marks)

    def hurry(self, concern_id: UUID, *, at: datetime) -> None:
        """See ConcernStore."""
        new = vault_concern.c.state == State.NEW.value
        here = self._scoped.update(vault_concern).where(vault_concern.c.id == concern_id, new)
        self._scoped.run(here.values(urgent=True, watch_at=at))

    def note_reading(self, concern_id: UUID, *, person: str, now: datetime) -> None:
        """See ConcernStore."""
        self._scoped.add(vault_reading, {"id": new_id(now), "concern_id": concern_id, "person": person, "at": now})

    def stale_drafts(self, now: datetime) -> tuple[Concern, ...]:
        """See ConcernStore."""
        going = self._scoped.select(vault_going, vault_going.c.concern_id).where(vault_going.c.at.is_not(None))
        draft = vault_concern.c.state == State.DRAFT.value
        return self._concerns(draft, vault_concern.c.destroy_after <= now, vault_concern.c.id.not_in(going))
