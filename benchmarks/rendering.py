"""How long it takes to draw a newsletter for families in each form, over every newsletter in all eleven languages.

Where one is not in a language yet, its reader gets the English, and so does the benchmark. Nothing is kept from one
drawing to the next: in a running house a page is drawn once for each language and form, however many families get it.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt

from benchmarks.figures import Row, figure
from bot.channels.email.render import render as as_email
from bot.channels.telegram.render import render as as_telegram
from bot.clock import SetClock
from bot.commands.closed import ClosedDesk
from bot.composing import composed
from bot.languages import own_words, owning_up
from bot.library import load_library
from bot.paper import Letter, PaperLetters
from bot.undernews import under_news
from bot.web import fragment_of, preview
from pages import Document, Shelf
from school.calendar import Calendar
from school.people import LANGUAGES
from school.school import School

TIMES = 5
SITE = "https://oakfield.example"
NOW = datetime(2027, 8, 1, 12, tzinfo=UTC)
ON = date(2026, 12, 1)
SCHOOL = School(
    id="oakfield",
    name="Oakfield Primary School",
    calendar=Calendar(zone=ZoneInfo("Europe/London"), half_terms=()),
    classes=(),
    people=(),
    languages=tuple(LANGUAGES.values()),
)
BARE = "markdown-it-py's bare HTML of the page"
UNDRAWN = "Python with the engine, and nothing drawn"
# A newsletter in a language: the page's id, and the language.
Wanted = Sequence[tuple[str, str]]


def rows() -> Iterator[Row]:
    """A figure for each form: milliseconds a page, the median of five runs over all of them.

    On paper a run is over one newsletter in each language, for a sheet takes as long as a hundred of the others.
    """
    shelf = load_library().shelf
    ids = [page.id for page in shelf.all("newsletter")]
    every = [(page_id, lang) for page_id in ids for lang in LANGUAGES]
    forms = _forms(shelf)
    for draw in (*forms.values(), _bare(shelf)):
        _each(draw, every)  # what is read or compiled once in the life of a process
    for name, draw in forms.items():
        ours = [_each(draw, every) for _ in range(TIMES)]
        peer = [_each(_bare(shelf), every) for _ in range(TIMES)]
        yield _row(name, ours, peer, BARE) | {"pages": len(every)}
    sheets = [[(page_id, lang) for lang in LANGUAGES] for page_id in ids[:TIMES]]
    ours = [_each(_pressed(shelf), wanted) for wanted in sheets]
    yield _row("pdf", ours, [_undrawn() for _ in sheets], UNDRAWN) | {"pages": len(sheets) * len(LANGUAGES)}


def _row(form: str, ours: list[float], peer: list[float], peer_name: str) -> Row:
    return figure(f"newsletter.render.{form}", ours, peer, peer_name=peer_name, unit="ms/page", better="lower")


def _each(draw: Callable[[str, str], object], wanted: Wanted) -> float:
    """Milliseconds for one of them."""
    began = time.perf_counter()
    for page_id, lang in wanted:
        draw(page_id, lang)
    return (time.perf_counter() - began) * 1000 / len(wanted)


def _forms(shelf: Shelf) -> dict[str, Callable[[str, str], object]]:
    def sent(page_id: str, lang: str) -> Document:
        words = own_words(shelf.told(page_id, lang))
        return owning_up(composed(words, school=SCHOOL, base=SITE, values={}, shelf=shelf, on=ON), lang)

    def telegram(page_id: str, lang: str) -> object:
        buttons = under_news(page_id, shelf=shelf, in_chat=True, base=SITE)
        return as_telegram(sent(page_id, lang), buttons, lang=lang, mint=lambda choice: choice.verb)

    def email(page_id: str, lang: str) -> object:
        buttons = under_news(page_id, shelf=shelf, in_chat=False, base=SITE)
        return as_email(sent(page_id, lang), buttons, lang=lang)

    def web(page_id: str, lang: str) -> object:
        return preview(shelf.get(page_id, lang), lang=lang, shelf=shelf, desk=ClosedDesk(), clock=SetClock(NOW))

    def site(page_id: str, lang: str) -> object:
        whole = sent(page_id, lang)
        return fragment_of(whole, lang=lang, here=SITE, path=f"/news/{page_id}?lang={lang}", page=lambda _: None)

    return {"telegram": telegram, "email": email, "web": web, "site": site}


def _bare(shelf: Shelf) -> Callable[[str, str], object]:
    """Nothing but the Markdown of the file, for the peer."""
    parser = MarkdownIt("commonmark")

    def bare(page_id: str, lang: str) -> object:
        return parser.render(shelf.get(page_id, lang).source.split("---", 2)[2])

    return bare


def _pressed(shelf: Shelf) -> Callable[[str, str], object]:
    def pressed(page_id: str, lang: str) -> object:
        words = own_words(shelf.told(page_id, lang))
        letter = Letter(document=words, on=ON, lang=lang, school=SCHOOL, address=f"{SITE}/join", joins=True)
        return PaperLetters().printed(letter)

    return pressed


def _undrawn() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", "import typst"], check=True)
    return (time.perf_counter() - began) * 1000
