"""The counter: what the async edges see of the desk. A thread pool a lane, so that news never holds up a child."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.desk.reception import Reception
from bot.desk.verbs import SAFEGUARDING, VERBS
from bot.keydesk import KeyDesk
from bot.logs import log
from bot.wire import DELIVER_AGAIN, Answer, Incoming, Show
from school.notices import Lane

Value = TypeVar("Value")
Mark = tuple[str, str, str, str]
THREADS = {Lane.SAFEGUARDING: 4, Lane.REPLIES: 4, Lane.BULK: 2}


class Counter:
    """Implements FrontDesk over a Reception."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._pools = {lane: ThreadPoolExecutor(count, f"desk-{lane}") for lane, count in THREADS.items()}
        # What this process has begun to handle, until it is written that the answer went out.
        self._in_flight: set[Mark] = set()
        # What is at the desk at this moment: the same once more waits until it is known what became of the first.
        self._at_the_desk: dict[Mark, asyncio.Future[None]] = {}
        self._answered: list[Incoming] = []
        self._writing: asyncio.Task[None] | None = None

    async def run(self, lane: Lane, work: Callable[[], Value]) -> Value:
        """Do plain work in a thread of a lane."""
        return await asyncio.get_running_loop().run_in_executor(self._pools[lane], work)

    async def ask(self, incoming: Incoming) -> Answer:
        """See FrontDesk. What comes again while the first is at the desk waits: either might be taken for the first."""
        marks = _marks(incoming)
        while first := next((self._at_the_desk[mark] for mark in marks if mark in self._at_the_desk), None):
            await asyncio.wait({first})
        done = asyncio.get_running_loop().create_future()
        self._at_the_desk |= dict.fromkeys(marks, done)
        try:
            return await self._ask(incoming, marks)
        finally:
            for mark in marks:
                del self._at_the_desk[mark]
            done.set_result(None)

    async def _ask(self, incoming: Incoming, marks: frozenset[Mark]) -> Answer:
        began = time.monotonic()
        in_flight = not self._in_flight.isdisjoint(marks)
        begun = frozenset[Mark]() if in_flight else marks
        self._in_flight |= begun
        try:
            work = partial(self._reception.receive, incoming, in_flight=in_flight)
            answer = await self.run(_lane(incoming), work)
            while answer.go_on:
                rest = replace(incoming, args={**incoming.args, **answer.go_on}, transport_id=None, semantic_id=None)
                answer = await self.run(_lane(incoming), partial(self._reception.receive, rest))
        except BaseException as error:
            self._in_flight -= begun
            _note(incoming, "failed", began, error)
            raise
        _note(incoming, _outcome(answer), began)
        if answer.show is Show.SILENT:
            self._in_flight -= begun
        else:
            self._in_flight |= marks
        return answer

    def answered(self, incoming: Incoming, *, sent: bool = True) -> None:
        """See FrontDesk. Written in groups: whatever is said while one is being written makes up the next."""
        marks = _marks(incoming)
        if self._in_flight.isdisjoint(marks):
            return  # nothing of it was kept: an apology, or no id to know it by
        if not sent:
            self._in_flight -= marks
            return
        self._answered.append(incoming)
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._answered:
                group, self._answered = self._answered, []
                try:
                    await self.run(Lane.REPLIES, partial(self._reception.answered, group))
                except Exception as error:  # noqa: BLE001 - they have their answers; this process stays silent on them
                    self._answered = [*group, *self._answered]
                    log("desk.answered_not_kept", level=logging.WARNING, count=len(group), error=error)
                    return  # tried again with the next answer, and at the stop
                for each in group:
                    self._in_flight -= _marks(each)
        finally:
            self._writing = None

    async def give_up(self, incoming: Incoming) -> bool:
        """See FrontDesk."""
        return await self.run(_lane(incoming), partial(self._reception.give_up, incoming))

    async def keys(self, work: Callable[[KeyDesk], Value]) -> Value:
        """See FrontDesk."""
        return await self.run(Lane.SAFEGUARDING, partial(work, self._reception.locksmith))

    def close(self) -> None:
        """Let what is under way finish, and take nothing new."""
        for pool in self._pools.values():
            pool.shutdown(wait=True)
        group, self._answered = self._answered, []
        try:
            self._reception.answered(group)
        except Exception as error:  # noqa: BLE001 - the worst of it is an answer given twice
            log("desk.answered_not_kept", level=logging.WARNING, count=len(group), error=error)


def _note(incoming: Incoming, outcome: str, began: float, error: BaseException | None = None) -> None:
    """A line for every Incoming. A verb that is none of ours may be somebody's words, and is not written."""
    log(
        "desk.handled",
        correlation=incoming.correlation,
        school=incoming.school,
        via=incoming.via,
        verb=incoming.verb if incoming.verb in VERBS else "unknown",
        outcome=outcome,
        duration_ms=(time.monotonic() - began) * 1000,
        error=error,
    )


def _outcome(answer: Answer) -> str:
    if answer.refused:
        return "refused"
    return "silent" if answer.show is Show.SILENT else "done"


def _lane(incoming: Incoming) -> Lane:
    return Lane.SAFEGUARDING if incoming.verb in SAFEGUARDING else Lane.REPLIES


def _marks(incoming: Incoming) -> frozenset[Mark]:
    """What a redelivery is known by; none where nothing delivers again."""
    if incoming.via not in DELIVER_AGAIN:
        return frozenset()
    ids = {"transport": incoming.transport_id, "semantic": incoming.semantic_id}
    return frozenset((incoming.school, incoming.via.value, name, known) for name, known in ids.items() if known)
