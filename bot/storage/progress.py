"""What classes have been taught."""

from sqlalchemy import Row

from bot.storage.class_tables import progress as table
from bot.storage.scoped import Scoped
from curriculum import Hands, Outcome, Taught


class SqlProgress:
    """Implements ProgressStore."""

    def __init__(self, scoped: Scoped) -> None:
        self._scoped = scoped

    def taught(self, class_id: str) -> tuple[Taught, ...]:
        """See ProgressStore."""
        entries = self._scoped.select(table).where(table.c.class_id == class_id).order_by(table.c.turn)
        return tuple(_taught(row) for row in self._scoped.all(entries))

    def record(self, taught: Taught) -> bool:
        """See ProgressStore."""
        values = {
            "class_id": taught.class_id,
            "turn": taught.turn,
            "lesson": taught.lesson,
            "version": taught.version,
            "strand": taught.strand,
            "outcome": taught.outcome.value,
            "hands": [{"counts": list(hands.counts), "right": hands.right} for hands in taught.hands],
            "by": taught.by,
            "at": taught.when,
            "content_hash": taught.content_hash,
        }
        return self._scoped.add_once(table, values)


def _taught(row: Row[object]) -> Taught:
    return Taught(
        class_id=row.class_id,
        turn=row.turn,
        lesson=row.lesson,
        version=row.version,
        strand=row.strand,
        outcome=Outcome(row.outcome),
        hands=tuple(Hands(tuple(hands["counts"]), hands["right"]) for hands in row.hands),
        by=row.by,
        when=row.at,
        content_hash=row.content_hash,
    )
