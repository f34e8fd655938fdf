"""A concern as its rows tell of it, without its words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from safeguarding import Concern, State


def concern_of(row: Row[Any], wraps: Sequence[Row[Any]]) -> Concern:
    """`wraps` are who holds a key, by rung."""
    rungs: dict[int, dict[str, None]] = {}
    for wrap in wraps:
        rungs.setdefault(wrap.rung, {})[wrap.person] = None
    return Concern(
        id=row.id,
        reference=row.reference,
        state=State(row.state),
        received=row.received,
        urgent=row.urgent,
        readers=tuple(sorted({wrap.person for wrap in wraps if not wrap.reserve})),
        reserve=tuple(sorted({wrap.person for wrap in wraps if wrap.reserve})),
        # A rung of which everybody has left stays, empty: which is next is kept as a number.
        ladder=tuple(tuple(rungs.get(number, ())) for number in range(max(rungs, default=-1) + 1)),
        assigned=row.assigned or "",
        watch_at=row.watch_at,
        watch_rung=row.watch_rung,
        opened=row.opened,
        acknowledged=row.acknowledged,
        acknowledged_by=row.acknowledged_by or "",
        close_asked_by=row.close_asked_by or "",
        ended=row.ended,
        destroy_after=row.destroy_after,
        flood=row.flood,
        batch=row.batch,
    )
