"""In whose words a pupil is spoken to: at the level that they chose, or that their year gives."""

from bot.desk.visit import Visit
from bot.wire import Choice, Look, Via
from pages import Bullets, Document, Paragraph, Span
from safeguarding import Level, Wording, level_of, page_at
from school.people import YearGroup
from school.words import Text

LEVEL = "level"
# What a reader of each level may want instead.
OTHERS: dict[Level, tuple[tuple[Text, Level], ...]] = {
    Level.KS1: ((Text("Show the usual words"), Level.KS2), (Text("I am at secondary school"), Level.KS3)),
    Level.KS2: ((Text("Make the words easier"), Level.KS1), (Text("I am at secondary school"), Level.KS3)),
    Level.KS3: ((Text("Make the words easier"), Level.KS2),),
}


def level_at(visit: Visit) -> Level:
    """The level in what came: chosen on a page, or by the year. The middle one where nothing says so."""
    args = visit.incoming.args
    if level := level_named(args.get(LEVEL, "")):
        return level
    try:
        return level_of(YearGroup.parse(args.get("year", "")))
    except ValueError:
        return Level.KS2


def level_named(value: str) -> Level | None:
    """By its word; None for anything else."""
    return next((level for level in Level if level == value), None)


def worded(visit: Visit, wording: Wording, level: Level) -> Document:
    """The page at a level. Whoever reads another language gets a level that there is in it, before any in English."""
    return visit.page(_page(visit, wording, level))


def in_two(page: Document) -> tuple[Document, Document]:
    """A page up to its list, which is to be read; and from there on, which a screen may fold away."""
    at = next((number for number, block in enumerate(page.blocks) if isinstance(block, Bullets)), len(page.blocks))
    return Document(page.title, page.blocks[:at], page.lang), Document("", page.blocks[at:], page.lang)


def notice(visit: Visit, level: Level) -> Document:
    """The way to what is kept, at the pupil's level; for staff to their own."""
    page = "privacy-staff" if visit.person else _page(visit, Wording.PRIVACY, level)
    said = Text("What we keep about you")
    return Document("", (Paragraph((Span(said, href=f"page:{page}"),)),))


def other_levels(visit: Visit, level: Level) -> tuple[Choice, ...]:
    """Quiet ways to the other levels that there are in the reader's language. Only pages on the web show them."""
    if visit.person or visit.incoming.via is not Via.WEB:
        return ()
    there = {each for each in Level if _page(visit, Wording.INTRO, each) == page_at(each, wording=Wording.INTRO)}
    return tuple(
        Choice(label=label, verb="report.form", args={LEVEL: other}, look=Look.QUIET)
        for label, other in OTHERS[level if level in there else Level.KS2]
        if other in there
    )


def _page(visit: Visit, wording: Wording, level: Level) -> str:
    wanted, middle = (page_at(each, wording=wording) for each in (level, Level.KS2))
    theirs, usual = (visit.house.shelf.get(each, visit.incoming.lang).lang for each in (wanted, middle))
    return wanted if theirs == usual else middle
