"""What went out to families, for the archive: newsletters whose day has come, and campaign pages that were sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pages import Document, NewsletterFront, NoSuchPageError, Shelf, filled
from parents import Campaign
from school.notices import Header
from school.school import School

# What the ids of a campaign's mailings begin with.
CAMPAIGN = "campaign:"


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One page that went out, and on which day of the school's. `values` fill its placeholders."""

    id: str
    on: date
    values: Mapping[str, str] = field(default_factory=dict)

    def told(self, document: Document) -> Document:
        """The page with what is the school's own in it."""
        return filled(document, self.values)


def issues_out(
    school: School, *, shelf: Shelf, campaigns: Mapping[str, Campaign], begun: Iterable[Header], today: date
) -> tuple[Issue, ...]:
    """All of it, newest first. A campaign's page is in it once its mailing has begun and nobody has cancelled it."""
    named = {"school": school.name}
    found = {
        page.id: Issue(id=page.id, on=page.front.send_on, values=named)
        for page in shelf.all(kind="newsletter")
        if isinstance(page.front, NewsletterFront) and page.front.send_on <= today
    }
    for header in begun:
        mailing = header.mailing
        if not mailing.id.startswith(CAMPAIGN) or not _for_families(mailing.page, shelf):
            continue
        campaign = campaigns.get(mailing.campaign)
        theme = school.themes.get(mailing.campaign, campaign.name if campaign else "")
        on = school.calendar.today(mailing.due)
        found[mailing.page] = Issue(id=mailing.page, on=on, values={**named, "theme": theme})
    return tuple(sorted(found.values(), key=lambda issue: (issue.on, issue.id), reverse=True))


def _for_families(page_id: str, shelf: Shelf) -> bool:
    try:
        page = shelf.get(page_id, "en")
    except NoSuchPageError:
        return False
    return page.kind == "campaign" and page.front.reader == "parent"


def by_month(issues: Sequence[Issue]) -> list[tuple[date, list[Issue]]]:
    """In the same order, each month's together, under its first day."""
    months: dict[date, list[Issue]] = {}
    for issue in issues:
        months.setdefault(issue.on.replace(day=1), []).append(issue)
    return list(months.items())
