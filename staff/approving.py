"""The rule by which a request is granted: every seat has the yes of a person of its own. Pure, and told everything.

A seat is one of the roles that has to say yes. One person fills one seat, whatever roles they hold, and whoever asks
fills none. Where those who hold a role cannot fill its seat, the deputies whom the school file names may.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from school.people import Role
from school.school import School

Roles = tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One yes that is needed: from a holder of any of `roles`, by a person among `people` (ids of ours)."""

    roles: Roles
    people: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Vote:
    """What one person last said, and why; `why` may be empty for a yes."""

    person: str
    yes: bool
    at: datetime
    why: str = ""


class Verdict(StrEnum):
    """What the votes amount to."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"


def seats_for(wanted: Sequence[Roles], *, asked_by: str, school: School, on: date) -> tuple[Seat, ...]:
    """The seats as they stand on a day: those who hold the role, and deputies where these do not suffice.

    A seat has its deputies only while it may be left over: its holders are away or gone, ask themselves, or are needed
    for another seat. Who is away may still say yes. A seat without people is a vacancy: see `vacant`.
    """
    held = [_holders(roles, school=school) - {asked_by} for roles in wanted]
    there = [people - school.away(on) for people in held]
    full = _filled(there)
    return tuple(
        Seat(roles=roles, people=people | (_deputies(roles, school=school, on=on) - {asked_by}))
        # It can be left over where as many are filled without it.
        if full < len(there) and _filled([*there[:at], *there[at + 1 :]]) == full
        else Seat(roles=roles, people=people)
        for at, (roles, people) in enumerate(zip(wanted, held, strict=True))
    )


def _holders(roles: Roles, *, school: School) -> frozenset[str]:
    return frozenset(person.id for role in roles for person in school.holders(role))


def _deputies(roles: Roles, *, school: School, on: date) -> frozenset[str]:
    named = {each for role in roles for each in school.approvers.deputies.get(role, ())}
    found = (school.person(each) for each in named - school.away(on))
    # Whoever only helps here says yes to nothing, whatever the file says.
    return frozenset(person.id for person in found if person is not None and not person.only_helps)


def vacant(seats: Sequence[Seat]) -> tuple[Roles, ...]:
    """The roles of seats that nobody can fill beside the others; empty where a yes of everybody would grant it."""
    full = _filled([seat.people for seat in seats])
    if full == len(seats):
        return ()
    return tuple(
        seat.roles
        for at, seat in enumerate(seats)
        if _filled([each.people for each in (*seats[:at], *seats[at + 1 :])]) == full
    )


def may_vote(person: str, *, seats: Iterable[Seat]) -> bool:
    """Whether somebody's yes or no counts."""
    return any(person in seat.people for seat in seats)


def verdict_of(votes: Iterable[Vote], *, seats: Sequence[Seat], asked_by: str) -> Verdict:
    """REFUSED by the no of anybody whose vote counts; GRANTED when each seat has the yes of a person of its own.

    Of several votes of one person the last is taken. The asker's own never counts, and no seats grant nothing.
    """
    last: Mapping[str, Vote] = {vote.person: vote for vote in sorted(votes, key=lambda vote: vote.at)}
    said = {name: vote for name, vote in last.items() if name != asked_by and may_vote(name, seats=seats)}
    if any(not vote.yes for vote in said.values()):
        return Verdict.REFUSED
    if seats and _filled([seat.people & said.keys() for seat in seats]) == len(seats):
        return Verdict.GRANTED
    return Verdict.WAITING


def _filled(seats: Sequence[frozenset[str]]) -> int:
    """How many seats can be filled at once, each by a person of its own: a matching, and a school has few seats."""
    holder: dict[str, int] = {}

    def seat_one(at: int, asked: set[str]) -> bool:
        for person in sorted(seats[at]):
            if person in asked:
                continue
            asked.add(person)
            if person not in holder or seat_one(holder[person], asked):
                holder[person] = at
                return True
        return False

    return sum(seat_one(at, set()) for at in range(len(seats)))
