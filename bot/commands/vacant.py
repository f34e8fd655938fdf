"""What `lollipop check` says of vacant seats: a yes that nobody can give, a step that nobody decides on."""

from collections.abc import Iterator
from datetime import date

from school.people import Person
from school.school import School
from staff import MAY_SWITCH, Ask, seats_for, undecided, vacant, wanted_for

# What staff ask for, and what nobody gets while a seat is vacant.
ASKED: dict[Ask, str] = {
    Ask.UNBLOCK: "a site to be opened",
    Ask.RESEARCH: "a topic for a class",
    Ask.INSTALL: "a program or an app",
    Ask.FILTER_OFF: "a time without the filter",
}


def vacancies(school: School, on: date) -> Iterator[tuple[str, str]]:
    """What is vacant, and how to mend it: for everybody who asks, or for one person's own requests."""
    for ask, what in ASKED.items():
        yield from _seats(ask, what, school=school, on=on)
    for step in undecided(school):
        roles = " or ".join(step.by)
        said = f"[sanctions]: nobody in the school file is the {roles}, so nobody decides on the step {step.step!r}."
        yield said, "Give somebody the role, or name another role for this step."


def _seats(ask: Ask, what: str, *, school: School, on: date) -> Iterator[tuple[str, str]]:
    empty = {each.id: _empty(ask, each.id, school=school, on=on) for each in school.people if _asks(ask, each)}
    stuck = {who: roles for who, roles in empty.items() if roles}
    if not stuck:
        return
    always = _empty(ask, "", school=school, on=on)
    if always:
        said = f"nobody can give the yes of {_listed(always)} to {what}, so every such request is refused."
        yield f"[approvers]: {said}", _cure(always)
        return
    by_roles: dict[tuple[str, ...], list[str]] = {}
    for who, roles in stuck.items():
        by_roles.setdefault(roles, []).append(who)
    for roles, people in by_roles.items():
        said = (
            f"when {' or '.join(people)} asks for {what}, nobody can give the yes of {_listed(roles)} in their place."
        )
        yield f"[approvers]: {said}", _cure(roles)


def _asks(ask: Ask, person: Person) -> bool:
    return person.holds(*MAY_SWITCH) if ask is Ask.FILTER_OFF else not person.only_helps


def _empty(ask: Ask, asked_by: str, *, school: School, on: date) -> tuple[str, ...]:
    """The roles of the seats that nobody can fill, each as the school file spells it."""
    seats = seats_for(wanted_for(ask, school=school), asked_by=asked_by, school=school, on=on)
    return tuple(dict.fromkeys(" or ".join(roles) for roles in vacant(seats)))


def _listed(roles: tuple[str, ...]) -> str:
    return ", ".join(f"the {each}" for each in roles)


def _cure(roles: tuple[str, ...]) -> str:
    role = roles[0].split(" or ")[0]
    return (
        f"Give one more person the role of {roles[0]}, or name who stands in, under [approvers.deputies]: "
        f'{role} = ["their-id"].'
    )
