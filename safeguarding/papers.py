"""A case on paper, for the school's own records: everything there is of it, once, and every copy is in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from safeguarding.concerns import ConcernStore, Entry, EntryKind, Opened
from safeguarding.followup import read
from safeguarding.logbook import Act, LogRow, Outcome
from school.sensitive import SecretKey

# With each of these goes a note. What it was written for is said nowhere else.
_NOTES = frozenset({Act.NOTED.value, Act.REFERRED.value, Act.CLOSE_ASKED.value, Act.HANDED_OVER.value})


@dataclass(frozen=True, kw_only=True)
class CasePapers:
    """All that is kept of a case. `log` has every row about it, what was refused as well and this copy last.

    `reasons` says, by a note's number, which act it gives the reason or the reference for.
    """

    opened: Opened
    log: tuple[LogRow, ...]
    reasons: Mapping[int, Act] = field(default_factory=dict)

    @property
    def recorded(self) -> Entry | None:
        """Where it stands in the record system, in the words of whoever handed it over last; None before that."""
        where = [each for each in self.opened.entries if self.reasons.get(each.number) is Act.HANDED_OVER]
        return where[-1] if where else None


def take_out(reference: str, *, concerns: ConcernStore, person: str, key: SecretKey, now: datetime) -> CasePapers:
    """Everything, for a reader to file. Raises NotForYouError. The caller commits: that it was taken out is logged."""
    opened = read(reference, concerns=concerns, person=person, key=key, now=now)
    concerns.log.write(Act.EXPORTED, actor=person, now=now, subject=opened.concern.reference)
    log = tuple(concerns.log.of(opened.concern.reference))
    return CasePapers(opened=opened, log=log, reasons=_reasons(opened.entries, log))


def _reasons(entries: Sequence[Entry], log: Sequence[LogRow]) -> dict[int, Act]:
    """A note and its act have the same instant and hand; those that share both stand in the same order in both."""
    acts: dict[tuple[datetime, str], list[Act]] = {}
    for row in log:
        if row.act in _NOTES and row.outcome == Outcome.DONE.value:
            acts.setdefault((row.at, row.actor), []).append(Act(row.act))
    found = {}
    for entry in entries:
        waiting = acts.get((entry.at, entry.author)) if entry.kind is EntryKind.NOTE else None
        if waiting:
            found[entry.number] = waiting.pop(0)
    return {number: act for number, act in found.items() if act is not Act.NOTED}
