"""Chats on their way: where somebody who reported is told something, sealed under the server's own key until they are.

The lasting copy of the same address is an entry of the report's, sealed by the server first and then to the report: no
server opens that, and no reader alone. This one has to be opened by whoever sends the message, so it is short-lived,
under a random mark that leads to no report.
"""

import secrets
from collections.abc import Sequence

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random as random_bytes
from sqlalchemy import select

from bot.storage.scoped import Scoped
from bot.storage.states import DeliveryState
from bot.storage.tables import delivery, vault_chat
from safeguarding import spelt_chat, spoken_chat
from school.notices import Chat, To
from school.sensitive import Sensitive

# For whoever was given no key from outside: what it seals, no other process opens.
OF_THIS_PROCESS = random_bytes(Aead.KEY_SIZE)
ON_ITS_WAY = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
MARK_BYTES = 16
# Padded, so that a length tells nothing: no platform's address has more characters than fit.
PADDED_BYTES = 256


def seal_chat(chat: Chat, *, keys: Sequence[bytes], school: str, place: str) -> bytes:
    """XChaCha20-Poly1305 under the newest key, bound to the school and to where it lies."""
    spelt = spelt_chat(chat).reveal().encode()
    return bytes(Aead(keys[0]).encrypt(spelt.ljust(PADDED_BYTES), aad=_bound(school, place)))


def open_chat(sealed: bytes, *, keys: Sequence[bytes], school: str, place: str) -> Chat | None:
    """None where no key of ours opens it: it was changed, moved, or sealed by another server."""
    for key in keys:
        try:
            spelt = bytes(Aead(key).decrypt(sealed, aad=_bound(school, place)))
        except (CryptoError, ValueError):
            continue
        return spoken_chat(Sensitive(spelt.decode()))
    return None


def _bound(school: str, place: str) -> bytes:
    return b"\0".join((b"chat on its way", school.encode(), place.encode()))


class SqlChats:
    """Implements Chats."""

    def __init__(self, scoped: Scoped, keys: Sequence[bytes]) -> None:
        self._scoped = scoped
        self._keys = keys

    def keep(self, chat: Chat) -> str:
        """See Chats."""
        mark = secrets.token_hex(MARK_BYTES)
        sealed = seal_chat(chat, keys=self._keys, school=self._scoped.school, place=mark)
        self._scoped.add(vault_chat, {"id": mark, "sealed": sealed})
        return mark

    def find(self, mark: str) -> Chat | None:
        """See Chats."""
        row = self._scoped.first(self._scoped.select(vault_chat).where(vault_chat.c.id == mark))
        return open_chat(row.sealed, keys=self._keys, school=self._scoped.school, place=mark) if row else None

    def lock(self, chat: Chat, *, place: str) -> Sensitive:
        """See Chats."""
        return Sensitive(seal_chat(chat, keys=self._keys, school=self._scoped.school, place=place).hex())

    def unlock(self, locked: Sensitive, *, place: str) -> Chat | None:
        """See Chats."""
        try:
            sealed = bytes.fromhex(locked.reveal())
        except ValueError:
            return None
        return open_chat(sealed, keys=self._keys, school=self._scoped.school, place=place)

    def forget_told(self) -> int:
        """See Chats. A chat and its delivery are kept in one commit, so that neither is ever seen without the other."""
        wanted = select(delivery.c.recipient).where(
            delivery.c.school_id == self._scoped.school,
            delivery.c.to_kind == To.CHAT.value,
            delivery.c.recipient == vault_chat.c.id,
            delivery.c.state.in_([state.value for state in ON_ITS_WAY]),
        )
        gone = self._scoped.delete(vault_chat).where(~wanted.exists()).returning(vault_chat.c.id)
        return len(self._scoped.all(gone))
