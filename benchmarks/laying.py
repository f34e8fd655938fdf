"""A newsletter planned for very many: the audience frozen, who is left out counted, a row for each of the others."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from benchmarks.figures import Row, figure
from benchmarks.loops import SCHOOL, units_of
from benchmarks.planned import fill
from bot.storage import Engines, open_engines, upgrade
from bot.storage.tables import delivery, family
from parents import CHUNK, Laid, Newsletter, plan_newsletter
from school.calendar import Calendar, HalfTerm
from school.people import LANGUAGES, SchoolClass, YearGroup
from school.school import School

TIMES = 5
NOW = datetime(2099, 11, 3, 12, tzinfo=UTC)
CALENDAR = Calendar(
    zone=ZoneInfo("Europe/London"),
    half_terms=(HalfTerm(id="autumn-2", first=date(2099, 11, 2), last=date(2099, 12, 18)),),
)
CLASSES = tuple(SchoolClass(id=f"y{year}", name=f"Y{year}", years=(YearGroup(year),)) for year in range(7))
OAKFIELD = School(
    id=SCHOOL, name="Bench", calendar=CALENDAR, classes=CLASSES, people=(), languages=tuple(LANGUAGES.values())
)
# For all years but one, so that every family is looked at and a seventh of them is left out.
NEWS = Newsletter(page="news", version=1, digest="0" * 64, years=frozenset(YearGroup(year) for year in range(6)))
NAME = "newsletter.plan"


def rows(families: int) -> Iterator[Row]:
    """Seconds to plan for so many families of seven years and eleven languages, on SQLite, five times."""
    ours, peer = [], []
    for _ in range(TIMES):
        with tempfile.TemporaryDirectory() as folder:
            engines = _filled(Path(folder) / "ours.db", families)
            ours.append(_planned(engines))
            laid = _laid(engines)
            engines.close()
            peer.append(_bare(Path(folder) / "bare.db", laid))
    bare = f"the same {len(laid):,} rows as bare INSERTs, {CHUNK} a transaction"
    yield figure(NAME, ours, peer, peer_name=bare, unit="s", better="lower") | {"families": families}


def _opened(file: Path) -> Engines:
    url = f"sqlite:///{file}"
    upgrade(url)
    engines = open_engines(url)
    units_of(engines).add_school(SCHOOL)
    return engines


def _filled(file: Path, families: int) -> Engines:
    engines = _opened(file)
    fill(engines, SCHOOL, families)
    langs = tuple(LANGUAGES)
    with engines.writing() as connection:
        ids = list(connection.execute(select(family.c.id).order_by(family.c.id)).scalars())
        for number in range(7 * len(langs)):
            some = ids[number :: 7 * len(langs)]
            values = {"classes": [CLASSES[number % 7].id], "lang": langs[number % len(langs)]}
            for first in range(0, len(some), 500):
                connection.execute(update(family).where(family.c.id.in_(some[first : first + 500])).values(values))
        connection.commit()
    return engines


def _planned(engines: Engines) -> float:
    """As the rounds do it, a chunk a transaction. Raises AssertionError where the accounts do not balance."""
    units, laid, added = units_of(engines), Laid(done=False), 0
    began = time.perf_counter()
    while not laid.done:
        with units.write(SCHOOL) as unit:
            laid = plan_newsletter(
                NEWS,
                school=OAKFIELD,
                families=unit.families,
                mailings=unit.mailings,
                approvals=unit.approvals,
                evidence=unit.evidence,
                due=NOW - timedelta(minutes=5),
                now=NOW,
            )
            unit.commit()
        added += laid.added
    took = time.perf_counter() - began
    with units.read(SCHOOL) as unit:
        (progress,) = unit.deliveries.progress(limit=1)
    if not progress.balanced or progress.pending != added:
        msg = "the accounts do not balance"
        raise AssertionError(msg)
    return took


def _laid(engines: Engines) -> list[dict[str, object]]:
    with engines.reading() as connection:
        return [dict(row) for row in connection.execute(select(delivery)).mappings() if row["state"] == "planned"]


def _bare(file: Path, laid: list[dict[str, object]]) -> float:
    engines = _opened(file)
    began = time.perf_counter()
    for first in range(0, len(laid), CHUNK):
        with engines.writing() as connection:
            connection.execute(insert(delivery), laid[first : first + CHUNK])
            connection.commit()
    took = time.perf_counter() - began
    engines.close()
    return took
