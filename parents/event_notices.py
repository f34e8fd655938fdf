"""What families are told of an event: that it comes, that it moved, that it is off, and that it is tomorrow.

What was told is kept, so that a school file that changes is held against it. A new day or time raises the version: then
those who had the notice are told the new day first, and the rest get the notice when it is due. An event that is taken
out of the file is off, as one that says `cancelled` is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial
from uuid import UUID

from parents.choosing import more_than_news
from parents.families import Family, FamilyStore
from parents.mailings import Laid, lay_next
from parents.rsvp import CLAUSES, Comes, EventStore, Told, clock_of, is_theirs, is_to_come, values_of
from school.calendar import BeyondTheCalendarError, Calendar
from school.events import EventKind, SchoolEvent
from school.evidence import Evidence, EvidenceBook
from school.notices import Mailing, Mailings, To
from school.people import YearGroup
from school.school import School

PREFIX = "event:"
AT = time(16, 0)
MOVED, OFF, EVENT_EVE = "event-moved", "event-off", "event-eve"
PAGES: Mapping[EventKind, str] = {
    EventKind.PHOTOS: "event-photos",
    EventKind.PARENTS_EVENING: "event-evening",
    EventKind.WORKSHOP: "event-workshop",
    EventKind.OTHER: "event-other",
}
DAY = timedelta(days=1)


class Why(StrEnum):
    """Why families are written to; what stands at the end of a mailing's id."""

    NOTICE = "notice"
    MOVED = "moved"
    OFF = "off"
    EVE = "eve"


@dataclass(frozen=True, kw_only=True)
class EventMailing:
    """One mailing of an event; `event` is None where the file has it no more."""

    why: Why
    mailing: Mailing
    told: Told
    event: SchoolEvent | None


def notice_due(event: SchoolEvent, *, calendar: Calendar) -> datetime:
    """When families first hear of it: so many school days before, in the afternoon, never in quiet hours."""
    day = event.day - event.notice * DAY
    with suppress(BeyondTheCalendarError):
        day = calendar.add_school_days(event.day, -event.notice)
    return calendar.next_open(calendar.at(min(day, event.day), AT))


def news_of(
    school: School, *, told: Collection[Told], now: datetime, replied: Collection[str] = ()
) -> tuple[Told, ...]:
    """What has to be told by now that was not told yet: new events, new days, and what is off.

    `replied` are ids of events that somebody replied to. Such an event is kept from then on, its notice still to come:
    whoever said yes has to hear that it moved or is off.
    """
    known = {each.event: each for each in told}
    calendar, today = school.calendar, school.calendar.today(now)
    found = []
    for event in school.events:
        before = known.get(event.id)
        if event.cancelled or not is_to_come(event, calendar=calendar, now=now):
            continue
        fresh = Told(
            event=event.id,
            version=1,
            name=event.name,
            kind=event.kind,
            day=event.day,
            starts=clock_of(event),
            off=False,
            at=now,
        )
        if before is None:
            if event.id in replied or notice_due(event, calendar=calendar) <= now:
                found.append(fresh)
        elif before.off or (before.day, before.starts) != (fresh.day, fresh.starts):
            found.append(replace(fresh, version=before.version + 1))
    held = {event.id for event in school.events if not event.cancelled}
    gone = [each for each in told if each.event not in held and not each.off and each.day >= today]
    return (*found, *(replace(each, version=each.version + 1, off=True, at=now) for each in gone))


def mailings_of(school: School, *, told: Collection[Told], now: datetime) -> tuple[EventMailing, ...]:
    """Every mailing whose time has come, of what was told; opened and laid twice, each is there once."""
    events = {event.id: event for event in school.events}
    return tuple(
        found for each in told for found in _of(each, events.get(each.event), calendar=school.calendar, now=now)
    )


def _of(told: Told, event: SchoolEvent | None, *, calendar: Calendar, now: datetime) -> Iterator[EventMailing]:
    until = calendar.at(told.day, time(23, 59))
    if now > until:
        return
    told_at = calendar.next_open(told.at)
    if told.off:
        yield _mailing(Why.OFF, told, event, page=OFF, due=told_at, until=until)
        return
    if event is None or not is_to_come(event, calendar=calendar, now=now):
        return
    if told.starts:
        until = calendar.at(told.day, time.fromisoformat(told.starts))
    if told.version > 1:
        yield _mailing(Why.MOVED, told, event, page=MOVED, due=told_at, until=until)
    due = max(notice_due(event, calendar=calendar), calendar.next_open(told.at))
    yield _mailing(Why.NOTICE, told, event, page=page_of(event), due=due, until=until)
    eve = calendar.next_open(calendar.at(told.day - DAY, AT))
    yield _mailing(Why.EVE, told, event, page=EVENT_EVE, due=eve, until=until)


def _mailing(
    why: Why, told: Told, event: SchoolEvent | None, *, page: str, due: datetime, until: datetime
) -> EventMailing:
    mailing = Mailing(
        id=f"{PREFIX}{told.event}:{told.version}:{why}",
        campaign=campaign_of(told),
        page=page,
        due=due,
        not_after=until,
        values={**values_of(told), "id": told.event},
    )
    return EventMailing(why=why, mailing=mailing, told=told, event=event)


def campaign_of(told: Told) -> str:
    """By what people hold it: with its version, so that an older one that was cancelled holds up nothing."""
    return f"event@{told.event}@{told.version}"


def page_of(event: SchoolEvent) -> str:
    """The page of its notice."""
    return PAGES[event.kind]


def plan_event(
    planned: EventMailing,
    *,
    school: School,
    families: FamilyStore,
    mailings: Mailings,
    events: EventStore,
    evidence: EvidenceBook,
    now: datetime,
) -> Laid:
    """Lay down the next chunk of one mailing. The caller commits, and asks again until it is done."""
    if school.calendar.is_quiet(now):
        return Laid()
    mailing, event = planned.mailing, planned.event
    coming = frozenset[UUID]() if planned.why is Why.NOTICE else _coming(planned, events=events)
    had = partial(_had, planned, coming=coming, mailings=mailings)

    def meant(family: Family) -> bool:
        match planned.why:
            case Why.NOTICE:
                return event is not None and more_than_news(family) and is_theirs(event, family, school=school)
            case Why.EVE:
                return family.id in coming
            case _:
                return True

    laid = lay_next(mailing, meant=meant, had=had, families=families, mailings=mailings, now=now)
    if laid.whole:
        what = f"{mailing.page}: {planned.told.event} to {laid.whole} families"
        clause = CLAUSES[planned.told.kind]
        evidence.write(Evidence(clause=clause, kind=f"event.{planned.why}", when=now, what=what))
    return laid


def _had(planned: EventMailing, who: Sequence[str], *, coming: Collection[UUID], mailings: Mailings) -> frozenset[str]:
    """Who is left out: of a notice, those who had heard; of what is new about it, those who had not, and don't come."""
    event, besides = f"{PREFIX}{planned.told.event}:", planned.mailing.id
    match planned.why:
        case Why.EVE:
            return frozenset()
        case Why.NOTICE:
            return mailings.had(event, besides=besides, to=To.FAMILY, among=who)
        case _:
            earlier = [f"{event}{version}:" for version in range(1, planned.told.version)]
            heard = (mailings.had(each, besides=besides, to=To.FAMILY, among=who) for each in earlier)
            return frozenset(who) - frozenset(map(str, coming)).union(*heard)


def _coming(planned: EventMailing, *, events: EventStore) -> frozenset[UUID]:
    """On the eve those who have a place; of what is new about it also those who wait for one."""
    wanted = {Comes.YES} if planned.why is Why.EVE else {Comes.YES, Comes.WAITS}
    return frozenset(each.family for each in events.replies(planned.told.event) if each.comes in wanted)


def stage_page(years: Collection[YearGroup]) -> str:
    """The page of talking points for a child of these years: of the youngest stage among them."""
    youngest = min(years, default=YearGroup(3))
    if youngest == YearGroup(0):
        return "event-talk-early"
    return "event-talk-ks1" if youngest <= YearGroup(2) else "event-talk-ks2"
