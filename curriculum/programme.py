"""The programme as a whole: for each year group what its classes were taught, also by the parts of resilience."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriculum.covered import CoverageMap
from curriculum.position import Planned
from curriculum.progress import Outcome, ProgressStore
from curriculum.school_year import standing
from school.people import SchoolClass, YearGroup
from school.school import School


@dataclass(frozen=True, kw_only=True)
class Share:
    """Lessons over all classes of a year: planned, taught of these, and due by now and not taught."""

    planned: int
    taught: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class YearRow:
    """A year group, how many classes are in it, all their lessons, and those of each part of digital resilience."""

    year: YearGroup
    classes: int
    lessons: Share
    parts: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True)
class _Class:
    year: YearGroup
    planned: frozenset[str]
    taught: frozenset[str]
    waiting: frozenset[str]


def programme_by_year(
    school: School,
    *,
    plan: Sequence[Planned],
    found: CoverageMap,
    tags: Mapping[str, frozenset[str]],
    parts: Sequence[str],
    progress: ProgressStore,
) -> tuple[YearRow, ...]:
    """The years that classes are in, the youngest first. `tags` are the parts that a lesson works towards, by its id.

    `found` is the same school's coverage on the same day. What is taught besides the plan is not counted.
    """
    waits = {row.id: frozenset(name for cell in row.cells for name in cell.missing) for row in found.rows}
    classes = [
        _class(klass, school, plan, waits.get(klass.id, frozenset()), progress, found) for klass in school.classes
    ]
    rows = []
    for year in sorted({each.year for each in classes}):
        theirs = [each for each in classes if each.year == year]
        rows.append(
            YearRow(
                year=year,
                classes=len(theirs),
                lessons=_share(theirs, None, tags),
                parts=tuple(_share(theirs, part, tags) for part in parts),
            )
        )
    return tuple(rows)


def _class(
    klass: SchoolClass,
    school: School,
    plan: Sequence[Planned],
    waiting: frozenset[str],
    progress: ProgressStore,
    found: CoverageMap,
) -> _Class:
    now = standing(klass, progress=progress, calendar=school.calendar, on=found.on)
    planned = frozenset(entry.lesson for entry in plan if entry.year == now.year)
    done = frozenset(entry.lesson for entry in now.this_year if entry.outcome is Outcome.TAUGHT)
    return _Class(year=now.year, planned=planned, taught=planned & done, waiting=waiting)


def _share(classes: Sequence[_Class], part: str | None, tags: Mapping[str, frozenset[str]]) -> Share:
    def count(lessons: frozenset[str]) -> int:
        return sum(part is None or part in tags.get(each, ()) for each in lessons)

    return Share(
        planned=sum(count(each.planned) for each in classes),
        taught=sum(count(each.taught) for each in classes),
        waiting=sum(count(each.waiting) for each in classes),
    )
