"""Weighing: what a clause's evidence says of it, by one rule that anyone can read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from school.words import Text, counted
from staff.policy import Clause

# How a kind ends that says that something is wrong, and how one of the same sort that says it is well again.
MENDED: Mapping[str, str] = {".wrong": ".done", ".alarm": ".on"}
# That somebody was reminded, or that nobody answered in time, is no sign that anything was done.
NO_SIGN = (".alarm", ".chased", ".lapsed", ".prompted")
LONG_AGO = datetime.min.replace(tzinfo=UTC)
WRONG = Text("Somebody said that something is wrong, and it is not put right yet.")


class Colour(StrEnum):
    """Green is fresh evidence, amber is old or says that something is wrong, red is none."""

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
    book: Mapping[str, Mapping[str, tuple[int, datetime]]],
    now: datetime,
    wrong: Collection[str] = (),
) -> tuple[Standing, ...]:
    """Each clause with its colour; `book` is, for each clause and kind of evidence, how many records and the newest.

    `wrong` are the clauses of which something waits to be put right: another check that is well does not mend it.
    """
    return tuple(_weigh(clause, book.get(clause.id, {}), now, wrong=clause.id in wrong) for clause in clauses)


def _weigh(clause: Clause, kinds: Mapping[str, tuple[int, datetime]], now: datetime, *, wrong: bool) -> Standing:
    """Only what counts for the clause is weighed: a record of another kind turns nothing green."""
    known = {kind: found for kind, found in kinds.items() if kind.startswith(clause.counts)}
    weighed = {kind: found for kind, found in known.items() if not kind.endswith(NO_SIGN)}
    if not weighed:
        why = Text("There is no evidence yet.")
        return Standing(clause=clause, colour=Colour.RED, records=0, latest=None, why=why)
    newest = max(at for _, at in weighed.values())
    fresh = newest >= now - timedelta(days=clause.evidence_days)
    wrong = wrong or _still_wrong(known)
    return Standing(
        clause=clause,
        colour=Colour.GREEN if fresh and not wrong else Colour.AMBER,
        records=sum(records for records, _ in weighed.values()),
        latest=newest,
        why=WRONG if wrong else _why(clause, fresh=fresh),
    )


def _why(clause: Clause, *, fresh: bool) -> Text:
    days: dict[str, str | int | Text] = {"count": clause.evidence_days}
    if fresh:
        return counted("There is evidence from the last day.", "There is evidence from the last {count} days.", days)
    return counted("The newest evidence is over a day old.", "The newest evidence is over {count} days old.", days)


def _still_wrong(kinds: Mapping[str, tuple[int, datetime]]) -> bool:
    """Whether somebody said that something is wrong, and nobody has said since that it is well."""
    return any(
        at > kinds.get(f"{kind.removesuffix(wrong)}{well}", (0, LONG_AGO))[1]
        for wrong, well in MENDED.items()
        for kind, (_, at) in kinds.items()
        if kind.endswith(wrong)
    )
