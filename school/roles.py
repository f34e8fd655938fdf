"""Who holds which role on a day: deputies, leave and cover."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from school.people import ANSWERING_ROLES, Person, Role


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Days, both included, on which somebody is away."""

    person: str
    first: date
    last: date

    def covers(self, on: date) -> bool:
        """Whether the day falls within it."""
        return self.first <= on <= self.last


def holders(people: Iterable[Person], role: Role) -> tuple[Person, ...]:
    """Everybody with the role, in the order of the school file."""
    return tuple(person for person in people if person.holds(role))


def present(people: Iterable[Person], role: Role, *, leave: Sequence[Leave], on: date) -> tuple[Person, ...]:
    """The holders of a role who are not away on the day; empty is a fact that callers must handle."""
    away = {absence.person for absence in leave if absence.covers(on)}
    return tuple(person for person in holders(people, role) if person.id not in away)


def without_a_listener(people: Sequence[Person], *, leave: Sequence[Leave], days: Iterable[date]) -> tuple[date, ...]:
    """The days on which neither a safeguarding lead nor a deputy is in school, in their order."""
    return tuple(
        day
        for day in days
        if not any(present(people, role, leave=leave, on=day) for role in (Role.DSL, Role.DEPUTY_DSL))
    )


def without_cover(people: Sequence[Person], *, leave: Sequence[Leave], on: date) -> tuple[Role, ...]:
    """Roles that answer for reports and that nobody present holds on the day: each is an alarm."""
    return tuple(
        role
        for role in sorted(ANSWERING_ROLES)
        if role is not Role.DEPUTY_DSL and not present(people, role, leave=leave, on=on)
    )
