"""The ladder of what may follow: the school's own where its file has one, and else the one that comes with Lollipop."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from school.people import Role
from school.sanctions import Sanctions, SanctionStep
from school.school import School
from staff.policy import CONTENT, PolicyFault

# Who may decide on a step. Nobody who is there to help, to govern or to look after machines decides about a child,
# and what follows for a colleague is for whoever leads.
DECIDE_ON_PUPILS = (
    *(Role.TEACHER, Role.YEAR_LEAD, Role.ESAFETY_LEAD),
    *(Role.DEPUTY_DSL, Role.DSL, Role.HEAD),
)
DECIDE_ON_STAFF = (Role.ESAFETY_LEAD, Role.DSL, Role.HEAD, Role.CHAIR_OF_GOVERNORS)


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str = Field(min_length=1, max_length=200)
    by: tuple[Role, ...] = Field(min_length=1)

    def as_known(self) -> SanctionStep:
        return SanctionStep(step=self.step, by=self.by)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pupils: tuple[_Step, ...] = Field(min_length=2)
    staff: tuple[_Step, ...] = Field(min_length=2)


@cache
def usual_ladder(path: Path = CONTENT / "sanctions.toml") -> Sanctions:
    """The one that comes with Lollipop. Raises PolicyFault."""
    try:
        read = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        msg = f"{path}: {error}"
        raise PolicyFault(msg) from error
    return Sanctions(
        pupils=tuple(each.as_known() for each in read.pupils), staff=tuple(each.as_known() for each in read.staff)
    )


def ladder_of(school: School) -> Sanctions:
    """The school's own, part by part, and ours where it has none."""
    usual = usual_ladder()
    return Sanctions(pupils=school.sanctions.pupils or usual.pupils, staff=school.sanctions.staff or usual.staff)


def undecided(school: School) -> tuple[SanctionStep, ...]:
    """The steps that nobody in the school holds a role to decide on."""
    ladder = ladder_of(school)
    held = {role for person in school.people for role in person.roles}
    return tuple(each for each in (*ladder.pupils, *ladder.staff) if held.isdisjoint(each.by))
