"""Cover in a campaign: talk of e-safety brings out what has been going on, and somebody must be there to hear it."""

from collections.abc import Iterable
from datetime import date, datetime

from parents.campaigns import Campaign, Meant, dues_of
from school.calendar import ONE_DAY, BeyondTheCalendarError, Calendar
from school.notices import Notice, Outbox, To
from school.people import Role
from school.roles import without_a_listener
from school.school import School

PAGE = "campaign-cover"
# It is looked at so many school days before the first message to families: leave can be changed, and the day moved.
SCHOOL_DAYS_BEFORE = 5
# More days than so many are not read in a message.
MOST = 5


def uncovered(campaign: Campaign, *, school: School, on: date) -> tuple[date, ...]:
    """School days of a campaign, from a day on, on which no safeguarding lead or deputy is in school.

    A campaign lasts from its first message to families to its last. One that begins in more than five school days, has
    none for families or is over has no such days.
    """
    calendar = school.calendar
    days = sorted(calendar.today(due) for step, due in dues_of(campaign, school=school) if step.to is Meant.FAMILIES)
    if not days or days[-1] < on or on < _looked_at_from(days[0], calendar):
        return ()
    return without_a_listener(
        school.people, leave=school.leave, days=_school_days(max(on, days[0]), days[-1], calendar)
    )


def _looked_at_from(first: date, calendar: Calendar) -> date:
    try:
        return calendar.add_school_days(first, -SCHOOL_DAYS_BEFORE)
    except BeyondTheCalendarError:
        return date.min


def _school_days(first: date, last: date, calendar: Calendar) -> Iterable[date]:
    days = (first + number * ONE_DAY for number in range((last - first).days + 1))
    return (day for day in days if calendar.is_school_day(day))


def tell_of_cover(campaigns: Iterable[Campaign], *, school: School, outbox: Outbox, now: datetime) -> int:
    """Tell the e-safety leads and the head of days without cover, once a campaign; how many notices.

    Nobody is told in quiet hours or on a day off. The caller commits.
    """
    today = school.calendar.today(now)
    if not school.calendar.is_school_day(today) or school.calendar.is_quiet(now):
        return 0
    told = {person.id for role in (Role.ESAFETY_LEAD, Role.HEAD) for person in school.present(role, on=today)}
    return sum(
        outbox.leave(
            Notice(
                key=f"{PAGE}:{campaign.id}:{person}",
                to=To.PERSON,
                recipient=person,
                page=PAGE,
                values={"campaign": campaign.name, "days": days_in_words(days)},
                due=now,
                not_after=school.calendar.at(days[-1], school.calendar.open_until),
            )
        )
        for campaign in campaigns
        if (days := uncovered(campaign, school=school, on=today))
        for person in sorted(told)
    )


def days_in_words(days: tuple[date, ...]) -> str:
    """Such as `09/02, 10/02 (+3)`."""
    more = len(days) - MOST
    return ", ".join(f"{day:%d/%m}" for day in days[:MOST]) + (f" (+{more})" if more > 0 else "")
