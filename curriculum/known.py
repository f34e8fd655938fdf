"""What a class knew of a strand before its lessons, and what it knows after them: one set of questions, asked twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from curriculum.position import Planned
from curriculum.progress import Hands, Outcome, Taught
from curriculum.school_year import Standing


class Moment(StrEnum):
    """When a set is asked: before a strand's first lesson of a school year, or after its last."""

    BEFORE = "before"
    AFTER = "after"

    @property
    def outcome(self) -> Outcome:
        """As it is written down."""
        return Outcome.KNEW if self is Moment.BEFORE else Outcome.KNOWS


@dataclass(frozen=True, kw_only=True)
class Known:
    """Hands by question, from 0, as they were counted last. A question that was not counted is not there."""

    before: Mapping[int, Hands]
    after: Mapping[int, Hands]

    def of(self, moment: Moment) -> Mapping[int, Hands]:
        """Those of one moment."""
        return self.before if moment is Moment.BEFORE else self.after

    def share(self, moment: Moment) -> float | None:
        """The share of right hands, 0 to 1; None where none was counted.

        Where questions were counted at both moments it is of those alone, so that like stands beside like.
        """
        both = self.before.keys() & self.after.keys()
        hands = [each for number, each in self.of(moment).items() if not both or number in both]
        total = sum(each.all for each in hands)
        return sum(each.sure for each in hands) / total if total else None


def known_of(strand: str, taught: Sequence[Taught]) -> Known:
    """What was counted of a strand; `taught` is what a class had this school year, in the order of its turns."""
    return Known(before=_latest(strand, taught, Moment.BEFORE), after=_latest(strand, taught, Moment.AFTER))


def _latest(strand: str, taught: Sequence[Taught], moment: Moment) -> dict[int, Hands]:
    return {
        number: hands
        for entry in taught
        if entry.strand == strand and entry.outcome is moment.outcome
        for number, hands in enumerate(entry.hands)
        if hands.all
    }


def moment_of(strand: str, now: Standing, *, plan: Sequence[Planned]) -> Moment | None:
    """Which moment it is for a strand with a class that stands so; None between its first lesson and its last."""
    own = {entry.lesson for entry in plan if entry.year == now.year and entry.strand == strand}
    begun = any(entry.strand == strand and entry.outcome in {Outcome.TAUGHT, Outcome.PARTLY} for entry in now.this_year)
    if not own:
        return None
    if not begun:
        return Moment.BEFORE
    taught = {entry.lesson for entry in now.this_year if entry.outcome is Outcome.TAUGHT}
    return Moment.AFTER if own <= taught else None
