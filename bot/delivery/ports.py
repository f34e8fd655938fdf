"""What the loop needs of the ledger, of pacing and of the mail room; the stores implement the first two."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from bot.storage import Claim, DeliveryRow, End, Source, Written
from bot.wire import Bucket
from school.notices import Lane

Value = TypeVar("Value")


class InThread(Protocol):
    """Does plain work in a thread of a lane."""

    def __call__(self, lane: Lane, work: Callable[[], Value], /) -> Awaitable[Value]:
        """The work's value."""


class Deliveries(Protocol):
    """The ledger. Every method is a short transaction of its own."""

    @property
    def one_writer(self) -> bool:
        """Whether transactions wait for one another, so that two in one are cheaper than two side by side."""

    def work(self, *, now: datetime, machine_now: datetime, school_id: str | None = None) -> Sequence[Source]:
        """Where something is due, by lane."""

    def claim(self, claim: Claim) -> Sequence[DeliveryRow]:
        """What is due of its source."""

    def write(self, begins: Collection[UUID], ends: Sequence[End], claims: Sequence[Claim] = ()) -> Written:
        """What is about to be sent, what became of others, and who is next, in one commit."""

    def release(self, ids: Collection[UUID]) -> None:
        """What was claimed and will not be begun."""

    def recover(self, machine_now: datetime, *, all_of_it: bool = False) -> object:
        """Take back what a dead process held."""

    def late(self, now: datetime) -> str | None:
        """A school where something is too late; None where nothing is."""

    def sweep_cancelled(self) -> int:
        """Skip what a cancelled mailing has not begun, a chunk at a time."""

    def finish(self, now: datetime) -> int:
        """Close mailings of which nothing is pending."""


class Pacer(Protocol):
    """One row a key, shared by all processes."""

    def settle(
        self,
        keys: Sequence[str],
        *,
        school: str,
        decide: Callable[[Mapping[str, Bucket]], tuple[Mapping[str, Bucket], Value]],
        make: Collection[str] | None = None,
    ) -> Value:
        """Hold the keys' rows, let `decide` say what they become, and keep that; only those to `make` get a new row."""


class Pumping(Protocol):
    """One pump: everything that is due at one school, of one kind."""

    def __call__(self, school: str, urgent: bool, most: int | None = None, /) -> Awaitable[int]:  # noqa: FBT001
        """Until nothing is due there, or about `most` were handled; how many that was."""


class Engine(Protocol):
    """Brings kicks to pumps. An engine's failure costs delay, never a message: the ledger is looked through anyway."""

    def start(self, pump: Pumping) -> None:
        """From now on the pump is to be started for each kick."""

    async def offer(self, found: Collection[tuple[str, bool]]) -> bool:
        """The look through the ledger found work there: school, and whether it is urgent. False: not carried."""

    async def stop(self) -> None:
        """Bring no more. The pumps have been told to stop already."""


class Turns(Protocol):
    """Which of several processes may send a school's news."""

    async def ours(self, school: str) -> bool:
        """Whether this one may, for the next while. Raises nothing."""

    async def over(self, school: str) -> None:
        """It has nothing more to send just now. Raises nothing."""


class Always:
    """There is no other process."""

    async def ours(self, school: str) -> bool:
        """See Turns."""
        del school
        return True

    async def over(self, school: str) -> None:
        """See Turns."""
