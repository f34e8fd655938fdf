"""Whose turn it is to ask: of all processes on one database, one asks Telegram for a bot's updates at a time."""

import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery.ports import InThread
from bot.logs import log
from bot.storage import Leases
from school.notices import Lane

ASKING = "telegram updates"
# Longer than one question takes (half a minute, and ten seconds for the line), so that the asker renews it in time.
LENGTH = timedelta(seconds=75)


@dataclass(kw_only=True)
class AskingTurns:
    """A lease a bot (core.telegram.org/bots/api#getupdates: two who ask at once get 409). `alone`: nobody else is."""

    leases: Leases
    in_thread: InThread
    clock: Clock
    alone: bool
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    _held: set[str] = field(default_factory=set)

    async def ours(self, school: str) -> bool:
        """Whether this process may ask now; where nobody can say, it may not."""
        if self.alone:
            return True
        now = self.clock.now()
        work = partial(self.leases.hold, school, ASKING, holder=self.holder, machine_now=now, length=LENGTH)
        try:
            held = await self.in_thread(Lane.REPLIES, work)
        except Exception as error:  # noqa: BLE001 - the database is away: what is not asked for waits with Telegram
            log("telegram.no_turn", level=logging.WARNING, school=school, error=error)
            return False
        if held and school not in self._held:
            log("telegram.asking", school=school)
        (self._held.add if held else self._held.discard)(school)
        return held

    async def give_back(self) -> None:
        """Let another process ask at once. Raises nothing."""
        for school in tuple(self._held):
            try:
                await self.in_thread(Lane.REPLIES, partial(self.leases.give_back, school, ASKING, holder=self.holder))
            except Exception as error:  # noqa: BLE001 - it lapses by itself
                log("telegram.turn_kept", level=logging.WARNING, school=school, error=error)
            self._held.discard(school)
