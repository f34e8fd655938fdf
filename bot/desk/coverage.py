"""What each class has had of each strand: a card in a chat, a map on a page, and the same as a file for governors."""

from collections.abc import Iterator, Mapping

from bot.desk.visit import Visit, button
from bot.desk.years import called
from bot.wire import Answer, Choice, Look, Paper, Via
from curriculum import SECURE, Cell, ClassRow, CoverageMap, Framework, State, coverage_map
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
    Span,
    Square,
    Tone,
    note,
    paragraph,
    says,
)
from school.school import School
from school.words import Text

PDF, PICTURE, TABLE = "pdf", "png", "csv"
# So that all of it stands on one sheet, and in one message: the map has the rest.
MOST_LINES = 6
TITLE = Text("Coverage")
SECURE_MEANS = Text(
    "Secure: at least {share} in every 100 hands went up for the right answer, for each question asked."
)
DUE_MEANS = Text("A lesson is due when the half-term that the plan has it in is over.")
MAPPED_TO = Text(
    "What the lessons teach is mapped to themes of these documents: {documents}. “Mapped to” says that our sentence "
    "belongs to a theme, and claims nothing more."
)
RESILIENCE = Text(
    "Digital resilience: of the framework's {all} statements, these work towards a part of it: {parts}. By year group: "
    "/lollipop programme."
)
FOUR_CS = Text(
    "The strands are mapped to the four Cs of Keeping Children Safe in Education by their numbers: content {content}; "
    "contact {contact}; conduct {conduct}; commerce {commerce}."
)
SUMMARY = Text("{date}: of the lessons that are due by now, over all classes, {done} of {due} have been taught.")
CLASS_BEHIND = Text("{name} since {date}, lessons that wait: {count} ({strands})")
STRAND_MISSED = Text("No class has had “{strand}”, which was due by {date} in: {classes}")
# By signs that every reader's fonts have; what each means stands in words beside the map, and in each square unseen.
SIGNS: Mapping[State, tuple[str, Shade, Text]] = {
    State.GAP: ("!", Shade.WAITS, Text("Due and not taught")),
    State.TAUGHT: ("✔", Shade.DONE, Text("Taught")),
    State.SECURE: ("✔✔", Shade.SURE, Text("Taught and secure")),
    State.NOW: ("…", Shade.NOW, Text("Planned for this half-term")),
    State.LATER: ("·", Shade.LATER, Text("Not due yet")),
    State.NOTHING: ("–", Shade.NONE, Text("Not in the plan of this class's year")),
}
HEAD = (
    *(Text("Class"), Text("Year"), Text("Strand"), Text("Planned"), Text("Due by now"), Text("Taught"), Text("Secure")),
    *(Text("State"), Text("Besides the plan")),
)


def of_visit(visit: Visit) -> CoverageMap:
    """The visitor's school today."""
    return coverage_map(
        visit.school,
        plan=visit.house.plan,
        strands=[strand.id for strand in visit.house.framework.strands],
        progress=visit.unit.progress,
        on=visit.today,
    )


def card(visit: Visit) -> Answer:
    """Each class and strand: planned, taught, secure; and first of all, what waits. On the web it is a map."""
    found, framework = of_visit(visit), visit.house.framework
    if visit.incoming.via is Via.WEB:
        document, grid = sheet(found, framework=framework, school=visit.school)
        return Answer(document=document, grid=grid, choices=(files(), *doors(visit.school)))
    blocks: list[Block] = [*waiting(found, framework)]
    for row in found.rows:
        blocks.append(Heading(says(row.name), 3))
        if not any(cell.planned for cell in row.cells):
            blocks.append(paragraph(Text("There are no lessons for this year in the library yet.")))
            continue
        blocks.append(Bullets(tuple(_line(cell, framework) for cell in row.cells if cell.planned or cell.taught)))
    blocks.append(note(secure_means(), Tone.PLAIN))
    blocks += [paragraph(each) for each in resilience_in(visit.house.framework)]
    return Answer(document=Document(TITLE, tuple(blocks)))


def paper(visit: Visit) -> Answer:
    """The map as a file: a PDF, a picture, or a table."""
    found, framework = of_visit(visit), visit.house.framework
    name = f"coverage-{found.on.isoformat()}"
    asked = visit.incoming.args.get("as")
    if asked == TABLE:
        return Answer(paper=Paper(name=name, head=HEAD, rows=tuple(_rows(found, framework))))
    document, grid = sheet(found, framework=framework, school=visit.school)
    return Answer(paper=Paper(name=name, document=document, grid=grid, picture=asked == PICTURE))


def files() -> tuple[Choice, ...]:
    """What it can be taken away as."""
    return (
        button(Text("Download it as a PDF"), "coverage.paper", Look.PRIMARY, {"as": PDF}),
        button(Text("Download it as a picture (PNG)"), "coverage.paper", args={"as": PICTURE}),
        button(Text("Download it as a CSV"), "coverage.paper", args={"as": TABLE}),
    )


def doors(school: School) -> tuple[tuple[Choice, ...], ...]:
    """From the school's map to each class, and to each year that several classes are in."""
    years = [year for year in school.years if sum(year in klass.years for klass in school.classes) > 1]
    classes = tuple(
        button(Text("{name} by half-term", {"name": klass.name}), "coverage", args={"class": klass.id})
        for klass in school.classes
    )
    whole = tuple(button(called(year), "coverage", args={"class": year.code}) for year in years)
    return (classes, whole) if whole else (classes,)


def sheet(found: CoverageMap, *, framework: Framework, school: School) -> tuple[Document, Grid]:
    """What stands above the map, and the map."""
    figures: dict[str, str | int | Text] = {"date": f"{found.on:%d/%m/%Y}", "due": found.due, "done": found.done}
    above = (paragraph(Text(SUMMARY.msgid, figures)), *waiting(found, framework))
    title = Text("Coverage of online safety at {school}", {"school": school.name})
    grid = Grid(
        caption=Text("What each class has been taught of each strand this school year, out of what is planned"),
        corner=Text("Class"),
        columns=tuple(Column(name=f"{strand.number} {strand.name}") for strand in framework.strands),
        rows=tuple(_row(row) for row in found.rows),
        keys=tuple(Key(sign=sign, shade=shade, words=words) for sign, shade, words in SIGNS.values()),
        notes=(DUE_MEANS, secure_means(), *mapped_to(framework), *resilience_in(framework)),
    )
    return Document(title, above), grid


def waiting(found: CoverageMap, framework: Framework) -> tuple[Block, ...]:
    """What waits, the longest first and not more of it than is read; nothing where nothing does."""
    lines: list[Inline] = [
        says(
            Text(
                CLASS_BEHIND.msgid,
                {
                    "name": each.name,
                    "count": each.lessons,
                    "date": f"{each.since:%d/%m/%Y}",
                    "strands": ", ".join(framework.strand(strand).name for strand in each.strands),
                },
            )
        )
        for each in found.behind
    ]
    lines += [
        says(
            Text(
                STRAND_MISSED.msgid,
                {
                    "strand": framework.strand(each.strand).name,
                    "date": f"{each.since:%d/%m/%Y}",
                    "classes": ", ".join(each.classes),
                },
            )
        )
        for each in found.missed
    ]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], says(Text("and {count} more", {"count": len(lines) - MOST_LINES + 1}))]
    return (Heading(says(Text("What waits")), 3), Bullets(tuple(lines))) if lines else ()


def secure_means() -> Text:
    """What is said beside every figure of secure lessons."""
    return Text(SECURE_MEANS.msgid, {"share": round(SECURE * 100)})


def mapped_to(framework: Framework) -> tuple[Text, Text]:
    """Which documents the lessons are mapped to, and which strands to which of the four Cs."""
    kinds = {
        each: ", ".join(str(strand.number) for strand in framework.strands if each in strand.four_cs)
        for each in ("content", "contact", "conduct", "commerce")
    }
    documents = "; ".join(each.name for each in framework.published.values())
    return Text(MAPPED_TO.msgid, {"documents": documents}), Text(FOUR_CS.msgid, kinds)


def resilience_in(framework: Framework) -> tuple[Text, ...]:
    """How many statements work towards each part; nothing where the framework names none."""
    if not framework.resilience:
        return ()
    parts = "; ".join(f"{part.name} {len(part.statements)}" for part in framework.resilience)
    return (Text(RESILIENCE.msgid, {"all": len(framework.statements), "parts": parts}),)


def _line(cell: Cell, framework: Framework) -> Inline:
    strand = framework.strand(cell.strand).name
    figures = {"taught": cell.had, "planned": cell.planned, "secure": cell.secure}
    said = Text("{strand}: {taught} of {planned} taught, {secure} secure", {"strand": strand, **figures})
    return (Span(said), *(Span(each) for each in _known(cell)))


def _known(cell: Cell) -> tuple[Text, ...]:
    """What the strand's own questions said, in hands of every 100."""
    before = None if cell.before is None else round(cell.before * 100)
    if before is None:
        return () if cell.after is None else (Text("; knows now: {after} in 100", {"after": round(cell.after * 100)}),)
    if cell.after is None:
        return (Text("; knew before: {before} in 100", {"before": before}),)
    values = {"before": before, "after": round(cell.after * 100)}
    return (Text("; right hands before {before} in 100, after {after}", values),)


def _row(row: ClassRow) -> Row:
    return Row(name=row.name, under=called(row.year), squares=tuple(map(square, row.cells)))


def square(cell: Cell) -> Square:
    """A cell as it is drawn, with the same in words."""
    sign, shade, means = SIGNS[cell.state]
    figures = f"{cell.had}/{cell.planned}" if cell.planned else ""
    words: Text = means
    if cell.planned:
        values: dict[str, str | int | Text] = {
            "state": means,
            "taught": cell.had,
            "planned": cell.planned,
            "secure": cell.secure,
        }
        words = Text("{state}: {taught} of {planned} taught, {secure} secure", values)
    if cell.besides:
        figures = f"{figures} +{cell.besides}".strip()
        words = Text("{said}; {count} more besides the plan", {"said": words, "count": cell.besides})
    return Square(sign=sign, figures=figures, words=words, shade=shade)


def _rows(found: CoverageMap, framework: Framework) -> Iterator[tuple[str | Text, ...]]:
    for row in found.rows:
        for cell in row.cells:
            counts = (cell.planned, cell.due, cell.taught, cell.secure)
            _, _, means = SIGNS[cell.state]
            strand = framework.strand(cell.strand).name
            yield row.name, row.year.code, strand, *map(str, counts), means, str(cell.besides)
