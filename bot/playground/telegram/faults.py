"""Trouble on order: refusals planted for the next calls, and a flood limiter that can be switched on."""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.telegram.errors import ApiError, too_many


@dataclass(frozen=True)
class TooMany:
    """A 429 that asks for `retry_after` seconds; nothing is carried out."""

    retry_after: int


@dataclass(frozen=True)
class ServerError:
    """A 5xx; `carried_out` says whether the call took effect all the same."""

    status: int = 502
    carried_out: bool = False


@dataclass(frozen=True)
class Stall:
    """No answer until `Faults.release()`, or until the caller hangs up; then the call is not carried out."""

    carried_out: bool = False


@dataclass(frozen=True)
class Drop:
    """The connection breaks in the middle of the answer; `carried_out` says whether the call took effect."""

    carried_out: bool = True


@dataclass(frozen=True)
class Refuse:
    """Any other refusal, word for word."""

    error: ApiError


Fault = TooMany | ServerError | Stall | Drop | Refuse


@dataclass
class Faults:
    """What is planted, by method; `*` stands for any method."""

    planted: list[tuple[str, Fault]] = field(default_factory=list)
    stalled: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Plant `fault` for the next `times` calls of `method`, behind those planted before."""
        self.planted += [(method.lower(), fault)] * times

    def take(self, method: str) -> Fault | None:
        """The fault that is due for this call, which is thereby used up."""
        for place, (wanted, fault) in enumerate(self.planted):
            if wanted in {"*", method.lower()}:
                del self.planted[place]
                return fault
        return None

    def release(self) -> None:
        """Let every stalled call go on."""
        self._released.set()
        self._released = asyncio.Event()

    async def stall(self) -> None:
        """Wait for `release`."""
        self.stalled += 1
        try:
            await self._released.wait()
        finally:
            self.stalled -= 1


@dataclass(frozen=True)
class Rate:
    """At most `count` in any window of `seconds`."""

    count: int
    seconds: float


@dataclass
class FloodLimiter:
    """The published limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

    The real figures vary by bot and time; that one chat bears a burst of three is our guess. A refused call costs
    nothing. `seconds` is any clock that only moves forward, in seconds.
    """

    seconds: Callable[[], float]
    everything: Rate = Rate(30, 1)
    one_chat: Rate = Rate(3, 3)
    one_group: Rate = Rate(20, 60)
    _sent: dict[tuple[int, int | None], deque[float]] = field(default_factory=dict)

    def admit(self, bot_id: int, chat_id: int) -> None:
        """Count one message to a chat.

        Raises:
            ApiError: 429 with the whole seconds to wait.
        """
        now = self.seconds()
        bot = self._sent.setdefault((bot_id, None), deque(maxlen=self.everything.count))
        chat = self._sent.setdefault((bot_id, chat_id), deque(maxlen=max(self.one_chat.count, self.one_group.count)))
        waits = [_wait(bot, self.everything, now), _wait(chat, self.one_chat, now)]
        if chat_id < 0:
            waits.append(_wait(chat, self.one_group, now))
        if max(waits) > 0:
            raise too_many(max(1, math.ceil(max(waits))))
        bot.append(now)
        chat.append(now)


def _wait(sent: deque[float], rate: Rate, now: float) -> float:
    """The seconds until `rate` allows one more."""
    return sent[-rate.count] + rate.seconds - now if len(sent) >= rate.count else 0
