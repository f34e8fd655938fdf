"""The yearly report on the policy: what a head can send to governors, made of the year's counts and of nothing else.

No name, no address and no word that anybody typed can stand in it: its sentences are ours, and what is put into them
is the school's name, a day, a number, or a clause of the policy as it was agreed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.desk.evidence_sheet import CALLED
from bot.desk.year_book import Year, YearBook, as_long, so_far, year_book
from bot.desk.year_words import checked, compared, concerns, requests_of, teaching, told, trained
from bot.unit import Unit
from pages import Block, Bullets, Document, Heading, Paragraph, Span, note, paragraph, says
from school.calendar import ONE_DAY
from school.school import School
from school.words import Text, counted
from staff import Colour, Standing

Values = dict[str, str | int | Text]
# Governors read of so many clauses; the pack has all.
MOST_NEXT = 12


def yearly(
    unit: Unit,
    *,
    school: School,
    year: Year,
    standings: Sequence[Standing],
    now: datetime,
    before: Year | None = None,
) -> Document:
    """The report of a school year, or of as much of it as is over; `before` is the year that it is compared with."""
    today = school.calendar.today(now)
    part = so_far(year, today=today)
    book = year_book(unit, school=school, year=part, now=now)
    blocks: list[Block] = [*_opening(school, year, part, standings)]
    if book.empty:
        blocks.append(note(Text("Nothing was written down in this time, so there is nothing to count.")))
    else:
        blocks += _chapters(book)
        if before is not None:
            blocks += _beside(unit, book, before=as_long(before, part), school=school, now=now)
    blocks += _what_next(standings)
    title = Text("Online safety at {school}: the school year {year}", {"school": school.name, "year": _called(year)})
    return Document(title, tuple(blocks))


def _called(year: Year) -> str:
    return f"{year.first.year}/{year.after.year % 100:02}"


def _days(span: Year) -> Values:
    return {"first": f"{span.first:%d/%m/%Y}", "last": f"{max(span.first, span.after - ONE_DAY):%d/%m/%Y}"}


def _opening(school: School, year: Year, part: Year, standings: Sequence[Standing]) -> Iterator[Block]:
    begins = Text("This is how {school} has kept its online safety policy alive.", {"school": school.name})
    sentences = [begins, Text("It looks at {first} to {last}.", _days(part))]
    if part.after < year.after:
        sentences.append(Text("The year is not over yet."))
    sentences.append(Text("Every number was counted from what was written down as it was done, and nobody is named."))
    yield _together((*sentences, *(_colours(standings) if standings else ())))


def _colours(standings: Sequence[Standing]) -> Iterator[Text]:
    number = {colour: sum(each.colour is colour for each in standings) for colour in Colour}
    yield counted("Our policy has 1 clause.", "Our policy has {count} clauses.", {"count": len(standings)})
    yield counted(
        "For 1 of them there is fresh evidence today that it is being done.",
        "For {count} of them there is fresh evidence today that they are being done.",
        {"count": number[Colour.GREEN]},
    )
    if number[Colour.AMBER]:
        yield counted(
            "For 1 the evidence is old, or there is something to put right.",
            "For {count} the evidence is old, or there is something to put right.",
            {"count": number[Colour.AMBER]},
        )
    if number[Colour.RED]:
        yield counted("For 1 there is none yet.", "For {count} there is none yet.", {"count": number[Colour.RED]})


def _chapters(book: YearBook) -> Iterator[Block]:
    chapters = (
        (Text("What pupils were taught"), teaching(book)),
        (Text("What families heard"), told(book)),
        (Text("What staff learned and signed"), trained(book)),
        (Text("What was checked"), checked(book)),
        (Text("What was asked and decided"), requests_of(book)),
        (Text("Concerns"), concerns(book)),
    )
    for heading, sentences in chapters:
        yield Heading(says(heading), 2)
        yield _together(sentences)


def _beside(unit: Unit, book: YearBook, *, before: Year, school: School, now: datetime) -> Iterator[Block]:
    earlier = year_book(unit, school=school, year=before, now=now)
    if earlier.empty:
        return
    yield Heading(says(Text("Beside the year before")), 2)
    same = Text("The same part of the year before was {first} to {last}.", _days(before))
    yield _together((same, *compared(book, earlier)))


def _what_next(standings: Sequence[Standing]) -> Iterator[Block]:
    """What is not green, red first; to be read without knowing how Lollipop is used."""
    waits = [each for colour in (Colour.RED, Colour.AMBER) for each in standings if each.colour is colour]
    if not standings:
        return
    yield Heading(says(Text("What comes next")), 2)
    if not waits:
        yield paragraph(Text("Every clause is green today. What is left is to keep it so."))
        return
    yield _together(
        (
            counted(
                "1 clause waits for something to be done.",
                "{count} clauses wait for something to be done.",
                {"count": len(waits)},
            ),
            Text("What turns each of them green stands with it in the evidence pack."),
        )
    )
    yield Bullets(tuple(says(_waiting(each)) for each in waits[:MOST_NEXT]))
    if more := len(waits) - MOST_NEXT if len(waits) > MOST_NEXT else 0:
        yield paragraph(
            counted("And 1 more, which the pack has.", "And {count} more, which the pack has.", {"count": more})
        )


def _waiting(standing: Standing) -> Text:
    values: Values = {
        "clause": standing.clause.id,
        "colour": CALLED[standing.colour],
        "text": standing.clause.text,
        "why": standing.why,
    }
    return Text("{clause}, {colour}: {text} {why}", values)


def _together(sentences: Iterable[Text]) -> Paragraph:
    """Sentences one after the other, each translated by itself."""
    spans: list[Span] = []
    for each in sentences:
        spans += [Span(" "), Span(each)] if spans else [Span(each)]
    return Paragraph(tuple(spans))
