"""The ledger as the delivery loop uses it: whose turn it is, claims, and what became of them.

Every method is a short transaction of its own. `now` is the school clock's, `machine_now` the machine's.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Select,
    String,
    Update,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)

from bot.storage.columns import UtcDateTime
from bot.storage.deliveries import counted
from bot.storage.held import HeldLedger
from bot.storage.rows import ROW, Claim, DeliveryRow, End, Source, Written, row_of
from bot.storage.states import LANE_ORDER, PERHAPS_A_REPEAT, DeliveryState
from bot.storage.tables import delivery, mailing, school
from bot.unit import DeliveryCounts
from school.notices import Lane, MailingState

LONGEST_REASON = 120


class Ledger(HeldLedger):
    """Deliveries of every school."""

    @property
    def one_writer(self) -> bool:
        """SQLite has one; PostgreSQL's transactions run side by side, and flush to the disk together."""
        return self._engines.writer is not None

    def work(self, *, now: datetime, machine_now: datetime, school_id: str | None = None) -> list[Source]:
        """Where something is due, of one school or of all: a probe of an index for each lane and running mailing.

        A school's pause holds everything but safeguarding; a mailing's holds the mailing.
        """
        values = {"b_now": now, "b_machine_now": machine_now, "b_school": school_id}
        with self._engines.reading() as connection:
            rows = connection.execute(_WORK_OF_ALL if school_id is None else _WORK_OF_ONE, values).all()
        found = [Source(school=row[0], lane=Lane(row[1]), mailing=row[2]) for row in rows]
        return sorted(found, key=lambda source: (LANE_ORDER.index(source.lane), source.mailing))

    def claim(self, claim: Claim) -> list[DeliveryRow]:
        """What is due of its source, by due time. Two claimers never get the same row."""
        (rows,) = self.write((), (), (claim,)).claimed
        return list(rows)

    def write(self, begins: Collection[UUID], ends: Sequence[End], claims: Sequence[Claim] = ()) -> Written:
        """In one commit: what is about to be sent, what became of others, and then who is next.

        A row that is to be sent is `sending` before the network is touched. Some may have been withdrawn meanwhile.
        """
        may_go: frozenset[UUID] = frozenset()
        with self._engines.writing() as connection:
            if begins:
                may_go = _begin(connection, begins)
            self._end(connection, ends)
            claimed = [_claimed(connection, claim) for claim in claims]
            connection.commit()
        return Written(may_go, claimed)

    def _end(self, connection: Connection, ends: Sequence[End]) -> None:
        sent = [end for end in ends if end.state is DeliveryState.SENT]
        if sent:
            _send(connection, sent)
        alike: dict[tuple[DeliveryState, str, datetime | None, bool], list[UUID]] = {}
        for end in ends:
            if end.state is not DeliveryState.SENT:
                same = (end.state, end.reason[:LONGEST_REASON], end.not_before, end.untried)
                alike.setdefault(same, []).append(end.id)
        again: set[tuple[str, str]] = set()
        for (state, reason, not_before, untried), ids in alike.items():
            ended = _ended(ids, state, reason, not_before, untried=untried)
            rows = connection.execute(ended.returning(*_OF)).all()
            if state is DeliveryState.PLANNED:
                again.update((row.school_id, row.mailing) for row in rows if row.mailing)
        if again:
            connection.execute(_REOPENED, [{"b_school": school_id, "b_mailing": each} for school_id, each in again])

    def release(self, ids: Collection[UUID]) -> None:
        """What was claimed and will not be begun: planned again, for whoever comes."""
        self._write(
            _in(ids, DeliveryState.CLAIMED)
            .values(state=DeliveryState.PLANNED.value, lease_until=None)
            .returning(delivery.c.id),
        )

    def counts(self, school_id: str | None = None) -> DeliveryCounts:
        """Of one school or of all."""
        grouped = select(delivery.c.channel, delivery.c.state, func.count()).group_by(
            delivery.c.channel,
            delivery.c.state,
        )
        if school_id is not None:
            grouped = grouped.where(delivery.c.school_id == school_id)
        with self._engines.reading() as connection:
            return counted(connection.execute(grouped).all())


def _claimed(connection: Connection, claim: Claim) -> list[DeliveryRow]:
    """The locking words compile to nothing on SQLite, where there is one writer at a time anyway.

    Whether the source is held is asked anew.
    """
    source = claim.source
    values = {
        "b_now": claim.now,
        "b_machine_now": claim.machine_now,
        "b_school": source.school,
        "b_mailing": source.mailing,
        "b_lane": source.lane.value,
        "b_limit": claim.limit,
        "b_lease": claim.machine_now + claim.lease,
    }
    which = source.lane is Lane.SAFEGUARDING, bool(source.mailing), claim.begun
    rows = connection.execute(_CLAIMS[which], values).all()
    # Ids sort by the time they were made.
    return sorted((row_of(row, begun=claim.begun) for row in rows), key=lambda row: row.id)


def _begin(connection: Connection, ids: Collection[UUID]) -> frozenset[UUID]:
    """The claim's lease holds on: it is far longer than a claim waits and a platform takes together."""
    return frozenset(connection.execute(_BEGIN, {"b_ids": list(ids)}).scalars())


def _send(connection: Connection, ends: Sequence[End]) -> None:
    """One statement on PostgreSQL, for each one more is a round of its own; SQLite has no rounds and no arrays."""
    ids, externals = [end.id for end in ends], [end.external_id[:200] for end in ends]
    if connection.dialect.name == "postgresql":
        connection.execute(_SENT_TOGETHER, {"b_ids": ids, "b_externals": externals})
    else:
        pairs = zip(ids, externals, strict=True)
        connection.execute(_SENT, [{"b_id": each, "b_external": external} for each, external in pairs])


def _ended(
    ids: Collection[UUID], state: DeliveryState, reason: str, not_before: datetime | None, *, untried: bool
) -> Update:
    if state is not DeliveryState.PLANNED:
        left = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
        return _in(ids, *left).values(state=state.value, reason=reason, lease_until=None)
    # Planned again, not before an instant of the machine's clock. Its due time stands; a perhaps stays a perhaps.
    marked = case((delivery.c.reason == PERHAPS_A_REPEAT, PERHAPS_A_REPEAT), else_=reason)
    held = (DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
    back = _in(ids, *held).values(state=state.value, not_before=not_before, lease_until=None, reason=marked)
    return back.values(attempts=_TRIED_BEFORE) if untried else back


def _is(*states: DeliveryState) -> ColumnElement[bool]:
    """Written out, not bound: SQLite uses an index of some rows alone only where it can read the condition."""
    words = ", ".join(f"'{state.value}'" for state in states)
    return literal_column(f"delivery.state IN ({words})" if len(states) > 1 else f"delivery.state = {words}")


def _in(ids: Collection[UUID], *states: DeliveryState) -> Update:
    return update(delivery).where(delivery.c.id.in_(ids), _is(*states))


# Statements are built once: building one costs more than running it does. Their values are named here.
_NOW = bindparam("b_now", type_=UtcDateTime())
_MACHINE_NOW = bindparam("b_machine_now", type_=UtcDateTime())
_ALWAYS: ColumnElement[bool] = literal_column("1 = 1")
_ONE_MORE: ColumnElement[int] = delivery.c.attempts + literal_column("1")
# What was claimed as begun and has not been with a platform was not tried.
_TRIED_BEFORE: ColumnElement[int] = case(
    (literal_column("delivery.state = 'sending'"), delivery.c.attempts - literal_column("1")),
    else_=delivery.c.attempts,
)


def _due() -> tuple[ColumnElement[bool], ...]:
    return (
        _is(DeliveryState.PLANNED),
        delivery.c.due_at <= _NOW,
        or_(delivery.c.not_after.is_(None), delivery.c.not_after > _NOW),
        or_(delivery.c.not_before.is_(None), delivery.c.not_before <= _MACHINE_NOW),
    )


def _something(school_id: ColumnElement[str], mailing_id: Any, lane: Lane) -> ColumnElement[bool]:
    """Whether a source has something due: a subquery that stops at the first, which no planner turns into a join.

    In the order of the index of what is planned: a planner whose counts are old would go through the whole table.
    """
    first: Select[Any] = (
        select(literal_column("1"))
        .select_from(delivery)
        .where(delivery.c.school_id == school_id, delivery.c.mailing == mailing_id, delivery.c.lane == lane.value)
        .where(*_due())
        .order_by(delivery.c.due_at)
        .limit(1)
    )
    return first.correlate(school, mailing).scalar_subquery() == literal_column("1")


def _work(*, of_one: bool) -> Any:
    loose = [
        select(
            school.c.id.label("school"),
            literal_column(f"'{lane.value}'").label("lane"),
            literal_column("''").label("mailing"),
        ).where(
            _something(school.c.id, literal_column("''"), lane),
            _ALWAYS if lane is Lane.SAFEGUARDING else school.c.paused.is_(None),
            school.c.id == bindparam("b_school") if of_one else _ALWAYS,
        )
        for lane in LANE_ORDER
    ]
    mailings = (
        select(mailing.c.school_id, literal_column(f"'{Lane.BULK.value}'"), mailing.c.id)
        .join(school, school.c.id == mailing.c.school_id)
        .where(
            mailing.c.state == MailingState.RUNNING.value,
            mailing.c.due_at <= _NOW,
            school.c.paused.is_(None),
            _something(mailing.c.school_id, mailing.c.id, Lane.BULK),
            mailing.c.school_id == bindparam("b_school") if of_one else _ALWAYS,
        )
    )
    return union_all(*loose, mailings)


def _claim(*, safeguarding: bool, of_a_mailing: bool, begun: bool) -> Any:
    # As a plain subquery PostgreSQL may run it once a row, each time skipping what it has locked, and so claim more
    # than the limit; one that is materialised runs once. Its rows are locked as planned: asked once more below, a table
    # that was just filled, and has no statistics yet, is gone through by the index of what is planned for each of them.
    chosen = (
        select(delivery.c.id)
        .where(
            delivery.c.school_id == bindparam("b_school"),
            delivery.c.mailing == bindparam("b_mailing"),
            delivery.c.lane == bindparam("b_lane"),
            *_due(),
            *([] if safeguarding else [_not_held(of_a_mailing=of_a_mailing)]),
        )
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(bindparam("b_limit"))
        .with_for_update(skip_locked=True)
        .cte("chosen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    state = DeliveryState.SENDING if begun else DeliveryState.CLAIMED
    return (
        update(delivery)
        .where(delivery.c.id.in_(select(chosen.c.id)))
        .values(
            state=literal_column(f"'{state.value}'"),
            lease_until=bindparam("b_lease", type_=UtcDateTime()),
            **({"attempts": _ONE_MORE} if begun else {}),
        )
        .returning(*ROW)
    )


def _not_held(*, of_a_mailing: bool) -> ColumnElement[bool]:
    open_school = select(school.c.id).where(school.c.id == bindparam("b_school"), school.c.paused.is_(None)).exists()
    if not of_a_mailing:
        return open_school
    running = select(mailing.c.id).where(
        mailing.c.school_id == bindparam("b_school"),
        mailing.c.id == bindparam("b_mailing"),
        mailing.c.state == MailingState.RUNNING.value,
    )
    return and_(open_school, running.exists())


_WORK_OF_ALL, _WORK_OF_ONE = _work(of_one=False), _work(of_one=True)
_CLAIMS = {
    each: _claim(safeguarding=each[0], of_a_mailing=each[1], begun=each[2]) for each in product((True, False), repeat=3)
}
# What is the same for all is written out: a parameter more is a tenth more of the whole statement's time.
_SENT_VALUES = {
    "state": literal_column(f"'{DeliveryState.SENT.value}'"),
    "lease_until": null(),
    "reason": literal_column("''"),
}
_SENT = (
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"), _is(DeliveryState.SENDING, DeliveryState.UNKNOWN))
    .values(external_id=bindparam("b_external"), **_SENT_VALUES)
)
_PAIRS = (
    func.unnest(bindparam("b_ids", type_=ARRAY(Uuid)), bindparam("b_externals", type_=ARRAY(String)))
    .table_valued(column("id", Uuid), column("external", String), name="gone")
    .render_derived()
)
# Its state as an expression: by an index of states, of which PostgreSQL believes that hardly any row is being sent, it
# would go through all that are for each one.
_SENT_TOGETHER = (
    update(delivery)
    .where(delivery.c.id == _PAIRS.c.id, literal_column("delivery.state || '' IN ('sending', 'unknown')"))
    .values(external_id=_PAIRS.c.external, **_SENT_VALUES)
)
_OF = (delivery.c.school_id, delivery.c.mailing)
# A doubtful one of which it is heard late that it did not go: nothing was pending, and its mailing may be over.
_REOPENED = (
    update(mailing)
    .where(mailing.c.school_id == bindparam("b_school"), mailing.c.id == bindparam("b_mailing"))
    .where(mailing.c.state == literal_column(f"'{MailingState.FINISHED.value}'"))
    .values(state=literal_column(f"'{MailingState.RUNNING.value}'"), ended=null())
)
_BEGIN = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("b_ids", expanding=True)), _is(DeliveryState.CLAIMED))
    .values(state=literal_column(f"'{DeliveryState.SENDING.value}'"), attempts=_ONE_MORE)
    .returning(delivery.c.id)
)
