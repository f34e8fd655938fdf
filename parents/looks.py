"""Telling people in time that a newsletter for the whole school needs two people's look, and that one did not go."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from pages import Page, Shelf
from parents.approvals import ApprovalBook, approved_before, can_approve, may_go
from parents.issues import NEWS_AT, STALE_AFTER, Newsletter, day_of_news, newsletter_mailing, newsletter_of
from school.calendar import BeyondTheCalendarError
from school.notices import Header, Mailings, MailingState, Notice, Outbox, To
from school.people import Person, Role
from school.school import School

LOOK, CHANGED, NOT_SENT = "newsletter-look", "newsletter-changed", "newsletter-not-sent"
SCHOOL_DAYS_BEFORE = 5
# No five school days and no holiday between are longer than this; after it, what did not go is history.
FURTHEST = timedelta(days=70)
HISTORY = timedelta(days=14)


class SteeredMailings(Mailings, Protocol):
    """Mailings that can be ended."""

    def set_state(self, campaign: str, state: MailingState, *, now: datetime) -> int:
        """Pause, resume or cancel; how many."""


def near(pages: Sequence[Page], *, school: School, now: datetime) -> tuple[tuple[Page, date], ...]:
    """Newsletters that somebody may have to be told of now, with their day. Nobody is told out of school's hours."""
    if not school.second_person or not school.calendar.is_staffed(now):
        return ()
    today = school.calendar.today(now)
    return tuple(
        (page, day)
        for page in pages
        if (day := day_of_news(page)) and today - HISTORY <= day <= today + FURTHEST and today >= _from(day, school)
    )


def _from(day: date, school: School) -> date:
    try:
        return school.calendar.add_school_days(day, -SCHOOL_DAYS_BEFORE)
    except BeyondTheCalendarError:
        return day - SCHOOL_DAYS_BEFORE * timedelta(days=1)


def tell_of_looks(
    found: Sequence[tuple[Page, date]],
    *,
    shelf: Shelf,
    school: School,
    approvals: ApprovalBook,
    mailings: SteeredMailings,
    outbox: Outbox,
    now: datetime,
) -> int:
    """Of what is `near`: ask those who answer for it to look, once a version of it; end what is too late for news.

    The lead is told of that. How many notices; the caller commits.
    """
    return sum(
        _tell_of(page, day, shelf=shelf, school=school, approvals=approvals, mailings=mailings, outbox=outbox, now=now)
        for page, day in found
    )


def _tell_of(
    page: Page,
    day: date,
    *,
    shelf: Shelf,
    school: School,
    approvals: ApprovalBook,
    mailings: SteeredMailings,
    outbox: Outbox,
    now: datetime,
) -> int:
    newsletter = newsletter_of(page, shelf=shelf)
    if may_go(newsletter, school=school, approvals=approvals):
        return 0
    mailing = newsletter_mailing(newsletter, school=school, due=school.calendar.at(day, NEWS_AT))
    late = mailing.not_after is not None and now > mailing.not_after
    header = mailings.open(mailing, now=now)
    if header.laid or header.state in {MailingState.CANCELLED, MailingState.FINISHED}:
        return 0
    values = {"page": page.front.title, "day": f"{day:%d/%m/%Y}"}
    if late:
        mailings.set_state(mailing.id, MailingState.CANCELLED, now=now)
        return _leave(NOT_SENT, _owners(school, now), header, newsletter, values, outbox=outbox, until=None)
    asked = CHANGED if approved_before(newsletter, approvals=approvals) else LOOK
    until = mailing.due + STALE_AFTER
    return _leave(asked, _steering(school, now), header, newsletter, values, outbox=outbox, until=until)


def _leave(
    notice: str,
    people: Sequence[Person],
    header: Header,
    newsletter: Newsletter,
    values: dict[str, str],
    *,
    outbox: Outbox,
    until: datetime | None,
) -> int:
    return sum(
        outbox.leave(
            Notice(
                key=f"{notice}:{header.mailing.id}:{newsletter.digest[:12]}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page=notice,
                values=values,
                not_after=until,
            )
        )
        for person in people
    )


def _steering(school: School, now: datetime) -> Sequence[Person]:
    """Everybody who may say yes and is in; all of them where nobody is."""
    away = school.away(school.calendar.today(now))
    everybody = can_approve(school.people)
    return [person for person in everybody if person.id not in away] or everybody


def _owners(school: School, now: datetime) -> Sequence[Person]:
    """The e-safety leads who are in, else the safeguarding leads, else the head."""
    return school.first_present(Role.ESAFETY_LEAD, Role.DSL, Role.HEAD, on=school.calendar.today(now))
