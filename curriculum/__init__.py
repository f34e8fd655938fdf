"""Floor 1: the progression framework. Front door: `from curriculum import next_lesson`."""

from curriculum.begun import Begun, Edition, EditionStore
from curriculum.covered import (
    SECURE,
    Cell,
    ClassBehind,
    ClassRow,
    ClassYear,
    CoverageMap,
    State,
    StrandMissed,
    StrandRow,
    class_years,
    coverage_map,
    is_secure,
)
from curriculum.framework import Band, Framework, FrameworkFault, Item, Published, Statement, Strand, load_framework
from curriculum.position import HALF_TERMS, Next, NothingPlannedError, Planned, Reason, chosen, next_lesson
from curriculum.progress import Hands, Outcome, ProgressStore, Taught, shares
from curriculum.revisits import WHY, Gap, Revisit, due_today, revisits
from curriculum.school_year import Standing, next_for, standing

__all__ = [
    "HALF_TERMS",
    "SECURE",
    "WHY",
    "Band",
    "Begun",
    "Cell",
    "ClassBehind",
    "ClassRow",
    "ClassYear",
    "CoverageMap",
    "Edition",
    "EditionStore",
    "Framework",
    "FrameworkFault",
    "Gap",
    "Hands",
    "Item",
    "Next",
    "NothingPlannedError",
    "Outcome",
    "Planned",
    "ProgressStore",
    "Published",
    "Reason",
    "Revisit",
    "Standing",
    "State",
    "Statement",
    "Strand",
    "StrandMissed",
    "StrandRow",
    "Taught",
    "chosen",
    "class_years",
    "coverage_map",
    "due_today",
    "is_secure",
    "load_framework",
    "next_for",
    "next_lesson",
    "revisits",
    "shares",
    "standing",
]
