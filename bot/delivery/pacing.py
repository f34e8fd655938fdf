"""Pacing: how fast each key may go. Pure; the shared row is the store's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """So many a second, with so many at once."""

    per_second: float
    burst: int


# Telegram: about 30 a second in all, one a second in a chat, 20 a minute in a group (core.telegram.org/bots/faq,
# "broadcasting to users"); 29.4 with a burst of 1 because jitter at 30 breaks the limit (measured).
TELEGRAM_ALL, TELEGRAM_CHAT, TELEGRAM_GROUP = Rate(29.4, 1), Rate(1, 1), Rate(20 / 60, 1)
# Slack: one message a second in a channel, several hundred a minute in a workspace (docs.slack.dev, rate limits).
SLACK_TEAM, SLACK_CHANNEL = Rate(5, 5), Rate(1, 1)
OTHERS = Rate(10, 10)


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
