"""The consent log, read from its beginning: it alone tells how a family stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from parents.families import SCHOOL_ALONE, ConsentEvent, Event, Family, FamilyState, Frequency
from school.people import YearGroup


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a family agreed to, as far as its log was read. `joined` is the first time."""

    lang: str
    state: FamilyState
    joined: datetime
    classes: tuple[str, ...] = ()
    years: tuple[YearGroup, ...] = ()
    frequency: Frequency = Frequency.EVERYTHING


def replayed(events: Iterable[ConsentEvent], *, so_far: Standing | None = None) -> Standing | None:
    """How a family stands after these, oldest first, and after what was read before. None before it joined."""
    standing = so_far
    for event in events:
        standing = _after(standing, event)
    return standing


def standing_of(family: Family) -> Standing:
    """The same, as the family's row has it."""
    return Standing(
        lang=family.lang,
        state=family.state,
        joined=family.joined,
        classes=family.classes,
        years=family.years,
        frequency=family.frequency,
    )


def _after(standing: Standing | None, event: ConsentEvent) -> Standing | None:
    if event.event is Event.JOINED:
        return _joined(standing, event)
    if standing is None:
        return None  # nothing was agreed to that could change
    match event.event:
        case Event.LANGUAGE:
            return replace(standing, lang=event.lang)
        case Event.CLASS_LEFT:
            if event.detail not in standing.classes:
                return standing
            rest = tuple(each for each in standing.classes if each != event.detail)
            # Whoever leaves the last of theirs by a tap has left; where the office ended it, this is what stays.
            return replace(standing, classes=rest or (SCHOOL_ALONE,))
        case Event.YEARS:
            years = tuple(YearGroup.parse(code) for code in event.detail.split(",") if code)
            return replace(standing, years=years)
        case Event.FREQUENCY:
            return replace(standing, frequency=Frequency(event.detail))
        case Event.CHILD:
            return standing  # what may be asked about a child is in the codes, which the office can take back
        case _:
            state = FamilyState.STOPPED if event.event is Event.LEFT else FamilyState.UNREACHABLE
            return Standing(lang=standing.lang, state=state, joined=standing.joined)


def _joined(standing: Standing | None, event: ConsentEvent) -> Standing:
    known = standing or Standing(lang=event.lang, state=FamilyState.ACTIVE, joined=event.when)
    added = (event.detail,) if event.detail else ()
    classes = tuple(dict.fromkeys((*(each for each in known.classes if each != SCHOOL_ALONE), *added)))
    years = () if classes else known.years
    return replace(known, lang=event.lang, state=FamilyState.ACTIVE, classes=classes, years=years)
