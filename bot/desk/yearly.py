"""The yearly report on the policy: sentences made of the year's counts, and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.unit import Unit
from pages import Block, Bullets, Document, Heading, Inline, paragraph, says
from parents import SMALLEST_SHOWN
from school.calendar import ONE_DAY
from school.school import School
from school.words import Text, counted
from staff import Colour, Duty, DutyState, Sort, Standing

Values = dict[str, str | int | Text]
# What is counted of the evidence: a clause, and how its kinds begin. Each kind is counted at one clause alone, though
# it may be evidence for several.
PARTS: Sequence[tuple[Text, Sequence[tuple[str, str, str, str]]]] = (
    (
        Text("Teaching pupils"),
        (
            ("C6", "lesson.taught", "1 lesson was taught.", "{count} lessons were taught."),
            ("C6", "knowledge.", "1 check of what a class knows was made.", "{count} checks of knowledge were made."),
            ("C7", "assembly.", "1 assembly was asked for.", "{count} assemblies were asked for."),
            ("C5", "starter.", "1 starter for another subject was taken.", "{count} starters were taken."),
            ("C9", "agreement.", "1 class roll was signed.", "{count} times a class's agreement was signed."),
        ),
    ),
    (
        Text("Parents and carers"),
        (
            ("C15", "home.", "Families heard of 1 lesson.", "Families heard of {count} lessons."),
            ("C16", "newsletter.planned", "1 newsletter went out.", "{count} newsletters went out."),
            ("C18", "campaign.", "1 campaign message was planned.", "{count} campaign messages were planned."),
        ),
    ),
    (
        Text("Requests and questions"),
        (
            ("C36", "request.", "1 step of a request to unblock a site.", "{count} steps of requests to unblock."),
            ("C38", "request.", "1 fault of the filter was reported.", "{count} steps on faults of the filter."),
            ("C26", "question.", "1 question was answered.", "{count} questions were answered."),
        ),
    ),
)
# Of what a family or a child did, a small number might say who it was.
GUARDED: Sequence[tuple[str, str, str]] = (
    ("C40", "concern.received", "{count} concerns were received and went to the safeguarding team."),
    ("C16", "family.joined", "{count} times a family joined the news."),
)
FEW = "Fewer than {few}"
DUTIES: Mapping[Sort, Text] = {
    Sort.CHECK: Text("Checks"),
    Sort.MODULE: Text("Training"),
    Sort.SIGN: Text("Staff agreements"),
}


@dataclass(frozen=True, kw_only=True)
class Year:
    """A school year: its first day, and the first that is not of it."""

    first: date
    after: date


def year_from(school: School, begins: int) -> Year:
    """The school year that begins in the autumn of a calendar year."""

    def began(year: int) -> date:
        first = school.calendar.year_began(date(year, 12, 31))
        return first if first.year == year else date(year, 9, 1)

    return Year(first=began(begins), after=began(begins + 1))


def yearly(unit: Unit, *, school: School, year: Year, standings: Sequence[Standing], now: datetime) -> Document:
    """The report, from what was written down in the year; it names nobody."""
    zone = school.calendar.zone
    since, until = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (year.first, year.after))
    book = unit.evidence.by_kind(since=since, until=until)
    days: Values = {"first": f"{year.first:%d/%m/%Y}", "last": f"{min(year.after - ONE_DAY, now.date()):%d/%m/%Y}"}
    blocks: list[Block] = [
        paragraph(Text("From {first} to {last}. Every number was counted from what was written down then.", days)),
        Bullets(tuple(says(_colours(standings, colour)) for colour in Colour)),
    ]
    for heading, lines in PARTS:
        made = [counted(one, many, {"count": _count(book, at, kind)}) for at, kind, one, many in lines]
        blocks += [Heading(says(heading), 2), Bullets(tuple(says(each) for each in made))]
    blocks += [Heading(says(Text("Concerns and families")), 2), Bullets(tuple(_guarded(book)))]
    blocks.append(Heading(says(Text("Checks, training and agreements of staff")), 2))
    blocks.append(Bullets(tuple(says(_duties(unit, sort, since, until)) for sort in DUTIES)))
    title = Text("Online safety at {school}: the school year {year}", {"school": school.name, "year": _called(year)})
    return Document(title, tuple(blocks))


def _called(year: Year) -> str:
    return f"{year.first.year}/{year.after.year % 100:02}"


def _colours(standings: Sequence[Standing], colour: Colour) -> Text:
    values: Values = {"count": sum(each.colour is colour for each in standings), "colour": colour.value}
    return counted("1 clause of the policy is {colour} today.", "{count} clauses are {colour} today.", values)


def _count(book: Mapping[str, Mapping[str, tuple[int, datetime]]], clause: str, begins: str) -> int:
    return sum(count for kind, (count, _) in book.get(clause, {}).items() if kind.startswith(begins))


def _guarded(book: Mapping[str, Mapping[str, tuple[int, datetime]]]) -> list[Inline]:
    lines: list[Inline] = []
    for clause, kind, words in GUARDED:
        count = _count(book, clause, kind)
        few = Text(FEW, {"few": SMALLEST_SHOWN})
        lines.append(says(Text(words, {"count": count if count >= SMALLEST_SHOWN else few})))
    return lines


def _duties(unit: Unit, sort: Sort, since: datetime, until: datetime) -> Text:
    found = [each for each in unit.duties.of(sort, since=since) if each.laid < until]
    done = [each for each in found if each.said is DutyState.DONE]
    values: Values = {
        "what": DUTIES[sort],
        "all": len(found),
        "done": len(done),
        "late": sum(_late(each) for each in done),
        "wrong": sum(each.said is DutyState.WRONG for each in found),
    }
    return Text("{what}: asked {all}, done {done}, of these late {late}; still to be put right {wrong}.", values)


def _late(duty: Duty) -> bool:
    return duty.said_at is not None and duty.said_at.date() > duty.due
