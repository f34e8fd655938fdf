"""The policy as data: sixty-nine clauses, each with who, how often and what counts."""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

CONTENT = Path(__file__).parent / "content"


class PolicyFault(ValueError):  # noqa: N818 - a list of faults for an author
    """The clauses' file is wrong; the message names every place."""


# The letters by which a clause names people, and what they mean.
WHO = {
    "HT": "head teacher",
    "GOV": "governors",
    "ESC": "e-safety lead",
    "TCH": "teachers",
    "STF": "all staff and volunteers",
    "TEC": "ICT technician",
    "DSL": "safeguarding lead",
    "PUP": "pupils",
    "PAR": "parents and carers",
    "OFF": "school office",
}


class Theme(StrEnum):
    """What a clause is about: the chapters of the policy, in their order."""

    POLICY = "policy"
    PUPILS = "pupils"
    PARENTS = "parents"
    STAFF = "staff"
    NETWORK = "network"
    FILTERING = "filtering"
    IMAGES = "images"
    MESSAGES = "messages"
    CONDUCT = "conduct"
    EXTREMISM = "extremism"
    AGREEMENTS = "agreements"


class Clause(BaseModel):
    """One clause. `reach`: B the bot does it, S it supports a human act, R it asks and records.

    `evidence_days` is how long evidence stays fresh; `counts` are the beginnings of the kinds of evidence that count;
    `next` says what turns it green. A school's own clause may leave out `carries`, `reach` and `next`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^C[1-9][0-9]?$")
    theme: Theme
    text: str
    who: tuple[str, ...]
    rhythm: str
    carries: str = ""
    reach: Literal["B", "S", "R"] = "R"
    evidence_days: int = Field(default=365, ge=1)
    counts: tuple[str, ...] = Field(min_length=1)
    next: str = "Answer its check (/lollipop todo), or do what counts for it."


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: tuple[Clause, ...]


def load_clauses(path: Path = CONTENT / "clauses.toml") -> tuple[Clause, ...]:
    """Every clause in the file's order. Raises PolicyFault with every fault."""
    try:
        clauses = _File.model_validate(tomllib.loads(path.read_text("utf-8"))).clause
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: {error}"
        raise PolicyFault(msg) from error
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise PolicyFault("\n".join(lines)) from error
    twice = sorted({clause.id for clause in clauses if [other.id for other in clauses].count(clause.id) > 1})
    if twice:
        msg = f"{path}: these clauses are there twice: {', '.join(twice)}"
        raise PolicyFault(msg)
    return clauses
