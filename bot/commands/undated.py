"""Links on pages for families that nobody is known to have looked at: for `lollipop content check`."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.library import Library
from pages import Page, Reader, inlines


def undated(found: Library) -> list[str]:
    """A line for each link of an English page for families whose site none of the page's dated sources is on.

    A translation leads where its English page does.
    """
    return [
        f"{page.path.as_posix()}: “{address}” has no source with a day; look at it, and add it under `sources`"
        for page in found.shelf.all()
        if page.lang == "en" and page.front.reader is Reader.PARENT
        for address in _undated_of(page)
    ]


def _undated_of(page: Page) -> Iterator[str]:
    looked_at = {_site(source.url) for source in page.front.sources}
    spans = (span for block in page.document.blocks for inline in inlines(block) for span in inline)
    linked = dict.fromkeys(span.href for span in spans if span.href and span.href.startswith(("https://", "http://")))
    return (address for address in linked if _site(address) not in looked_at)


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
