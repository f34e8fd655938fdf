"""Links from page to page: `page:<id>` becomes an address, or plain words where the page has none."""

from collections.abc import Callable
from dataclasses import replace

from pages.document import Bullets, Divider, Document, Facts, Heading, Inline, Note, Paragraph, Quote

SCHEME = "page:"
Address = Callable[[str], str | None]


def linked(document: Document, address: Address) -> Document:
    """The document with every link to a page as an address; the words alone where there is none for it."""

    def inline(spans: Inline) -> Inline:
        return tuple(
            replace(span, href=address(span.href.removeprefix(SCHEME)))
            if span.href is not None and span.href.startswith(SCHEME)
            else span
            for span in spans
        )

    def block(whole: Heading | Paragraph | Note | Bullets | Quote) -> Heading | Paragraph | Note | Bullets | Quote:
        match whole:
            case Heading(spans) | Paragraph(spans) | Note(spans):
                return replace(whole, inline=inline(spans))
            case Bullets(items):
                return replace(whole, items=tuple(map(inline, items)))
            case Quote(paragraphs):
                return Quote(tuple(map(inline, paragraphs)))

    return replace(
        document,
        blocks=tuple(each if isinstance(each, Facts | Divider) else block(each) for each in document.blocks),
    )
