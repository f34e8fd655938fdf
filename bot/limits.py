"""How much may come through in a while: the one bucket that every limit of ours counts with."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock

# Beyond this many keys, those that are full again are forgotten.
MANY = 10_000
TEN_MINUTES = timedelta(minutes=10)


@dataclass
class Bucket:
    """Lets `size` through at once and as many again in each `refill`, by key."""

    clock: Clock
    size: int
    refill: timedelta = TEN_MINUTES
    _levels: dict[bytes, tuple[float, datetime]] = field(default_factory=dict, repr=False)

    def take(self, key: bytes = b"") -> bool:
        """Use one up; False where there is none."""
        now = self.clock.now()
        level = self._level(key, now)
        if len(self._levels) > MANY:
            self._forget(now)
        self._levels[key] = (level - 1 if level >= 1 else level, now)
        return level >= 1

    def _level(self, key: bytes, now: datetime) -> float:
        level, since = self._levels.get(key, (float(self.size), now))
        return min(float(self.size), level + (now - since) / self.refill * self.size)

    def _forget(self, now: datetime) -> None:
        for key in [key for key, (_, since) in self._levels.items() if now - since > self.refill]:
            del self._levels[key]


# A child who writes line by line may send so many in ten minutes; more is held for sorting, and none is refused.
FROM_ONE_SENDER = 30
# A family with several children types one code each, and mistypes some; who guesses needs millions of millions.
CODES_OF_ONE_SENDER = 10


@dataclass
class Senders:
    """Who writes in a chat faster than a person in trouble does. Known to this process alone, for ten minutes."""

    clock: Clock
    _of_one: Bucket = field(init=False, repr=False)
    _codes: Bucket = field(init=False, repr=False)
    # Reports are taken by several threads.
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._of_one = Bucket(self.clock, FROM_ONE_SENDER)
        self._codes = Bucket(self.clock, CODES_OF_ONE_SENDER)

    def flood(self, *, school: str, via: str, address: str) -> bool:
        """Count one of a sender's; whether there were too many lately."""
        with self._turn:
            return not self._of_one.take(_key(school, via, address))

    def may_try(self, *, school: str, via: str, address: str) -> bool:
        """Count one code that a sender tries; whether it is looked at at all."""
        with self._turn:
            return self._codes.take(_key(school, via, address))


def _key(school: str, via: str, address: str) -> bytes:
    return f"{school}\0{via}\0{address}".encode("utf-8", "surrogatepass")
