"""Floor 1: the progression framework. Front door: `from curriculum import next_lesson`."""

from curriculum.covered import SECURE, Cell, coverage
from curriculum.framework import Band, Framework, FrameworkFault, Item, Published, Statement, Strand, load_framework
from curriculum.position import Next, NothingPlannedError, Planned, Reason, next_lesson
from curriculum.progress import Hands, Outcome, ProgressStore, Taught

__all__ = [
    "SECURE",
    "Band",
    "Cell",
    "Framework",
    "FrameworkFault",
    "Hands",
    "Item",
    "Next",
    "NothingPlannedError",
    "Outcome",
    "Planned",
    "ProgressStore",
    "Published",
    "Reason",
    "Statement",
    "Strand",
    "Taught",
    "coverage",
    "load_framework",
    "next_lesson",
]
