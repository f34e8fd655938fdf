"""Who comes to an event: each adult's own reply for one child, the places that there are, and who waits for one.

A place that was given is never taken away by anybody else's reply. Whoever waits gets the next one in the order in
which they asked. Nothing that an adult is told depends on what another adult of the same child replied.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import partial
from typing import Protocol
from uuid import UUID

from parents.children import Child, ChildStore, children_of
from parents.families import Family
from school.calendar import Calendar
from school.events import EventKind, SchoolEvent
from school.evidence import Evidence, EvidenceBook
from school.notices import Notice, Outbox, To
from school.school import School
from school.words import Refusal, Text

MOST_COMING = 3
# What a family is told that waited and has a place now.
PLACE_FREE = "event-place"
CLAUSES = {EventKind.PHOTOS: "C47", EventKind.PARENTS_EVENING: "C17", EventKind.WORKSHOP: "C16", EventKind.OTHER: "C16"}


class NeedsLetterError(Refusal):
    """A chat that is bound to no child of the event's classes."""

    text = Text(
        "To reply for your child you need the letter from the school office: it says which child is yours. "
        "Please ask the office for it. You are welcome to hear of our events without it."
    )


class NoReplyError(Refusal):
    """An event that asks for no reply, is over, or is not held."""

    text = Text("There is nothing to reply to any more: that event is over, is off, or asks for no reply.")


class Comes(StrEnum):
    """How a reply stands. WAITS: they would come, and there is no place yet."""

    YES = "yes"
    WAITS = "waits"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One adult's reply for one child. `adults` is 0 for no, else how many come, 1 to 3.

    `since` is when they asked for what they ask for now: whoever waits is served in that order.
    """

    event: str
    pupil: str
    family: UUID
    class_id: str
    adults: int
    comes: Comes
    since: datetime


class EventStore(Protocol):
    """What one school's families were told of its events, and what they replied."""

    def told(self) -> tuple["Told", ...]:
        """The newest that was told of each event, by id."""

    def tell(self, told: "Told") -> None:
        """Keep what is told of an event from now on."""

    def replies(self, event: str) -> tuple[Reply, ...]:
        """All of an event, in the order in which they asked."""

    def replies_of(self, family_id: UUID) -> tuple[Reply, ...]:
        """All of a family."""

    def keep(self, reply: Reply) -> None:
        """A family's reply for a child, in the place of the one before."""

    def drop(self, reply: Reply) -> None:
        """It counts no more."""

    def forget(
        self, *, before: date, limit: int, held: Collection[str] = (), asked_before: datetime | None = None
    ) -> int:
        """Delete up to so many events that were before a day, with their replies; how many. The caller commits.

        With `asked_before`, an instant, also the older replies to events that nobody was told of and are not `held`.
        """


@dataclass(frozen=True, kw_only=True)
class Told:
    """What families were last told of an event. `version` counts from 1; `starts` is empty or such as `14:00`."""

    event: str
    version: int
    name: str
    kind: EventKind
    day: date
    starts: str
    off: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How the replies to an event stand, in adults and in replies."""

    coming: int
    waiting: int
    replies: int
    not_coming: int


def reply(
    event: SchoolEvent,
    *,
    family: Family,
    pupil: str,
    adults: int,
    school: School,
    children: ChildStore,
    events: EventStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> Reply:
    """Keep what an adult says for one child; saying it twice changes nothing. The caller commits.

    Raises NeedsLetterError or NoReplyError.
    """
    if not is_open(event, calendar=school.calendar, now=now):
        raise NoReplyError
    child = next(
        (each for each in asked_about(event, family, school=school, children=children) if each.pupil == pupil), None
    )
    if child is None:
        raise NeedsLetterError
    adults = max(0, min(adults, MOST_COMING))
    calendar = school.calendar
    settled = partial(settle, event, calendar=calendar, children=children, events=events, outbox=outbox, now=now)
    if event.places is not None:
        settled()
    theirs = (each for each in events.replies_of(family.id) if (each.event, each.pupil) == (event.id, pupil))
    before = next(theirs, None)
    if before is not None and before.adults == adults:
        return before
    others = [each for each in events.replies(event.id) if (each.pupil, each.family) != (pupil, family.id)]
    standing = _given(event, adults, before, others=others)
    if standing is None and before is not None:
        # They would bring more than there is room for: what they have stays theirs.
        return before
    said = Reply(
        event=event.id,
        pupil=pupil,
        family=family.id,
        class_id=child.class_id,
        adults=adults,
        comes=standing or Comes.WAITS,
        since=before.since if before and before.adults > adults > 0 else now,
    )
    events.keep(said)
    if before is None:
        what = f"A family replied: {event.id}"
        evidence.write(Evidence(clause=CLAUSES[event.kind], kind="event.replied", when=now, what=what))
    served = settled(acting=said) if event.places is not None else ()
    return next((each for each in served if (each.pupil, each.family) == (pupil, family.id)), said)


def _given(event: SchoolEvent, adults: int, before: Reply | None, *, others: Sequence[Reply]) -> Comes | None:
    """How it stands now; None where more was asked for than there is room, by somebody who has a place."""
    if not adults:
        return Comes.NO
    if event.places is None:
        return Comes.YES
    has = before is not None and before.comes is Comes.YES
    if before is not None and has and adults < before.adults:
        return Comes.YES
    # Whoever waits goes first; one who waits already is served in turn by `settle`.
    queue = any(each.comes is Comes.WAITS for each in others)
    if adults <= free_places(event, others) and not queue:
        return Comes.YES
    return None if has else Comes.WAITS


def free_places(event: SchoolEvent, replies: Iterable[Reply]) -> int:
    """How many adults there is still room for; never below 0, and many where there is no limit."""
    taken = sum(each.adults for each in replies if each.comes is Comes.YES)
    return MOST_COMING * 10_000 if event.places is None else max(0, event.places - taken)


def settle(
    event: SchoolEvent,
    *,
    calendar: Calendar,
    children: ChildStore,
    events: EventStore,
    outbox: Outbox,
    now: datetime,
    acting: Reply | None = None,
) -> tuple[Reply, ...]:
    """Let go of replies whose adult may not act for the child any more, and give free places to those who wait.

    Strictly in the order in which they asked: nobody is passed over because they are more. Each is told, after the
    quiet hours, but for whoever is `acting`: they read it in their answer. The caller commits. Gives those who got a
    place.
    """
    ended, served = unsettled(event, children=children, events=events)
    for each in ended:
        events.drop(each)
    for each in served:
        comes = replace(each, comes=Comes.YES)
        events.keep(comes)
        if acting is None or (each.pupil, each.family) != (acting.pupil, acting.family):
            outbox.leave(_place_for(comes, event, calendar=calendar, now=now))
    return tuple(replace(each, comes=Comes.YES) for each in served)


def unsettled(
    event: SchoolEvent, *, children: ChildStore, events: EventStore
) -> tuple[tuple[Reply, ...], tuple[Reply, ...]]:
    """What there is to settle: replies that count no more, and those who wait and can have a place."""
    replies = events.replies(event.id)
    if not replies:
        return (), ()
    bound = {(each.pupil, each.family) for each in children.listed() if each.binds}
    standing = [each for each in replies if (each.pupil, each.family) in bound]
    free, served = free_places(event, standing), []
    for each in standing:
        if each.comes is Comes.WAITS:
            if each.adults > free:
                break
            free -= each.adults
            served.append(each)
    return tuple(each for each in replies if (each.pupil, each.family) not in bound), tuple(served)


def _place_for(reply_: Reply, event: SchoolEvent, *, calendar: Calendar, now: datetime) -> Notice:
    return Notice(
        key=f"event-place:{event.id}:{reply_.family}:{int(now.timestamp() * 1000)}",
        to=To.FAMILY,
        recipient=str(reply_.family),
        page=PLACE_FREE,
        values=values_of(event),
        due=calendar.next_open(now),
        not_after=begins(event, calendar=calendar) or calendar.at(event.day, time(23, 59)),
    )


def values_of(event: "SchoolEvent | Told") -> dict[str, str]:
    """What a page about it is filled with; days and times are said in the reader's language when it is drawn."""
    if isinstance(event, Told):
        return {"event": event.name, "day": event.day.isoformat(), "time": event.starts}
    return {"event": event.name, "day": event.day.isoformat(), "time": clock_of(event)}


def clock_of(event: SchoolEvent) -> str:
    """Such as `14:00`; empty where no time is given."""
    return f"{event.starts:%H:%M}" if event.starts else ""


def begins(event: SchoolEvent, *, calendar: Calendar) -> datetime | None:
    """The instant at which it begins; None where no time is given."""
    return calendar.at(event.day, event.starts) if event.starts else None


def is_to_come(event: SchoolEvent, *, calendar: Calendar, now: datetime) -> bool:
    """Whether it is still to be held, its own day included until it has begun."""
    start = begins(event, calendar=calendar)
    return not event.cancelled and calendar.today(now) <= event.day and (start is None or now < start)


def is_open(event: SchoolEvent, *, calendar: Calendar, now: datetime) -> bool:
    """Whether it may be replied to."""
    return event.rsvp and is_to_come(event, calendar=calendar, now=now)


def asked_about(event: SchoolEvent, family: Family, *, school: School, children: ChildStore) -> tuple[Child, ...]:
    """The children of this chat that are in the event's classes."""
    ids = {klass.id for klass in event.classes_among(school.classes)}
    return tuple(each for each in children_of(family, children=children) if each.class_id in ids)


def is_theirs(event: SchoolEvent, family: Family, *, school: School) -> bool:
    """Whether it is for a family: one of its classes or years, or everybody's."""
    if event.for_all or not (family.classes or family.years):
        return True
    classes = event.classes_among(school.classes)
    followed = any(klass.id in family.classes for klass in classes)
    return followed or not {year for klass in classes for year in klass.years}.isdisjoint(family.years)


def counted_of(replies: Collection[Reply]) -> Counted:
    """How they stand together."""
    return Counted(
        coming=sum(each.adults for each in replies if each.comes is Comes.YES),
        waiting=sum(each.adults for each in replies if each.comes is Comes.WAITS),
        replies=len(replies),
        not_coming=sum(each.comes is Comes.NO for each in replies),
    )
