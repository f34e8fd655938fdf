"""Everything that is content: ours, and a school's own pages over it."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from curriculum import Framework, FrameworkFault, load_framework
from pages import ContentFaults, Shelf, load_shelf
from parents import Campaign, CampaignFault, load_campaigns
from school.words import Refusal, Text

ROOT = Path(__file__).parent.parent
CONTENT = tuple(ROOT / room / "content" for room in ("lessons", "parents", "safeguarding", "staff"))
Loaded = TypeVar("Loaded")


class LibraryError(Refusal):
    """Pages that cannot be used; every fault is listed, a line each."""

    text = Text("Some pages need mending. Correct each of these and try again:\n{faults}")


@dataclass(frozen=True, kw_only=True)
class Library:
    """Everything that is content."""

    shelf: Shelf
    framework: Framework
    campaigns: Mapping[str, Campaign]


def load_library(own: Path | None = None, *, again: bool = False) -> Library:
    """Ours, and a school's own pages over it. Raises LibraryError with every fault.

    The reading ages of our pages were checked before they shipped and keep every start waiting, so they are checked
    only if `again`. A school's own always are.
    """
    with _undisturbed():
        return _load(own, again=again)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Nearly all that is made meanwhile stays: looking through it takes a third of the time for nothing."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _load(own: Path | None, *, again: bool) -> Library:
    faults: list[str] = []

    def tried(load: Callable[[], Loaded]) -> Loaded | None:
        try:
            return load()
        except (ContentFaults, FrameworkFault, CampaignFault) as found:
            faults.append(str(found))
            return None

    framework = tried(load_framework)
    # Without a framework nobody knows which strands there are, and a page is not to blame for it.
    strands = [strand.id for strand in framework.strands] if framework else None
    statements = {each.id: each.strand for each in framework.statements.values()} if framework else None
    roots = [*CONTENT, *([own] if own and own.exists() else [])]
    proven = () if again else CONTENT
    shelf = tried(partial(load_shelf, roots, known_strands=strands, known_statements=statements, proven=proven))
    campaigns = tried(load_campaigns)
    if framework is None or shelf is None or campaigns is None:
        raise LibraryError(faults="\n".join(faults))
    return Library(shelf=shelf, framework=framework, campaigns=campaigns)
