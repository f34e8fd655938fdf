"""The sealed envelope: what it holds can be opened by its recipients and by nobody else, this server included.

Layout of an envelope: version, algorithm, then nonce, ciphertext and tag of XChaCha20-Poly1305 (PyNaCl's `Aead`).
Layout of a wrapped key: version, algorithm, then 32 bytes of key in a SealedBox (X25519) or a SecretBox (a receipt).
Layout of a wrapped key with a late answer: version, algorithm, then a SealedBox of 16 bytes that say whom the words are
about and a wrapped key: so an answer that came after the sealing is sealed too, although the envelope stays as it is.
Layout of a copy for one person: version, algorithm, then 32 bytes of key in a SealedBox, and what is under that key.
What is sealed cannot be sealed again by the server later, so every part says which version it is of.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from typing import ClassVar
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead, SecretBox
from nacl.utils import random as random_bytes

from safeguarding import About, Recipient
from school.sensitive import SecretKey, Sensitive

VERSION = 1
XCHACHA20_POLY1305, X25519_SEALED_BOX, RECEIPT_SECRET_BOX, LATE_ANSWER_SEALED_BOX, ENTRY, COPY = 1, 2, 3, 4, 5, 9
SEALED_KEY_BYTES = 80  # 32 bytes of key in a SealedBox
ANSWER_BYTES = 16  # the same for each answer, so that its length tells nothing
BLOCK, LEAST = 512, 1024
PADDING_STARTS = b"\x80"  # ISO/IEC 7816-4


class CannotOpenError(Exception):
    """A wrong key, a changed byte, or an envelope that belongs somewhere else: these cannot be told apart."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What an envelope is bound to. `NAME` is logical: a table may be renamed, this may not."""

    NAME: ClassVar[str] = "concern/words"
    school: str
    concern: UUID
    name: str = NAME

    def bound(self, version: int) -> bytes:
        """The associated data: each part with its length before it, so that no two places read alike."""
        parts = (self.name.encode(), self.school.encode(), self.concern.bytes)
        return bytes([version]) + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


@dataclass(frozen=True, kw_only=True)
class EntryPlace:
    """What something added is bound to: who added what, where in its order."""

    NAME: ClassVar[str] = "concern/entry"
    school: str
    concern: UUID
    number: int
    kind: str
    author: str

    def bound(self, version: int) -> bytes:
        """As Place."""
        told = (self.NAME, self.school, str(self.concern), str(self.number), self.kind, self.author)
        return bytes([version]) + b"".join(len(part.encode()).to_bytes(2, "big") + part.encode() for part in told)


@dataclass(frozen=True, kw_only=True)
class Story:
    """What is inside."""

    about: About
    via: str
    words: Sensitive
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """An envelope with its key wrapped for each recipient, in their order, and for whoever holds the receipt."""

    envelope: bytes
    wraps: tuple[bytes, ...]
    receipt_wrap: bytes
    entry_public: bytes


def seal(story: Story, *, place: Place, recipients: Sequence[Recipient], receipt: SecretKey) -> Sealed:
    """Under a fresh key, which is forgotten once it is wrapped."""
    content_key = random_bytes(Aead.KEY_SIZE)
    boxed = bytes(Aead(content_key).encrypt(_padded(_canonical(story)), aad=place.bound(VERSION)))
    return Sealed(
        envelope=bytes([VERSION, XCHACHA20_POLY1305]) + boxed,
        wraps=tuple(wrap(content_key, public=recipient.public) for recipient in recipients),
        receipt_wrap=_marked(RECEIPT_SECRET_BOX, bytes(SecretBox(receipt.reveal()).encrypt(content_key))),
        entry_public=bytes(_entry_pair(SecretKey(content_key)).public_key),
    )


def _entry_pair(content_key: SecretKey) -> PrivateKey:
    """What is added to a report opens for whoever can open the report; whoever adds it holds the public half alone."""
    return PrivateKey(blake2b(content_key.reveal(), digest_size=PrivateKey.SIZE, person=b"lollipop entry").digest())


def seal_entry(words: Sensitive, *, place: EntryPlace, public: bytes) -> bytes:
    """Under a fresh key, which is sealed to the report's public half."""
    fresh = random_bytes(Aead.KEY_SIZE)
    content = words.reveal().encode("utf-8", "surrogatepass")
    boxed = bytes(Aead(fresh).encrypt(_padded(content), aad=place.bound(VERSION)))
    return _marked(ENTRY, bytes(SealedBox(PublicKey(public)).encrypt(fresh)) + boxed)


def open_entry(sealed: bytes, *, place: EntryPlace, content_key: SecretKey) -> Sensitive:
    """Raises CannotOpenError."""
    inside = _unmarked(sealed, ENTRY)
    try:
        fresh = bytes(SealedBox(_entry_pair(content_key)).decrypt(inside[:SEALED_KEY_BYTES]))
        padded = bytes(Aead(fresh).decrypt(inside[SEALED_KEY_BYTES:], aad=place.bound(VERSION)))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error
    return Sensitive(_unpadded(padded).decode("utf-8", "surrogatepass"))


def open_sealed(envelope: bytes, *, content_key: SecretKey, place: Place) -> Story:
    """Raises CannotOpenError."""
    boxed = _unmarked(envelope, XCHACHA20_POLY1305)
    try:
        padded = bytes(Aead(content_key.reveal()).decrypt(boxed, aad=place.bound(VERSION)))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error
    told = json.loads(_unpadded(padded).decode("utf-8", "surrogatepass"))
    return Story(
        about=About(told["about"]),
        via=told["via"],
        words=Sensitive(told["words"]),
        details=tuple((name, value) for name, value in told["details"]),
    )


def wrap(content_key: bytes, *, public: bytes) -> bytes:
    """The envelope's key for one recipient."""
    return _marked(X25519_SEALED_BOX, bytes(SealedBox(PublicKey(public)).encrypt(content_key)))


def unwrap(wrapped: bytes, *, key: SecretKey) -> SecretKey:
    """The envelope's key, by a recipient's private half. Raises CannotOpenError."""
    boxed = _unmarked(wrapped, X25519_SEALED_BOX)
    try:
        return SecretKey(bytes(SealedBox(PrivateKey(key.reveal())).decrypt(boxed)))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error


def wrap_with_answer(wrapped: bytes, *, about: About, public: bytes) -> bytes:
    """A wrapped key again, with whom the words are about, for the same recipient."""
    told = about.value.encode().ljust(ANSWER_BYTES)
    return _marked(LATE_ANSWER_SEALED_BOX, bytes(SealedBox(PublicKey(public)).encrypt(told + wrapped)))


def unwrap_answer(wrapped: bytes, *, key: SecretKey) -> tuple[About | None, bytes]:
    """A late answer, or None, and the wrapped key beneath it. Raises CannotOpenError."""
    if wrapped[:2] != bytes([VERSION, LATE_ANSWER_SEALED_BOX]):
        return None, wrapped
    try:
        told = bytes(SealedBox(PrivateKey(key.reveal())).decrypt(wrapped[2:]))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error
    return About(told[:ANSWER_BYTES].decode().strip()), told[ANSWER_BYTES:]


def content_key_of(wraps: Sequence[bytes], *, halves: Sequence[SecretKey]) -> tuple[SecretKey, About | None]:
    """The envelope's key by whichever half opens a wrap, and whom the words are about where that was said later.

    Raises CannotOpenError.
    """
    for wrapped, half in product(wraps, halves):
        try:
            about, beneath = unwrap_answer(wrapped, key=half)
            return unwrap(beneath, key=half), about
        except CannotOpenError:
            continue
    raise CannotOpenError


def wrap_again(content_key: SecretKey, about: About | None, *, public: bytes) -> bytes:
    """What `content_key_of` gave, for somebody else or for another pair."""
    wrapped = wrap(content_key.reveal(), public=public)
    return wrapped if about is None else wrap_with_answer(wrapped, about=about, public=public)


def unwrap_by_receipt(wrapped: bytes, *, wrapping: SecretKey) -> SecretKey:
    """The envelope's key, by the wrapping half of a receipt. Raises CannotOpenError."""
    boxed = _unmarked(wrapped, RECEIPT_SECRET_BOX)
    try:
        return SecretKey(bytes(SecretBox(wrapping.reveal()).decrypt(boxed)))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error


def _marked(algorithm: int, boxed: bytes) -> bytes:
    return bytes([VERSION, algorithm]) + boxed


def _unmarked(marked: bytes, algorithm: int) -> bytes:
    if marked[:2] != bytes([VERSION, algorithm]):
        raise CannotOpenError
    return marked[2:]


def _canonical(story: Story) -> bytes:
    told = {
        "about": story.about.value,
        "via": story.via,
        "words": story.words.reveal(),
        "details": [[name, value] for name, value in story.details],
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A phone may send half of a surrogate pair; a child's words are not refused for that.
    return text.encode("utf-8", "surrogatepass")


def _padded(content: bytes) -> bytes:
    length = max(LEAST, -(-(len(content) + 1) // BLOCK) * BLOCK)
    return (content + PADDING_STARTS).ljust(length, b"\0")


def _unpadded(padded: bytes) -> bytes:
    content, mark, _ = padded.rpartition(PADDING_STARTS)
    if not mark:
        raise CannotOpenError
    return content


@dataclass(frozen=True, kw_only=True)
class CopyPlace:
    """What a copy for one person is bound to: what it is, by a logical name, of what, for whom, and which part."""

    name: str
    school: str
    subject: UUID
    person: str
    part: str = ""

    def bound(self, version: int) -> bytes:
        """As Place."""
        told = (self.name, self.school, str(self.subject), self.person, self.part)
        return bytes([version]) + b"".join(len(part.encode()).to_bytes(2, "big") + part.encode() for part in told)


def seal_copy(content: bytes, *, place: CopyPlace, public: bytes) -> bytes:
    """Under a fresh key, which is sealed to the person's public half. Padded, so that its length tells little."""
    fresh = random_bytes(Aead.KEY_SIZE)
    boxed = bytes(Aead(fresh).encrypt(_padded(content), aad=place.bound(VERSION)))
    return _marked(COPY, bytes(SealedBox(PublicKey(public)).encrypt(fresh)) + boxed)


def open_copy(sealed: bytes, *, place: CopyPlace, key: SecretKey) -> bytes:
    """Raises CannotOpenError."""
    inside = _unmarked(sealed, COPY)
    try:
        fresh = bytes(SealedBox(PrivateKey(key.reveal())).decrypt(inside[:SEALED_KEY_BYTES]))
        return _unpadded(bytes(Aead(fresh).decrypt(inside[SEALED_KEY_BYTES:], aad=place.bound(VERSION))))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error


def copy_again(sealed: bytes, *, key: SecretKey, public: bytes) -> bytes:
    """The same copy for another pair of the same person: only the key to it is sealed anew. Raises CannotOpenError."""
    inside = _unmarked(sealed, COPY)
    try:
        fresh = bytes(SealedBox(PrivateKey(key.reveal())).decrypt(inside[:SEALED_KEY_BYTES]))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error
    return _marked(COPY, bytes(SealedBox(PublicKey(public)).encrypt(fresh)) + inside[SEALED_KEY_BYTES:])


def seal_under(content: bytes, *, place: CopyPlace, key: SecretKey) -> bytes:
    """Under a key that is kept elsewhere. Padded."""
    return _marked(XCHACHA20_POLY1305, bytes(Aead(key.reveal()).encrypt(_padded(content), aad=place.bound(VERSION))))


def open_under(sealed: bytes, *, place: CopyPlace, key: SecretKey) -> bytes:
    """Raises CannotOpenError."""
    boxed = _unmarked(sealed, XCHACHA20_POLY1305)
    try:
        return _unpadded(bytes(Aead(key.reveal()).decrypt(boxed, aad=place.bound(VERSION))))
    except (CryptoError, ValueError) as error:
        raise CannotOpenError from error


def two_halves() -> tuple[bytes, bytes]:
    """Two random halves of a key. Either alone says nothing of it: for each half every key has one other."""
    return random_bytes(Aead.KEY_SIZE), random_bytes(Aead.KEY_SIZE)


def whole(first: bytes, second: bytes) -> SecretKey:
    """The key of two halves. Raises CannotOpenError where one is none."""
    if len(first) != Aead.KEY_SIZE or len(second) != Aead.KEY_SIZE:
        raise CannotOpenError
    return SecretKey(bytes(one ^ other for one, other in zip(first, second, strict=True)))
