"""Sessions of signed-in people: in memory only, worth nothing without the cookie."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nacl.secret import SecretBox

from bot.clock import Clock
from school.sensitive import SecretKey

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)


@dataclass
class _Kept:
    school: str
    person: str
    sealed: bytes = field(repr=False)
    started: datetime
    touched: datetime


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, with the key that opens their reports. `csrf` goes into every form of the session."""

    person: str
    key: SecretKey
    csrf: str = field(repr=False)


class Sessions:
    """The cookie is a random id of 256 bits; kept are its SHA-256 and the private key sealed under the id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[bytes, _Kept] = {}

    def start(self, *, school: str, person: str, key: SecretKey) -> str:
        """A new session; the value of its cookie."""
        cookie = secrets.token_urlsafe(32)
        now = self._clock.now()
        self._sweep(now)
        sealed = bytes(_box(cookie).encrypt(key.reveal()))
        self._kept[_mark(cookie)] = _Kept(school=school, person=person, sealed=sealed, started=now, touched=now)
        return cookie

    def find(self, cookie: str | None, *, school: str) -> SignedIn | None:
        """The session behind a cookie, kept alive by this; None where there is none or its time is up."""
        kept = self._kept.get(_mark(cookie)) if cookie else None
        if cookie is None or kept is None or kept.school != school:
            return None
        now = self._clock.now()
        if _over(kept, now):
            self.end(cookie)
            return None
        kept.touched = now
        return SignedIn(kept.person, SecretKey(_box(cookie).decrypt(kept.sealed)), _csrf(cookie))

    def end(self, cookie: str | None) -> None:
        """Sign out."""
        if cookie:
            self._kept.pop(_mark(cookie), None)

    def _sweep(self, now: datetime) -> None:
        for mark in [mark for mark, kept in self._kept.items() if _over(kept, now)]:
            del self._kept[mark]


def same(given: str, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _over(kept: _Kept, now: datetime) -> bool:
    return now - kept.touched >= IDLE or now - kept.started >= LONGEST


def _mark(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def _box(cookie: str) -> SecretBox:
    return SecretBox(hashlib.blake2b(cookie.encode(), digest_size=SecretBox.KEY_SIZE, person=b"session key").digest())


def _csrf(cookie: str) -> str:
    return hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()
