"""Whose turn it is: what only one of several processes on one database may do at a time, school by school."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery.ports import InThread
from bot.logs import log
from bot.storage import Leases
from school.notices import Lane

# Of two who ask for a bot's updates at once one gets 409 (core.telegram.org/bots/api#getupdates). A question takes half
# a minute, so that whoever asks keeps it meanwhile; and a child's words wait no longer than this for another asker.
ASKING, ASKING_LENGTH = "telegram updates", timedelta(seconds=9)
# A school's news goes from one process: what is one chat's second, or one bot's thirtieth, is then known in one place.
SENDING, SENDING_LENGTH = "news", timedelta(seconds=15)


@dataclass(kw_only=True)
class LeasedTurns:
    """Implements bot.delivery.ports.Turns by a lease a school. `alone`: there is no other process on this database."""

    leases: Leases
    name: str
    length: timedelta
    in_thread: InThread
    clock: Clock
    alone: bool
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    # Until when each is held; renewed once a third of its length is over.
    _held: dict[str, datetime] = field(default_factory=dict)

    async def ours(self, school: str) -> bool:
        """Whether it is this process's turn; where nobody can say, it is not."""
        now = self.clock.now()
        if self.alone or self._held.get(school, now) - now > self.length * 2 / 3:
            return True
        work = partial(self.leases.hold, school, self.name, holder=self.holder, machine_now=now, length=self.length)
        try:
            held = await self.in_thread(Lane.REPLIES, work)
        except Exception as error:  # noqa: BLE001 - the database is away: nobody begins anything anew
            log("turns.unknown", level=logging.WARNING, school=school, state=self.name, error=error)
            return False
        if held:
            if school not in self._held:
                log("turns.ours", level=logging.DEBUG, school=school, state=self.name)
            self._held[school] = now + self.length
        else:
            self._held.pop(school, None)
        return held

    async def keep(self) -> None:
        """Renew what is held, until cancelled: for turns that last longer than their length."""
        while True:
            await asyncio.sleep(self.length.total_seconds() / 3)
            for school in tuple(self._held):
                self._held[school] = self.clock.now()  # as good as over, so that it is asked for anew
                await self.ours(school)

    async def over(self, school: str) -> None:
        """Let another process have it at once. Raises nothing."""
        if self._held.pop(school, None) is None:
            return
        try:
            await self.in_thread(Lane.REPLIES, partial(self.leases.give_back, school, self.name, holder=self.holder))
        except Exception as error:  # noqa: BLE001 - it lapses by itself
            log("turns.kept", level=logging.WARNING, school=school, state=self.name, error=error)

    async def all_over(self) -> None:
        """The same for every school, at a stop."""
        for school in tuple(self._held):
            await self.over(school)
