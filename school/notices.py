"""Notices: what other people have to be told, left in the outbox in the transaction that caused it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Lane(StrEnum):
    """Who goes first. Safeguarding before replies before bulk."""

    SAFEGUARDING = "safeguarding"
    REPLIES = "replies"
    BULK = "bulk"


class To(StrEnum):
    """What kind of recipient an id belongs to."""

    PERSON = "person"
    FAMILY = "family"
    CLASS = "class"


class Doubt(StrEnum):
    """What to do with a notice that may or may not have gone out when a process died."""

    LEAVE = "leave"  # stays unknown until a person decides: newsletters
    REPEAT = "repeat"  # goes again, marked as perhaps a repeat: safeguarding


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One page for one recipient.

    `key` is unique in a school: leaving the same notice twice stores it once. `page` is a page's id and `part` the
    section of it, empty for the whole. `values` fill the page's placeholders and may hold nothing that a lock screen
    should not show. `due` and `not_after` are instants in UTC; None is now, and never too late.
    """

    key: str
    to: To
    recipient: str
    page: str
    part: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    lane: Lane = Lane.REPLIES
    due: datetime | None = None
    not_after: datetime | None = None
    doubt: Doubt = Doubt.LEAVE
    campaign: str = ""


class Outbox(Protocol):
    """Where rooms leave notices. The caller commits."""

    def leave(self, notice: Notice) -> bool:
        """Keep it for delivery; False if its key is already there."""

    def withdraw(self, *, to: To, recipient: str) -> int:
        """Skip everything not yet sent to a recipient; how many that was."""
