"""Who came when, how sure people are without their names, and a lead's own log."""

from collections.abc import Mapping

from bot.storage.learning_tables import cpd, needs_tally, staff_joined
from bot.storage.scoped import Scoped
from staff import CpdEntry, Joined, SureCount


class SqlLearning:
    """Implements LearningBook."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def joined(self) -> Mapping[str, Joined]:
        """See LearningBook."""
        found = self._scoped.all(self._scoped.select(staff_joined))
        return {row.person: Joined(person=row.person, since=row.since, new=row.new) for row in found}

    def join(self, joined: Joined) -> bool:
        """See LearningBook."""
        values = {"person": joined.person, "since": joined.since, "new": joined.new}
        return self._scoped.add_once(staff_joined, values)

    def leave(self, person: str) -> None:
        """See LearningBook."""
        self._scoped.run(self._scoped.delete(staff_joined).where(staff_joined.c.person == person))

    def count(self, *, period: str, topic: str, sure: int) -> None:
        """See LearningBook."""
        key = {"period": period, "topic": topic, "sure": sure}
        self._scoped.add_once(needs_tally, {**key, "answers": 0})
        counted = self._scoped.update(needs_tally).values(answers=needs_tally.c.answers + 1)
        self._scoped.run(counted.where(*(needs_tally.c[name] == value for name, value in key.items())))

    def counts(self, *, period: str) -> tuple[SureCount, ...]:
        """See LearningBook."""
        columns = needs_tally.c
        found = self._scoped.select(needs_tally).where(columns.period == period)
        rows = self._scoped.all(found.order_by(columns.topic, columns.sure))
        return tuple(SureCount(topic=row.topic, sure=row.sure, answers=row.answers) for row in rows)

    def log(self, entry: CpdEntry) -> None:
        """See LearningBook."""
        values = {
            "id": entry.id,
            "person": entry.person,
            "day": entry.day,
            "minutes": entry.minutes,
            "what": entry.what,
            "at": entry.at,
        }
        self._scoped.add_once(cpd, values)

    def logged(self, *, person: str, limit: int) -> tuple[CpdEntry, ...]:
        """See LearningBook."""
        theirs = self._scoped.select(cpd).where(cpd.c.person == person)
        rows = self._scoped.all(theirs.order_by(cpd.c.day.desc(), cpd.c.id.desc()).limit(limit))
        return tuple(
            CpdEntry(id=row.id, person=row.person, day=row.day, minutes=row.minutes, what=row.what, at=row.at)
            for row in rows
        )
