"""The register of checked sites: what somebody looked at as a pupil would see it, and when that is due again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.calendar import BeyondTheCalendarError
from school.evidence import Evidence, EvidenceBook
from school.people import YearGroup
from school.school import School
from school.words import Refusal, Text
from staff.addresses import same_page

CLAUSE = "C11"
PURPOSE_LENGTH = 120
# More than so many are a directory, and nobody looks at them again.
MOST_SITES = 300


class OffBecause(StrEnum):
    """Why a site is not on the list any more."""

    CHANGED = "changed"
    UNFIT = "unfit"
    GONE = "gone"
    NO_NEED = "no_need"


@dataclass(frozen=True, kw_only=True)
class Site:
    """One entry. `years` are the youngest and the oldest it is for, both included; `lesson` is empty or a page's id.

    `checked_by` looked at it at `checked`, as a pupil would see it. `reminded` and `silent_since` are of since then:
    when somebody was told that it is due, and since when it did not answer the program.
    """

    id: UUID
    address: str
    purpose: str
    years: tuple[YearGroup, YearGroup]
    checked: datetime
    checked_by: str
    lesson: str = ""
    reminded: datetime | None = None
    silent_since: datetime | None = None


class SiteStore(Protocol):
    """Where the sites of a school are kept. The caller commits."""

    def add(self, site: Site) -> None:
        """A new entry."""

    def get(self, site_id: UUID) -> Site | None:
        """One that is on the list."""

    def listed(self) -> tuple[Site, ...]:
        """All that are on the list, those that were looked at longest ago first."""

    def of_lesson(self, lesson: str) -> tuple[Site, ...]:
        """Those of a lesson, in the same order."""

    def check(self, site_id: UUID, *, by: str, now: datetime) -> bool:
        """Somebody looked at it again; False where it is not on the list."""

    def take_off(self, site_id: UUID, *, why: OffBecause, by: str, now: datetime) -> bool:
        """It is off the list and stays as a record; False where it was off already."""

    def note_reminded(self, site_ids: Sequence[UUID], *, now: datetime) -> None:
        """Somebody was told that these are due."""

    def note_silent(self, site_ids: Sequence[UUID], *, since: datetime | None) -> None:
        """Since when these did not answer; None where they answer."""


class NotListedError(Refusal):
    """The site is not on the list."""

    text = Text("That site isn't on the list any more. Somebody may have taken it off: look at the list again.")


class ListedAlreadyError(Refusal):
    """The same page is there."""

    text = Text("That page is on the list already. Find it there and choose “Still fine”.")


class NotLookedAtError(Refusal):
    """Nobody said that they looked."""

    text = Text("A site goes on the list once somebody has looked at it today, as a pupil would see it.")


class NoPurposeError(Refusal):
    """It is not said what the site is for."""

    text = Text("Say in a few words what the site is for, in at most {most} characters.")


class TooManySitesError(Refusal):
    """The list is full."""

    text = Text("The list holds {most} sites, and is full. Take some off that no lesson needs.")


def add_site(site: Site, *, looked_at: bool, sites: SiteStore, evidence: EvidenceBook) -> None:
    """Put it on the list; the check is evidence. The caller commits.

    Raises NotLookedAtError, NoPurposeError, ListedAlreadyError or TooManySitesError.
    """
    if not looked_at:
        raise NotLookedAtError
    if not 0 < len(site.purpose) <= PURPOSE_LENGTH:
        raise NoPurposeError(most=PURPOSE_LENGTH)
    listed = sites.listed()
    if any(same_page(each.address, site.address) and each.lesson == site.lesson for each in listed):
        raise ListedAlreadyError
    if len(listed) >= MOST_SITES:
        raise TooManySitesError(most=MOST_SITES)
    sites.add(site)
    _write(evidence, "site.checked", site.address, by=site.checked_by, now=site.checked)


def check_site(site_id: UUID, *, by: str, sites: SiteStore, evidence: EvidenceBook, now: datetime) -> Site:
    """Looked at again, and still fine; the entry as it was before. The caller commits. Raises NotListedError."""
    site = sites.get(site_id)
    if site is None or not sites.check(site_id, by=by, now=now):
        raise NotListedError
    _write(evidence, "site.checked", site.address, by=by, now=now)
    return site


def take_site_off(
    site_id: UUID, *, why: OffBecause, by: str, sites: SiteStore, evidence: EvidenceBook, now: datetime
) -> Site:
    """Off the list, with the reason. The caller commits. Raises NotListedError."""
    site = sites.get(site_id)
    if site is None or not sites.take_off(site_id, why=why, by=by, now=now):
        raise NotListedError
    _write(evidence, "site.taken_off", f"{site.address}: {why}", by=by, now=now)
    return site


def _write(evidence: EvidenceBook, kind: str, what: str, *, by: str, now: datetime) -> None:
    evidence.write(Evidence(clause=CLAUSE, kind=kind, when=now, what=what, by=by))


def due_on(site: Site, *, school: School) -> date:
    """The day from which it is to be looked at again: a school day, where the calendar knows of one."""
    day = school.calendar.today(site.checked) + timedelta(weeks=school.sites.recheck_weeks)
    try:
        return school.calendar.next_school_day(day)
    except BeyondTheCalendarError:
        return day


def is_due(site: Site, *, school: School, on: date) -> bool:
    """Whether it is to be looked at again on a day."""
    return due_on(site, school=school) <= on
