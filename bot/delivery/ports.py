"""What the loop needs of the ledger and of pacing; the stores implement it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from school.notices import Lane, To

# The reason by which the ledger knows that a row may have gone out before.
PERHAPS_A_REPEAT = "perhaps a repeat"


class Due(Protocol):
    """One claimed delivery."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - the names say it
    @property
    def school(self) -> str: ...  # noqa: D102
    @property
    def channel(self) -> str: ...  # noqa: D102
    @property
    def to(self) -> To: ...  # noqa: D102
    @property
    def recipient(self) -> str: ...  # noqa: D102
    @property
    def page(self) -> str: ...  # noqa: D102
    @property
    def part(self) -> str: ...  # noqa: D102
    @property
    def values(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def lane(self) -> Lane: ...  # noqa: D102
    @property
    def attempts(self) -> int: ...  # noqa: D102
    @property
    def repeat(self) -> bool: ...  # noqa: D102


class Deliveries(Protocol):
    """The ledger. Every method is a short transaction of its own."""

    def claim(self, *, now: datetime, machine_now: datetime, limit: int, lease: timedelta) -> Sequence[Due]:
        """Up to `limit` that are due, by lane."""

    def sending(self, ids: Iterable[UUID], *, lease_until: datetime | None = None) -> frozenset[UUID]:
        """Committed before the network is touched; those that may go."""

    def sent(self, delivery_id: UUID, external_id: str) -> None:
        """It went out."""

    def failed(self, delivery_id: UUID, reason: str) -> None:
        """It will never go out."""

    def skipped(self, delivery_id: UUID, reason: str) -> None:
        """It need not go out any more."""

    def unknown(self, delivery_id: UUID, reason: str) -> None:
        """It may or may not have gone out."""

    def again(self, delivery_id: UUID, not_before: datetime, *, reason: str = "") -> None:
        """Planned again."""

    def recover(self, machine_now: datetime) -> object:
        """Take back what a dead process held."""

    def expire(self, now: datetime) -> int:
        """Skip what is too late."""


class Pacer(Protocol):
    """One row a key, shared by all processes."""

    def ask(self, key: str, *, school: str, rate_per_s: float, burst: int, machine_now: datetime) -> float:
        """0 to go; else seconds to wait."""

    def take(
        self,
        rates: Sequence[tuple[str, float, int]],
        *,
        school: str,
        longest_s: float,
        machine_now: datetime,
    ) -> float:
        """Take the next slot of every key (key, rate a second, burst); seconds until the last of them."""

    def block(self, key: str, *, school: str, until: datetime) -> None:
        """Nothing of this key before then."""
