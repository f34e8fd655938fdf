"""The register of low-level concerns: one sealed copy a reader, and nothing beside it that says whom it is about."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bot.storage.scoped import Scoped
from bot.storage.sealed_tables import vault_lowlevel, vault_lowlevel_copy
from bot.storage.sealing import CannotOpenError, CopyPlace, open_copy, seal_copy
from safeguarding import Account, LowLevel, Recipient, Whom
from school.sensitive import SecretKey, Sensitive

PLACE = "lowlevel/account"


class SqlLowLevel:
    """Implements LowLevelStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped
        # Whether anything was, in this transaction.
        self.destroyed = False

    def add(self, entry: LowLevel, account: Account, *, readers: Sequence[Recipient]) -> None:
        """See LowLevelStore."""
        values = {"id": entry.id, "reference": entry.reference, "logged": entry.logged, "opened": entry.opened}
        self._scoped.add(vault_lowlevel, values)
        for reader in readers:
            self.let_in(entry.id, account, reader=reader)

    def let_in(self, entry_id: UUID, account: Account, *, reader: Recipient) -> None:
        """See LowLevelStore. Of two who do so at one time one is enough."""
        place = self._place(entry_id, reader.person)
        copy = {
            "entry_id": entry_id,
            "key_id": reader.key_id,
            "person": reader.person,
            "sealed": seal_copy(_spelt(account), place=place, public=reader.public),
        }
        self._scoped.add_once(vault_lowlevel_copy, copy)

    def readers(self, entry_id: UUID) -> tuple[str, ...]:
        """See LowLevelStore."""
        copies = self._scoped.select(vault_lowlevel_copy, vault_lowlevel_copy.c.person).distinct()
        here = copies.where(vault_lowlevel_copy.c.entry_id == entry_id).order_by(vault_lowlevel_copy.c.person)
        return tuple(row.person for row in self._scoped.all(here))

    def _place(self, entry_id: UUID, person: str) -> CopyPlace:
        return CopyPlace(name=PLACE, school=self._scoped.school, subject=entry_id, person=person)

    def for_reader(self, person: str) -> tuple[LowLevel, ...]:
        """See LowLevelStore."""
        theirs = self._scoped.select(vault_lowlevel_copy, vault_lowlevel_copy.c.entry_id).where(
            vault_lowlevel_copy.c.person == person
        )
        newest_first = (vault_lowlevel.c.logged.desc(), vault_lowlevel.c.id.desc())
        found = self._scoped.select(vault_lowlevel).where(vault_lowlevel.c.id.in_(theirs)).order_by(*newest_first)
        return tuple(
            LowLevel(id=row.id, reference=row.reference, logged=row.logged, opened=row.opened)
            for row in self._scoped.all(found)
        )

    def open(self, entry_id: UUID, *, person: str, key: SecretKey) -> Account | None:
        """See LowLevelStore. Of several copies to keys of earlier any may open."""
        theirs = self._scoped.select(vault_lowlevel_copy, vault_lowlevel_copy.c.sealed).where(
            vault_lowlevel_copy.c.entry_id == entry_id, vault_lowlevel_copy.c.person == person
        )
        for copy in self._scoped.all(theirs):
            try:
                return _read(open_copy(copy.sealed, place=self._place(entry_id, person), key=key))
            except CannotOpenError:
                continue
        return None

    def note_opened(self, entry_id: UUID, *, now: datetime) -> None:
        """See LowLevelStore."""
        here = self._scoped.update(vault_lowlevel).where(vault_lowlevel.c.id == entry_id)
        self._scoped.run(here.where(vault_lowlevel.c.opened.is_(None)).values(opened=now))

    def destroy(self, entry_id: UUID) -> bool:
        """See LowLevelStore."""
        self.destroyed = True
        copies = self._scoped.delete(vault_lowlevel_copy).where(vault_lowlevel_copy.c.entry_id == entry_id)
        self._scoped.run(copies)
        row = self._scoped.delete(vault_lowlevel).where(vault_lowlevel.c.id == entry_id)
        return self._scoped.first(row.returning(vault_lowlevel.c.id)) is not None


def _spelt(account: Account) -> bytes:
    told = {
        "whom": account.whom.value,
        "name": account.name.reveal(),
        "by": account.by,
        "via": account.via,
        "words": account.words.reveal(),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def _read(content: bytes) -> Account:
    told = json.loads(content.decode("utf-8", "surrogatepass"))
    return Account(
        whom=Whom(told["whom"]),
        name=Sensitive(told["name"]),
        by=told["by"],
        via=told["via"],
        words=Sensitive(told["words"]),
    )
