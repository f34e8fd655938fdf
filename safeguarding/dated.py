"""Dated data: facts that somebody looked up on a day, in a TOML file of like tables; and where in it one stands."""

import re
from datetime import date
from typing import Any

# What is in print or in the data may have changed after a year; whoever looks again writes the new date.
STALE_AFTER_YEARS = 1


def is_stale(checked: date, *, on: date) -> bool:
    """Whether nobody has looked for more than twelve months."""
    return (on.year - checked.year - STALE_AFTER_YEARS, on.month, on.day) > (0, checked.month, checked.day)


def line_of(text: str, head: str, loc: tuple[Any, ...]) -> int:
    """The line of a key in the n-th table called `head`, or of the table's head where the key is missing; from 1.

    `loc` is as pydantic gives it: the tables' name, n from 0, the key, and what is inside its value.
    """
    lines = text.splitlines()
    heads = [at for at, line in enumerate(lines) if line.strip() == f"[[{head}]]"]
    number = next((part for part in loc if isinstance(part, int)), None)
    if number is None or number >= len(heads):
        return 1
    end = heads[number + 1] if number + 1 < len(heads) else len(lines)
    key = re.escape(str(loc[2])) if len(loc) > 2 else "$"
    found = (at for at in range(heads[number], end) if re.match(rf"\s*{key}\s*=", lines[at]))
    return next(found, heads[number]) + 1
