"""A message of a chat by its number and its times, as the platform counts and tells them; never whose chat it is."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

# Telegram counts (core.telegram.org/bots/api#message); a number of Slack's is its time (docs.slack.dev/messaging).
_NUMBER = re.compile(r"[0-9]{1,16}(\.[0-9]{1,9})?")
# A channel of Slack's, which many read. A direct message has another letter, and says who wrote: it is none.
_CHANNEL = re.compile(r"C[A-Z0-9]{1,20}")
_NONE = "-"


@dataclass(frozen=True, kw_only=True)
class ChatMessage:
    """`edited` is when its words became what they are now. `channel` is given only where whoever is there is no secret.

    Raises ValueError where something else stands in it: an address that went in by mistake would be somebody's name.
    """

    number: str
    at: datetime
    edited: datetime | None = None
    channel: str = ""

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number) or (self.channel and not _CHANNEL.fullmatch(self.channel)):
            raise ValueError("no number of a message, or no open channel")
        if self.at.tzinfo is None or (self.edited is not None and self.edited.tzinfo is None):
            raise ValueError("a time without its zone")

    def spelt(self) -> str:
        """As one line, with its times in UTC."""
        edited = _NONE if self.edited is None else _iso(self.edited)
        return " ".join((self.number, _iso(self.at), edited, self.channel or _NONE))


def spoken_message(spelt: str) -> ChatMessage | None:
    """None for what is none."""
    try:
        number, at, edited, channel = spelt.split(" ")
        return ChatMessage(
            number=number,
            at=datetime.fromisoformat(at),
            edited=None if edited == _NONE else datetime.fromisoformat(edited),
            channel="" if channel == _NONE else channel,
        )
    except ValueError:
        return None


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
