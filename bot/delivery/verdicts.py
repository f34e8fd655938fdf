"""Verdicts: what becomes of a delivery when sending failed. Pure."""

from datetime import datetime, timedelta
from uuid import UUID

from bot.storage import MOVED, PERHAPS_A_REPEAT, DeliveryRow, DeliveryState, End
from bot.wire import SendFailed
from school.notices import Lane

TRIES = 5
# 30 s, 5 min, 10 min and so on: what RapidPro's courier settled on.
BACKOFF_SECONDS = (30, 300, 600)
JITTER = 0.2
# The channel itself is down or shut out: no message is to blame, and none is given up on before it is too late for it.
CHANNEL_DOWN = frozenset({"unreachable", "token", "workspace_gone", "login"})


def backoff(attempts: int, row_id: UUID) -> timedelta:
    """How long until the next try, after so many earlier ones; up to a fifth more or less, by the row's own id.

    So what failed together does not come back together, and a test can tell when.
    """
    seconds = BACKOFF_SECONDS[min(attempts, len(BACKOFF_SECONDS) - 1)]
    spread = (row_id.int & 0xFFFF) / 0xFFFF * 2 - 1  # the last bits of a UUIDv7 are random
    return timedelta(seconds=seconds * (1 + JITTER * spread))


def sent(row: DeliveryRow, external_id: str) -> End:
    """It went out."""
    return End(id=row.id, state=DeliveryState.SENT, external_id=external_id)


def skipped(row: DeliveryRow, reason: str) -> End:
    """It need not go out any more."""
    return End(id=row.id, state=DeliveryState.SKIPPED, reason=reason)


def later(row: DeliveryRow, reason: str, *, not_before: datetime, untried: bool = False) -> End:
    """It did not go out and is planned again; `untried`: nobody was asked to take it."""
    return End(id=row.id, state=DeliveryState.PLANNED, reason=reason, not_before=not_before, untried=untried)


def not_made(row: DeliveryRow, *, machine_now: datetime) -> End:
    """Its page could not be made. One for safeguarding is tried for ever."""
    if row.lane is Lane.SAFEGUARDING:
        return later(row, "could not be made", not_before=machine_now + backoff(row.attempts, row.id), untried=True)
    return End(id=row.id, state=DeliveryState.FAILED, reason="could not be made")


def verdict(row: DeliveryRow, failure: SendFailed, *, machine_now: datetime) -> End:
    """Planned again, failed for good, or unknown until a person decides; `row.attempts` counts earlier sendings."""
    again = machine_now + backoff(row.attempts, row.id)
    if failure.retry_after is not None:
        return later(row, "the platform said to wait", not_before=machine_now + failure.retry_after)
    if failure.moved_to is not None:
        # The address is already changed: the next claim finds the new one. Once only.
        if not row.moved:
            return later(row, MOVED, not_before=machine_now)
        return End(id=row.id, state=DeliveryState.FAILED, reason="moved twice")
    if failure.permanent:
        return End(id=row.id, state=DeliveryState.FAILED, reason=failure.reason)
    if failure.in_doubt:
        # It may have gone out: a person decides on news; a safeguarding notice goes again and says so.
        if row.lane is Lane.SAFEGUARDING:
            return later(row, PERHAPS_A_REPEAT, not_before=again)
        return End(id=row.id, state=DeliveryState.UNKNOWN, reason=failure.reason)
    last = row.attempts + 1 >= TRIES and failure.reason not in CHANNEL_DOWN
    if last and row.lane is not Lane.SAFEGUARDING:
        return End(id=row.id, state=DeliveryState.FAILED, reason=failure.reason)
    return later(row, failure.reason, not_before=again)


def of_the_channel(failure: SendFailed) -> bool:
    """Whether the failure is the channel's own, so that the next message would fare no better."""
    return not failure.permanent and failure.retry_after is None and failure.moved_to is None
