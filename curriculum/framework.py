"""The framework as data: strands, year bands, our own statements. Refused at load, all faults at once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

CONTENT = Path(__file__).parent / "content"


class FrameworkFault(ValueError):  # noqa: N818 - a list of faults for an author
    """The framework's file is wrong; the message names every place."""


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


class MappedTo(_Strict):
    """A published item that a statement is mapped to, with where that item is written."""

    item: str
    source: str


class Statement(_Strict):
    """Our own sentence of what a pupil can do."""

    id: str
    strand: str
    year: str | int
    text: str
    mapped_to: tuple[str | MappedTo, ...] = ()
    source: str = ""


class _File(_Strict):
    strand: tuple[Strand, ...]
    band: tuple[Band, ...] = ()
    statement: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Framework:
    """Strands by number, bands, statements by id."""

    strands: tuple[Strand, ...]
    bands: tuple[Band, ...]
    statements: Mapping[str, Statement]

    def strand(self, strand_id: str) -> Strand:
        """The strand with this id. Raises StopIteration where there is none: pages are checked at load."""
        return next(strand for strand in self.strands if strand.id == strand_id)


def load_framework(path: Path = CONTENT / "strands.toml") -> Framework:
    """Read and check the framework. Raises FrameworkFault with every fault."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        read = _File.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: {error}"
        raise FrameworkFault(msg) from error
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise FrameworkFault("\n".join(lines)) from error
    faults = list(_cross_check(read, path))
    if faults:
        raise FrameworkFault("\n".join(faults))
    strands: Sequence[Strand] = sorted(read.strand, key=lambda strand: strand.number)
    return Framework(tuple(strands), read.band, {statement.id: statement for statement in read.statement})


def _cross_check(read: _File, path: Path) -> list[str]:
    known = {strand.id for strand in read.strand}
    faults = [
        f"{path}: statement {statement.id}: there is no strand {statement.strand!r}"
        for statement in read.statement
        if statement.strand not in known
    ]
    ids = [statement.id for statement in read.statement]
    faults += [f"{path}: statement {name} is there twice" for name in sorted({i for i in ids if ids.count(i) > 1})]
    return faults
