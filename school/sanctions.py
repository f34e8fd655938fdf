"""What may follow when a rule is broken: the steps of a school's own ladder, and who decides on each."""

from dataclasses import dataclass

from school.people import Role


@dataclass(frozen=True, kw_only=True)
class SanctionStep:
    """One step: what it is, in the school's own words, and the roles whose holders decide on it."""

    step: str
    by: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class Sanctions:
    """The steps from the mildest on. A part that is empty is the one that comes with Lollipop."""

    pupils: tuple[SanctionStep, ...] = ()
    staff: tuple[SanctionStep, ...] = ()
