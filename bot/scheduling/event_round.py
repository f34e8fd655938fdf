"""What families are told of events: what is new is noted, what is due laid down, and free places are given."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.unit import Unit
from parents import (
    EventMailing,
    Laid,
    Told,
    campaign_of,
    is_open,
    mailings_of,
    news_of,
    plan_event,
    settle,
    unsettled,
)
from school.events import SchoolEvent
from school.notices import MailingState
from school.school import School

PREFIX = "event:"
KEPT = timedelta(days=30)


def event_lays(
    unit: Unit, *, school: School, now: datetime, agreed: set[tuple[str, str]]
) -> list[Callable[[Unit], Laid]]:
    """What there is to do just now, each for a transaction of its own; `unit` is for reading.

    `agreed` is this process's memory of events whose file it has seen to be what was told. A process reads its files
    once: where the two differ after that, another process has a newer file, and this one keeps quiet until it starts
    again. Otherwise the two would tell families the one day and the other in turn.
    """
    told = unit.events.told()
    if not told and not school.events:
        return []
    known = {each.event for each in told}
    untold = [event.id for event in school.events if event.rsvp and event.id not in known]
    replied = {event for event in untold if unit.events.replies(event)}
    fresh_news = news_of(school, told=told, now=now, replied=replied)
    news = tuple(each for each in fresh_news if (school.id, each.event) not in agreed)
    agreed.update((school.id, each.event) for each in told if each.event not in {fresh.event for fresh in news})
    newest = {each.event: each for each in (*told, *news)}
    open_ones = {header.mailing.id for header in unit.mailings.to_lay(PREFIX, now=now)}
    fresh = {each.event for each in news}
    due = [
        each
        for each in mailings_of(school, told=list(newest.values()), now=now)
        if each.mailing.id in open_ones or (each.told.event in fresh and each.mailing.due <= now)
    ]
    free = [
        partial(_settle, school=school, event=event, now=now)
        for event in school.events
        if is_open(event, calendar=school.calendar, now=now)
        and any(unsettled(event, children=unit.children, events=unit.events))
    ]
    noted = [partial(_note, school=school, told=each, now=now) for each in news]
    return [*free, *noted, *(partial(_lay, school=school, planned=each, now=now) for each in due)]


def _note(unit: Unit, *, school: School, told: Told, now: datetime) -> Laid:
    """It is told from now on: its mailings have headers, and those of what was told before end."""
    before = next((each for each in unit.events.told() if each.event == told.event), None)
    if before is not None and before.version >= told.version:
        return Laid()
    if before is not None:
        unit.mailings.set_state(campaign_of(before), MailingState.CANCELLED, now=now)
    unit.events.tell(told)
    for each in mailings_of(school, told=[told], now=now):
        unit.mailings.open(each.mailing, now=now)
    return Laid()


def _lay(unit: Unit, *, school: School, planned: EventMailing, now: datetime) -> Laid:
    return plan_event(
        planned,
        school=school,
        families=unit.families,
        mailings=unit.mailings,
        events=unit.events,
        evidence=unit.evidence,
        now=now,
    )


def _settle(unit: Unit, *, school: School, event: SchoolEvent, now: datetime) -> Laid:
    calendar = school.calendar
    settle(event, calendar=calendar, children=unit.children, events=unit.events, outbox=unit.outbox, now=now)
    return Laid()


def forget_events(unit: Unit, *, school: School, now: datetime, limit: int) -> int:
    """Delete up to so many events that are long over, with the replies to them. The caller commits.

    Families reply by `/events` before they are told: of an event that went from the file before that, nothing else
    would ever end the replies.
    """
    held = [event.id for event in school.events]
    before = school.calendar.today(now) - KEPT
    return unit.events.forget(before=before, limit=limit, held=held, asked_before=now - KEPT)
