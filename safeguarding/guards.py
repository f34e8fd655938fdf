"""Who could find out together who wrote a report: two groups, of which one person each is needed.

A platform tells us which account somebody writes from. That is sealed at intake under a key in two halves, and each
half to one group. Nobody is in both, whoever the report is about is in neither, and where there are not two such people
nothing is kept.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from safeguarding.routing import TABLE, About
from school.people import Person, Role
from school.school import School
from school.sensitive import Sensitive

# About an adult, the leads may be the adult: the child knows no roles. About the head, the chair's second is the lead,
# who learns that there is a report, and nothing of what is in it.
GROUPS: Mapping[About, tuple[tuple[Role, ...], tuple[Role, ...]]] = {
    About.PUPIL: ((Role.DSL, Role.DEPUTY_DSL), (Role.HEAD, Role.CHAIR_OF_GOVERNORS)),
    About.ADULT: ((Role.HEAD,), (Role.CHAIR_OF_GOVERNORS,)),
    About.HEAD: ((Role.CHAIR_OF_GOVERNORS,), (Role.DSL,)),
    About.LEAD: ((Role.HEAD,), (Role.CHAIR_OF_GOVERNORS,)),
    About.NOT_SURE: ((Role.HEAD,), (Role.CHAIR_OF_GOVERNORS,)),
}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a platform said of a sender: its own id for them, and what they are called there, where it said so."""

    via: str
    address: Sensitive
    called: Sensitive


Groups = tuple[tuple[Person, ...], tuple[Person, ...]]


def two_groups(about: About, *, school: School, on: date, keys: Collection[str]) -> Groups | None:
    """The holders of either half, of those whose ids are among `keys`; None where there are not two people.

    Whoever is away on the day holds none, unless there would be no two without them.
    """
    away = school.away(on)
    known = [person for person in school.people if person.id in keys and not person.holds(*TABLE[about].left_out)]
    return _split(about, [person for person in known if person.id not in away]) or _split(about, known)


def _split(about: About, people: Iterable[Person]) -> Groups | None:
    """Whoever could be in either group goes to the one that has nobody yet."""
    groups: tuple[list[Person], list[Person]] = ([], [])
    either: list[Person] = []
    for person in people:
        match [number for number, roles in enumerate(GROUPS[about]) if person.holds(*roles)]:
            case [number]:
                groups[number].append(person)
            case [_, _]:
                either.append(person)
    for person in either:
        groups[0 if groups[1] and not groups[0] else 1].append(person)
    return (tuple(groups[0]), tuple(groups[1])) if all(groups) else None


def guarded(*, school: School, on: date, keys: Collection[str], abouts: Sequence[About]) -> dict[About, Groups]:
    """The two groups of each answer that has them."""
    found = {about: two_groups(about, school=school, on=on, keys=keys) for about in abouts}
    return {about: groups for about, groups in found.items() if groups is not None}
