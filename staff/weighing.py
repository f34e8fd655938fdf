"""Weighing: what a clause's evidence says of it, by one rule that anyone can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from school.words import Text, counted
from staff.policy import Clause


class Colour(StrEnum):
    """Green is fresh evidence, amber is old, red is none."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one clause stands."""

    clause: Clause
    colour: Colour
    records: int
    latest: datetime | None
    why: Text


def weigh(
    clauses: Iterable[Clause],
    *,
    latest: Mapping[str, tuple[int, datetime]],
    now: datetime,
) -> tuple[Standing, ...]:
    """Each clause with its colour; `latest` is how many records a clause has and the newest."""
    return tuple(_weigh(clause, latest.get(clause.id), now) for clause in clauses)


def _weigh(clause: Clause, found: tuple[int, datetime] | None, now: datetime) -> Standing:
    if found is None:
        why = Text("There is no evidence yet.")
        return Standing(clause=clause, colour=Colour.RED, records=0, latest=None, why=why)
    records, newest = found
    fresh = newest >= now - timedelta(days=clause.evidence_days)
    days: dict[str, str | int | Text] = {"count": clause.evidence_days}
    why = (
        counted("There is evidence from the last day.", "There is evidence from the last {count} days.", days)
        if fresh
        else counted("The newest evidence is over a day old.", "The newest evidence is over {count} days old.", days)
    )
    return Standing(
        clause=clause,
        colour=Colour.GREEN if fresh else Colour.AMBER,
        records=records,
        latest=newest,
        why=why,
    )
