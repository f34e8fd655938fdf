"""Risks that a school may take over into its own register: proposals, each by itself, and nothing before a tap."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from staff.policy import CONTENT, PolicyFault
from staff.register_fields import DOES_LENGTH, TITLE_LENGTH
from staff.register_hand import Drafted, Hand, in_a_year, same_title
from staff.registers import Entry, NoSuchEntryError, Register


class Proposed(BaseModel):
    """One risk: `likelihood` and `impact` from 1 to 5; `legal` says whether the law may be touched as well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    risk: str = Field(min_length=1, max_length=TITLE_LENGTH)
    likelihood: int = Field(ge=1, le=5)
    impact: int = Field(ge=1, le=5)
    does: str = Field(min_length=1, max_length=DOES_LENGTH)
    legal: bool


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    risk: tuple[Proposed, ...]


def load_risks(path: Path = CONTENT / "risks.toml") -> tuple[Proposed, ...]:
    """Every proposal in the file's order. Raises PolicyFault with every fault."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text("utf-8"))).risk
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: {error}"
        raise PolicyFault(msg) from error
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise PolicyFault("\n".join(lines)) from error


@cache
def all_risks() -> tuple[Proposed, ...]:
    """As load_risks, read once."""
    return load_risks()


def still_proposed(entries: Sequence[Entry]) -> tuple[Proposed, ...]:
    """Those that are not in a school's register."""
    there = [each.title for each in entries]
    return tuple(each for each in all_risks() if not same_title(each.risk, there))


def take_over(proposal: str, *, hand: Hand) -> Entry:
    """It is the school's own from now, owned by whoever took it, to be looked at in a year.

    Raises NoSuchEntryError, TitleTakenError or RegisterFullError.
    """
    found = next((each for each in all_risks() if each.id == proposal), None)
    if found is None:
        raise NoSuchEntryError
    fields = {
        "likelihood": str(found.likelihood),
        "impact": str(found.impact),
        "does": found.does,
        "legal": "yes" if found.legal else "no",
    }
    drafted = Drafted(title=found.risk, fields=fields, holder=hand.person.id, due=in_a_year(hand.on))
    return hand.add(Register.RISK, drafted)
