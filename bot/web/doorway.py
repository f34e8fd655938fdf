"""The doorway of the open forms: how many may come through at once, what came already, what is held for sorting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.clock import Clock
from bot.limits import Bucket
from bot.web.flood import Gauge, Patience, Sources
from bot.web.once import Once, Taken
from school.sensitive import Sensitive

# Far beyond any school: here alone is somebody asked to wait, with their words still before them, so that the machine
# stays on its feet. Each in ten minutes.
FROM_ONE_SOURCE, FROM_EVERYWHERE, PATIENT = 1_000, 4_000, 300
# Questions with a receipt: an assembly that comes back to ask.
QUESTIONS = 400
# What is held takes its slow hash two at a time, so that a report that is not held never stands behind it.
HELD_AT_ONCE, HELD_IN_LINE = 2, 100


class Doorway:
    """What all schools' open forms share."""

    def __init__(self, clock: Clock) -> None:
        self.sources = Sources()
        self.once = Once(clock)
        self.taken = Taken()
        self.patience = Patience(clock, wait=timedelta(seconds=15), good_for=timedelta(minutes=30))
        self._gauge = Gauge(clock)
        self._of_one = Bucket(clock, FROM_ONE_SOURCE)
        self._of_all = Bucket(clock, FROM_EVERYWHERE)
        self._patient = Bucket(clock, PATIENT)
        self._questions = Bucket(clock, QUESTIONS)
        self._held = asyncio.Semaphore(HELD_AT_ONCE)
        self._in_line = 0

    def lets_in(self, source: str, *, ticket: str, once: str) -> bool:
        """Whether a form may be handled now: there is room, or its sender has waited as asked."""
        if self._of_one.take(self.sources.mark(source)) and self._of_all.take():
            return True
        return self.patience.accepts(ticket, once) and self._patient.take()

    def answers(self, source: str) -> bool:
        """Whether one more question may be asked now."""
        return self._questions.take(self.sources.mark(source))

    def flood(self, school: str, source: str, *, form: str, age: timedelta, words: Sensitive) -> bool:
        """Whether a report is held for sorting: see Gauge."""
        return self._gauge.flood(school, self.sources.mark(source), form=form, age=age, words=words)

    def joins_line(self) -> bool:
        """Take a place in the line of those to be held; False where it is full, and one more has to come again."""
        if self._in_line >= HELD_IN_LINE:
            return False
        self._in_line += 1
        return True

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The turn of whoever has a place in the line, which is free again afterwards."""
        try:
            async with self._held:
                yield
        finally:
            self._in_line -= 1
