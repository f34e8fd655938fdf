"""A circuit breaker a channel: while most of what is sent fails, nothing is sent, and then one message tries."""

from collections import deque
from dataclasses import dataclass, field

# Judged over the newest so many sendings, once there are enough to judge by.
JUDGED, ENOUGH, WORST_SHARE = 20, 5, 0.5
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 300.0
# A try of which nothing is heard, since it was withdrawn before it went, makes room for another.
TRY_SECONDS = 30.0


@dataclass
class Breaker:
    """Pure: told what happened and when, in seconds. Only failures of the channel itself count, never a recipient's.

    Closed, it lets everything through. Open, nothing until a pause is over, which doubles each time; then half open:
    one message tries, and decides.
    """

    first_pause: float = FIRST_PAUSE_SECONDS
    _judged: deque[bool] = field(default_factory=lambda: deque(maxlen=JUDGED))
    _open_until: float | None = None
    _pause: float = 0.0
    _tried: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the channel is being left alone."""
        return self._open_until is not None

    def wait(self, now: float) -> float:
        """Seconds until a message may try; 0 where it may go now. Whoever is told 0 while it is open is the one try."""
        if self._open_until is None:
            return 0.0
        if now < self._open_until:
            return self._open_until - now
        if self._tried is not None and now < self._tried + TRY_SECONDS:
            return self.first_pause
        self._tried = now
        return 0.0

    def succeeded(self) -> bool:
        """A message went out, or was refused for its recipient's sake. True where this closed it again."""
        was_open = self.is_open
        self._judged.append(True)
        if was_open:
            self._judged.clear()
            self._open_until, self._pause, self._tried = None, 0.0, None
        return was_open

    def failed(self, now: float) -> bool:
        """The channel failed. True where this opened it."""
        self._judged.append(False)
        was_open = self.is_open
        if was_open and self._tried is None:
            return False  # one that was on its way when it opened
        bad = self._judged.count(False)
        if was_open or (len(self._judged) >= ENOUGH and bad / len(self._judged) > WORST_SHARE):
            self._pause = min(max(self._pause * 2, self.first_pause), LONGEST_PAUSE_SECONDS)
            self._open_until, self._tried = now + self._pause, None
        return self.is_open and not was_open
