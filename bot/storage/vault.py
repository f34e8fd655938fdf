"""The vault's marks and salts: receipts, senders, references, recipients' pairs, one-time codes."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from nacl.utils import random as random_bytes
from sqlalchemy import Connection

from bot.storage.engine import Engines
from bot.storage.halves import CannotUnwrapError
from bot.storage.key_tables import vault_enrolment
from bot.storage.keys import (
    WrongPassphraseError,
    fresh_receipt,
    in_fours,
    make_pair,
    make_recovery,
    open_second,
    random_letters,
    receipt_halves,
    recover,
    rewrap,
    seal_second,
    unlock,
)
from bot.storage.receipts import ReadyReceipts
from bot.storage.scoped import Scoped
from bot.storage.slow import Costs, SlowHash
from bot.storage.tables import vault_school
from safeguarding import (
    READ_AS,
    CodeRefusedError,
    Receipt,
    RecoveryWrap,
    SecondFactor,
    WrappedKey,
    WrongRecoveryKeyError,
)
from school.sensitive import SecretKey, Sensitive

CODE_LETTERS = 16
CODE_HOLDS = timedelta(days=14)
SALT_BYTES, SENDER_SALT_BYTES = 16, 32
HASH_BYTES = 32


class UnknownSchoolError(LookupError):
    """A school that was never added to the database: call SqlUnits.add_school first."""


@dataclass(frozen=True, kw_only=True)
class Salts:
    """One school's; made once and never changed, since receipts and senders are found by them."""

    receipt: bytes
    sender: bytes


def make_salts(connection: Connection, school: str) -> None:
    """Where the school has none yet. The caller commits."""
    salts = {"receipt_salt": random_bytes(SALT_BYTES), "sender_salt": random_bytes(SENDER_SALT_BYTES)}
    Scoped(connection, school).add_once(vault_school, salts)


class SqlVault:
    """Implements Vault. Opens a short reading transaction once a school; never inside a writing one."""

    def __init__(self, engines: Engines, *, costs: Costs | None = None) -> None:
        self._engines = engines
        self._slow = SlowHash(costs or Costs())
        self._salts: dict[str, Salts] = {}
        self._reading = threading.Lock()
        self._receipts = ReadyReceipts(self._fresh)

    def _of(self, school: str) -> Salts:
        with self._reading:
            if school not in self._salts:
                with self._engines.reading() as connection:
                    scoped = Scoped(connection, school)
                    row = scoped.first(scoped.select(vault_school))
                if row is None:
                    raise UnknownSchoolError(school)
                self._salts[school] = Salts(receipt=row.receipt_salt, sender=row.sender_salt)
            return self._salts[school]

    def receipt(self, school: str) -> Receipt:
        """See Vault."""
        self._of(school)
        return self._receipts.take(school)

    def unheld(self) -> Receipt:
        """See Vault. Random bytes on both sides: whoever holds every receipt there is still finds nothing by them."""
        return Receipt(shown="", lookup=random_bytes(HASH_BYTES), wrapping=SecretKey(random_bytes(HASH_BYTES)))

    def expect(self, school: str) -> None:
        """See Vault."""
        self._of(school)
        self._receipts.expect(school)

    def _fresh(self, school: str) -> Receipt:
        """The salts are known by then: a thread that nobody waits for opens no transaction."""
        return fresh_receipt(salt=self._of(school).receipt, slow=self._slow)

    def lookup(self, school: str, typed: Sensitive) -> bytes:
        """See Vault."""
        return self.halves(school, typed)[0]

    def halves(self, school: str, typed: Sensitive) -> tuple[bytes, SecretKey]:
        """See Vault."""
        return receipt_halves(typed, salt=self._of(school).receipt, slow=self._slow)

    def sender(self, school: str, *, via: str, address: str) -> str:
        """See Vault."""
        return blake2b(
            f"{via}\0{address}".encode("utf-8", "surrogatepass"),
            key=self._of(school).sender,
            digest_size=HASH_BYTES,
            person=b"lollipop sender",
        ).hexdigest()

    def reference(self) -> str:
        """See Vault."""
        letters = random_letters(6)
        return f"LP-{letters[:4]}-{letters[4:]}"

    def pair(self, *, person: str, key_id: UUID, passphrase: Sensitive) -> WrappedKey:
        """See Vault."""
        return make_pair(passphrase, person=person, key_id=key_id, slow=self._slow)

    def unlock(self, keys: Sequence[WrappedKey], passphrase: Sensitive) -> SecretKey:
        """See Vault. Somebody without a key waits as long as somebody with a wrong passphrase."""
        if not keys:
            self._slow(b"nobody", salt=bytes(SALT_BYTES), size=HASH_BYTES)
            raise WrongPassphraseError
        return unlock(keys[0], passphrase, slow=self._slow)

    def rewrap(self, key: WrappedKey, half: SecretKey, *, passphrase: Sensitive) -> WrappedKey:
        """See Vault."""
        return rewrap(key, half, passphrase, slow=self._slow)

    def recovery(self, key: WrappedKey, half: SecretKey) -> tuple[Sensitive, RecoveryWrap]:
        """See Vault."""
        return make_recovery(key, half, slow=self._slow)

    def recover(self, wrap: RecoveryWrap | None, typed: Sensitive) -> SecretKey:
        """See Vault. Somebody without a recovery key waits as long as somebody with a wrong one."""
        if wrap is None:
            self._slow(b"nobody", salt=bytes(SALT_BYTES), size=HASH_BYTES)
            raise WrongRecoveryKeyError
        return recover(wrap, typed, slow=self._slow)

    def seal_second(self, secret: Sensitive, *, key: WrappedKey, half: SecretKey) -> SecondFactor:
        """See Vault."""
        return seal_second(secret, key=key, half=half)

    def open_second(self, second: SecondFactor, *, half: SecretKey) -> Sensitive:
        """See Vault."""
        try:
            return open_second(second, half=half)
        except CannotUnwrapError as error:
            raise CodeRefusedError from error


def new_code() -> Sensitive:
    """A one-time code with which a recipient sets a passphrase: 80 bits in four groups."""
    return Sensitive(in_fours(random_letters(CODE_LETTERS)))


class SqlEnrolments:
    """Implements Enrolments. A code has 80 random bits, so a quick hash keeps it."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def invite(self, *, code: Sensitive, person: str, now: datetime) -> None:
        """See Enrolments."""
        values = {"code_hash": self._hash(code), "person": person, "expires": now + CODE_HOLDS}
        self._scoped.add(vault_enrolment, values)

    def use(self, *, code: Sensitive, now: datetime) -> str | None:
        """See Enrolments. Two uses at one time: one of them gets None."""
        once = (
            self._scoped.update(vault_enrolment)
            .where(
                vault_enrolment.c.code_hash == self._hash(code),
                vault_enrolment.c.used.is_(None),
                vault_enrolment.c.expires > now,
            )
            .values(used=now)
            .returning(vault_enrolment.c.person)
        )
        row = self._scoped.first(once)
        return str(row.person) if row else None

    def open_until(self, *, person: str, now: datetime) -> datetime | None:
        """See Enrolments."""
        table = vault_enrolment
        theirs = self._scoped.select(table, table.c.expires).where(
            table.c.person == person, table.c.used.is_(None), table.c.expires > now
        )
        row = self._scoped.first(theirs.order_by(table.c.expires.desc()).limit(1))
        return row.expires if row else None

    def _hash(self, code: Sensitive) -> bytes:
        letters = "".join(code.reveal().split()).replace("-", "").upper().translate(READ_AS)
        school = self._scoped.school.encode()
        return blake2b(
            school + b"\0" + letters.encode("utf-8", "surrogatepass"),
            digest_size=HASH_BYTES,
            person=b"lollipop enrol",
        ).digest()
