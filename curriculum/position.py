"""A class's position: which lesson is next, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from curriculum.progress import Outcome, Taught
from school.people import YearGroup
from school.school import CatchUp
from school.words import Refusal, Text

# So many missed lessons are joined in one: the time of a lesson holds the new idea and the exit check of each.
MOST_JOINED = 3
# An English school year has six half-terms; a plan names them so.
HALF_TERMS = ("autumn-1", "autumn-2", "spring-1", "spring-2", "summer-1", "summer-2")


class NothingPlannedError(Refusal):
    """The library has no lessons for a class's year."""

    text = Text("There are no lessons for Year {year} yet, so {name} has nothing next. Lessons come for: {years}.")


class Reason(StrEnum):
    """Why a lesson is next."""

    FIRST = "first"
    AGAIN = "again"
    BEHIND = "behind"
    SHORT = "short"
    THIS_HALF_TERM = "this_half_term"
    IN_STEP = "in_step"
    AHEAD = "ahead"
    FINISHED = "finished"
    CHOSEN = "chosen"


WHY: dict[Reason, Text] = {
    Reason.FIRST: Text("This is {name}'s first lesson of the year, so it starts the plan."),
    Reason.AGAIN: Text("{name} began this one and did not finish it, so it comes again before anything new."),
    Reason.BEHIND: Text(
        "{name} has had {done} of {total} lessons; by the end of this half-term the plan has {expected}. "
        "This is the one waiting longest.",
    ),
    Reason.SHORT: Text(
        "{name} has had {done} of {total} lessons; by the end of this half-term the plan has {expected}. "
        "To catch up, this lesson joins those that have waited longest: the new idea and the exit check of each.",
    ),
    Reason.THIS_HALF_TERM: Text(
        "{name} has had {done} of {total} lessons; by the end of this half-term the plan has {expected}. "
        "This is what the plan has now. The "
        "ones that were missed come back after it.",
    ),
    Reason.IN_STEP: Text("{name} has had {done} of {total} lessons and is in step with the plan. This one comes next."),
    Reason.AHEAD: Text("{name} has had {done} of {total} lessons and is ahead of the plan. This one comes next."),
    Reason.CHOSEN: Text("{name} has had {done} of {total} lessons. You chose this one; the plan waits."),
    Reason.FINISHED: Text("{name} has had all {total} lessons of the year. This one is worth coming back to."),
}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A lesson's place in a year's plan."""

    lesson: str
    strand: str
    year: YearGroup
    order: int
    half_term: str


@dataclass(frozen=True, kw_only=True)
class Next:
    """A class's next lesson. `expected` is how many the plan has had by the half-term's end.

    `joined` are the missed lessons that a digest takes together, `planned` first; none where it is one lesson alone.
    """

    planned: Planned
    reason: Reason
    why: Text
    done: int
    total: int
    expected: int
    joined: tuple[Planned, ...] = ()


def next_lesson(
    plan: Sequence[Planned],
    *,
    taught: Sequence[Taught],
    half_term: str,
    year: YearGroup,
    class_name: str,
    catch_up: CatchUp = CatchUp.HOLD,
) -> Next:
    """The next lesson in the plan for a class's year; `taught` is what it has had this school year.

    A lesson left half done comes first; then the earliest not yet taught, or what `catch_up` says where the class is
    behind; when all are, the one with the weakest answers. Lessons set aside with "not today" stay where they are.
    Raises NothingPlannedError.
    """
    mine = sorted((entry for entry in plan if entry.year == year), key=lambda entry: entry.order)
    if not mine:
        years = ", ".join(sorted({entry.year.code for entry in plan}, key=lambda code: (code != "R", code.zfill(2))))
        raise NothingPlannedError(year=year.code, name=class_name, years=years or "—")
    lessons = {entry.lesson for entry in mine}
    latest = {entry.lesson: entry for entry in taught if entry.outcome in {Outcome.TAUGHT, Outcome.PARTLY}}
    done = {lesson for lesson, entry in latest.items() if entry.outcome is Outcome.TAUGHT and lesson in lessons}
    reached = HALF_TERMS.index(half_term) if half_term in HALF_TERMS else len(HALF_TERMS) - 1
    expected = sum(1 for entry in mine if HALF_TERMS.index(entry.half_term) <= reached)
    waiting = [entry for entry in mine if entry.lesson not in done]
    planned, reason = _choose(mine, waiting, latest=latest, expected=expected)
    late_start = reason is Reason.FIRST and expected > 1 and catch_up is not CatchUp.HOLD
    if reason is Reason.BEHIND or late_start:
        planned, reason = _catching_up(waiting, catch_up, reached=reached)
    values: dict[str, str | int | Text] = {
        "name": class_name,
        "done": len(done),
        "total": len(mine),
        "expected": expected,
    }
    why = Text(WHY[reason].msgid, values)
    return Next(
        planned=planned,
        reason=reason,
        why=why,
        done=len(done),
        total=len(mine),
        expected=expected,
        joined=_joined(waiting, reached=reached) if reason is Reason.SHORT else (),
    )


def chosen(lesson: str, *, plan: Sequence[Planned], instead_of: Next) -> Next:
    """Another lesson than the next, as a teacher wishes; the next where the plan has no such lesson."""
    planned = next((entry for entry in plan if entry.lesson == lesson), None)
    if planned is None:
        return instead_of
    why = Text(WHY[Reason.CHOSEN].msgid, instead_of.why.values)
    return replace(instead_of, planned=planned, reason=Reason.CHOSEN, why=why, joined=())


def _choose(
    mine: Sequence[Planned], waiting: Sequence[Planned], *, latest: dict[str, Taught], expected: int
) -> tuple[Planned, Reason]:
    halves = [entry for entry in waiting if entry.lesson in latest]
    if halves:
        return halves[0], Reason.AGAIN
    if not waiting:
        return min(mine, key=lambda entry: (_secure(latest[entry.lesson]), entry.order)), Reason.FINISHED
    if not latest:
        return waiting[0], Reason.FIRST
    done = len(mine) - len(waiting)
    # The half-term under way may still hold its own lessons: only a whole lesson more is "behind".
    if done + 1 < expected:
        return waiting[0], Reason.BEHIND
    return waiting[0], Reason.AHEAD if done >= expected else Reason.IN_STEP


def _catching_up(waiting: Sequence[Planned], catch_up: CatchUp, *, reached: int) -> tuple[Planned, Reason]:
    now = next((entry for entry in waiting if HALF_TERMS.index(entry.half_term) == reached), None)
    if catch_up is CatchUp.FAST_FORWARD and now is not None:
        return now, Reason.THIS_HALF_TERM
    return waiting[0], Reason.SHORT if catch_up is CatchUp.DIGEST else Reason.BEHIND


def _joined(waiting: Sequence[Planned], *, reached: int) -> tuple[Planned, ...]:
    """Those that the plan has had by now, in its order. One alone is no digest."""
    due = [entry for entry in waiting if HALF_TERMS.index(entry.half_term) <= reached][:MOST_JOINED]
    return tuple(due) if len(due) > 1 else ()


def _secure(entry: Taught) -> float:
    shares = [share for hands in entry.hands if (share := hands.secure) is not None]
    return sum(shares) / len(shares) if shares else 1.0
