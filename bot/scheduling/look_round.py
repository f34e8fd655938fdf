"""Every minute of school: who has to look at a newsletter is told, and whoever leads hears of what did not go."""

from datetime import datetime

from bot.unit import Units
from pages import Shelf
from parents import near, tell_of_looks
from school.school import School


def tell_of_news(units: Units, school: School, *, shelf: Shelf, now: datetime) -> int:
    """How many notices. The database is only asked where a newsletter is near."""
    found = near(shelf.all(kind="newsletter"), school=school, now=now)
    if not found:
        return 0
    with units.write(school.id) as unit:
        told = tell_of_looks(
            found,
            shelf=shelf,
            school=school,
            approvals=unit.approvals,
            mailings=unit.mailings,
            outbox=unit.outbox,
            now=now,
        )
        unit.commit()
    return told
