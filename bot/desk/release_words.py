"""A release of guidance in words: what changed, what a school does about it, and where it was read."""

from collections.abc import Iterator

from pages import Block, Bullets, Facts, Heading, Paragraph, Span, Tone, note, says
from school.words import Text
from staff import Release

SUMMARY = Text("We read a summary of it, and not the document itself. Open that before you rely on a line of ours.")
# The same of several, said once above them.
SUMMARIES = Text(
    "We read summaries, and not the documents themselves. Open a document before you rely on a line of ours."
)


def blocks_of(release: Release, *, warned: bool = False) -> Iterator[Block]:
    """The whole of it; `warned` says that a page has said already that it is from a summary."""
    yield Heading(says(Text("What changed")), 3)
    yield Bullets(tuple(says(line) for line in release.changed))
    yield Heading(says(Text("What a school does about it")), 3)
    yield Bullets(tuple(says(line) for line in release.do))
    facts: list[tuple[Text, str | Text]] = []
    if release.published:
        facts.append((Text("Published"), day_or_month(release.published)))
    in_force = f"{release.in_force:%d/%m/%Y}" if release.in_force else Text("no day was found")
    facts.append((Text("In force from"), in_force))
    facts.append((Text("Looked at"), day_or_month(release.looked)))
    yield Facts(tuple(facts))
    yield _source(release)
    if release.read == "summary" and not warned:
        yield note(SUMMARY, Tone.CALM)


def _source(release: Release) -> Paragraph:
    said = Span(Text("Where it was read: {source}", {"source": release.source}))
    if not release.address:
        return Paragraph((said,))
    return Paragraph((said, Span(" – "), Span(release.address, href=release.address)))


def day_or_month(said: str) -> str:
    """19/01/2026, or 01/2026."""
    return "/".join(reversed(said.split("-")))
