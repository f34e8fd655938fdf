"""What is about one child alone: nothing of it goes to a chat whose letter for that child the office took back."""

from uuid import UUID

from bot.storage import DeliveryRow
from bot.unit import Unit
from parents import ABOUT_CHILD, EVENT_EVE, PLACE_FREE, Comes, bound
from school.notices import To

ONE_CHILDS = frozenset({PLACE_FREE, EVENT_EVE})


def is_one_childs(row: DeliveryRow) -> bool:
    """Whether it goes to a family because of one child."""
    return row.to is To.FAMILY and (row.page in ONE_CHILDS or row.page.startswith(ABOUT_CHILD))


def is_asked_for(row: DeliveryRow, unit: Unit) -> bool:
    """Whether a letter that still stands is for a child whom it is about: a sibling's is not enough.

    A notice has no pupil's code in it. It names its event, and then the child is one with a place there; or the class
    that is asked. What was left before it did is asked for while any letter stands.
    """
    family = UUID(row.recipient)
    codes = bound(unit.children.of_family(family))
    if event := row.values.get("id"):
        pupils = {each.pupil for each in codes}
        replies = unit.events.replies_of(family)
        return any(each.event == event and each.comes is Comes.YES and each.pupil in pupils for each in replies)
    klass = row.values.get("class")
    return any(klass in {None, each.class_id} for each in codes)
