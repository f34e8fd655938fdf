"""Texts that somebody agreed to: kept as they were, and whether a page has other words under the same version."""

from collections.abc import Iterable

from curriculum.begun import Edition, EditionStore
from pages import Page, page_of


def edition_of(page: Page) -> Edition:
    """A page's text as it stands now."""
    return Edition(page=page.id, lang=page.lang, version=page.version, content_hash=page.content_hash, text=page.source)


def reworded(pages: Iterable[Page], *, editions: EditionStore) -> tuple[Page, ...]:
    """Those in which somebody agreed to other words under the version that they still have.

    So nobody would be asked to agree to the new words. Another key, such as a question of a quiz, is no other word.
    """
    return tuple(page for page in pages if any(_other_words(kept, page) for kept in editions.of_page(page.id)))


def _other_words(kept: Edition, page: Page) -> bool:
    if (kept.lang, kept.version) != (page.lang, page.version) or kept.content_hash == page.content_hash:
        return False
    was = page_of(kept.text, lang=kept.lang)
    # A form that this Lollipop can't read any more says nothing of the words.
    return was is not None and was.document != page.document
