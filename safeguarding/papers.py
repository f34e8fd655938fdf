"""A case on paper, for the school's own records: everything there is of it, once, and every copy is in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from safeguarding.concerns import ConcernStore, Entry, EntryKind, Opened
from safeguarding.followup import read
from safeguarding.logbook import Act, LogRow, Outcome
from safeguarding.topics import TOPIC, Topic, topic_of
from school.school import School
from school.sensitive import SecretKey

# With each of these goes a note. What it was written for is said nowhere else.
_NOTES = frozenset({Act.NOTED.value, Act.REFERRED.value, Act.CLOSE_ASKED.value, Act.HANDED_OVER.value})


# What may be filed, by name: whatever else is ever added to a report stays behind, above all the chat of its sender.
_FILED = frozenset({EntryKind.FROM_SENDER, EntryKind.TO_SENDER, EntryKind.NOTE})


@dataclass(frozen=True, kw_only=True)
class CasePapers:
    """All of a case that its readers may see. `log` has every row about it, what was refused as well, this copy last.

    `reasons` says, by a note's number, which act it gives the reason or the reference for. `topic` is what its sender
    said last that it is about.
    """

    opened: Opened
    log: tuple[LogRow, ...]
    topic: Topic = Topic.UNSAID
    reasons: Mapping[int, Act] = field(default_factory=dict)

    @property
    def recorded(self) -> Entry | None:
        """Where it stands in the record system, in the words of whoever handed it over last; None before that."""
        where = [each for each in self.opened.entries if self.reasons.get(each.number) is Act.HANDED_OVER]
        return where[-1] if where else None


def take_out(
    reference: str, *, school: School, concerns: ConcernStore, person: str, key: SecretKey, now: datetime
) -> CasePapers:
    """Everything, for a reader to file. Raises NotForYouError. The caller commits: that it was taken out is logged."""
    opened = read(reference, school=school, concerns=concerns, person=person, key=key, now=now)
    concerns.log.write(Act.EXPORTED, actor=person, now=now, subject=opened.concern.reference)
    log = tuple(concerns.log.of(opened.concern.reference))
    filed = tuple(each for each in opened.entries if each.kind in _FILED)
    details = tuple(each for each in opened.details if each[0] != TOPIC)
    shown = replace(opened, entries=filed, details=details)
    return CasePapers(opened=shown, log=log, topic=topic_of(opened), reasons=_reasons(filed, log))


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
