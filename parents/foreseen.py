"""What would go out: for how many families, in which languages and years, and who is left out and why. Counts alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from parents.choosing import more_than_news
from parents.families import Alike, Family, FamilyState
from parents.newsletters import wants
from school.people import YearGroup
from school.school import School

# Of whoever follows no class and no year: the news of the whole school.
GENERAL = ""


class LeftOut(StrEnum):
    """Why a family that the school knows does not get it."""

    LEFT = "left"
    UNREACHABLE = "unreachable"
    OTHER_YEARS = "other_years"
    NEWS_ONLY = "newsletter_only"
    JOINED_LATE = "joined_late"


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """An audience as it is now; who joins or leaves before the day is not in it yet.

    A family with children in several classes or years is counted once in `families`, and in each of its classes and
    years. `readers` are years and languages that occur together; a year is its code, or GENERAL.
    """

    families: int
    by_lang: Mapping[str, int]
    by_via: Mapping[str, int]
    by_class: Mapping[str, int]
    by_year: Mapping[str, int]
    left_out: Mapping[LeftOut, int]
    readers: tuple[tuple[str, str], ...]


def foresee(alike: Iterable[Alike], *, years: frozenset[YearGroup], school: School, more: bool = False) -> Foreseen:
    """Whoever would get a page for these years now.

    `more` than the newsletter, such as a step of a campaign, is only for those who chose to hear of everything, and had
    joined by the time it is due.
    """
    langs, vias, classes, by_year = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    out = Counter[LeftOut]()
    readers: set[tuple[str, str]] = set()
    for each in alike:
        family = each.family
        if (why := _left_out(each, years=years, school=school, more=more)) is not None:
            out[why] += each.number
            continue
        langs[family.lang] += each.number
        vias[family.via] += each.number
        classes.update(dict.fromkeys(family.classes, each.number))
        theirs = _years_of(family, years=years, school=school)
        by_year.update(dict.fromkeys(theirs, each.number))
        readers |= {(year, family.lang) for year in theirs}
    return Foreseen(
        families=langs.total(),
        by_lang=_most_first(langs),
        by_via=_most_first(vias),
        by_class={klass.id: classes[klass.id] for klass in school.classes if klass.id in classes},
        by_year=dict(sorted(by_year.items(), key=lambda pair: _rank(pair[0]))),
        left_out={why: out[why] for why in LeftOut if out[why]},
        readers=tuple(sorted(readers, key=lambda pair: (_rank(pair[0]), pair[1]))),
    )


def _left_out(each: Alike, *, years: frozenset[YearGroup], school: School, more: bool) -> LeftOut | None:
    family = each.family
    if family.state is FamilyState.STOPPED:
        return LeftOut.LEFT
    if family.state is FamilyState.UNREACHABLE:
        return LeftOut.UNREACHABLE
    if not wants(family, years=years, school=school):
        return LeftOut.OTHER_YEARS
    if more and not more_than_news(family):
        return LeftOut.NEWS_ONLY
    return LeftOut.JOINED_LATE if more and each.late else None


def _years_of(family: Family, *, years: frozenset[YearGroup], school: School) -> list[str]:
    """Those of theirs that the page is for; GENERAL where they follow none."""
    theirs = set(family.years)
    theirs |= {year for klass in school.classes if klass.id in family.classes for year in klass.years}
    meant = sorted(theirs & years if years else theirs)
    return [year.code for year in meant] or [GENERAL]


def _rank(code: str) -> tuple[bool, YearGroup | None]:
    return (code == GENERAL, YearGroup.parse(code) if code else None)


def _most_first(counts: Counter[str]) -> Mapping[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
