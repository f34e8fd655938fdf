"""What a signed-in person laid down to be looked at: in memory, sealed under their session, and gone soon."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nacl.secret import SecretBox

from bot.clock import Clock
from school.sensitive import Sensitive

LAID_FOR = timedelta(minutes=15)
# Each holds a file of some megabytes; there are never more readers at work than that.
MOST = 20


@dataclass(frozen=True)
class _Laid:
    sealed: bytes = field(repr=False)
    at: datetime


class Tray:
    """One thing a session. Nothing of it is on a disk, and without the session's cookie nobody can read it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._laid: dict[bytes, _Laid] = {}

    def lay(self, cookie: str, brought: Sensitive) -> None:
        """Instead of what lay there; where the tray is full, instead of what has lain there longest."""
        self._sweep()
        self._laid.pop(_mark(cookie), None)
        while len(self._laid) >= MOST:
            del self._laid[next(iter(self._laid))]
        sealed = bytes(_box(cookie).encrypt(brought.reveal().encode("utf-8", "surrogatepass")))
        self._laid[_mark(cookie)] = _Laid(sealed, self._clock.now())

    def look(self, cookie: str) -> Sensitive:
        """What lies there; empty where nothing does any more."""
        self._sweep()
        laid = self._laid.get(_mark(cookie))
        if laid is None:
            return Sensitive("")
        return Sensitive(bytes(_box(cookie).decrypt(laid.sealed)).decode("utf-8", "surrogatepass"))

    def clear(self, cookie: str) -> None:
        """It is done with."""
        self._laid.pop(_mark(cookie), None)

    def _sweep(self) -> None:
        now = self._clock.now()
        self._laid = {mark: laid for mark, laid in self._laid.items() if now - laid.at < LAID_FOR}


def _mark(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def _box(cookie: str) -> SecretBox:
    return SecretBox(hashlib.blake2b(cookie.encode(), digest_size=SecretBox.KEY_SIZE, person=b"session tray").digest())
