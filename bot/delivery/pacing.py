"""Pacing: how fast each key may go, and who may go when. Pure; the shared rows are the store's.

GCRA, the generic cell rate algorithm (ITU-T I.371, annex A): a bucket keeps the instant `tat` at which its next message
would be exactly on time. Times are seconds since 1970 by the machine's clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.wire import Bucket


@dataclass(frozen=True)
class Rate:
    """So many a second, with so many at once."""

    per_second: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds from one message to the next."""
        return 1 / self.per_second


# Telegram: about 30 a second in all, one a second in a chat, 20 a minute in a group (core.telegram.org/bots/faq,
# "broadcasting to users"); 29.4 with a burst of 1 because jitter at 30 breaks the limit (measured).
TELEGRAM_ALL, TELEGRAM_CHAT, TELEGRAM_GROUP = Rate(29.4, 1), Rate(1, 1), Rate(20 / 60, 1)
# Slack: one message a second in a channel, several hundred a minute in a workspace (docs.slack.dev, rate limits).
SLACK_TEAM, SLACK_CHANNEL = Rate(5, 5), Rate(1, 1)
OTHERS = Rate(10, 10)
# Telegram holds only what nobody asked for to its 30 a second (grammy.dev/advanced/flood). Answers count, so that news
# makes room for them, but a fifth of a second's worth may go ahead of their turn.
REPLIES_AHEAD = 6


def rate_of(key: str) -> Rate:
    """The rate of a pacing key such as `tg:123`, `tg:123:chat:-45` or `sl:T1:chan:C2`."""
    parts = key.split(":")
    if parts[0] == "tg":
        if len(parts) == 2:
            return TELEGRAM_ALL
        return TELEGRAM_GROUP if parts[-1].startswith("-") else TELEGRAM_CHAT
    if parts[0] == "sl":
        return SLACK_TEAM if len(parts) == 2 else SLACK_CHANNEL
    return OTHERS


def reply_rate_of(key: str) -> Rate:
    """The rate at which answers go: a key of a whole bot lets a few go ahead of their turn."""
    rate = rate_of(key)
    return replace(rate, burst=max(rate.burst, REPLIES_AHEAD)) if len(key.split(":")) == 2 else rate


@dataclass(frozen=True)
class Slot:
    """When a message may go; `granted` is False where that is too far off to be waited for, and nothing was counted."""

    at: float
    granted: bool = True


Buckets = Mapping[str, Bucket]
Rates = Mapping[str, Rate]


def next_slot(bucket: Bucket, rate: Rate, now: float) -> float:
    """The earliest instant at which a key lets the next message go."""
    on_time = bucket.tat - (rate.burst - 1) * rate.interval
    return max(now, on_time, bucket.blocked_until or now)


def book(
    buckets: Buckets,
    wants: Sequence[Sequence[str]],
    rates: Rates,
    *,
    now: float,
    ahead: float,
) -> tuple[dict[str, Bucket], list[Slot]]:
    """Slots for messages in their order, each with the keys it counts against; none further off than `ahead` seconds.

    A message that would have to wait longer is not granted and counts against no key, so that one chat's pause holds
    up no other chat.
    """
    changed: dict[str, Bucket] = dict(buckets)
    slots: list[Slot] = []
    for keys in wants:
        at = max(next_slot(changed[key], rates[key], now) for key in keys) if keys else now
        if at > now + ahead:
            slots.append(Slot(at, granted=False))
            continue
        for key in keys:
            changed[key] = taken(changed[key], rates[key], at)
        slots.append(Slot(at))
    return changed, slots


def taken(bucket: Bucket, rate: Rate, at: float) -> Bucket:
    """The bucket after a message at an instant."""
    return replace(bucket, tat=max(bucket.tat, at) + rate.interval)


def book_reply(
    buckets: Buckets,
    keys: Sequence[str],
    rates: Rates,
    *,
    now: float,
    longest: float,
) -> tuple[dict[str, Bucket], float]:
    """The seconds until an answer's turn. It goes out in any case, and so always counts.

    A key is never booked further ahead than `longest` seconds, so that a flood of answers holds up a notice for no
    longer.
    """
    changed: dict[str, Bucket] = {}
    wait = 0.0
    for key in keys:
        bucket, rate = buckets[key], rates[key]
        at = next_slot(bucket, rate, now)
        wait = max(wait, at - now)
        latest = now + rate.burst * rate.interval + longest
        changed[key] = replace(bucket, tat=min(max(bucket.tat, now) + rate.interval, latest))
    return changed, wait


def blocked(buckets: Buckets, keys: Sequence[str], *, until: float) -> dict[str, Bucket]:
    """A platform said to wait: nothing of these keys goes before then. A longer wait stands."""
    return {key: replace(buckets[key], blocked_until=max(until, buckets[key].blocked_until or 0.0)) for key in keys}
