"""What people type and keep: passphrases, recovery keys and receipts, and what each of them opens."""

import secrets
import struct
import unicodedata
from dataclasses import replace
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox
from nacl.utils import random as random_bytes

from bot.storage.halves import (
    PASSPHRASE,
    RECOVERY,
    SECOND_FACTOR,
    CannotUnwrapError,
    HalfPlace,
    unwrap_slowly,
    unwrap_under,
    wrap_slowly,
    wrap_under,
)
from bot.storage.slow import HEAD, Costs, SlowHash
from safeguarding import (
    ALPHABET,
    Receipt,
    RecoveryWrap,
    SecondFactor,
    WrappedKey,
    WrongRecoveryKeyError,
    typed_receipt,
    typed_recovery,
    write_receipt,
)
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

VERSION = 1
ARGON2ID_SECRET_BOX = 4
HALF = 32
RECEIPT_BYTES = 10
# 100 random bits in groups of four.
RECOVERY_LETTERS = 20


class WrongPassphraseError(Refusal):
    """A passphrase that does not open the key."""

    text = Text("That passphrase doesn't open your key. Please check it and try again.")


def make_pair(passphrase: Sensitive, *, person: str, key_id: UUID, slow: SlowHash) -> WrappedKey:
    """A fresh X25519 pair, its private half under the passphrase; what it cost is written beside it."""
    pair = PrivateKey.generate()
    bare = WrappedKey(person=person, key_id=key_id, public=bytes(pair.public_key), salt=b"", wrapped=b"")
    return rewrap(bare, SecretKey(bytes(pair)), passphrase, slow=slow)


def rewrap(key: WrappedKey, half: SecretKey, passphrase: Sensitive, *, slow: SlowHash) -> WrappedKey:
    """The same pair under a passphrase, with a fresh salt and a fresh mark."""
    fresh = replace(key, mark=new_mark("PW"))
    salt, wrapped = wrap_slowly(half, _spelt(passphrase), place=_place(PASSPHRASE, fresh), slow=slow)
    return replace(fresh, salt=salt, wrapped=wrapped)


def unlock(key: WrappedKey, passphrase: Sensitive, *, slow: SlowHash) -> SecretKey:
    """The private half. Raises WrongPassphraseError, also for a wrapped key that was changed."""
    try:
        half = _unlock(key, _spelt(passphrase), slow=slow)
        if bytes(PrivateKey(half.reveal()).public_key) != key.public:
            raise WrongPassphraseError
    except (CannotUnwrapError, CryptoError, ValueError, struct.error) as error:
        raise WrongPassphraseError from error
    return half


def _unlock(key: WrappedKey, spelt: bytes, *, slow: SlowHash) -> SecretKey:
    if key.mark:
        return unwrap_slowly(key.wrapped, spelt, salt=key.salt, place=_place(PASSPHRASE, key), slow=slow)
    # A key of old, from before wraps were bound to a place and had marks.
    version, algorithm, passes, kib = HEAD.unpack_from(key.wrapped)
    if (version, algorithm) != (VERSION, ARGON2ID_SECRET_BOX):
        raise CannotUnwrapError
    wrapping = slow(spelt, salt=key.salt, size=HALF, costs=Costs.of(passes, kib))
    return SecretKey(bytes(SecretBox(wrapping).decrypt(key.wrapped[HEAD.size :])))


def make_recovery(key: WrappedKey, half: SecretKey, *, slow: SlowHash) -> tuple[Sensitive, RecoveryWrap]:
    """What is printed once, and the private half under it."""
    letters = random_letters(RECOVERY_LETTERS)
    bare = RecoveryWrap(person=key.person, key_id=key.key_id, mark=new_mark("RK"), salt=b"", wrapped=b"")
    salt, wrapped = wrap_slowly(half, letters.encode(), place=_place(RECOVERY, bare), slow=slow)
    return Sensitive(in_fours(letters)), replace(bare, salt=salt, wrapped=wrapped)


def recover(wrap: RecoveryWrap, typed: Sensitive, *, slow: SlowHash) -> SecretKey:
    """The private half. Raises WrongRecoveryKeyError, at once for what is no recovery key at all."""
    letters = typed_recovery(typed)
    try:
        return unwrap_slowly(wrap.wrapped, letters.encode(), salt=wrap.salt, place=_place(RECOVERY, wrap), slow=slow)
    except CannotUnwrapError as error:
        raise WrongRecoveryKeyError from error


def seal_second(secret: Sensitive, *, key: WrappedKey, half: SecretKey) -> SecondFactor:
    """The secret of an authenticator, for whoever holds the private half; no step of it is used yet."""
    bare = SecondFactor(person=key.person, key_id=key.key_id, mark=new_mark("2F"), sealed=b"", last_step=0)
    sealed = wrap_under(half, SecretKey(secret.reveal().encode()), place=_place(SECOND_FACTOR, bare))
    return replace(bare, sealed=sealed)


def open_second(second: SecondFactor, *, half: SecretKey) -> Sensitive:
    """The secret. Raises CannotUnwrapError."""
    secret = unwrap_under(half, second.sealed, place=_place(SECOND_FACTOR, second))
    return Sensitive(secret.reveal().decode())


def _place(purpose: str, wrap: WrappedKey | RecoveryWrap | SecondFactor) -> HalfPlace:
    return HalfPlace(purpose=purpose, person=wrap.person, key_id=wrap.key_id, mark=wrap.mark)


def new_mark(kind: str) -> str:
    """What a wrap is called in the log and on paper: 40 random bits. It opens nothing."""
    return f"{kind}-{in_fours(random_letters(8))}"


def random_letters(count: int) -> str:
    """Five random bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def in_fours(letters: str) -> str:
    """As people read them out."""
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


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
