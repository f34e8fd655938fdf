"""A newsletter's issue: what the planner and those who look at it first need of its page."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pages import NewsletterFront, Page, Shelf, inlines
from school.notices import Mailing
from school.people import YearGroup
from school.school import School

# News that could not go out in three days is not news.
STALE_AFTER = timedelta(days=3)
NEWS_AT = time(16, 0)
PREFIX = "newsletter:"
# The value that a notice has which is no more than a test for a member of staff: the language it is asked for in.
TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Newsletter:
    """What the planner needs of a page: its id, version, and the years it is for (none means all).

    `digest` changes with every letter of it in any of its languages, and with its picture. `leads_to` are the hosts of
    the organisations that its English links to.
    """

    page: str
    version: int
    years: frozenset[YearGroup]
    digest: str
    leads_to: tuple[str, ...] = ()


def newsletter_of(page: Page, *, shelf: Shelf) -> Newsletter:
    """What the planner needs of it."""
    years = frozenset(YearGroup.parse(year) for year in page.front.years)
    return Newsletter(
        page=page.id, version=page.version, years=years, digest=shelf.digest(page.id), leads_to=_hosts(page, shelf)
    )


def _hosts(page: Page, shelf: Shelf) -> tuple[str, ...]:
    spans = (
        span
        for block in shelf.get(page.id, "en").document.blocks
        for inline in inlines(block)
        for span in inline
        if span.href and span.href.startswith("https://")
    )
    return tuple(sorted({(span.href or "").removeprefix("https://").partition("/")[0] for span in spans}))


def newsletter_id(newsletter: Newsletter) -> str:
    """Of its mailing."""
    return f"{PREFIX}{newsletter.page}:{newsletter.version}"


def day_of_news(page: Page) -> date | None:
    """The day it is sent on; None of a page that is no newsletter."""
    return page.front.send_on if isinstance(page.front, NewsletterFront) else None


def for_everybody(years: frozenset[YearGroup], *, school: School) -> bool:
    """Whether a page for these years is for the whole school: there is no class that it leaves out."""
    return not years or all(not years.isdisjoint(klass.years) for klass in school.classes)


def newsletter_mailing(newsletter: Newsletter, *, school: School, due: datetime) -> Mailing:
    """Its mailing; `due` is moved on to the end of quiet hours where it falls in them."""
    open_at = school.calendar.next_open(due)
    return Mailing(
        id=newsletter_id(newsletter),
        campaign=f"{newsletter.page}@{newsletter.version}",
        page=newsletter.page,
        due=open_at,
        not_after=open_at + STALE_AFTER,
    )
