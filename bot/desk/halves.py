"""One class's year, or all classes of one year: each strand by half-term, in a chat, on the page and as a file."""

from collections.abc import Iterator

from bot.desk import coverage
from bot.desk.coverage import DUE_MEANS, PDF, PICTURE, SIGNS, TABLE, secure_means, square
from bot.desk.visit import Visit, button
from bot.desk.years import year_of
from bot.wire import Answer, Choice, Look, Paper, Via
from curriculum import HALF_TERMS, Cell, ClassYear, Framework, State, StrandRow, class_years
from pages import (
    Block,
    Bullets,
    Column,
    Document,
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
from school.people import SchoolClass
from school.school import School, UnknownClassError
from school.words import Text

CALLED: dict[str, Text] = {
    "autumn-1": Text("Autumn 1"),
    "autumn-2": Text("Autumn 2"),
    "spring-1": Text("Spring 1"),
    "spring-2": Text("Spring 2"),
    "summer-1": Text("Summer 1"),
    "summer-2": Text("Summer 2"),
}
HEAD = (
    *(Text("Class"), Text("Year"), Text("Strand"), Text("Half-term"), Text("Planned"), Text("Due by now")),
    *(Text("Taught"), Text("Secure"), Text("State"), Text("Besides the plan")),
)


def shown(visit: Visit) -> Answer:
    """The school's map; by half-term where a class or a year is named. Raises UnknownClassError."""
    classes = named_in(visit.school, _typed(visit))
    return _card(visit, classes) if classes else coverage.card(visit)


def taken(visit: Visit) -> Answer:
    """The same as a file. Raises UnknownClassError."""
    classes = named_in(visit.school, _typed(visit))
    return _paper(visit, classes) if classes else coverage.paper(visit)


def _typed(visit: Visit) -> str:
    args = visit.incoming.args
    return args.get("class") or args.get("rest", "")


def named_in(school: School, typed: str) -> tuple[SchoolClass, ...]:
    """One class by its name, or every class that a year is in. Raises UnknownClassError."""
    name = " ".join(typed.split())
    if not name:
        return ()
    try:
        return (school.class_named(name),)
    except UnknownClassError:
        folded = name.casefold()
        year = year_of("R" if folded == "reception" else folded.removeprefix("year ").strip())
        theirs = tuple(klass for klass in school.classes if year in klass.years)
        if not theirs:
            raise
        return theirs


def _card(visit: Visit, classes: tuple[SchoolClass, ...]) -> Answer:
    """Strand by half-term: in a chat the half-terms in turn, on the page a map with its files."""
    found, framework = _of_visit(visit, classes), visit.house.framework
    if visit.incoming.via is Via.WEB:
        document, grid = sheet(found, framework=framework)
        return Answer(document=document, grid=grid, choices=(_files(visit), (_back(),)))
    blocks: list[Block] = []
    for each in found:
        if len(found) > 1:
            blocks.append(Heading(says(each.name), 2))
        blocks += _halves(each, framework)
    blocks.append(note(secure_means(), Tone.PLAIN))
    return Answer(document=Document(_title(found), tuple(blocks)))


def _paper(visit: Visit, classes: tuple[SchoolClass, ...]) -> Answer:
    """The same as a file: a PDF, a picture, or a table."""
    found, framework = _of_visit(visit, classes), visit.house.framework
    name = f"coverage-{'-'.join(each.id for each in found)}-{visit.today.isoformat()}"
    asked = visit.incoming.args.get("as")
    if asked == TABLE:
        return Answer(paper=Paper(name=name, head=HEAD, rows=tuple(_rows(found, framework))))
    document, grid = sheet(found, framework=framework)
    return Answer(paper=Paper(name=name, document=document, grid=grid, picture=asked == PICTURE))


def sheet(found: tuple[ClassYear, ...], *, framework: Framework) -> tuple[Document, Grid]:
    """What stands above the map of one year, and the map."""
    grid = Grid(
        caption=Text("What has been taught of each strand in each half-term, out of what is planned there"),
        corner=Text("Strand"),
        columns=tuple(Column(name=CALLED[half]) for half in HALF_TERMS),
        rows=tuple(
            _row(row, framework, under=each.name if len(found) > 1 else "") for each in found for row in each.rows
        ),
        keys=tuple(
            Key(sign=sign, shade=shade, words=words)
            for state, (sign, shade, words) in SIGNS.items()
            if state is not State.NOTHING
        ),
        notes=(DUE_MEANS, secure_means(), Text("An empty square has no lesson in the plan.")),
    )
    planned = any(cell.planned for each in found for row in each.rows for cell in row.cells)
    return Document(_title(found), () if planned else (_no_lessons(),)), grid


def _of_visit(visit: Visit, classes: tuple[SchoolClass, ...]) -> tuple[ClassYear, ...]:
    return class_years(
        visit.school,
        classes=classes,
        plan=visit.house.plan,
        strands=[strand.id for strand in visit.house.framework.strands],
        progress=visit.unit.progress,
        on=visit.today,
    )


def _title(found: tuple[ClassYear, ...]) -> Text:
    return Text("Coverage: {name}", {"name": ", ".join(each.name for each in found)})


def _no_lessons() -> Block:
    return paragraph(Text("There are no lessons for this year in the library yet."))


def _halves(found: ClassYear, framework: Framework) -> Iterator[Block]:
    """A heading for each half-term that has anything, and a line for each of its strands."""
    something = False
    for place, half in enumerate(HALF_TERMS):
        lines = tuple(
            _line(row, place, framework) for row in found.rows if row.cells[place].planned or row.cells[place].taught
        )
        if lines:
            something = True
            yield Heading(says(CALLED[half]), 3)
            yield Bullets(lines)
    if not something:
        yield _no_lessons()


def _line(row: StrandRow, place: int, framework: Framework) -> Inline:
    words = _square(row.cells[place]).words
    return says(Text("{strand}: {said}", {"strand": framework.strand(row.strand).name, "said": words}))


def _row(row: StrandRow, framework: Framework, *, under: str) -> Row:
    strand = framework.strand(row.strand)
    return Row(name=f"{strand.number} {strand.name}", under=under, squares=tuple(map(_square, row.cells)))


def _square(cell: Cell) -> Square:
    """Most half-terms have nothing of a strand: a sign in each would hide the others."""
    if cell.state is State.NOTHING:
        return Square(sign="", figures="", words=Text("Nothing planned"), shade=Shade.NONE)
    return square(cell)


def _files(visit: Visit) -> tuple[Choice, ...]:
    named = {"class": _typed(visit)}
    return (
        button(Text("Download it as a PDF"), "coverage.paper", Look.PRIMARY, {**named, "as": PDF}),
        button(Text("Download it as a picture (PNG)"), "coverage.paper", args={**named, "as": PICTURE}),
        button(Text("Download it as a CSV"), "coverage.paper", args={**named, "as": TABLE}),
    )


def _back() -> Choice:
    return button(Text("Back to the whole school"), "coverage")


def _rows(found: tuple[ClassYear, ...], framework: Framework) -> Iterator[tuple[str | Text, ...]]:
    for each in found:
        for row in each.rows:
            strand = framework.strand(row.strand).name
            for half, cell in zip(HALF_TERMS, row.cells, strict=True):
                counts = map(str, (cell.planned, cell.due, cell.taught, cell.secure))
                _, _, means = SIGNS[cell.state]
                yield each.name, each.year.code, strand, CALLED[half], *counts, means, str(cell.besides)
