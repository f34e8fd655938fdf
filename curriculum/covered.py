"""Coverage: for each class and strand, what was planned, what was taught, what is secure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curriculum.position import Planned
from curriculum.progress import Outcome, Taught, shares
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
    done = {entry.lesson: entry.strand for entry in taught if entry.outcome is Outcome.TAUGHT}
    secure = {lesson for lesson in done if is_secure(lesson, taught)}
    return tuple(
        Cell(
            strand=strand,
            planned=sum(1 for entry in plan if entry.year == year and entry.strand == strand),
            taught=sum(1 for of in done.values() if of == strand),
            secure=sum(1 for lesson, of in done.items() if of == strand and lesson in secure),
        )
        for strand in strands
    )


def is_secure(lesson: str, taught: Sequence[Taught]) -> bool:
    """Whether every question of a lesson that was counted was answered rightly by enough, when it was asked last."""
    known = [share for share in shares(lesson, taught) if share is not None]
    return bool(known) and min(known) >= SECURE
