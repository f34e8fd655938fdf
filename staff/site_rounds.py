"""What regularly happens to checked sites: whoever looked at one is told when it is due, or when it went silent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime

from school.calendar import BeyondTheCalendarError
from school.evidence import Evidence, EvidenceBook
from school.notices import Notice, Outbox, To
from school.people import Person, Role
from school.school import School
from staff.addresses import short_address
from staff.nudges import calm_day
from staff.sites import CLAUSE, Site, SiteStore, is_due

DUE_PAGE, SILENT_PAGE = "sites-due", "sites-silent"
# More than so many are not read in a message; the list has them all.
MOST = 6


def tell_of_due_sites(*, school: School, sites: SiteStore, outbox: Outbox, now: datetime) -> int:
    """Leave a notice for whoever checked a site that is due; how many notices. Once a check. The caller commits.

    On a school day, when it is calm; in one notice a person. Where they are away or left, the e-safety lead is told.
    """
    due = calm_day(school.calendar, now=now)
    if due is None:
        return 0
    day = school.calendar.today(due)
    waiting = [each for each in sites.listed() if each.reminded is None and is_due(each, school=school, on=day)]
    left = _tell(waiting, page=DUE_PAGE, due=due, school=school, outbox=outbox)
    if left:
        sites.note_reminded([each.id for each in waiting], now=now)
    return left


def note_answers(
    asked: Sequence[Site],
    *,
    dead: Collection[str],
    school: School,
    sites: SiteStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> int:
    """Mark those of `asked` whose addresses are `dead`, and tell whoever checked them; how many are newly silent.

    Where none of several answered, our own line is down, and nothing is marked. The caller commits.
    """
    still = {each.id: each for each in sites.listed()}
    here = [still[each.id] for each in asked if each.id in still and still[each.id].checked == each.checked]
    silent = [each for each in here if each.address in dead]
    if not here or (len(silent) == len(here) > 1):
        return 0
    new = [each for each in silent if each.silent_since is None]
    sites.note_silent([each.id for each in new], since=now)
    sites.note_silent([each.id for each in here if each.silent_since and each.address not in dead], since=None)
    what = f"{len(here)} sites asked whether they answer, {len(silent)} did not"
    evidence.write(Evidence(clause=CLAUSE, kind="sites.asked", when=now, what=what))
    # Beyond the calendar nobody is in: it stands on the list.
    with suppress(BeyondTheCalendarError):
        _tell(new, page=SILENT_PAGE, due=school.calendar.next_staffed(now), school=school, outbox=outbox)
    return len(new)


def _tell(waiting: Iterable[Site], *, page: str, due: datetime, school: School, outbox: Outbox) -> int:
    day = school.calendar.today(due)
    theirs: dict[str, list[Site]] = defaultdict(list)
    for site in waiting:
        for person in _whom(site, school, day):
            theirs[person.id].append(site)
    return sum(
        outbox.leave(
            Notice(
                key=f"{page}:{day}:{person}",
                to=To.PERSON,
                recipient=person,
                page=page,
                values={"sites": _listed(found), "date": f"{day:%d/%m/%Y}"},
                due=due,
            )
        )
        for person, found in theirs.items()
    )


def _whom(site: Site, school: School, day: date) -> tuple[Person, ...]:
    """Whoever checked it, where they are in; else whoever leads on e-safety, or the head."""
    person = school.person(site.checked_by)
    if person is not None and person.id not in school.away(day):
        return (person,)
    return school.first_present(Role.ESAFETY_LEAD, Role.HEAD, on=day)


def _listed(found: Sequence[Site]) -> str:
    names = [short_address(each.address) for each in found]
    more = len(names) - MOST
    return "; ".join([*names[:MOST], *([f"and {more} more"] if more > 0 else [])])
