"""Help lines as dated data."""

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

CONTENT = Path(__file__).parent / "content"


class HelpLine(BaseModel):
    """One line: whom it is for, how to reach it, when that was last checked and against what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    for_whom: str
    phone: str = ""
    web: str = ""
    hours: str = ""
    checked: date
    source: str
    verified: bool = True


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line: tuple[HelpLine, ...]


def load_help_lines(path: Path = CONTENT / "helplines.toml") -> tuple[HelpLine, ...]:
    """Every line in the file's order. Raises pydantic's ValidationError on a wrong field."""
    return _File.model_validate(tomllib.loads(path.read_text("utf-8"))).line
