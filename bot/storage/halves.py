"""What wraps a person's private half, and what the half wraps. Each is bound to whose it is and to a mark of its own.

Layout of a slow wrap: version, algorithm, passes, memory in KiB, then nonce, ciphertext and tag of XChaCha20-Poly1305
under an Argon2id of what was typed; all that stands before the nonce is authenticated as well.
Layout under a half: version, algorithm, then the same cipher under a key that is derived from the private half.
Layout of an older half under a newer pair: version, algorithm, then the half in a SealedBox (X25519).

A wrap that was moved to another person, pair or purpose does not open. One that was put back after its end opens by
itself: that it is over stands in the chained log, under its mark, and whoever opens asks there (see KeyStore.spent).
"""

import struct
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import Aead
from nacl.utils import random as random_bytes

from bot.storage.slow import HEAD, Costs, SlowHash
from school.sensitive import SecretKey

VERSION = 1
ARGON2ID_AEAD, UNDER_HALF, UNDER_PAIR = 6, 7, 8
PASSPHRASE, RECOVERY, SECOND_FACTOR = "key/passphrase", "key/recovery", "key/second-factor"


class CannotUnwrapError(Exception):
    """A wrong passphrase or key, a changed byte, or a wrap that belongs somewhere else: these look alike."""


@dataclass(frozen=True, kw_only=True)
class HalfPlace:
    """What a wrap is bound to. `purpose` is logical, one of the three above: a column may be renamed, this may not."""

    purpose: str
    person: str
    key_id: UUID
    mark: str

    def bound(self, head: bytes) -> bytes:
        """The associated data: the head, and each part with its length before it."""
        parts = (self.purpose.encode(), self.person.encode(), self.key_id.bytes, self.mark.encode())
        return head + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def wrap_slowly(secret: SecretKey, typed: bytes, *, place: HalfPlace, slow: SlowHash) -> tuple[bytes, bytes]:
    """A fresh salt, and the secret under what was typed."""
    salt = random_bytes(argon2id.SALTBYTES)
    head = slow.costs.head(version=VERSION, algorithm=ARGON2ID_AEAD)
    key = slow(typed, salt=salt, size=Aead.KEY_SIZE)
    return salt, head + bytes(Aead(key).encrypt(secret.reveal(), aad=place.bound(head)))


def unwrap_slowly(wrapped: bytes, typed: bytes, *, salt: bytes, place: HalfPlace, slow: SlowHash) -> SecretKey:
    """Raises CannotUnwrapError."""
    try:
        version, algorithm, passes, kib = HEAD.unpack_from(wrapped)
        if (version, algorithm) != (VERSION, ARGON2ID_AEAD):
            raise CannotUnwrapError
        key = slow(typed, salt=salt, size=Aead.KEY_SIZE, costs=Costs.of(passes, kib))
        head, boxed = wrapped[: HEAD.size], wrapped[HEAD.size :]
        return SecretKey(bytes(Aead(key).decrypt(boxed, aad=place.bound(head))))
    except (CryptoError, ValueError, struct.error) as error:
        raise CannotUnwrapError from error


def wrap_under(half: SecretKey, secret: SecretKey, *, place: HalfPlace) -> bytes:
    """A secret that only whoever holds the private half can open."""
    head = bytes([VERSION, UNDER_HALF])
    return head + bytes(Aead(_derived(half)).encrypt(secret.reveal(), aad=place.bound(head)))


def unwrap_under(half: SecretKey, wrapped: bytes, *, place: HalfPlace) -> SecretKey:
    """Raises CannotUnwrapError."""
    head = bytes([VERSION, UNDER_HALF])
    if wrapped[:2] != head:
        raise CannotUnwrapError
    try:
        return SecretKey(bytes(Aead(_derived(half)).decrypt(wrapped[2:], aad=place.bound(head))))
    except (CryptoError, ValueError) as error:
        raise CannotUnwrapError from error


def put_under(older: SecretKey, *, newer_public: bytes) -> bytes:
    """An older private half that opens with a newer pair alone: what still hangs on it can be moved, in any session."""
    return bytes([VERSION, UNDER_PAIR]) + bytes(SealedBox(PublicKey(newer_public)).encrypt(older.reveal()))


def taken_out(wrapped: bytes, *, public: bytes, newer: SecretKey) -> SecretKey:
    """The older half, where it is that of the public half beside it. Raises CannotUnwrapError."""
    if wrapped[:2] != bytes([VERSION, UNDER_PAIR]):
        raise CannotUnwrapError
    try:
        older = bytes(SealedBox(PrivateKey(newer.reveal())).decrypt(wrapped[2:]))
        if bytes(PrivateKey(older).public_key) != public:
            raise CannotUnwrapError
    except (CryptoError, ValueError) as error:
        raise CannotUnwrapError from error
    return SecretKey(older)


def _derived(half: SecretKey) -> bytes:
    return blake2b(half.reveal(), digest_size=Aead.KEY_SIZE, person=b"lollipop under").digest()
