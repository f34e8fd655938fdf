"""The picture at the head of what goes home."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pages import CampaignFront, NewsletterFront
from school.words import Refusal


@dataclass(frozen=True, kw_only=True)
class LeadPicture:
    """A file beside a page, and what it shows, in the language `lang`, for whoever does not see it."""

    file: Path
    alt: str
    lang: str


class ShelfWithPictures(Protocol):
    """Where a page is found."""

    def get(self, page_id: str, lang: str, /) -> Any:
        """The page in the language, or in English; a LookupError or a Refusal where there is none."""


def picture_of(page_id: str, *, shelf: ShelfWithPictures, lang: str) -> LeadPicture | None:
    """The page's own in a language, else that of the English page; None where it has none, or is not there."""
    for choice in (lang, "en"):
        try:
            page = shelf.get(page_id, choice)
        except (LookupError, Refusal):
            return None
        if isinstance(page.front, NewsletterFront | CampaignFront) and page.front.picture:
            return LeadPicture(file=page.path.parent / page.front.picture, alt=page.front.alt, lang=page.lang)
    return None
