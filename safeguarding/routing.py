"""Routing: who may read a concern, by whom it is about. Whoever is named never gets a key nor a notice.

Source: Keeping Children Safe in Education, part four (allegations go to the head; about the head, to the chair of
governors), as read in reference material of November 2026.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from school.people import Person, Role
from school.school import School


class About(StrEnum):
    """Whom a concern is about, as the reporter is asked first."""

    PUPIL = "pupil"
    ADULT = "adult"
    HEAD = "head"
    LEAD = "lead"
    NOT_SURE = "not_sure"


# Whom the concern goes to, then who is left out although they hold another of these roles.
TABLE: dict[About, tuple[tuple[Role, ...], tuple[Role, ...]]] = {
    About.PUPIL: ((Role.DSL, Role.DEPUTY_DSL), ()),
    About.ADULT: ((Role.HEAD,), ()),
    About.HEAD: ((Role.CHAIR_OF_GOVERNORS,), (Role.HEAD,)),
    About.LEAD: ((Role.HEAD,), (Role.DSL, Role.DEPUTY_DSL)),
    About.NOT_SURE: ((Role.HEAD, Role.CHAIR_OF_GOVERNORS), ()),
}


def route(about: About, *, school: School) -> tuple[Person, ...]:
    """Everybody who gets a key, whether or not they are away today; no one twice.

    Whoever holds a role that is left out gets none, by whatever other role. Where that leaves nobody, as in a small
    school whose head is the lead too, it goes to the chair of governors.
    """
    wanted, left_out = TABLE[about]
    found = _holders(school, wanted, left_out)
    if found or about is About.PUPIL:
        return found
    return _holders(school, (Role.CHAIR_OF_GOVERNORS,), left_out)


def any_route(school: School) -> tuple[Person, ...]:
    """Everybody whom some concern would go to; no one twice. Words are locked for them until it is known which."""
    found = {person.id: person for about in About for person in route(about, school=school)}
    return tuple(found.values())


def _holders(school: School, wanted: tuple[Role, ...], left_out: tuple[Role, ...]) -> tuple[Person, ...]:
    found = {person.id: person for role in wanted for person in school.holders(role) if not person.holds(*left_out)}
    return tuple(found.values())


def to_be_told(
    routed: tuple[Person, ...],
    *,
    school: School,
    on: date,
    readers: Collection[str],
) -> tuple[Person, ...]:
    """Those of the routed who are not away; if all are, all of them: somebody must be told.

    `readers` are the ids of those of them who hold a key. Where nobody in today does, whoever holds one is told as
    well: a notice is of little use to somebody who cannot open what it is about.
    """
    away = {leave.person for leave in school.leave if leave.covers(on)}
    told = {person.id for person in routed if person.id not in away} or {person.id for person in routed}
    if told.isdisjoint(readers):
        told.update(readers)
    return tuple(person for person in routed if person.id in told)
