"""A whole school year of seven to fourteen classes through the real rooms: leave, a changed term, a silent teacher."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import cache

import pytest

from bot.main import load_library
from curriculum import Hands, Outcome, Taught, coverage_map, due_today, next_lesson, revisits, standing
from lessons import lesson_plan, tell_assembly, tell_lessons
from school.calendar import Calendar
from school.people import Person, Role, SchoolClass, Slot, YearGroup
from school.roles import Leave
from school.school import CatchUp, School
from tests.rooms.test_rooms_revisits import CALENDAR

FIRST, LAST = date(2026, 9, 2), date(2027, 7, 21)
SILENT = "class-3"


@cache
def library():
    return load_library()


@dataclass(frozen=True)
class Chance:
    """The same on the same day in the same class, whatever the lessons say, and as good as any other."""

    of: str

    def below(self, limit: int, what: str = "") -> int:
        drawn = hashlib.blake2b(f"{self.of}:{what}".encode(), digest_size=8).digest()
        return int.from_bytes(drawn, "big") % limit


@dataclass
class Progress:
    entries: dict = field(default_factory=lambda: defaultdict(list))

    def taught(self, class_id):
        return tuple(self.entries[class_id])

    def record(self, taught):
        if any(each.turn == taught.turn for each in self.entries[taught.class_id]):
            return False
        self.entries[taught.class_id].append(taught)
        return True


@dataclass
class Outbox:
    notices: dict = field(default_factory=dict)

    def leave(self, notice):
        return self.notices.setdefault(notice.key, notice) is notice

    def withdraw(self, *, to, recipient):
        raise NotImplementedError(to, recipient)


def school_of(count: int, catch_up: CatchUp, calendar: Calendar = CALENDAR) -> School:
    years = [YearGroup(n % 7) for n in range(count)]
    classes = tuple(
        SchoolClass(
            id=f"class-{n}",
            name=f"Class {n}",
            years=(year, YearGroup(year.number + 1)) if n == count - 1 and year.number < 6 else (year,),
            slot=Slot(weekday=n % 5, at=time(13, 30)),
        )
        for n, year in enumerate(years)
    )
    people = [
        Person(id=f"teacher-{n}", name=f"T{n}", roles=frozenset({Role.TEACHER}), classes=(f"class-{n}",))
        for n in range(count)
    ]
    people.append(Person(id="hannah", name="Hannah", roles=frozenset({Role.HEAD, Role.ESAFETY_LEAD})))
    return School(
        id="s",
        name="S",
        calendar=calendar,
        classes=classes,
        people=tuple(people),
        languages=(),
        leave=(Leave(person="teacher-1", first=date(2027, 1, 11), last=date(2027, 1, 29)),),
        catch_up=catch_up,
        assemblies_by=("hannah",),
    )


@dataclass
class Year:
    """What happened, day by day."""

    progress: Progress = field(default_factory=Progress)
    outbox: Outbox = field(default_factory=Outbox)
    offered: dict = field(default_factory=lambda: defaultdict(list))
    asked: Counter = field(default_factory=Counter)


def _teach(year, klass, page, on, chance, calendar):
    entries = year.progress.taught(klass.id)
    outcome = [*[Outcome.TAUGHT] * 8, Outcome.PARTLY, Outcome.NOT_TODAY][chance.below(10, "outcome")]
    hands = tuple(
        Hands(tuple(chance.below(21, f"{n}{k}") for k in range(len(item.options))), item.answer - 1)
        for n, item in enumerate(page.front.quiz)
    )
    year.progress.record(
        Taught(
            class_id=klass.id,
            turn=len(entries),
            lesson=page.id,
            version=page.version,
            strand=page.front.strand,
            outcome=outcome,
            hands=hands if outcome is Outcome.TAUGHT else (),
            by="",
            when=calendar.at(on, time(14, 15)),
        )
    )


def _ask_again(year, klass, now, on, calendar):
    for each in due_today((*now.before, *now.this_year), calendar=calendar, on=on):
        front = library().shelf.get(each.lesson, "en").front
        hands = tuple(
            Hands(
                tuple(20 if n == each.question and k == item.answer - 1 else 0 for k in range(len(item.options))),
                item.answer - 1,
            )
            for n, item in enumerate(front.quiz)
        )
        entries = year.progress.taught(klass.id)
        year.progress.record(
            replace(
                next(entry for entry in entries if entry.lesson == each.lesson),
                turn=len(entries),
                outcome=Outcome.REVISITED,
                hands=hands,
                when=calendar.at(on, time(13, 30)),
            )
        )
        year.asked[klass.id, each.lesson, each.gap] += 1


def live(school: School) -> Year:
    """From September to July. The silent teacher's class is told and never marks anything."""
    plan, year = lesson_plan(library().shelf), Year()
    on = FIRST
    while on <= LAST:
        tell_lessons(school=school, plan=plan, shelf=library().shelf, progress=year.progress, outbox=year.outbox, on=on)
        tell_assembly(school=school, shelf=library().shelf, outbox=year.outbox, on=on)
        for klass in school.classes:
            if klass.slot.weekday != on.weekday() or not school.calendar.is_school_day(on):
                continue
            now = standing(klass, progress=year.progress, calendar=school.calendar, on=on)
            half = school.calendar.half_term(on)
            position = next_lesson(
                plan,
                taught=now.this_year,
                half_term=half.id,
                year=now.year,
                class_name=klass.name,
                catch_up=school.catch_up,
            )
            year.offered[klass.id].append(position.planned.lesson)
            # A class has a lesson about every other week, and its questions on any day of its slot.
            if klass.id != SILENT:
                _ask_again(year, klass, now, on, school.calendar)
                chance = Chance(f"{klass.id}:{on}")
                if chance.below(2, "taught"):
                    _teach(year, klass, library().shelf.get(position.planned.lesson, "en"), on, chance, school.calendar)
        on += timedelta(days=1)
    return year


@pytest.mark.clause(6)
@pytest.mark.parametrize(("count", "catch_up"), [(7, CatchUp.HOLD), (14, CatchUp.FAST_FORWARD), (10, CatchUp.DIGEST)])
def test_every_planned_lesson_is_offered_and_coverage_adds_up(count: int, catch_up: CatchUp) -> None:
    school = school_of(count, catch_up)
    plan = lesson_plan(library().shelf)
    strands = [strand.id for strand in library().framework.strands]

    year = live(school)
    covered = coverage_map(school, plan=plan, strands=strands, progress=year.progress, on=LAST)

    for klass in school.classes:
        of_class = klass.year_in(FIRST)
        planned = {entry.lesson for entry in plan if entry.year == of_class}
        taught = year.progress.taught(klass.id)
        done = {entry.lesson for entry in taught if entry.outcome is Outcome.TAUGHT}
        cells = next(row.cells for row in covered.rows if row.id == klass.id)
        assert sum(cell.planned for cell in cells) == len(planned) == 8
        assert sum(cell.taught for cell in cells) == len(done)
        assert all(0 <= cell.secure <= cell.taught for cell in cells)
        if klass.id == SILENT:
            # Nobody is cross with who never answers: the plan waits, or with fast-forward follows the half-terms.
            assert taught == ()
            assert set(year.offered[klass.id]) <= planned
        else:
            assert done == planned
            assert planned <= set(year.offered[klass.id])


@pytest.mark.clause(6)
def test_every_revisit_falls_due_and_is_asked_and_none_is_left_over_but_for_the_year() -> None:
    school = school_of(7, CatchUp.HOLD)

    year = live(school)

    assert year.asked
    for (class_id, lesson, _), times in year.asked.items():
        taught = [each.outcome for each in year.progress.taught(class_id) if each.lesson == lesson]
        assert times <= 3 * taught.count(Outcome.TAUGHT)
    for klass in school.classes:
        left = revisits(year.progress.taught(klass.id), calendar=school.calendar)
        # Whatever is still to come in July falls due after this class's last slot.
        assert all(each.due > LAST - timedelta(days=14) or klass.id == SILENT for each in left)


@pytest.mark.clause(6, 7)
def test_nobody_is_prompted_in_a_holiday_in_a_quiet_hour_or_while_they_are_away() -> None:
    school = school_of(14, CatchUp.HOLD)

    year = live(school)

    lessons = [each for key, each in year.outbox.notices.items() if key.startswith("ahead:")]
    assemblies = [each for key, each in year.outbox.notices.items() if key.startswith("assembly:")]
    assert len(lessons) > 400
    for each in [*lessons, *assemblies]:
        assert school.calendar.is_school_day(school.calendar.today(each.due))
        assert not school.calendar.is_quiet(each.due)
        assert each.due < each.not_after
    away = [each for each in lessons if each.recipient == "teacher-1"]
    assert away
    assert not [each for each in away if date(2027, 1, 11) <= school.calendar.today(each.due) <= date(2027, 1, 29)]
    weeks = [school.calendar.school_week(school.calendar.today(each.not_after)) for each in assemblies]
    # The first week of the year has no school day before it.
    assert weeks == list(range(2, 41))


def test_a_term_that_is_changed_in_the_middle_moves_what_is_told_and_loses_nothing() -> None:
    longer = replace(
        CALENDAR,
        half_terms=tuple(
            replace(half, last=date(2027, 2, 19)) if half.id == "spring-1" else half for half in CALENDAR.half_terms
        ),
    )

    before, after = live(school_of(7, CatchUp.HOLD)), live(school_of(7, CatchUp.HOLD, longer))

    told = {key for key in after.outbox.notices if "2027-02-1" in key and key.startswith("ahead:")}
    assert {key for key in told if key >= "ahead:class-0:2027-02-15"} - set(before.outbox.notices)
    for class_id in ("class-0", "class-1", "class-2"):
        done = {each.lesson for each in after.progress.taught(class_id) if each.outcome is Outcome.TAUGHT}
        assert len(done) == 8
