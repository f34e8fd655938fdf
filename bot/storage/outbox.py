"""The outbox: notices become rows of the ledger in the transaction that caused them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.storage.chats import OF_THIS_PROCESS
from bot.storage.ids import new_id
from bot.storage.scoped import Scoped
from bot.storage.states import WITHDRAWN, DeliveryState
from bot.storage.tables import delivery, family
from school.notices import Lane, Notice, To


@dataclass(frozen=True, kw_only=True)
class Posting:
    """What the outbox must know of the world: the two clocks, a school's zone, and a recipient's channel.

    `channel_of` is asked for people and classes; a family's channel is the one it joined by. `chat_keys` are the keys
    of 32 bytes that a chat on its way is sealed under, the first of them, and opened by: kept outside the database.
    """

    school_clock: Clock
    machine_clock: Clock
    zone_of: Callable[[str], ZoneInfo] = lambda _school: ZoneInfo("Europe/London")
    channel_of: Callable[[str, To, str], str] = lambda _school, _to, _recipient: "slack"
    chat_keys: Callable[[str], Sequence[bytes]] = lambda _school: (OF_THIS_PROCESS,)


class SqlOutbox:
    """Implements Outbox."""

    def __init__(self, scoped: Scoped, posting: Posting, correlation: str = "") -> None:
        self._scoped = scoped
        self._posting = posting
        self._correlation = correlation
        # Whether something urgent was left, and whether something else was.
        self.left: set[bool] = set()

    def leave(self, notice: Notice) -> bool:
        """See Outbox. A notice that is due now is due by the school's clock."""
        now = self._posting.school_clock.now()
        due = notice.due or now
        zone = self._posting.zone_of(self._scoped.school)
        values = {
            "id": new_id(self._posting.machine_clock.now()),
            "key": notice.key,
            "channel": self._channel(notice),
            "to_kind": notice.to.value,
            "recipient": notice.recipient,
            "page": notice.page,
            "part": notice.part,
            "values": dict(notice.values),
            "lane": notice.lane.value,
            "state": DeliveryState.PLANNED.value,
            "due_at": due,
            "wall_clock": wall_clock(due, zone),
            "zone": zone.key,
            "not_after": notice.not_after,
            "attempts": 0,
            "external_id": "",
            "reason": "",
            "mailing": "",
            "doubt": notice.doubt.value,
            "created": now,
            "correlation": self._correlation,
        }
        fresh = self._scoped.add_once(delivery, values)
        if fresh:
            self.left.add(notice.lane is not Lane.BULK)
        return fresh

    def _channel(self, notice: Notice) -> Any:
        """The one it names; a family's channel; or the one that a person or class is reached by."""
        if notice.via:
            return notice.via
        if notice.to is not To.FAMILY:
            return self._posting.channel_of(self._scoped.school, notice.to, notice.recipient)
        try:
            family_id = UUID(notice.recipient)
        except ValueError:
            return "telegram"
        row = self._scoped.first(self._scoped.select(family, family.c.via).where(family.c.id == family_id))
        return row.via if row else "telegram"

    def withdraw(self, *, to: To, recipient: str, page: str = "") -> int:
        """See Outbox. What is being sent at this moment can no longer be called back."""
        unsent = (
            self._scoped.update(delivery)
            .where(
                delivery.c.to_kind == to.value,
                delivery.c.recipient == recipient,
                delivery.c.state.in_([DeliveryState.PLANNED.value, DeliveryState.CLAIMED.value]),
                *([delivery.c.page == page] if page else []),
            )
            .values(state=DeliveryState.SKIPPED.value, reason=WITHDRAWN, lease_until=None)
            .returning(delivery.c.id)
        )
        return len(self._scoped.all(unsent))


def wall_clock(due: datetime, zone: ZoneInfo) -> str:
    """What the school's clock on the wall will show: the intent, should the zone's rules change before then."""
    return due.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
