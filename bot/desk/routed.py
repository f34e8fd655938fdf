"""Who gets which report today: a page behind the sign-in, and a table to print. Made by asking the routing itself."""

from collections.abc import Collection, Iterator
from datetime import date

from bot.desk.doors import BACK_TO_LIST
from bot.desk.inbox import ABOUT
from bot.desk.topics import LABELS
from bot.desk.visit import Visit
from bot.wire import Answer
from pages import Block, Bullets, Document, Facts, Heading, Span, note, paragraph, says
from safeguarding import HURRIES, About, Row, Topic, cards_for, guidance, outline
from school.people import Person
from school.school import School
from school.words import Text

TITLE = Text("Who gets which report")
INTRO = Text(
    "This is what becomes of a report that comes in now. It is worked out anew from the school file, today's leave and "
    "the keys that there are. Whoever is told may read it from then on. Nobody else gets a key or a notice."
)
BY_TOPIC = Text(
    "What a report is about, by its sender's word, changes the card, and never whom it may go to. In a hurry, the "
    "first ones are told together, by day and by night."
)
NOBODY = "–"
Labelled = tuple[tuple[Text, str], ...]


def shown(visit: Visit) -> Answer:
    """For whoever may hold a key."""
    keys = {each.person for each in visit.unit.concerns.recipients([person.id for person in visit.school.people])}
    document = Document(TITLE, (paragraph(INTRO), *_blocks(visit.school, on=visit.today, keys=keys)))
    return Answer(document=document, choices=((BACK_TO_LIST,),))


def _blocks(school: School, *, on: date, keys: Collection[str]) -> Iterator[Block]:
    for row in outline(school=school, on=on, keys=keys):
        years = _years(row)
        heading = (
            Span(Text("About")),
            Span(": "),
            Span(ABOUT[row.about]),
            *((Span(" – "), Span(years)) if years else ()),
        )
        yield Heading(heading, 2)
        yield Facts(_people(row))
    yield Heading(says(Text("By what it is about")), 2)
    yield note(BY_TOPIC)
    hurried = (Span(" – "), Span(Text("in a hurry"), strong=True))
    yield Bullets(
        tuple(
            (Span(label), Span(": "), Span(_card(school, topic)), *(hurried if topic in HURRIES else ()))
            for topic, label in LABELS.items()
        )
    )


def _years(row: Row) -> Text | None:
    """Only about a pupil does a year count."""
    if row.years:
        return Text("years: {years}", {"years": ", ".join(year.code for year in row.years)})
    return Text("any other year, or none said") if row.about is About.PUPIL else None


def _people(row: Row) -> Labelled:
    pairs = (
        (Text("May read at once"), row.readers),
        (Text("Told first"), row.first),
        (Text("Told first, in a hurry"), row.in_a_hurry),
        (Text("A key in reserve"), row.reserve),
        (Text("Left out, because away"), row.away),
        (Text("Left out, for want of a key"), row.no_key),
        (Text("Never"), row.others),
    )
    return tuple((label, _names(people)) for label, people in pairs)


def _names(people: Collection[Person]) -> str:
    return ", ".join(person.name for person in people) or NOBODY


def _card(school: School, topic: Topic) -> str | Text:
    return guidance(cards_for(About.PUPIL, topic)[0], school=school).title


def table(school: School, *, on: date, keys: Collection[str]) -> str:
    """The same as Markdown."""
    rows = outline(school=school, on=on, keys=keys)
    head = ["Whom it is about", "Year", *(str(label) for label, _ in _people(rows[0]))]
    lines = [f"# {TITLE}: {school.name}, {on:%d/%m/%Y}", "", str(INTRO), "", *_lines(head)]
    lines += [
        _line(str(ABOUT[row.about]), str(_years(row) or NOBODY), *(names for _, names in _people(row))) for row in rows
    ]
    lines += ["", str(BY_TOPIC), "", *_lines(["What it is about", "Card about a pupil", "In a hurry"])]
    lines += [
        _line(str(label), str(_card(school, topic)), "yes" if topic in HURRIES else "no")
        for topic, label in LABELS.items()
    ]
    return "\n".join(lines)


def _lines(head: list[str]) -> list[str]:
    return [_line(*head), "|" + "---|" * len(head)]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
