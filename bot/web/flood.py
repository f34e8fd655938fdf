"""Limits that slow a flood down and let a class through: buckets, patience, growing waits."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from bot.clock import Clock

# Beyond this many sources, those that are full again are forgotten.
MANY = 10_000


@dataclass
class Bucket:
    """Lets `size` through at once and as many again in each `refill`, by key."""

    clock: Clock
    size: int
    refill: timedelta
    _levels: dict[bytes, tuple[float, datetime]] = field(default_factory=dict, repr=False)

    def take(self, key: bytes = b"") -> bool:
        """Use one up; False where there is none."""
        now = self.clock.now()
        level, since = self._levels.get(key, (float(self.size), now))
        level = min(float(self.size), level + (now - since) / self.refill * self.size)
        if len(self._levels) > MANY:
            self._forget(now)
        self._levels[key] = (level - 1 if level >= 1 else level, now)
        return level >= 1

    def _forget(self, now: datetime) -> None:
        for key in [key for key, (_, since) in self._levels.items() if now - since > self.refill]:
            del self._levels[key]


class Sources:
    """Where requests come from, as marks that mean nothing outside this process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def mark(self, host: str) -> bytes:
        """A keyed hash of an address; an IPv6 network of 64 bits is one source."""
        try:
            address = ip_address(host)
        except ValueError:
            address = None
        if isinstance(address, IPv6Address):
            host = address.exploded[:19]
        return hashlib.blake2b(host.encode(), key=self._key, digest_size=16).digest()


class Patience:
    """Tickets for whoever was asked to wait: good once, for one form, when the wait is over."""

    def __init__(self, clock: Clock, *, wait: timedelta, good_for: timedelta) -> None:
        self.wait = wait
        self._clock = clock
        self._good_for = good_for
        self._key = secrets.token_bytes(32)
        self._used: dict[str, datetime] = {}

    def ticket(self, once: str) -> str:
        """A ticket for the form with this mark."""
        opens = int((self._clock.now() + self.wait).timestamp())
        return f"{opens}.{self._mac(opens, once)}"

    def accepts(self, ticket: str, once: str) -> bool:
        """Whether the wait was kept; uses the ticket up."""
        opens, _, mac = ticket.partition(".")
        if not (opens.isascii() and opens.isdecimal() and len(opens) < 12):
            return False
        if not hmac.compare_digest(mac.encode(), self._mac(int(opens), once).encode()):
            return False
        now = self._clock.now()
        waited = now.timestamp() - int(opens)
        self._used = {used: until for used, until in self._used.items() if until > now}
        if not 0 <= waited <= self._good_for.total_seconds() or ticket in self._used:
            return False
        self._used[ticket] = now + self._good_for
        return True

    def _mac(self, opens: int, once: str) -> str:
        return hmac.new(self._key, f"{opens}.{once}".encode(), hashlib.sha256).hexdigest()


@dataclass
class GrowingWaits:
    """Wrong tries by key: the first few are free, then each waits twice as long as the one before."""

    clock: Clock
    free: int = 3
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=15)
    forgotten_after: timedelta = timedelta(hours=1)
    _tries: dict[bytes, tuple[int, datetime]] = field(default_factory=dict, repr=False)

    def attempt(self, key: bytes) -> timedelta:
        """Count a try before it is made; what is left to wait, zero where it may be made.

        A try that comes too early is not counted: waiting is the whole penalty.
        """
        now = self.clock.now()
        if len(self._tries) > MANY:
            self._tries = {each: at for each, at in self._tries.items() if now - at[1] < self.forgotten_after}
        count, last = self._tries.get(key, (0, now))
        if now - last >= self.forgotten_after:
            count = 0
        left = self._wait(count) - (now - last)
        if count and left > timedelta(0):
            return left
        self._tries[key] = (count + 1, now)
        return timedelta(0)

    def clear(self, key: bytes) -> None:
        """It was the right passphrase."""
        self._tries.pop(key, None)

    def _wait(self, count: int) -> timedelta:
        if count < self.free:
            return timedelta(0)
        return min(self.longest, self.first * float(2 ** min(count - self.free, 20)))
