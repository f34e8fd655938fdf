"""What the ledger gives and takes: a source of work, a claimed row, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from bot.storage.states import MOVED, PERHAPS_A_REPEAT, DeliveryState
from bot.storage.tables import delivery
from school.notices import Lane, To


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where deliveries are claimed from: one lane of one school, and one mailing of it or, empty, what is in none."""

    school: str
    lane: Lane
    mailing: str = ""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who asks for up to `limit` rows of a source that are due, and how long they are held for it.

    `now` is the school clock's, `machine_now` the machine's. `begun`: they are `sending` at once, for a sender that has
    nothing to wait for; in doubt from now on.
    """

    source: Source
    now: datetime
    machine_now: datetime
    limit: int
    lease: timedelta
    begun: bool = False


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """One claimed delivery. `attempts` counts earlier sendings; `repeat` says that it may have gone out before.

    `moved`: what last became of it is that its chat has another address.
    """

    id: UUID
    school: str
    channel: str
    to: To
    recipient: str
    page: str
    part: str
    values: Mapping[str, str]
    lane: Lane
    attempts: int
    repeat: bool
    mailing: str
    correlation: str
    moved: bool = False


@dataclass(frozen=True, kw_only=True)
class End:
    """What became of one: SENT with the platform's id, PLANNED again not before an instant, or over for a reason.

    `untried`: it is planned again and was never with the platform, so that this was no try.
    """

    id: UUID
    state: DeliveryState
    external_id: str = ""
    reason: str = ""
    not_before: datetime | None = None
    untried: bool = False


class Written(NamedTuple):
    """What one commit gave: those that may go, and the rows of each claim in it."""

    may_go: frozenset[UUID] = frozenset()
    claimed: Sequence[Sequence[DeliveryRow]] = ()


ROW = tuple(
    delivery.c[name]
    for name in (
        *("id", "school_id", "channel", "to_kind", "recipient", "page", "part", "values", "lane"),
        *("attempts", "reason", "mailing", "correlation"),
    )
)


# A look-up costs a third of what a call of the enumeration does, and there are two a row.
_TO, _LANES = {each.value: each for each in To}, {each.value: each for each in Lane}


def row_of(row: Sequence[Any], *, begun: bool = False) -> DeliveryRow:
    """From the columns of ROW, in their order. `begun`: the count holds this try already."""
    return DeliveryRow(
        id=row[0],
        school=row[1],
        channel=row[2],
        to=_TO[row[3]],
        recipient=row[4],
        page=row[5],
        part=row[6],
        values=row[7],
        lane=_LANES[row[8]],
        attempts=row[9] - begun,
        repeat=row[10] == PERHAPS_A_REPEAT,
        mailing=row[11],
        correlation=row[12],
        moved=row[10] == MOVED,
    )
