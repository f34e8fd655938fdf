"""What do I do when ...: each situation with what to do at once, whom to tell by name, and what follows."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from school.people import Person, Role
from school.school import School
from staff.policy import CONTENT, PolicyFault

# Slack takes 75 characters; two of these stand side by side on a phone.
LONGEST_BUTTON = 45


class Situation(BaseModel):
    """One situation. `tell` are the roles to tell, the first first; a holder of a role in `never` is never named.

    `outside` says that services beside the school are named, and `contact` whoever answers for data; `opens` are verbs
    of the desk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z]{2,20}$")
    button: str = Field(min_length=3, max_length=LONGEST_BUTTON)
    now: tuple[str, ...] = Field(min_length=1)
    tell: tuple[Role, ...] = Field(min_length=1)
    never: tuple[Role, ...] = ()
    outside: bool = False
    contact: bool = False
    opens: tuple[str, ...] = ()
    follows: tuple[str, ...] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    situation: tuple[Situation, ...]


@cache
def all_situations(path: Path = CONTENT / "whatnow.toml") -> tuple[Situation, ...]:
    """The situations in their order. Raises PolicyFault with every fault."""
    try:
        found = _File.model_validate(tomllib.loads(path.read_text("utf-8"))).situation
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        msg = f"{path}: {error}"
        raise PolicyFault(msg) from error
    faults = [*_twice(found), *(f"{each.id}: {role} is to be told and never told" for each, role in _torn(found))]
    if faults:
        msg = "\n".join(f"{path}: {fault}" for fault in faults)
        raise PolicyFault(msg)
    return found


def _twice(found: Sequence[Situation]) -> list[str]:
    ids = [each.id for each in found]
    return [f"{name} is there twice" for name in sorted({name for name in ids if ids.count(name) > 1})]


def _torn(found: Sequence[Situation]) -> list[tuple[Situation, Role]]:
    return [(each, role) for each in found for role in each.tell if role in each.never]


@dataclass(frozen=True, kw_only=True)
class ToTell:
    """Who holds a role that a situation is told to; `away` are the ids of those who are not in today."""

    role: Role
    people: tuple[Person, ...]
    away: frozenset[str]


def whom_to_tell(situation: Situation, *, school: School, on: date) -> tuple[ToTell, ...]:
    """By role, in the order to go by; each person once, and nobody whom it may be about.

    Whoever holds one of the `never` roles is left out whatever else they are: in a small school the head may lead on
    safeguarding too. A role that is left with nobody is left out; with none at all, whoever is outside is to be called.
    """
    found, named, away = list[ToTell](), set[str](), school.away(on)
    for role in situation.tell:
        people = tuple(
            person for person in school.holders(role) if person.id not in named and not person.holds(*situation.never)
        )
        if people:
            named |= {person.id for person in people}
            # Whoever is in stands first.
            found.append(ToTell(role=role, people=tuple(sorted(people, key=lambda each: each.id in away)), away=away))
    return tuple(found)
