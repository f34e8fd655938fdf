"""Ids of our own: UUIDs of version 7, which sort by the time they were made."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

COUNTER_BITS = 12
HALF = 1 << COUNTER_BITS - 1


@dataclass
class _Sequence:
    """The last millisecond and its counter, so that ids of one process and one millisecond sort as they were made."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    millisecond: int = -1
    counter: int = 0

    def next(self, millisecond: int) -> tuple[int, int]:
        with self.lock:
            if millisecond == self.millisecond:
                self.counter += 1
            else:
                self.millisecond, self.counter = millisecond, secrets.randbelow(HALF)
            # RFC 9562, 6.2: a counter that runs over may borrow from the time that is to come.
            carried, counter = divmod(self.counter, 1 << COUNTER_BITS)
            return millisecond + carried, counter


_sequence = _Sequence()


def new_id(now: datetime) -> UUID:
    """A UUID of version 7 for an instant (RFC 9562, 5.7); the counter stands in `rand_a`."""
    millisecond, counter = _sequence.next(int(now.timestamp() * 1000))
    return UUID(int=millisecond << 80 | 7 << 76 | counter << 64 | 2 << 62 | secrets.randbits(62))
