"""Slow hashes and what they protect: recipients' private halves, and receipts."""

import struct
import threading
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random as random_bytes

from safeguarding import Receipt, WrappedKey, typed_receipt, write_receipt
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

VERSION = 1
ARGON2ID_SECRET_BOX = 4
HEAD = struct.Struct(">BBBI")  # version, algorithm, passes, memory in KiB
HALF = 32
RECEIPT_BYTES = 10
# Each takes 64 MiB and a tenth of a second: a flood of guesses must not take the machine.
AT_ONCE = 4


class WrongPassphraseError(Refusal):
    """A passphrase that does not open the key."""

    text = Text("That passphrase doesn't open your key. Please check it and try again.")


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What one Argon2id costs. The default takes about 0.09 s on two cores (measured: reporting.md, 4.4)."""

    passes: int = 3
    memory_bytes: int = 64 * 1024 * 1024


# For tests and for nothing else: the least that Argon2id allows.
QUICK = Costs(passes=1, memory_bytes=8 * 1024)


class SlowHash:
    """Argon2id, a few at once."""

    def __init__(self, costs: Costs, *, at_once: int = AT_ONCE) -> None:
        self.costs = costs
        self._turns = threading.BoundedSemaphore(at_once)

    def __call__(self, secret: bytes, *, salt: bytes, size: int, costs: Costs | None = None) -> bytes:
        """`size` bytes from a secret and a salt of 16 bytes."""
        costs = costs or self.costs
        with self._turns:
            return argon2id.kdf(size, secret, salt, opslimit=costs.passes, memlimit=costs.memory_bytes)


def make_pair(passphrase: Sensitive, *, person: str, key_id: UUID, slow: SlowHash) -> WrappedKey:
    """A fresh X25519 pair, its private half under the passphrase; what it cost is written beside it."""
    pair = PrivateKey.generate()
    salt = random_bytes(argon2id.SALTBYTES)
    wrapping = slow(_spelt(passphrase), salt=salt, size=HALF)
    head = HEAD.pack(VERSION, ARGON2ID_SECRET_BOX, slow.costs.passes, slow.costs.memory_bytes // 1024)
    wrapped = head + bytes(SecretBox(wrapping).encrypt(bytes(pair)))
    return WrappedKey(person=person, key_id=key_id, public=bytes(pair.public_key), salt=salt, wrapped=wrapped)


def unlock(key: WrappedKey, passphrase: Sensitive, *, slow: SlowHash) -> SecretKey:
    """The private half. Raises WrongPassphraseError, also for a wrapped key that was changed."""
    try:
        version, algorithm, passes, kib = HEAD.unpack_from(key.wrapped)
        if (version, algorithm) != (VERSION, ARGON2ID_SECRET_BOX):
            raise WrongPassphraseError
        costs = Costs(passes=passes, memory_bytes=kib * 1024)
        wrapping = slow(_spelt(passphrase), salt=key.salt, size=HALF, costs=costs)
        return SecretKey(bytes(SecretBox(wrapping).decrypt(key.wrapped[HEAD.size :])))
    except (CryptoError, ValueError, struct.error) as error:
        raise WrongPassphraseError from error


def fresh_receipt(*, salt: bytes, slow: SlowHash) -> Receipt:
    """Eighty random bits and what they lead to."""
    shown = write_receipt(random_bytes(RECEIPT_BYTES))
    lookup, wrapping = _halves(typed_receipt(shown), salt=salt, slow=slow)
    return Receipt(shown=shown, lookup=lookup, wrapping=SecretKey(wrapping))


def receipt_halves(typed: Sensitive, *, salt: bytes, slow: SlowHash) -> tuple[bytes, SecretKey]:
    """What finds the row, and what opens it. Raises UnknownReceiptError, at once for what is no receipt at all."""
    lookup, wrapping = _halves(typed_receipt(typed.reveal()), salt=salt, slow=slow)
    return lookup, SecretKey(wrapping)


def _halves(letters: str, *, salt: bytes, slow: SlowHash) -> tuple[bytes, bytes]:
    """One slow hash for both: as safe as two and half the price."""
    both = slow(letters.encode(), salt=salt, size=2 * HALF)
    return both[:HALF], both[HALF:]


def _spelt(passphrase: Sensitive) -> bytes:
    """One spelling for what looks alike; phones add a space at the end."""
    return unicodedata.normalize("NFKC", passphrase.reveal()).strip().encode("utf-8", "surrogatepass")
