"""What would go out, before it does: to whom, in which languages, in how many messages, and until when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.composing import composed
from bot.languages import own_words, owning_up
from bot.unit import Unit
from pages import Document, Page, Shelf
from parents import (
    NEWS_AT,
    PEOPLE_NEEDED,
    Foreseen,
    Newsletter,
    counting,
    day_of_news,
    foresee,
    needs_two,
    newsletter_mailing,
    newsletter_of,
)
from school.notices import Mailing
from school.school import School
from school.words import Refusal, Text

# What a bot may send in a second: core.telegram.org/bots/faq, broadcasting to users.
A_SECOND = 29


class NoSuchNewsletterError(Refusal):
    """A page that is no newsletter, or a mailing of a version that is not the page's any more."""

    text = Text("There is no newsletter “{asked}”. There are: {there}.")


@dataclass(frozen=True, kw_only=True)
class Press:
    """What is needed to look ahead, at the desk and from the shell."""

    school: School
    shelf: Shelf
    unit: Unit
    base: str
    parts: Callable[[Document, str], int]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A newsletter as it would go out. `wished` is when it was meant to; quiet hours may make `mailing.due` later.

    `parts` are messages by language; `missing` the languages of readers that it is not written in.
    """

    page: Page
    newsletter: Newsletter
    mailing: Mailing
    wished: datetime
    audience: Foreseen
    parts: Mapping[str, int]
    missing: tuple[str, ...]
    finish: datetime
    finish_is_quiet: bool
    needs_two: bool
    yes: tuple[str, ...]

    @property
    def quiet_hours(self) -> bool:
        """Whether it waits for the end of the quiet hours."""
        return self.mailing.due > self.wished

    @property
    def approved(self) -> bool:
        """Whether nobody's yes is missing."""
        return not self.needs_two or len(self.yes) >= PEOPLE_NEEDED

    def plain(self) -> dict[str, Any]:
        """As one JSON object."""
        audience = self.audience
        return {
            "id": self.newsletter.page,
            "version": self.newsletter.version,
            "digest": self.newsletter.digest,
            "mailing": self.mailing.id,
            "title": self.page.front.title,
            "due": self.mailing.due.isoformat(),
            "quiet_hours": {"wished": self.wished.isoformat(), "moved": self.quiet_hours},
            "families": audience.families,
            "by_language": dict(audience.by_lang),
            "by_channel": dict(audience.by_via),
            "by_class": dict(audience.by_class),
            "by_year": {code or "all": number for code, number in audience.by_year.items()},
            "excluded": {why.value: number for why, number in audience.left_out.items()},
            "missing_languages": list(self.missing),
            "messages": {lang: {"each": number, "fits_one": number <= 1} for lang, number in self.parts.items()},
            "finish": {"about": self.finish.isoformat(), "in_quiet_hours": self.finish_is_quiet},
            "approvals": {
                "needed": PEOPLE_NEEDED if self.needs_two else 0,
                "given_by": list(self.yes),
                "may_go": self.approved,
            },
        }


def wanted(asked: str, shelf: Shelf) -> Page:
    """The newsletter with this id, or of this mailing, in English. Raises NoSuchNewsletterError."""
    found = shelf.all(kind="newsletter")
    for page in found:
        if asked in {page.id, newsletter_mailing_id(page, shelf)}:
            return page
    raise NoSuchNewsletterError(asked=asked[:80], there=", ".join(page.id for page in found) or "–")


def newsletter_mailing_id(page: Page, shelf: Shelf) -> str:
    """Of the version that is on the shelf."""
    found = newsletter_of(page, shelf=shelf)
    return f"newsletter:{found.page}:{found.version}"


def outlook(page: Page, press: Press) -> Outlook:
    """How it would go out on its day."""
    school, shelf = press.school, press.shelf
    newsletter = newsletter_of(page, shelf=shelf)
    day = day_of_news(page)
    wished = school.calendar.at(day, NEWS_AT) if day else press.now
    mailing = newsletter_mailing(newsletter, school=school, due=wished)
    audience = foresee(press.unit.families.alike(), years=newsletter.years, school=school)
    parts = {lang: press.parts(as_got(page.id, lang, press, at=mailing.due), lang) for lang in audience.by_lang}
    messages = sum(number * max(1, parts[lang]) for lang, number in audience.by_lang.items())
    finish = finished_by(messages, start=max(mailing.due, press.now))
    return Outlook(
        page=page,
        newsletter=newsletter,
        mailing=mailing,
        wished=wished,
        audience=audience,
        parts=parts,
        missing=tuple(lang for lang in audience.by_lang if not _is_in(shelf.get(page.id, lang), lang)),
        finish=finish,
        finish_is_quiet=school.calendar.is_quiet(finish),
        needs_two=needs_two(newsletter, school=school),
        yes=tuple(each.person for each in counting(newsletter, approvals=press.unit.approvals)),
    )


def as_got(page_id: str, lang: str, press: Press, *, at: datetime) -> Document:
    """The page as a family that reads this language gets it; in English it owns up to it. Raises NoSuchPageError."""
    document = own_words(press.shelf.told(page_id, lang))
    on = press.school.calendar.today(at)
    made = composed(document, school=press.school, base=press.base, values={}, shelf=press.shelf, on=on)
    return owning_up(made, lang)


def finished_by(messages: int, *, start: datetime) -> datetime:
    """When the last of so many has gone, at what the platform lets a bot send."""
    return start + timedelta(seconds=messages / A_SECOND)


def _is_in(page: Page, lang: str) -> bool:
    return page.lang.partition("-")[0] == lang.partition("-")[0]
