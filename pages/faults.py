"""Faults: what an author has to mend, all in one report."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend. `line` counts from 1; `where` is a key, a section or `text`."""

    path: Path
    line: int
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.where}: {self.what}"


class ContentFaults(ValueError):  # noqa: N818 - a list of faults for an author
    """Pages that cannot be used; the message is one line a fault, by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, order=True)
class Slip:
    """A fault before it is known which file it is in."""

    line: int
    where: str
    what: str

    def at(self, path: Path) -> Fault:
        """The same in a file."""
        return Fault(path, self.line, self.where, self.what)


def hint(typed: str, known: Iterable[str]) -> str:
    """`; did you mean “title”?` where something close is known, else nothing."""
    close = get_close_matches(typed, sorted(known), n=1)
    return f"; did you mean “{close[0]}”?" if close else ""
