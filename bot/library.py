"""Everything that is content, checked as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from curriculum import Framework, FrameworkFault, load_framework
from pages import ContentFaults, Shelf, load_shelf
from parents import Campaign, CampaignFault, load_campaigns
from school.words import Refusal, Text

ROOT = Path(__file__).parent.parent
CONTENT = tuple(ROOT / room / "content" for room in ("lessons", "parents", "safeguarding", "staff"))


class LibraryError(Refusal):
    """Pages that cannot be used; every fault is listed, a line each."""

    text = Text("Some pages need mending. Correct each of these and try again:\n{faults}")


@dataclass(frozen=True, kw_only=True)
class Library:
    """Everything that is content."""

    shelf: Shelf
    framework: Framework
    campaigns: Mapping[str, Campaign]


def load_library(own: Path | None = None) -> Library:
    """Ours, and a school's own pages over it. Raises LibraryError with every fault."""
    try:
        framework = load_framework()
        roots = [*CONTENT, *([own] if own and own.exists() else [])]
        shelf = load_shelf(roots, known_strands=[strand.id for strand in framework.strands])
        return Library(shelf=shelf, framework=framework, campaigns=load_campaigns())
    except (ContentFaults, FrameworkFault, CampaignFault) as faults:
        raise LibraryError(faults=str(faults)) from faults
