"""Reading levels: the same thing to be read, in the words of a child's own phase."""

from collections.abc import Mapping
from enum import StrEnum

from school.people import YearGroup

LAST_OF_KS1, LAST_OF_KS2 = YearGroup(2), YearGroup(6)


class Level(StrEnum):
    """Whom a wording is for: Reception to Year 2, Years 3 to 6, Year 7 and up."""

    KS1 = "ks1"
    KS2 = "ks2"
    KS3 = "ks3"


class Wording(StrEnum):
    """What is worded three times over."""

    INTRO = "intro"
    THANKS = "thanks"
    PRIVACY = "privacy"


# The pages of the report without a level in their names were there first.
PAGES: Mapping[Wording, Mapping[Level, str]] = {
    Wording.INTRO: {Level.KS1: "report-intro-ks1", Level.KS2: "report-intro", Level.KS3: "report-intro-ks3"},
    Wording.THANKS: {Level.KS1: "report-thanks-ks1", Level.KS2: "report-thanks", Level.KS3: "report-thanks-ks3"},
    Wording.PRIVACY: {level: f"privacy-pupil-{level}" for level in Level},
}


def level_of(year: YearGroup | None) -> Level:
    """The level of a year; where nobody has said which, the middle one, which most can read and none finds babyish."""
    if year is None or LAST_OF_KS1 < year <= LAST_OF_KS2:
        return Level.KS2
    return Level.KS1 if year <= LAST_OF_KS1 else Level.KS3


def page_for(year: YearGroup | None, *, wording: Wording) -> str:
    """The id of the page to be shown to a child of this year."""
    return page_at(level_of(year), wording=wording)


def page_at(level: Level, *, wording: Wording) -> str:
    """The id of the page at a level, which somebody chose or their year gives.

    A shelf falls back page by page: where a page of one level is not translated yet, its own English is shown.
    """
    return PAGES[wording][level]
