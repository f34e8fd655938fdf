"""What every pump of a process shares: the rooms' ledger, the journal, and who has had a message when."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock import Clock
from bot.delivery.breaker import Breaker
from bot.delivery.journal import Journal
from bot.delivery.letters import Letter, Preparing
from bot.delivery.pacing import Rate
from bot.delivery.ports import Deliveries, InThread, Pacer
from bot.storage import DeliveryRow
from bot.wire import SendFailed

# Far longer than a claimed row waits for its turn and a platform for its answer (20 s), together. A loop may be told
# another.
LEASE = timedelta(seconds=90)


@dataclass
class Gate:
    """Lets a bot's messages through one at a time, never closer together than its limit allows."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last: float = 0.0


@dataclass(kw_only=True)
class Office:
    """What every pump of a process shares."""

    deliveries: Deliveries
    pacer: Pacer
    preparing: Preparing
    journal: Journal
    gone: Callable[[DeliveryRow, SendFailed], None]
    in_thread: InThread
    school_clock: Clock
    machine_clock: Clock
    sleep: Callable[[float], Awaitable[object]]
    rates: Callable[[str], Rate]
    # How many of this process's messages of a kind may be with a platform at once, over all schools.
    places: asyncio.Semaphore
    lease: timedelta = LEASE
    # How many of a school's rows may be in doubt where limits hold, whatever their kind.
    paced: int = 5
    windows: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    # Until when each chat has had its message, and when each bot sent its last: of this process, by pacing key.
    chats: dict[str, float] = field(default_factory=dict)
    gates: dict[str, "Gate"] = field(default_factory=dict)
    breakers: dict[tuple[str, str], Breaker] = field(default_factory=dict)
    stopping: bool = False

    def breaker(self, letter: Letter) -> Breaker:
        """A school's breaker for a channel."""
        key = letter.row.school, letter.row.channel
        return self.breakers.get(key) or self.breakers.setdefault(key, Breaker())

    def window(self, letter: Letter) -> asyncio.Semaphore:
        """A school's places where limits hold."""
        return self.windows.setdefault(letter.row.school, asyncio.Semaphore(self.paced))

    def seconds(self) -> float:
        """The machine's clock."""
        return self.machine_clock.now().timestamp()
