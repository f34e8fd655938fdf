"""The log's mark, told to the head each day: what stands in a message cannot be changed with the database."""

from datetime import datetime

from safeguarding.concerns import ConcernStore
from safeguarding.logbook import spelt
from school.calendar import BeyondTheCalendarError
from school.notices import Notice, Outbox, To
from school.people import Role
from school.school import School


def tell_the_mark(*, school: School, concerns: ConcernStore, outbox: Outbox, now: datetime) -> int:
    """Leave the head, or the chair of governors where there is none, where the log ends; how many notices that was.

    Nothing where no row was written since the last one. It is sent when there is staff in school. The caller commits.
    """
    head = concerns.log.head()
    if not head.number:
        return 0
    try:
        due = school.calendar.next_staffed(now)
    except BeyondTheCalendarError:
        due = now
    readers = school.holders(Role.HEAD) or school.holders(Role.CHAIR_OF_GOVERNORS)
    left = [
        outbox.leave(
            Notice(
                key=f"vault-mark:{head.number}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page="vault-mark",
                values={"number": str(head.number), "mark": spelt(head.mark)},
                due=due,
            )
        )
        for person in readers
    ]
    return sum(left)
