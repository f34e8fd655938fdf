"""How the policy stands: each clause with its colour and its trail, as a card in a chat, a page, and a pack."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from bot.desk.visit import Visit, button
from bot.wire import Answer, Card, Choice, Look, Paper, Via
from pages import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Grid,
    Heading,
    Inline,
    Key,
    Row,
    Shade,
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
from staff import Clause, Colour, Standing, Theme, policy_of, weigh

PDF, PICTURE, TABLE = "pdf", "png", "csv"
NEWEST, ALL_OF_ONE = 5, 50
# In a chat as many as are read in a message.
MOST_LINES = 10
TITLE = Text("The policy, clause by clause")
THEMES: Mapping[Theme, Text] = {
    Theme.POLICY: Text("The policy itself"),
    Theme.PUPILS: Text("Teaching pupils"),
    Theme.PARENTS: Text("Parents and carers"),
    Theme.STAFF: Text("Training and advice"),
    Theme.NETWORK: Text("The network, filtering and reporting"),
    Theme.IMAGES: Text("Data and pictures"),
    Theme.MESSAGES: Text("E-mail and messages"),
    Theme.CONDUCT: Text("Staff and social media"),
    Theme.EXTREMISM: Text("Extremism"),
    Theme.AGREEMENTS: Text("Agreements"),
}
# By signs that every reader's fonts have; what each means stands in words beside the map, and in each square unseen.
SIGNS: Mapping[Colour, tuple[str, Shade, Text]] = {
    Colour.GREEN: ("✔", Shade.DONE, Text("Green: fresh evidence")),
    Colour.AMBER: ("…", Shade.NOW, Text("Amber: old evidence, or something to put right")),
    Colour.RED: ("!", Shade.WAITS, Text("Red: no evidence yet")),
}
SHOWN: Mapping[Colour, Text] = {
    Colour.RED: Text("Red alone"),
    Colour.AMBER: Text("Amber alone"),
    Colour.GREEN: Text("Green alone"),
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
HEAD = (
    *(Text("Clause"), Text("About"), Text("What the policy says"), Text("Who"), Text("How often"), Text("Colour")),
    *(Text("Records"), Text("Newest"), Text("Why"), Text("What to do next")),
)


def standings_of(visit: Visit) -> tuple[Standing, ...]:
    """The visitor's school today."""
    return weigh(policy_of(visit.unit.policies).clauses, book=visit.unit.evidence.by_kind(), now=visit.now)


def shown(visit: Visit) -> Answer:
    """The map, and each clause with its trail; in a chat what is not green."""
    found = standings_of(visit)
    if visit.incoming.via is not Via.WEB:
        return _in_chat(visit, found)
    wanted = visit.incoming.args.get("c", "")
    if one := [each for each in found if each.clause.id == wanted]:
        return _one(visit, one[0])
    document, grid = sheet(found, school=visit.school, on=visit.today)
    here = [each for each in found if not wanted or each.colour == wanted]
    trails = visit.unit.evidence.trails(limit=NEWEST)
    cards = tuple(
        Card(clause_page(each, trails.get(each.clause.id, ()), school=visit.school), _more(each)) for each in here
    )
    return Answer(document=document, grid=grid, cards=cards, choices=(files(), _filters()))


def _more(standing: Standing) -> tuple[tuple[Choice, ...], ...]:
    if standing.records <= NEWEST:
        return ()
    label = Text("All that was done for {clause}", {"clause": standing.clause.id})
    return ((button(label, "evidence", args={"c": standing.clause.id}),),)


def _one(visit: Visit, standing: Standing) -> Answer:
    trail = visit.unit.evidence.trails(limit=ALL_OF_ONE, clause=standing.clause.id).get(standing.clause.id, ())
    document = clause_page(standing, trail, school=visit.school)
    back = button(Text("Back to all clauses"), "evidence")
    return Answer(document=document, choices=((back,),))


def _filters() -> tuple[Choice, ...]:
    every = button(Text("All clauses"), "evidence")
    return (*(button(words, "evidence", args={"c": colour.value}) for colour, words in SHOWN.items()), every)


def files() -> tuple[Choice, ...]:
    """What it can be taken away as."""
    return (
        button(Text("Download the pack as a PDF"), "evidence.paper", Look.PRIMARY, {"as": PDF}),
        button(Text("Download the map as a picture (PNG)"), "evidence.paper", args={"as": PICTURE}),
        button(Text("Download it as a CSV"), "evidence.paper", args={"as": TABLE}),
    )


def taken(visit: Visit) -> Answer:
    """The same as a file: the pack, a picture of the map, or a table."""
    found, name = standings_of(visit), f"evidence-{visit.today.isoformat()}"
    asked = visit.incoming.args.get("as")
    if asked == TABLE:
        return Answer(paper=Paper(name=name, head=HEAD, rows=tuple(rows(found, school=visit.school))))
    document, grid = sheet(found, school=visit.school, on=visit.today)
    if asked == PICTURE:
        return Answer(paper=Paper(name=name, document=document, grid=grid, picture=True))
    trails = visit.unit.evidence.trails(limit=NEWEST)
    after = pack(found, trails, school=visit.school)
    return Answer(paper=Paper(name=name, document=document, grid=grid, after=after))


def _in_chat(visit: Visit, found: Sequence[Standing]) -> Answer:
    blocks: list[Block] = [paragraph(summary(found, on=visit.today))]
    waits = sorted(
        (each for each in found if each.colour is not Colour.GREEN), key=lambda each: each.colour is not Colour.RED
    )
    lines: list[Inline] = [says(_line(each)) for each in waits[:MOST_LINES]]
    if len(waits) > MOST_LINES:
        more = {"count": len(waits) - MOST_LINES}
        lines.append(says(Text("and {count} more", more)))
    blocks += [Bullets(tuple(lines))] if lines else [note(Text("Every clause is green."), Tone.GOOD)]
    page = Choice(label=Text("Open the page"), href=visit.address("/evidence"))
    rows_ = ((page,),) if visit.house.open_web else ()
    return Answer(document=Document(TITLE, tuple(blocks)), choices=rows_)


def _line(standing: Standing) -> Text:
    values: dict[str, str | int | Text] = {
        "clause": standing.clause.id,
        "sign": SIGNS[standing.colour][0],
        "next": standing.clause.next,
    }
    return Text("{sign} {clause}: {next}", values)


def summary(found: Sequence[Standing], *, on: date) -> Text:
    """How many stand how."""
    colours = Counter(each.colour for each in found)
    figures: dict[str, str | int | Text] = {
        "date": f"{on:%d/%m/%Y}",
        "all": len(found),
        **{str(colour): colours.get(colour, 0) for colour in Colour},
    }
    return Text(SUMMARY.msgid, figures)


def sheet(found: Sequence[Standing], *, school: School, on: date) -> tuple[Document, Grid]:
    """What stands above the map, and the map: a row for each theme, a square for each clause."""
    widest = max(Counter(each.clause.theme for each in found).values(), default=1)
    grid = Grid(
        caption=Text("Each square is a clause of the policy, with its number"),
        corner=Text("About"),
        columns=tuple(Column(name=str(number)) for number in range(1, widest + 1)),
        rows=tuple(_row(theme, [each for each in found if each.clause.theme is theme], widest) for theme in THEMES),
        keys=tuple(Key(sign=sign, shade=shade, words=words) for sign, shade, words in SIGNS.values()),
        notes=(COUNTS, NOT_A_JUDGEMENT),
    )
    title = Text("Online safety at {school}: the policy, clause by clause", {"school": school.name})
    return Document(title, (paragraph(summary(found, on=on)),)), grid


def _row(theme: Theme, found: Sequence[Standing], widest: int) -> Row:
    squares = [square(each) for each in found]
    nothing = Square(sign="", figures="", words=Text("No clause"), shade=Shade.NONE)
    return Row(name=THEMES[theme], under="", squares=(*squares, *[nothing] * (widest - len(squares))))


def square(standing: Standing) -> Square:
    """A clause as it is drawn, with the same in words."""
    sign, shade, means = SIGNS[standing.colour]
    values: dict[str, str | int | Text] = {"clause": standing.clause.id, "state": means, "text": standing.clause.text}
    return Square(sign=sign, figures=standing.clause.id, words=Text("{clause}: {state}. {text}", values), shade=shade)


def clause_page(standing: Standing, trail: Sequence[Evidence], *, school: School) -> Document:
    """One clause: what it says, who and how often, how it stands and why, what was done, and what to do next."""
    clause = standing.clause
    sign, _, means = SIGNS[standing.colour]
    values: dict[str, str | int | Text] = {"clause": clause.id, "sign": sign, "state": means}
    blocks: list[Block] = [
        Heading(says(Text("{clause} {sign} {state}", values)), 3),
        paragraph(clause.text),
        Facts(tuple(_facts(standing))),
    ]
    if trail:
        blocks.append(Bullets(tuple(says(_act(each, school)) for each in trail)))
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


def _act(act: Evidence, school: School) -> Text:
    """What was done, when, and by whom of the staff."""
    values: dict[str, str | int | Text] = {"day": _day(school, act.when), "what": act.what}
    person = _person(school, act.by)
    if person is None:
        return Text("{day}: {what}", values)
    return Text("{day}: {what} ({name})", {**values, "name": person.name})


def _person(school: School, by: str) -> Person | None:
    return school.person(by) if by else None


def _day(school: School, at: datetime) -> str:
    return f"{school.calendar.local(at):%d/%m/%Y}"


def pack(found: Sequence[Standing], trails: Mapping[str, Sequence[Evidence]], *, school: School) -> tuple[Block, ...]:
    """What follows the map on paper: clause by clause, by theme."""
    blocks: list[Block] = []
    for theme, words in THEMES.items():
        blocks.append(Heading(says(words), 2))
        for each in found:
            if each.clause.theme is theme:
                blocks += clause_page(each, trails.get(each.clause.id, ()), school=school).blocks
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
