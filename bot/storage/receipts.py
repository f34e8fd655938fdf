"""Receipts that are ready before they are needed: deriving one is slow on purpose, and a child does not wait for it."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from safeguarding import Receipt

# A school: so many at least, and one for each form that is opened: after an assembly a class opens thirty. What comes
# faster than they are made waits for its own, as long as it would have without them.
READY, MOST = 2, 32


class ReadyReceipts:
    """A few fresh receipts of each school that somebody seems to be about to use; none is ever given out twice.

    `make` derives one; it runs in a thread of its own, or in the caller's where none is ready. They are kept in memory
    alone, where a report's words pass through too, and belong to nobody until they are given out.
    """

    def __init__(self, make: Callable[[str], Receipt]) -> None:
        self._make = make
        self._ready: dict[str, deque[Receipt]] = {}
        self._wanted: dict[str, int] = {}
        self._making: set[str] = set()
        self._lock = threading.Lock()
        self._maker = ThreadPoolExecutor(1, "receipts")

    def take(self, school: str) -> Receipt:
        """One that nobody has had, at once where one is ready."""
        with self._lock:
            ready = self._ready.get(school)
            taken = ready.popleft() if ready else None
            self._wanted[school] = max(self._wanted.get(school, READY) - 1, READY)
        self._fill(school)
        return taken or self._make(school)

    def expect(self, school: str) -> None:
        """Somebody may soon need one: have some ready, and one more than before. Returns at once."""
        with self._lock:
            self._wanted[school] = min(self._wanted.get(school, READY - 1) + 1, MOST)
        self._fill(school)

    def _fill(self, school: str) -> None:
        with self._lock:
            if school in self._making or len(self._ready.get(school, ())) >= self._wanted.get(school, READY):
                return
            self._making.add(school)
        with contextlib.suppress(RuntimeError):  # the process is ending
            self._maker.submit(self._one_more, school)

    def _one_more(self, school: str) -> None:
        try:
            made = self._make(school)
            with self._lock:
                self._ready.setdefault(school, deque()).append(made)
        finally:
            with self._lock:
                self._making.discard(school)
        self._fill(school)
