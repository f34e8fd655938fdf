"""What a family hears of, and how often: each is one tap, kept on the family and in the consent log."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from parents.families import ConsentEvent, Event, Family, FamilyState, FamilyStore, Frequency
from parents.joining import leave
from school.notices import Outbox
from school.people import YearGroup

# How the ids of mailings begin that are more than the newsletter.
MORE = ("campaign:", "home:")
# Of an event, its notice alone: who had that is told what changes.
NOTICE_OF_EVENT = ("event:", ":notice")
CLASS_PART = "home:"


def leave_class(family: Family, class_id: str, *, families: FamilyStore, outbox: Outbox, now: datetime) -> Family:
    """No news of this class from now on. The caller commits.

    Whoever leaves the last of theirs has left: it was never asked whether they want the news of the whole school.
    """
    if family.state is not FamilyState.ACTIVE or class_id not in family.classes:
        return family
    rest = tuple(each for each in family.classes if each != class_id)
    if not rest:
        leave(family, families=families, outbox=outbox, now=now, source=f"{family.via}:/years")
        return families.get(family.id) or family
    return _chosen(replace(family, classes=rest), Event.CLASS_LEFT, class_id, families=families, now=now)


def choose_years(family: Family, years: Collection[YearGroup], *, families: FamilyStore, now: datetime) -> Family:
    """The newsletters for these years alone, or for all where none is named. The caller commits.

    Who follows a class has its years by that, and chooses none here.
    """
    wanted = tuple(sorted(set(years)))
    if family.state is not FamilyState.ACTIVE or family.classes or wanted == family.years:
        return family
    return _chosen(replace(family, years=wanted), Event.YEARS, spelt(wanted), families=families, now=now)


def choose_frequency(family: Family, frequency: Frequency, *, families: FamilyStore, now: datetime) -> Family:
    """Everything, or the newsletter alone. The caller commits."""
    if family.state is not FamilyState.ACTIVE or frequency is family.frequency:
        return family
    changed = replace(family, frequency=frequency)
    return _chosen(changed, Event.FREQUENCY, frequency.value, families=families, now=now)


def spelt(years: Collection[YearGroup]) -> str:
    """Codes of year groups with commas between them."""
    return ",".join(year.code for year in years)


def more_than_news(family: Family) -> bool:
    """Whether they hear of campaigns and of what a class learned, beside the newsletter."""
    return family.frequency is Frequency.EVERYTHING


def still_asked_for(family: Family, mailing: str) -> bool:
    """Whether they still want what was laid down for them, by the id of its mailing: they may have chosen since."""
    begins, ends = NOTICE_OF_EVENT
    if mailing.startswith(begins) and mailing.endswith(ends):
        return more_than_news(family)
    if not mailing.startswith(MORE):
        return True
    class_id = mailing.removeprefix(CLASS_PART).partition(":")[0] if mailing.startswith(CLASS_PART) else ""
    return more_than_news(family) and (not class_id or class_id in family.classes)


def _chosen(family: Family, event: Event, detail: str, *, families: FamilyStore, now: datetime) -> Family:
    families.save(family)
    families.note(
        ConsentEvent(
            family=family.id,
            event=event,
            wording="",
            lang=family.lang,
            source=f"{family.via}:/years",
            when=now,
            detail=detail,
        ),
    )
    return family
