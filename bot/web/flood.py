"""What tells a flood from a class: sources, signs of a machine, patience, growing waits."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from bot.clock import Clock
from bot.limits import MANY, TEN_MINUTES, Bucket
from school.sensitive import Sensitive


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


# A report may be pasted in; but nobody opens a form, reads what to know first and answers in less.
HURRIED = timedelta(seconds=3)
# Two who write no more than “help me” are not thought to be one machine.
SHORTEST_COPY = 20
# What shows signs of a machine: so much a source and a school is let through like any other in ten minutes.
SIGNS_OF_ONE_SOURCE, SIGNS_OF_A_SCHOOL = 10, 40
# What shows none: a whole assembly behind one address is below the first, one household below the second.
OF_A_SCHOOL, OF_ONE_SOURCE = 400, 60


class Gauge:
    """Whether a report comes in a flood. It is then held for sorting; none is ever refused for it.

    Never by an address alone: 300 pupils are behind one. What shows no sign of a machine is held where the school gets
    more than an assembly could write *and* that source sends more than a household could. What does show one (it came
    faster than a person can write, or in the same words as another) is held once a few such have come.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._copies: dict[bytes, tuple[datetime, bytes]] = {}
        self._signs_of_one = Bucket(clock, SIGNS_OF_ONE_SOURCE)
        self._signs_of_school = Bucket(clock, SIGNS_OF_A_SCHOOL)
        self._of_school = Bucket(clock, OF_A_SCHOOL)
        self._of_one = Bucket(clock, OF_ONE_SOURCE)

    def flood(self, school: str, source: bytes, *, form: str, age: timedelta, words: Sensitive) -> bool:
        """Count a report. `age` is how long its form was open; `words` leave a keyed hash here for ten minutes.

        The same words by the same `form` are no copy: they were sent again after something went wrong.
        """
        whole, one = school.encode(), b"\0".join((school.encode(), source))
        copied = self._copied(whole, form, words)
        if copied or age < HURRIED:
            # Both are counted, so that a source with none left uses up none of the school's.
            return not (self._signs_of_one.take(one) and self._signs_of_school.take(whole))
        room = self._of_one.take(one)
        return not (self._of_school.take(whole) or room)

    def _copied(self, school: bytes, form: str, words: Sensitive) -> bool:
        now = self._clock.now()
        while self._copies and now - next(iter(self._copies.values()))[0] >= TEN_MINUTES:
            self._copies.pop(next(iter(self._copies)))
        said = " ".join(words.reveal().casefold().split())
        if len(said) < SHORTEST_COPY:
            return False
        name = self._mark(b"\0".join((school, said.encode("utf-8", "surrogatepass"))))
        by = self._mark(form.encode())
        _, first = self._copies.pop(name, (now, by))
        self._copies[name] = (now, first)  # at the end again, so that the oldest stand first
        return first != by

    def _mark(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, key=self._key, digest_size=16).digest()
