"""Coverage: for each class and strand, what was planned, what was taught, what is secure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curriculum.position import Planned
from curriculum.progress import Outcome, Taught
from school.people import YearGroup

# Four in five hands on the right answer: our own line, to be reviewed with teachers.
SECURE = 0.8


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How many lessons of one strand are planned for a class, taught to it, and secure by its hands-up answers."""

    strand: str
    planned: int
    taught: int
    secure: int


def coverage(
    plan: Sequence[Planned],
    *,
    strands: Iterable[str],
    taught: Sequence[Taught],
    year: YearGroup,
) -> tuple[Cell, ...]:
    """One cell for each strand, in the order given."""
    latest = {entry.lesson: entry for entry in taught if entry.outcome is Outcome.TAUGHT}
    return tuple(
        Cell(
            strand=strand,
            planned=sum(1 for entry in plan if entry.year == year and entry.strand == strand),
            taught=sum(1 for entry in latest.values() if entry.strand == strand),
            secure=sum(1 for entry in latest.values() if entry.strand == strand and _is_secure(entry)),
        )
        for strand in strands
    )


def _is_secure(entry: Taught) -> bool:
    shares = [share for hands in entry.hands if (share := hands.secure) is not None]
    return bool(shares) and min(shares) >= SECURE
