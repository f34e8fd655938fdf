"""What the school invites families to: a day, a time, whose it is, and whether it asks who comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from school.people import SchoolClass, YearGroup

# School days before an event on which families first hear of it.
NOTICE_DAYS = 5


class EventKind(StrEnum):
    """What an event is, and so what families read of it. The spelling is the school file's."""

    PHOTOS = "photos"
    PARENTS_EVENING = "parents_evening"
    WORKSHOP = "workshop"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class SchoolEvent:
    """One event. `id` is short and stable: notices and replies hang on it, whatever else of it changes.

    Neither `classes` (ids) nor `years`: the whole school. `starts` is the wall's time. `places` are for adults, None
    is no limit. `notice` is in school days before the day, 0 to 30.
    """

    id: str
    name: str
    day: date
    kind: EventKind
    starts: time | None = None
    classes: tuple[str, ...] = ()
    years: tuple[YearGroup, ...] = ()
    rsvp: bool = False
    places: int | None = None
    notice: int = NOTICE_DAYS
    cancelled: bool = False

    @property
    def for_all(self) -> bool:
        """Whether it is for the whole school."""
        return not (self.classes or self.years)

    def has(self, klass: SchoolClass) -> bool:
        """Whether it is for a class, by its id or by any of its years."""
        return self.for_all or klass.id in self.classes or not set(klass.years).isdisjoint(self.years)

    def classes_among(self, classes: Iterable[SchoolClass]) -> tuple[SchoolClass, ...]:
        """Those that it is for, in their order."""
        return tuple(klass for klass in classes if self.has(klass))
