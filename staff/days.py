"""Days as staff type them into forms and commands, read in one way everywhere."""

import re
from datetime import date

_A_DAY = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")


def day_typed(typed: str) -> date | None:
    """A day as people write it in Britain, or as computers do; None where it is neither, or not in the calendar."""
    found = _A_DAY.fullmatch(typed.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(typed.strip())
    except ValueError:
        return None
