"""`[sanctions]` of a school file: the school's own ladder of what may follow, for pupils and for staff."""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.school_faults import nearest
from school.people import Role
from school.sanctions import Sanctions, SanctionStep
from staff import DECIDE_ON_PUPILS, DECIDE_ON_STAFF

# A ladder has at least two steps; more than eight nobody keeps in mind.
FEWEST, MOST = 2, 8
STEP_LENGTH = 200


class StepTable(BaseModel):
    """One step: `{ step = "A calm talk about what happened", by = ["teacher"] }`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str = Field(max_length=STEP_LENGTH)
    by: tuple[Role, ...]

    @field_validator("step")
    @classmethod
    def _says_something(cls, step: str) -> str:
        if not step.strip():
            msg = "is empty: say what happens, in a few words that staff would use"
            raise ValueError(msg)
        return " ".join(step.split())

    @field_validator("by", mode="before")
    @classmethod
    def _roles(cls, by: Any) -> Any:
        """Here and not one by one, so that the fault has the line of its step."""
        for role in by if isinstance(by, list) else ():
            if role not in set(Role):
                near = nearest(str(role), [*DECIDE_ON_PUPILS, Role.CHAIR_OF_GOVERNORS])
                msg = f"there is no role {role!r}{near}"
                raise ValueError(msg)
        return by

    @field_validator("by")
    @classmethod
    def _somebody(cls, by: tuple[Role, ...]) -> tuple[Role, ...]:
        if not by:
            msg = 'nobody decides on this step: name a role, such as by = ["head"]'
            raise ValueError(msg)
        return tuple(dict.fromkeys(by))


class SanctionTable(BaseModel):
    """`[sanctions]`: `pupils` and `staff`, each a list of steps from the mildest on; one that is left out is ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pupils: tuple[StepTable, ...] | None = None
    staff: tuple[StepTable, ...] | None = None

    @field_validator("pupils", "staff")
    @classmethod
    def _a_ladder(cls, steps: tuple[StepTable, ...] | None) -> tuple[StepTable, ...] | None:
        if steps is not None and not FEWEST <= len(steps) <= MOST:
            msg = f"has {len(steps)} of {FEWEST} to {MOST} steps: write them all, or take the list out for Lollipop's"
            raise ValueError(msg)
        words = [each.step.casefold() for each in steps or ()]
        if twice := [each for at, each in enumerate(words) if each in words[:at]]:
            msg = f"the step {twice[0]!r} stands here twice: take one of them out"
            raise ValueError(msg)
        return steps

    @field_validator("pupils")
    @classmethod
    def _on_pupils(cls, steps: tuple[StepTable, ...] | None) -> tuple[StepTable, ...] | None:
        return _decided_by(steps, DECIDE_ON_PUPILS, "what follows for a pupil")

    @field_validator("staff")
    @classmethod
    def _on_staff(cls, steps: tuple[StepTable, ...] | None) -> tuple[StepTable, ...] | None:
        return _decided_by(steps, DECIDE_ON_STAFF, "what follows for a colleague")

    def sanctions(self) -> Sanctions:
        """As rooms know it."""
        return Sanctions(pupils=_steps(self.pupils), staff=_steps(self.staff))


def _decided_by(
    steps: tuple[StepTable, ...] | None, roles: Collection[Role], what: str
) -> tuple[StepTable, ...] | None:
    for each in steps or ():
        for role in each.by:
            if role not in roles:
                msg = f"the {role} does not decide {what}: name one of {', '.join(roles)}"
                raise ValueError(msg)
    return steps


def _steps(steps: tuple[StepTable, ...] | None) -> tuple[SanctionStep, ...]:
    return tuple(SanctionStep(step=each.step, by=each.by) for each in steps or ())
