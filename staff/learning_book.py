"""What is kept of learning beside the duties: who came when, how sure people are, a lead's own log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Since when somebody is in the school file; `new` where others were there before them."""

    person: str
    since: date
    new: bool


@dataclass(frozen=True, kw_only=True)
class SureCount:
    """How many gave an answer to one topic of a period's survey: `sure` from 1, not sure, to 4, very sure."""

    topic: str
    sure: int
    answers: int


@dataclass(frozen=True, kw_only=True)
class CpdEntry:
    """Something that somebody who leads did to learn: a course, an event, new guidance. `minutes` that it took."""

    id: UUID
    person: str
    day: date
    minutes: int
    what: str
    at: datetime


class LearningBook(Protocol):
    """Where a school keeps it. The caller commits."""

    def joined(self) -> Mapping[str, Joined]:
        """Everybody who was seen in the school file, by their ids."""

    def join(self, joined: Joined) -> bool:
        """Somebody was seen; False where they were before."""

    def leave(self, person: str) -> None:
        """They are not in the school file any more."""

    def count(self, *, period: str, topic: str, sure: int) -> None:
        """One answer more. Whose it is, is nowhere."""

    def counts(self, *, period: str) -> tuple[SureCount, ...]:
        """A survey's answers by topic and answer."""

    def log(self, entry: CpdEntry) -> None:
        """One entry more."""

    def logged(self, *, person: str, limit: int) -> tuple[CpdEntry, ...]:
        """A person's, the newest day on top."""
