"""The words of a document as they were signed: they are shown also once its page has others."""

from collections.abc import Iterator, Sequence

from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Show
from curriculum import Edition, reworded
from pages import AgreementFront, Block, Document, Facts, Tone, note, page_of, paragraph
from school.words import Text
from staff import Duty, NoSuchDutyError, SignSheet, words_signed

BACK = button(Text("Back to the roll"), "roll")
MARK = Text("The mark of a text stands in the evidence of each signature under it.")


def as_signed(visit: Visit, duty: Duty) -> Document | None:
    """The words under one signature; None where they were not kept."""
    kept = words_signed(duty, editions=visit.unit.editions)
    return _read(kept) if kept else None


def _read(edition: Edition) -> Document:
    page = page_of(edition.text, lang=edition.lang)
    if page is None:
        # A form that this Lollipop can't read any more: the very text is better than none.
        return Document(edition.page, tuple(map(paragraph, edition.text.split("\n\n"))), edition.lang)
    return page.document


def doors(visit: Visit, sheets: Sequence[SignSheet]) -> Iterator[tuple[Choice, ...]]:
    """A way from the roll to the words of each document that anybody has signed."""
    for sheet in sheets:
        if visit.unit.editions.of_page(sheet.document.id):
            label = Text("What was signed: {title}", {"title": sheet.document.title[:50]})
            yield (button(label, "roll.words", args={"p": sheet.document.id}),)


def changed(visit: Visit, sheet: SignSheet) -> Iterator[Block]:
    """That a page has other words than were signed under its version: so nobody is asked to sign those."""
    page = visit.house.shelf.get(sheet.document.id, "en")
    if reworded([page], editions=visit.unit.editions):
        values: dict[str, str | int | Text] = {"version": page.version, "next": page.version + 1}
        words = Text(
            "The words of this page have changed since somebody signed version {version}, and nobody is asked to sign "
            "the new ones. Ask whoever looks after Lollipop to write version: {next} into the page, so that everybody "
            "is asked again.",
            values,
        )
        yield note(words, Tone.URGENT)


def shown(visit: Visit) -> Answer:
    """One text of a document, the newest first, and a button for each other. Raises NoSuchDutyError."""
    kept = visit.unit.editions.of_page(visit.incoming.args.get("p", ""))
    mark = visit.incoming.args.get("h", "")
    chosen = next((each for each in kept if each.content_hash.startswith(mark)), None)
    if chosen is None or not _is_signed(visit, chosen):
        raise NoSuchDutyError
    document = _read(chosen)
    facts = Facts(((Text("Version"), str(chosen.version)), (Text("Mark of the text"), chosen.content_hash[:12])))
    rows = tuple((_door(each),) for each in kept if each != chosen)
    blocks = (facts, *document.blocks, note(MARK, Tone.PLAIN))
    return Answer(document=Document(document.title, blocks, document.lang), choices=(*rows, (BACK,)), show=Show.REPLACE)


def _is_signed(visit: Visit, edition: Edition) -> bool:
    """What classes begin is kept beside what is signed, and is no document."""
    every = visit.house.shelf.all(kind="agreement", lang="en")
    page = page_of(edition.text, lang=edition.lang)
    return any(each.id == edition.page for each in every) or bool(page and isinstance(page.front, AgreementFront))


def _door(edition: Edition) -> Choice:
    values: dict[str, str | int | Text] = {"version": edition.version, "mark": edition.content_hash[:12]}
    args = {"p": edition.page, "h": edition.content_hash[:12]}
    return button(Text("Version {version} (text {mark})", values), "roll.words", args=args)
