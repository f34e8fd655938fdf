"""The library as tables, in Markdown: strand by year, what is met of each published document, reading ages."""

from collections.abc import Iterator, Sequence

from curriculum import Framework
from pages import LessonFront, Page, Shelf

YEARS = ("R", "1", "2", "3", "4", "5", "6")
HEAD = """# What is in the curriculum

Written by `lollipop content table`. A lesson is *mapped to* what others have published, in our own short words for it;
we claim nothing more, and no outside body has reviewed it
([who read the lessons](decisions/0036-who-read-the-lessons.md)).
"""


def outline(shelf: Shelf, framework: Framework) -> str:
    """The whole of it; every line ends in a line break."""
    lessons = [(page, page.front) for page in shelf.all(kind="lesson") if isinstance(page.front, LessonFront)]
    lines = [HEAD, *_by_year(lessons, framework), *_mapped(lessons, framework), *_ages(shelf)]
    return "\n".join(lines) + "\n"


def _by_year(lessons: Sequence[tuple[Page, LessonFront]], framework: Framework) -> Iterator[str]:
    yield "## Strand by year\n"
    yield _row("Strand", "Half-term", *("Reception" if year == "R" else f"Year {year}" for year in YEARS))
    yield _row(*["---"] * (len(YEARS) + 2))
    for strand in framework.strands:
        here = {str(front.years[0]): front for _, front in lessons if front.strand == strand.id}
        half = next((front.half_term for front in here.values()), "")
        yield _row(strand.name, half, *(here[year].title.partition(":")[0] if year in here else "–" for year in YEARS))
    count = sum(1 for statement in framework.statements.values() if str(statement.year) in YEARS)
    yield f"\n{len(lessons)} lessons and {count} statements (“I can ...”), each statement in one lesson.\n"


def _mapped(lessons: Sequence[tuple[Page, LessonFront]], framework: Framework) -> Iterator[str]:
    yield "## Mapped to\n"
    for document in framework.published.values():
        items = [item for item in framework.items.values() if item.framework == document.id]
        met = {
            item.id: [page.id for page, front in lessons if item in framework.mapped_to(front.statements)]
            for item in items
        }
        yield f"### {document.name}\n"
        yield f"{document.source}. Read {document.read}; looked at on {document.checked}. {document.url}\n"
        yield f"**{sum(1 for names in met.values() if names)} of {len(items)}** items are met.\n"
        yield _row("Item", "Lessons")
        yield _row("---", "---")
        for item in items:
            yield _row(item.text, ", ".join(met[item.id]) or "none yet")
        yield ""


def _ages(shelf: Shelf) -> Iterator[str]:
    yield "## Reading ages\n"
    yield "In years, by sentence and word length; how they are reckoned: [0003](decisions/0003-reading-age.md).\n"
    yield _row("Page", "Kind", "For", "Age")
    yield _row("---", "---", "---", "---")
    for page in shelf.all():
        if page.kind in {"lesson", "assembly", "starter", "knowledge", "story"} and page.reading_age is not None:
            years = ", ".join(map(str, page.front.years))
            yield _row(page.id, page.kind, f"{page.front.reader}, {years}", f"{page.reading_age:g}")


def _row(*cells: str) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"
