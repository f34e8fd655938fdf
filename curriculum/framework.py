"""The framework as data: strands, year bands, our own statements and the published themes that they are mapped to.

Refused at load, all faults at once.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

CONTENT = Path(__file__).parent / "content"


class FrameworkFault(ValueError):  # noqa: N818 - a list of faults for an author
    """The framework's files are wrong; the message names every place."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Strand(_Strict):
    """One of the eight strands; `colour` is a hexadecimal colour that is readable on white."""

    id: str
    number: int
    name: str
    short: str
    colour: str
    four_cs: tuple[str, ...] = ()


class Band(_Strict):
    """A band of years, such as Years 3 to 6."""

    id: str
    name: str
    years: tuple[str | int, ...]


class Published(_Strict):
    """A document that others published. `read` says where it was read, and `checked` on which day."""

    id: str
    name: str
    source: str
    url: str
    read: str
    checked: date


class Item(_Strict):
    """A theme of a published document, summed up in our own words."""

    id: str
    framework: str
    text: str


class Statement(_Strict):
    """Our own sentence of what a pupil can say or do. `mapped_to` names items of published documents."""

    id: str
    strand: str
    year: str | int
    text: str
    mapped_to: tuple[str, ...]


class Part(_Strict):
    """One of the four parts of digital resilience, and the statements that work towards it."""

    id: Literal["understand", "help", "learn", "recover"]
    name: str
    short: str
    statements: tuple[str, ...]


class _Resilience(_Strict):
    part: tuple[Part, ...]


class _Strands(_Strict):
    strand: tuple[Strand, ...]
    band: tuple[Band, ...] = ()


class _Published(_Strict):
    framework: tuple[Published, ...] = ()
    item: tuple[Item, ...] = ()


class _Statements(_Strict):
    statement: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Framework:
    """Strands by number, bands, and by id: statements, published items, published documents; parts of resilience."""

    strands: tuple[Strand, ...]
    bands: tuple[Band, ...]
    statements: Mapping[str, Statement]
    items: Mapping[str, Item]
    published: Mapping[str, Published]
    resilience: tuple[Part, ...] = ()

    def strand(self, strand_id: str) -> Strand:
        """The strand with this id. Raises StopIteration where there is none: pages are checked at load."""
        return next(strand for strand in self.strands if strand.id == strand_id)

    def band(self, year: str) -> Band:
        """The band of a year, R or 1 to 13. Raises StopIteration where there is none."""
        return next(band for band in self.bands if year in map(str, band.years))

    def mapped_to(self, statements: Iterable[str]) -> tuple[Item, ...]:
        """What some statements are mapped to together, each item once, in the order of the documents."""
        wanted = {name for each in statements if each in self.statements for name in self.statements[each].mapped_to}
        return tuple(item for item in self.items.values() if item.id in wanted)

    def parts_of(self, statements: Iterable[str]) -> frozenset[str]:
        """Which parts of digital resilience some statements work towards together."""
        given = frozenset(statements)
        return frozenset(part.id for part in self.resilience if not given.isdisjoint(part.statements))


def load_framework(folder: Path = CONTENT) -> Framework:
    """Read and check the framework. Raises FrameworkFault with every fault."""
    faults: list[str] = []
    strands = _read(folder / "strands.toml", _Strands, faults)
    published = _read(folder / "published.toml", _Published, faults)
    resilience = _read(folder / "resilience.toml", _Resilience, faults)
    files = {path: _read(path, _Statements, faults) for path in sorted((folder / "statements").glob("*.toml"))}
    if strands is None or published is None or resilience is None or None in files.values():
        raise FrameworkFault("\n".join(faults))
    whole = [(path, each) for path, read in files.items() if read for each in read.statement]
    faults += [*_faults_of_items(published, folder / "published.toml"), *_faults(whole, strands, published)]
    faults += _faults_of_parts(resilience, {each.id for _, each in whole}, folder / "resilience.toml")
    if faults:
        raise FrameworkFault("\n".join(faults))
    in_order: Sequence[Strand] = sorted(strands.strand, key=lambda strand: strand.number)
    return Framework(
        tuple(in_order),
        strands.band,
        {statement.id: statement for _, statement in whole},
        {item.id: item for item in published.item},
        {each.id: each for each in published.framework},
        resilience.part,
    )


Kind = TypeVar("Kind", bound=_Strict)


def _read(path: Path, kind: type[Kind], faults: list[str]) -> Kind | None:
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return kind.model_validate(data)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path}: {error}")
    except ValidationError as error:
        faults.extend(f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    return None


def _faults_of_items(read: _Published, path: Path) -> Iterator[str]:
    known = {each.id for each in read.framework}
    yield from (
        f"{path}: item {item.id}: there is no framework {item.framework!r}"
        for item in read.item
        if item.framework not in known
    )
    yield from (f"{path}: item {name} is there twice" for name in _twice(item.id for item in read.item))


def _faults_of_parts(read: _Resilience, statements: Iterable[str], path: Path) -> Iterator[str]:
    known = frozenset(statements)
    for part in read.part:
        at = f"{path}: part {part.id}"
        yield from (f"{at}: there is no statement {name!r}" for name in part.statements if name not in known)
        yield from (f"{at}: statement {name} is there twice" for name in _twice(part.statements))
    yield from (f"{path}: part {name} is there twice" for name in _twice(part.id for part in read.part))


def _faults(statements: Sequence[tuple[Path, Statement]], strands: _Strands, published: _Published) -> Iterator[str]:
    strand_ids, items = {strand.id for strand in strands.strand}, {item.id for item in published.item}
    years = {str(year) for band in strands.band for year in band.years}
    for path, statement in statements:
        at = f"{path}: statement {statement.id}"
        if statement.strand not in strand_ids:
            yield f"{at}: there is no strand {statement.strand!r}"
        if str(statement.year) not in years:
            yield f"{at}: no band has year {statement.year!r}"
        if not statement.mapped_to:
            yield f"{at}: is mapped to nothing"
        yield from (f"{at}: there is no published item {name!r}" for name in statement.mapped_to if name not in items)
    twice = _twice(statement.id for _, statement in statements)
    yield from (f"{path}: statement {each.id} is there twice" for path, each in statements if each.id in twice)


def _twice(ids: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(ids).items() if count > 1)
