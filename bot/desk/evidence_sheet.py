"""How the policy stands, drawn: the map, a clause with its trail, the pack for paper and the table."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from pages import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Grid,
    Heading,
    Key,
    NoSuchPageError,
    Row,
    Shade,
    Shelf,
    Span,
    Square,
    Tone,
    note,
    paragraph,
    says,
)
from school.evidence import Evidence
from school.people import Person
from school.school import School
from school.words import Text
from staff import Clause, Colour, Standing, Theme, all_checks, shipped_releases

# Of each clause so many of its records, the newest first.
NEWEST = 5
THEMES: Mapping[Theme, Text] = {
    Theme.POLICY: Text("The policy itself"),
    Theme.PUPILS: Text("Teaching pupils"),
    Theme.PARENTS: Text("Parents and carers"),
    Theme.STAFF: Text("Training and advice"),
    Theme.NETWORK: Text("The network and its care"),
    Theme.FILTERING: Text("Filtering, watching and reporting"),
    Theme.IMAGES: Text("Data and pictures"),
    Theme.MESSAGES: Text("E-mail and messages"),
    Theme.CONDUCT: Text("Staff and social media"),
    Theme.EXTREMISM: Text("Extremism"),
    Theme.AGREEMENTS: Text("Agreements"),
}
# By signs that every reader's fonts have; what each means stands in words beside the map, and in each square unseen.
SIGNS: Mapping[Colour, tuple[str, Shade, Text]] = {
    Colour.GREEN: ("✔", Shade.DONE, Text("Green: fresh evidence")),
    Colour.AMBER: ("…", Shade.OLD, Text("Amber: old evidence, or something to put right")),
    Colour.RED: ("!", Shade.WAITS, Text("Red: no evidence yet")),
}
CALLED: Mapping[Colour, Text] = {
    Colour.GREEN: Text("Green"),
    Colour.AMBER: Text("Amber"),
    Colour.RED: Text("Red"),
}
WHO: Mapping[str, Text] = {
    "HT": Text("head teacher"),
    "GOV": Text("governors"),
    "ESC": Text("e-safety lead"),
    "TCH": Text("teachers"),
    "STF": Text("all staff and volunteers"),
    "TEC": Text("ICT technician"),
    "DSL": Text("safeguarding lead"),
    "PUP": Text("pupils"),
    "PAR": Text("parents and carers"),
    "OFF": Text("school office"),
}
REACH: Mapping[str, Text] = {
    "B": Text("Lollipop does it"),
    "S": Text("Lollipop helps, and keeps the evidence"),
    "R": Text("People do it; Lollipop asks and writes the answer down"),
}
SUMMARY = Text("{date}: of {all} clauses {green} are green, {amber} are amber and {red} are red.")
COUNTS = Text(
    "A clause is green while there is evidence of it that is fresh enough, amber when that is old or when something is "
    "said to be wrong, and red when there is none. Each record was written down as the thing was done."
)
NOT_A_JUDGEMENT = Text(
    "It shows what was done and when. Whether that is enough is for the head and the governors to judge. It names no "
    "pupil, and no family."
)
FRESH = Text(
    "How long evidence stays fresh is written in each clause, by how often the policy asks for it: 30 days for what is "
    "done each month, up to a year for what is done each year. Below each clause stand its newest records."
)
HEAD = (
    *(Text("Clause"), Text("About"), Text("What the policy says"), Text("Who"), Text("How often"), Text("Colour")),
    *(Text("Records"), Text("Newest"), Text("Why"), Text("What to do next")),
)


# What a page of the library or a check is called, by its id; none for what is neither.
TitleOf = Callable[[str], str | None]


def no_titles(_: str) -> None:
    """Where no library is at hand, a page keeps its id."""


def titles_of(shelf: Shelf) -> TitleOf:
    """What each page of a shelf, and each check of the calendar, is called."""
    checks = {check.id: check.title for check in (*all_checks(), *(each.check for each in shipped_releases()))}

    def title(page_id: str) -> str | None:
        if page_id in checks:
            return checks[page_id]
        try:
            return shelf.get(page_id, "en").front.title
        except NoSuchPageError:
            return None

    return title


def summary(found: Sequence[Standing], *, on: date) -> Text:
    """How many stand how."""
    colours = Counter(each.colour for each in found)
    figures: dict[str, str | int | Text] = {
        "date": f"{on:%d/%m/%Y}",
        "all": len(found),
        **{str(colour): colours.get(colour, 0) for colour in Colour},
    }
    return Text(SUMMARY.msgid, figures)


def sheet(
    found: Sequence[Standing], *, school: School, on: date, address: Callable[[str], str] | None = None
) -> tuple[Document, Grid]:
    """What stands above the map, and the map: a row for each theme, a square for each clause.

    `address` is where a page shows one clause; without it no square leads anywhere.
    """
    widest = max(Counter(each.clause.theme for each in found).values(), default=1)
    grid = Grid(
        caption=Text("Each square is a clause of the policy, with its number"),
        corner=Text("About"),
        columns=tuple(Column(name=str(number)) for number in range(1, widest + 1)),
        rows=tuple(
            _row(theme, [square(each, address) for each in found if each.clause.theme is theme], widest)
            for theme in THEMES
        ),
        keys=tuple(Key(sign=sign, shade=shade, words=words) for sign, shade, words in SIGNS.values()),
        notes=(COUNTS, NOT_A_JUDGEMENT),
    )
    title = Text("Online safety at {school}: the policy, clause by clause", {"school": school.name})
    return Document(title, (paragraph(summary(found, on=on)),)), grid


def _row(theme: Theme, squares: Sequence[Square], widest: int) -> Row:
    nothing = Square(sign="", figures="", words=Text("No clause"), shade=Shade.NONE)
    return Row(name=THEMES[theme], under="", squares=(*squares, *[nothing] * (widest - len(squares))))


def square(standing: Standing, address: Callable[[str], str] | None = None) -> Square:
    """A clause as it is drawn, with the same in words."""
    sign, shade, means = SIGNS[standing.colour]
    values: dict[str, str | int | Text] = {"clause": standing.clause.id, "state": means, "text": standing.clause.text}
    words = Text("{clause}: {state}. {text}", values)
    href = address(standing.clause.id) if address else ""
    return Square(sign=sign, figures=standing.clause.id, words=words, shade=shade, href=href)


def clause_page(
    standing: Standing, trail: Sequence[Evidence], *, school: School, title_of: TitleOf = no_titles
) -> Document:
    """One clause: what it says, who and how often, how it stands and why, what was done, and what to do next.

    The sign stands alone in the heading, so that paper can shade it as it is in the map.
    """
    clause = standing.clause
    sign = SIGNS[standing.colour][0]
    blocks: list[Block] = [
        Heading((Span(f"{clause.id} "), Span(sign), Span(" "), Span(CALLED[standing.colour])), 3),
        paragraph(clause.text),
        Facts(tuple(_facts(standing))),
    ]
    if trail:
        blocks.append(Bullets(tuple(says(_act(each, school, title_of)) for each in trail)))
    if standing.colour is not Colour.GREEN:
        blocks.append(note(Text("Next: {next}", {"next": clause.next}), Tone.CALM))
    return Document("", tuple(blocks))


def _facts(standing: Standing) -> Iterator[tuple[Text, str | Text]]:
    yield Text("Who"), who_of(standing.clause)
    yield Text("How often"), standing.clause.rhythm
    yield Text("How"), REACH[standing.clause.reach]
    yield Text("Why this colour"), standing.why
    yield Text("Records"), str(standing.records)


def who_of(clause: Clause) -> Text:
    """The people of a clause, in words."""
    named = [WHO[each] for each in clause.who]
    together: Text = named[0]
    for each in named[1:]:
        together = Text("{some}, {other}", {"some": together, "other": each})
    return together


def _act(act: Evidence, school: School, title_of: TitleOf) -> Text:
    """What was done, when, and by whom of the staff; a page by its title."""
    values: dict[str, str | int | Text] = {"day": _day(school, act.when), "what": titled(act.what, title_of)}
    person = _person(school, act.by)
    if person is None:
        return Text("{day}: {what}", values)
    return Text("{day}: {what} ({name})", {**values, "name": person.name})


def titled(what: str, title_of: TitleOf) -> str:
    """What was done, with the title of a page where it begins with its id."""
    first, gap, rest = what.partition(" ")
    title = title_of(first.rstrip(","))
    return f"“{title}”{first[len(first.rstrip(',')) :]}{gap}{rest}" if title else what


def _person(school: School, by: str) -> Person | None:
    return school.person(by) if by else None


def _day(school: School, at: datetime) -> str:
    return f"{school.calendar.local(at):%d/%m/%Y}"


def cover(found: Sequence[Standing], *, school: School, on: date) -> Document:
    """The first page of the pack: whose it is, of which day, how many stand how, and how the colours are made."""
    colours = Counter(each.colour for each in found)
    title = Text("Policy evidence for governors and inspection")
    facts = (
        (Text("School"), school.name),
        (Text("Date"), f"{on:%d/%m/%Y}"),
        (Text("Clauses"), str(len(found))),
        *((means, str(colours.get(colour, 0))) for colour, (_, _, means) in SIGNS.items()),
        (Text("Records that count"), str(sum(each.records for each in found))),
    )
    how = (paragraph(COUNTS), paragraph(FRESH), paragraph(NOT_A_JUDGEMENT))
    made = Heading(says(Text("How the colours are made")), 2)
    about = paragraph(Text("The e-safety policy of {school}, clause by clause", {"school": school.name}))
    return Document(title, (about, Facts(facts), made, *how))


def pack(
    found: Sequence[Standing],
    trails: Mapping[str, Sequence[Evidence]],
    *,
    school: School,
    title_of: TitleOf = no_titles,
) -> tuple[Block, ...]:
    """What follows the map on paper: clause by clause, by theme."""
    blocks: list[Block] = []
    for theme, words in THEMES.items():
        blocks.append(Heading(says(words), 2))
        for each in found:
            if each.clause.theme is theme:
                blocks += clause_page(each, trails.get(each.clause.id, ()), school=school, title_of=title_of).blocks
    return tuple(blocks)


def rows(found: Sequence[Standing], *, school: School) -> Iterator[tuple[str | Text, ...]]:
    """The table, a line for each clause."""
    for each in found:
        clause = each.clause
        newest = _day(school, each.latest) if each.latest else ""
        yield (
            *(clause.id, THEMES[clause.theme], clause.text, who_of(clause), clause.rhythm, each.colour.value),
            *(str(each.records), newest, each.why, clause.next),
        )
