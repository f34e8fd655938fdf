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
from curriculum.editions import edition_of, reworded
from curriculum.framework import Band, Framework, FrameworkFault, Item, Published, Statement, Strand, load_framework
from curriculum.known import Known, Moment, known_of, moment_of
from curriculum.position import HALF_TERMS, Next, NothingPlannedError, Planned, Reason, chosen, next_lesson
from curriculum.programme import Share, YearRow, programme_by_year
from curriculum.progress import ASIDES, Hands, Outcome, ProgressStore, Taught, shares
from curriculum.revisits import WHY, Gap, Revisit, comes_back, due_today, revisits
from curriculum.school_year import Standing, next_for, standing

__all__ = [
    "ASIDES",
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
    "Known",
    "Moment",
    "Next",
    "NothingPlannedError",
    "Outcome",
    "Planned",
    "ProgressStore",
    "Published",
    "Reason",
    "Revisit",
    "Share",
    "Standing",
    "State",
    "Statement",
    "Strand",
    "StrandMissed",
    "StrandRow",
    "Taught",
    "YearRow",
    "chosen",
    "class_years",
    "comes_back",
    "coverage_map",
    "due_today",
    "edition_of",
    "is_secure",
    "known_of",
    "load_framework",
    "moment_of",
    "next_for",
    "next_lesson",
    "programme_by_year",
    "revisits",
    "reworded",
    "shares",
    "standing",
]
