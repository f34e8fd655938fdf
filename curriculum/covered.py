"""Coverage: for each class and strand, what was planned, what is due by now, what was taught, what is secure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from curriculum.known import Moment, known_of
from curriculum.position import HALF_TERMS, Planned
from curriculum.progress import Outcome, ProgressStore, Taught, shares
from curriculum.school_year import Standing, standing
from school.calendar import Calendar, HalfTerm
from school.people import SchoolClass, YearGroup
from school.school import School

# Four in five hands on the right answer: our own line, to be reviewed with teachers.
SECURE = 0.8
# One whole lesson may still be caught up with next week; more than that is behind, as for a class's next lesson.
BEHIND = 2


class State(StrEnum):
    """How one strand stands in one class, the most pressing first.

    A lesson is due once the half-term that the plan has it in is over. GAP: one or more that are due were not taught.
    SECURE: all that were taught are secure. NOW: nothing was taught yet, and the half-term under way has one.
    """

    GAP = "gap"
    SECURE = "secure"
    TAUGHT = "taught"
    NOW = "this_half_term"
    LATER = "not_due"
    NOTHING = "not_planned"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How many lessons of one strand are in a class's plan, due by now, taught this school year, and secure.

    `besides` of those that were taught are not in the class's plan. `missing` are due and were not taught. `before` and
    `after` are the shares of right hands, 0 to 1, for the strand's own questions before its first lesson and after its
    last; None where nobody counted.
    """

    strand: str
    planned: int
    due: int
    taught: int
    besides: int
    secure: int
    missing: tuple[str, ...]
    state: State
    before: float | None = None
    after: float | None = None

    @property
    def had(self) -> int:
        """How many of the plan's were taught."""
        return self.taught - self.besides


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """A class, whose lessons it has this school year, and a cell for each strand."""

    id: str
    name: str
    year: YearGroup
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class StrandRow:
    """A strand of one class, with a cell for each of HALF_TERMS."""

    strand: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class ClassYear:
    """A class's school year: its strands by half-term."""

    id: str
    name: str
    year: YearGroup
    rows: tuple[StrandRow, ...]


@dataclass(frozen=True, kw_only=True)
class ClassBehind:
    """A class for which BEHIND or more lessons wait; `since` is the first day on which one of them was due."""

    name: str
    lessons: int
    strands: tuple[str, ...]
    since: date


@dataclass(frozen=True, kw_only=True)
class StrandMissed:
    """A strand that was due in some classes and that no class of the school has had this school year."""

    strand: str
    classes: tuple[str, ...]
    since: date


@dataclass(frozen=True, kw_only=True)
class CoverageMap:
    """A school on a day: its classes from the youngest, each strand of each, and what waits, the longest first."""

    on: date
    strands: tuple[str, ...]
    rows: tuple[ClassRow, ...]
    behind: tuple[ClassBehind, ...]
    missed: tuple[StrandMissed, ...]

    @property
    def gaps(self) -> bool:
        """Whether anything waits that somebody should know of."""
        return bool(self.behind or self.missed)

    @property
    def begun(self) -> bool:
        """Whether any class has had a lesson this school year."""
        return any(cell.taught for row in self.rows for cell in row.cells)

    @property
    def due(self) -> int:
        """How many lessons were due by now, over all classes."""
        return sum(cell.due for row in self.rows for cell in row.cells)

    @property
    def done(self) -> int:
        """How many of those that were due have been taught."""
        return self.due - sum(len(cell.missing) for row in self.rows for cell in row.cells)


@dataclass(frozen=True, kw_only=True)
class _Year:
    """How far a school year has come: half-terms by their place in the plan's six."""

    began: date
    over: int
    now: range
    ended: Mapping[int, date]
    firsts: Mapping[int, date]
    calendar: Calendar

    def since(self, place: int) -> date:
        """The day from which a place's lessons were due. Where the calendar does not say, the year's beginning."""
        return self.ended.get(place, self.began)

    def place_of(self, when: datetime) -> int:
        """The place of the half-term that it was in; in a holiday, of the one before it."""
        day = self.calendar.today(when)
        return max((place for place, first in self.firsts.items() if first <= day), default=0)


def coverage_map(
    school: School, *, plan: Sequence[Planned], strands: Sequence[str], progress: ProgressStore, on: date
) -> CoverageMap:
    """Every class of a school on a day, by what it had this school year and by the plan of its year."""
    year = _year(school.calendar, on)
    rows, waits = [], []
    for klass in sorted(school.classes, key=lambda klass: (min(klass.years), max(klass.years))):
        now = standing(klass, progress=progress, calendar=school.calendar, on=on)
        mine = [entry for entry in plan if entry.year == now.year]
        cells = tuple(_cell(strand, mine, now, year) for strand in strands)
        rows.append(ClassRow(id=klass.id, name=klass.name, year=now.year, cells=cells))
        missing = {lesson for cell in cells for lesson in cell.missing}
        waits.append([entry for entry in mine if entry.lesson in missing])
    return CoverageMap(
        on=on,
        strands=tuple(strands),
        rows=tuple(rows),
        behind=_behind(rows, waits, year),
        missed=_missed(rows, waits, year, strands),
    )


def class_years(
    school: School,
    *,
    classes: Sequence[SchoolClass],
    plan: Sequence[Planned],
    strands: Sequence[str],
    progress: ProgressStore,
    on: date,
) -> tuple[ClassYear, ...]:
    """Some of a school's classes on a day, each strand by half-term.

    A lesson of the plan stands in the half-term that the plan has it in, whenever it was taught; one besides the plan
    in the half-term that it was taught in. So the cells of a strand add up to its cell in the school's map.
    """
    year, found = _year(school.calendar, on), []
    for klass in classes:
        now = standing(klass, progress=progress, calendar=school.calendar, on=on)
        mine = [entry for entry in plan if entry.year == now.year]
        rows = tuple(
            StrandRow(
                strand=strand,
                cells=tuple(_cell(strand, mine, now, year, part=place) for place in range(len(HALF_TERMS))),
            )
            for strand in strands
        )
        found.append(ClassYear(id=klass.id, name=klass.name, year=now.year, rows=rows))
    return tuple(found)


def is_secure(lesson: str, taught: Sequence[Taught]) -> bool:
    """Whether every question of a lesson that was counted was answered rightly by enough, when it was asked last."""
    known = [share for share in shares(lesson, taught) if share is not None]
    return bool(known) and min(known) >= SECURE


def _cell(strand: str, mine: Sequence[Planned], now: Standing, year: _Year, *, part: int | None = None) -> Cell:
    """`mine` is the class's own plan. A lesson of the plan counts for the strand that the plan has it in.

    Of the whole year, or of one part of it.
    """
    done = {entry.lesson: entry for entry in now.this_year if entry.outcome is Outcome.TAUGHT}
    own = {entry.lesson: HALF_TERMS.index(entry.half_term) for entry in mine if entry.strand == strand}
    planned_anywhere = {entry.lesson for entry in mine}
    besides = [lesson for lesson, had in done.items() if had.strand == strand and lesson not in planned_anywhere]
    if part is not None:
        own = {lesson: place for lesson, place in own.items() if place == part}
        besides = [each for each in besides if year.place_of(done[each].when) == part]
    taught = [*(lesson for lesson in own if lesson in done), *besides]
    due = [lesson for lesson, place in own.items() if place <= year.over]
    missing = tuple(lesson for lesson in due if lesson not in done)
    secure = sum(1 for lesson in taught if is_secure(lesson, now.this_year))
    known = known_of(strand, now.this_year)
    if missing:
        state = State.GAP
    elif taught:
        state = State.SECURE if secure == len(taught) else State.TAUGHT
    elif any(place in year.now for place in own.values()):
        state = State.NOW
    else:
        state = State.LATER if own else State.NOTHING
    return Cell(
        strand=strand,
        planned=len(own),
        due=len(due),
        taught=len(taught),
        besides=len(besides),
        secure=secure,
        missing=missing,
        state=state,
        before=known.share(Moment.BEFORE),
        after=known.share(Moment.AFTER),
    )


def _year(calendar: Calendar, on: date) -> _Year:
    """The half-terms of the school year that a day is in, and how many of them are over."""
    began = calendar.year_began(on)
    following = min(
        (half.first for half in calendar.half_terms if half.id == "autumn-1" and half.first > began), default=None
    )
    mine = [
        half for half in calendar.half_terms if half.first >= began and (following is None or half.first < following)
    ]
    places = [(_places(half, number, len(mine)), half) for number, half in enumerate(mine)]
    ended = {place: half.last for those, half in places if half.last < on for place in those}
    now = next((those for those, half in places if half.first <= on <= half.last), range(0))
    firsts = {place: half.first for those, half in places for place in those[:1]}
    return _Year(began=began, over=max([*ended, now.start - 1]), now=now, ended=ended, firsts=firsts, calendar=calendar)


def _places(half: HalfTerm, number: int, of: int) -> range:
    """Which of the plan's six a half-term is; a school that calls them otherwise has them in their order."""
    if half.id in HALF_TERMS:
        return range(HALF_TERMS.index(half.id), HALF_TERMS.index(half.id) + 1)
    return range(number * len(HALF_TERMS) // of, (number + 1) * len(HALF_TERMS) // of)


def _since(entries: Sequence[Planned], year: _Year) -> date:
    return min(year.since(HALF_TERMS.index(entry.half_term)) for entry in entries)


def _behind(rows: Sequence[ClassRow], waits: Sequence[Sequence[Planned]], year: _Year) -> tuple[ClassBehind, ...]:
    found = [
        ClassBehind(
            name=row.name,
            lessons=len(waiting),
            strands=tuple(cell.strand for cell in row.cells if cell.missing),
            since=_since(waiting, year),
        )
        for row, waiting in zip(rows, waits, strict=True)
        if len(waiting) >= BEHIND
    ]
    return tuple(sorted(found, key=lambda each: (each.since, -each.lessons, each.name)))


def _missed(
    rows: Sequence[ClassRow], waits: Sequence[Sequence[Planned]], year: _Year, strands: Sequence[str]
) -> tuple[StrandMissed, ...]:
    found = []
    for place, strand in enumerate(strands):
        waiting = [entry for entries in waits for entry in entries if entry.strand == strand]
        if not waiting or any(row.cells[place].taught for row in rows):
            continue
        names = tuple(row.name for row in rows if row.cells[place].missing)
        found.append(StrandMissed(strand=strand, classes=names, since=_since(waiting, year)))
    return tuple(sorted(found, key=lambda each: (each.since, strands.index(each.strand))))
