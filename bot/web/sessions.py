"""Sessions of signed-in people, and those who are half-way in: in memory only, worth nothing without the cookie."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from nacl.secret import SecretBox

from bot.clock import Clock
from school.sensitive import SecretKey, Sensitive

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
# From the right passphrase to the code, and how many wrong codes that may take.
HALF_WAY = timedelta(minutes=5)
WRONG_CODES = 5


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

    def end_all(self, *, school: str, person: str) -> None:
        """Sign somebody out everywhere: their passphrase or their key is another now."""
        self._kept = _without(self._kept, school, person)

    def _sweep(self, now: datetime) -> None:
        for mark in [mark for mark, kept in self._kept.items() if _over(kept, now)]:
            del self._kept[mark]


@dataclass
class _Waiting:
    school: str
    person: str
    sealed: bytes = field(repr=False)
    started: datetime
    wanted: str
    wrong: int = 0


@dataclass(frozen=True)
class HalfIn:
    """Who gave the right passphrase, and no code yet. `secret` is what they set up just now, empty where they have.

    `wanted` is the page that they asked for.
    """

    person: str
    key: SecretKey
    secret: Sensitive
    csrf: str = field(repr=False)
    wanted: str = ""


class HalfWay:
    """Kept as sessions are, apart from them, and for five minutes: with its cookie one can give a code and no more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[bytes, _Waiting] = {}

    def start(self, *, school: str, person: str, key: SecretKey, secret: Sensitive, wanted: str = "") -> str:
        """Wait for a code; the value of the cookie."""
        cookie = secrets.token_urlsafe(32)
        now = self._clock.now()
        self._kept = {mark: kept for mark, kept in self._kept.items() if now - kept.started < HALF_WAY}
        sealed = bytes(_box(cookie).encrypt(key.reveal() + secret.reveal().encode()))
        self._kept[_mark(cookie)] = _Waiting(school=school, person=person, sealed=sealed, started=now, wanted=wanted)
        return cookie

    def find(self, cookie: str | None, *, school: str) -> HalfIn | None:
        """Who waits behind a cookie; None where nobody does or the time is up."""
        kept = self._kept.get(_mark(cookie)) if cookie else None
        if cookie is None or kept is None or kept.school != school:
            return None
        if self._clock.now() - kept.started >= HALF_WAY:
            self.end(cookie)
            return None
        opened = _box(cookie).decrypt(kept.sealed)
        key, secret = opened[: SecretBox.KEY_SIZE], opened[SecretBox.KEY_SIZE :]
        return HalfIn(kept.person, SecretKey(key), Sensitive(secret.decode()), _csrf(cookie), kept.wanted)

    def wrong(self, cookie: str | None) -> bool:
        """Count a wrong code; whether that was the last, and the passphrase is asked for again."""
        kept = self._kept.get(_mark(cookie)) if cookie else None
        if kept is None:
            return True
        kept.wrong += 1
        if kept.wrong < WRONG_CODES:
            return False
        self.end(cookie)
        return True

    def end(self, cookie: str | None) -> None:
        """Nobody waits any more."""
        if cookie:
            self._kept.pop(_mark(cookie), None)

    def end_all(self, *, school: str, person: str) -> None:
        """Whatever of somebody's waits."""
        self._kept = _without(self._kept, school, person)


_Entry = TypeVar("_Entry", _Kept, _Waiting)


def _without(kept: Mapping[bytes, _Entry], school: str, person: str) -> dict[bytes, _Entry]:
    return {mark: each for mark, each in kept.items() if (each.school, each.person) != (school, person)}


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
