"""What is counted of a school year, for the yearly report: numbers alone, of what was written down as it was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.unit import Unit
from school.calendar import ONE_DAY
from school.events import EventKind
from school.school import School
from staff import Ask, Duty, DutyState, Sort

# What each request is evidence for, and how its first record is called: some are asked for, some are told of.
ASKED: Mapping[Ask, tuple[str, str]] = {
    Ask.UNBLOCK: ("C36", "request.asked"),
    Ask.FILTER_OFF: ("C37", "request.asked"),
    Ask.INSTALL: ("C43", "request.asked"),
    Ask.RESEARCH: ("C14", "request.asked"),
    Ask.FILTER_FAULT: ("C38", "request.told"),
    Ask.BREACH: ("C33", "request.told"),
}
# Each is counted at one clause alone, though it may be evidence for several.
AT: Mapping[str, tuple[str, str]] = {
    "lessons": ("C6", "lesson.taught"),
    "again": ("C6", "lesson.revisited"),
    "knowledge": ("C6", "knowledge."),
    "assemblies": ("C7", "assembly."),
    "starters": ("C5", "starter."),
    "routines": ("C8", "routine."),
    "rolls": ("C9", "agreement."),
    "home": ("C15", "home."),
    "newsletters": ("C16", "newsletter.planned"),
    "campaigns": ("C18", "campaign."),
    "joined": ("C16", "family.joined"),
    "permissions": ("C52", "family.answered"),
    "sites": ("C11", "site.checked"),
    "finds": ("C12", "find.reported"),
    "granted": ("C36", "request.granted"),
    "staff_answers": ("C26", "question.answered"),
    "family_answers": ("C20", "question.answered"),
    "learning": ("C24", "cpd."),
    "meetings": ("C25", "meeting.opened"),
    "concerns": ("C40", "concern.received"),
}
# Families hear of an event beforehand; what kind it is decides which clause it is evidence for.
EVENTS_AT = ("C16", "C17", "C47")
EVENING_AT = "C17"
TOLD_OF, CALLED_OFF = "event.notice", "event.off"
Book = Mapping[str, Mapping[str, tuple[int, datetime]]]


@dataclass(frozen=True, kw_only=True)
class Year:
    """A school year, or as much of one: its first day, and the first that is not of it."""

    first: date
    after: date


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What staff were asked for: `late` of those done, `over` of those that wait still, `wrong` still to be mended."""

    asked: int
    done: int
    late: int
    over: int
    wrong: int


@dataclass(frozen=True, kw_only=True)
class YearBook:
    """The counts. `made` is by the names of AT; `evenings` are parents' evenings that were held in that time."""

    made: Mapping[str, int]
    requests: Mapping[Ask, int]
    duties: Mapping[Sort, Asked]
    evenings: int
    events: int

    @property
    def empty(self) -> bool:
        """Whether nothing at all was written down then."""
        return not (self.events or any(self.made.values()) or any(self.requests.values()) or self._asked)

    @property
    def _asked(self) -> int:
        return sum(each.asked for each in self.duties.values())


def year_from(school: School, begins: int) -> Year:
    """The school year that begins in the autumn of a calendar year."""

    def began(year: int) -> date:
        first = school.calendar.year_began(date(year, 12, 31))
        return first if first.year == year else date(year, 9, 1)

    return Year(first=began(begins), after=began(begins + 1))


def so_far(year: Year, *, today: date) -> Year:
    """As much of it as is over, today included; nothing of one that is to come."""
    return Year(first=year.first, after=max(year.first, min(year.after, today + ONE_DAY)))


def as_long(year: Year, part: Year) -> Year:
    """As much of a year as a part of another is long, so that like is compared with like."""
    whole = timedelta(days=(part.after - part.first).days)
    return Year(first=year.first, after=min(year.after, year.first + whole))


def year_book(unit: Unit, *, school: School, year: Year, now: datetime) -> YearBook:
    """The counts of a span of days."""
    zone = school.calendar.zone
    since, until = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (year.first, year.after))
    book = unit.evidence.by_kind(since=since, until=until)
    found = {sort: [each for each in unit.duties.of(sort, since=since) if each.laid < until] for sort in Sort}
    return YearBook(
        made={name: _count(book, at, kind) for name, (at, kind) in AT.items()},
        requests={ask: _count(book, at, kind) for ask, (at, kind) in ASKED.items()},
        duties={sort: _asked(each, school=school, today=school.calendar.today(now)) for sort, each in found.items()},
        evenings=_evenings(unit, book, school=school, year=year, today=school.calendar.today(now)),
        events=sum(_count(book, at, TOLD_OF) for at in EVENTS_AT),
    )


def _count(book: Book, clause: str, begins: str) -> int:
    return sum(count for kind, (count, _) in book.get(clause, {}).items() if kind.startswith(begins))


def _asked(found: Sequence[Duty], *, school: School, today: date) -> Asked:
    """Whoever has left is asked for nothing."""
    theirs = [each for each in found if each.said is not DutyState.DROPPED]
    done = [each for each in theirs if each.said is DutyState.DONE]
    return Asked(
        asked=len(theirs),
        done=len(done),
        late=sum(1 for each in done if each.said_at and school.calendar.local(each.said_at).date() > each.due),
        over=sum(1 for each in theirs if each.said is DutyState.OPEN and each.due < today),
        wrong=sum(1 for each in theirs if each.said is DutyState.WRONG),
    )


def _evenings(unit: Unit, book: Book, *, school: School, year: Year, today: date) -> int:
    """Parents' evenings, for which there are talking points: those of the file, and those that families were told of.

    What families were told is forgotten some time after; the evidence of it stays, and counts in its place.
    """
    here = {each.id for each in school.events if not each.cancelled and _held(each.kind, each.day, year, today)}
    here |= {each.event for each in unit.events.told() if not each.off and _held(each.kind, each.day, year, today)}
    noted = _count(book, EVENING_AT, TOLD_OF) - _count(book, EVENING_AT, CALLED_OFF)
    return max(len(here), noted if year.after <= today else 0)


def _held(kind: EventKind, day: date, year: Year, today: date) -> bool:
    return kind is EventKind.PARENTS_EVENING and year.first <= day < min(year.after, today)
