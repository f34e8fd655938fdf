"""The counter: what the async edges see of the desk. A thread pool a lane, so that news never holds up a child."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot.desk.reception import Reception
from bot.desk.verbs import SAFEGUARDING
from bot.wire import Answer, Incoming
from school.notices import Lane
from school.sensitive import SecretKey, Sensitive

Value = TypeVar("Value")
THREADS = {Lane.SAFEGUARDING: 4, Lane.REPLIES: 4, Lane.BULK: 2}


class Counter:
    """Implements FrontDesk over a Reception."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._pools = {lane: ThreadPoolExecutor(count, f"desk-{lane}") for lane, count in THREADS.items()}

    async def run(self, lane: Lane, work: Callable[[], Value]) -> Value:
        """Do plain work in a thread of a lane."""
        return await asyncio.get_running_loop().run_in_executor(self._pools[lane], work)

    async def ask(self, incoming: Incoming) -> Answer:
        """See FrontDesk."""
        return await self.run(_lane(incoming), partial(self._reception.receive, incoming))

    async def give_up(self, incoming: Incoming) -> bool:
        """See FrontDesk."""
        return await self.run(_lane(incoming), partial(self._reception.give_up, incoming))

    async def unlock(self, *, school: str, person: str, passphrase: Sensitive) -> SecretKey:
        """See FrontDesk."""
        work = partial(self._reception.unlock, school=school, person=person, passphrase=passphrase)
        return await self.run(Lane.SAFEGUARDING, work)

    async def enrol(self, *, school: str, code: Sensitive, passphrase: Sensitive) -> str:
        """See FrontDesk."""
        work = partial(self._reception.enrol, school=school, code=code, passphrase=passphrase)
        return await self.run(Lane.SAFEGUARDING, work)

    def close(self) -> None:
        """Let what is under way finish, and take nothing new."""
        for pool in self._pools.values():
            pool.shutdown(wait=True)


def _lane(incoming: Incoming) -> Lane:
    return Lane.SAFEGUARDING if incoming.verb in SAFEGUARDING else Lane.REPLIES
