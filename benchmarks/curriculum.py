"""The next lesson and revisits of 1,000 classes, 1,000 pages loaded, and pages drawn beside a bare HTML render."""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from markdown_it import MarkdownIt

from benchmarks.figures import Row, figure
from bot.channels.email.render import render as as_email
from bot.channels.slack.render import messages as as_slack
from bot.channels.telegram.render import render as as_telegram
from bot.languages import translator
from bot.library import CONTENT, Library, load_library
from curriculum import Hands, Outcome, Taught, due_today, next_lesson
from lessons import lesson_plan
from pages import load_shelf
from school.calendar import Calendar, HalfTerm
from school.people import YearGroup

TIMES, CLASSES, PAGES = 5, 1_000, 1_000
TODAY = date(2027, 3, 2)
CALENDAR = Calendar(
    zone=ZoneInfo("Europe/London"),
    half_terms=(
        HalfTerm(id="autumn-1", first=date(2026, 9, 2), last=date(2026, 12, 18)),
        HalfTerm(id="spring-1", first=date(2027, 1, 4), last=date(2027, 3, 25)),
    ),
)


def rows() -> Iterator[Row]:
    """Milliseconds, but for drawing: microseconds a page."""
    library = load_library()
    yield _next(library)
    yield _load()
    yield from _drawn(library)


def _timed(work: Callable[[], object]) -> list[float]:
    work()
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found


def _histories(library: Library) -> list[tuple[YearGroup, tuple[Taught, ...]]]:
    """What each class has had by March: half of its lessons, and as many questions asked again."""
    plan = lesson_plan(library.shelf)
    found = []
    for number in range(CLASSES):
        year = YearGroup(number % 7)
        had = []
        for turn, planned in enumerate([entry for entry in plan if entry.year == year][:5]):
            quiz = library.shelf.get(planned.lesson, "en").front
            hands = tuple(Hands((20, number % 9, 3), 0) for _ in getattr(quiz, "quiz", ()))
            when = datetime(2026, 9, 14, 11, tzinfo=UTC) + timedelta(days=30 * turn)
            had += [
                Taught(
                    class_id=str(number),
                    turn=2 * turn + place,
                    lesson=planned.lesson,
                    version=1,
                    strand=planned.strand,
                    outcome=outcome,
                    hands=hands,
                    by="",
                    when=when + timedelta(days=7 * place),
                )
                for place, outcome in enumerate((Outcome.TAUGHT, Outcome.REVISITED))
            ]
        found.append((year, tuple(had)))
    return found


def _next(library: Library) -> Row:
    plan, histories = lesson_plan(library.shelf), _histories(library)

    def ours() -> None:
        for year, had in histories:
            next_lesson(plan, taught=had, half_term="spring-1", year=year, class_name="Oak")
            due_today(had, calendar=CALENDAR, on=TODAY)

    def bare() -> None:
        """Only to find in the plan what a class has not had."""
        for year, had in histories:
            done = {entry.lesson for entry in had if entry.outcome is Outcome.TAUGHT}
            next((entry for entry in plan if entry.year == year and entry.lesson not in done), None)

    name = "the first of the plan that was not had, no reasons and no revisits"
    return figure("curriculum.next", _timed(ours), _timed(bare), peer_name=name, unit="ms", better="lower")


def _load() -> Row:
    sources = sorted(path for root in CONTENT for path in root.rglob("*.en.md"))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(PAGES):
            text = sources[number % len(sources)].read_text("utf-8")
            head, mark, rest = text.partition("\nid: ")
            whole = f"{head}{mark}copy-{number}-{rest}".replace(f"copy-{number}-", f"c{number}-", 1)
            (Path(folder) / f"page-{number}.en.md").write_text(whole, "utf-8")

        def parsed() -> None:
            parser, loader = MarkdownIt("commonmark"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            for path in Path(folder).glob("*.md"):
                _, front, body = path.read_text("utf-8").split("---", 2)
                yaml.load(front, Loader=loader)
                parser.parse(body)

        ours = _timed(partial(load_shelf, [*CONTENT, Path(folder)], proven=[*CONTENT, Path(folder)]))
        name = "markdown-it-py + PyYAML (libyaml), no checks"
        return figure("curriculum.load", ours, _timed(parsed), peer_name=name, unit="ms", better="lower")


def _drawn(library: Library) -> Iterator[Row]:
    pages = library.shelf.all(kind="lesson")
    parser = MarkdownIt("commonmark")
    bodies = [page.path.read_text("utf-8").split("---", 2)[2] for page in pages]
    same = translator("en")

    def html() -> None:
        for body in bodies:
            parser.render(body)

    def slack() -> None:
        for page in pages:
            for part in page.parts.values():
                as_slack(part, (), translate=same, mint=lambda choice: choice.verb)

    def telegram() -> None:
        for page in pages:
            as_telegram(page.part("home"), (), lang="en", mint=lambda choice: choice.verb)

    def email() -> None:
        for page in pages:
            as_email(page.document, lang="en")

    bare = [each * 1000 / len(pages) for each in _timed(html)]
    for name, work in (("slack", slack), ("telegram-home", telegram), ("email", email)):
        ours = [each * 1000 / len(pages) for each in _timed(work)]
        yield figure(
            f"curriculum.drawn.{name}", ours, bare, peer_name="markdown-it-py's HTML", unit="us/page", better="lower"
        )
