"""Trouble on order: planted for the next calls of a method."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.playground.slack.errors import SlackError


@dataclass(frozen=True)
class TooMany:
    """A 429 with `Retry-After: retry_after` seconds; nothing is carried out."""

    retry_after: int


@dataclass(frozen=True)
class ServerError:
    """A 5xx; `carried_out` says whether the call took effect all the same."""

    status: int = 503
    carried_out: bool = False


@dataclass(frozen=True)
class Refuse:
    """Any of Slack's own refusals, by its code: `Refuse("account_inactive")`."""

    code: str


@dataclass(frozen=True)
class Stall:
    """No answer until `Faults.release()`; then the call goes on. `carried_out` says whether it took effect before."""

    carried_out: bool = False


@dataclass(frozen=True)
class Drop:
    """The connection breaks in the middle of the answer; `carried_out` says whether the call took effect."""

    carried_out: bool = True


Fault = TooMany | ServerError | Refuse | Stall | Drop


@dataclass
class Faults:
    """What is planted, by method; `*` stands for any method, `response_url` for a post to one."""

    planted: list[tuple[str, Fault]] = field(default_factory=list)
    stalled: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Plant `fault` for the next `times` calls of `method`, behind those planted before."""
        self.planted += [(method, fault)] * times

    def take(self, method: str) -> Fault | None:
        """The fault that is due for this call, which is thereby used up."""
        for place, (wanted, fault) in enumerate(self.planted):
            if wanted in {"*", method}:
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


@dataclass
class RateLimiter:
    """One message a second to a channel, with a burst.

    Source: https://docs.slack.dev/apis/web-api/rate-limits/#posting-messages.

    Slack says "short bursts" and gives no figure; 3 is our guess. `seconds` is a clock that only moves forward.
    """

    seconds: Callable[[], float]
    burst: int = 3
    _sent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def admit(self, channel_id: str) -> None:
        """Count one message to a channel.

        Raises:
            SlackError: `ratelimited`, 429; it costs nothing.
        """
        now, sent = self.seconds(), self._sent[channel_id]
        while sent and now - sent[0] >= self.burst:
            sent.popleft()
        if len(sent) >= self.burst:
            raise SlackError("ratelimited", status=429, retry_after=1)
        sent.append(now)
