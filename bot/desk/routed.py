"""Who gets which report today: a page behind the sign-in, and a table to print. Made by asking the routing itself."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from bot.desk.doors import BACK_TO_LIST
from bot.desk.inbox import ABOUT
from bot.desk.topics import LABELS
from bot.desk.visit import Visit
from bot.wire import Answer
from pages import Block, Bullets, Document, Facts, Heading, Inline, Span, note, paragraph, says
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
NOT_TAKEN = Text("Nobody yet, so that such a report is not taken")
AT_ONCE = Text("May read at once")
FIRST = Text("Told first")
FIRST_IN_A_HURRY = Text("Told first, in a hurry")
FIRST_EITHER_WAY = Text("Told first, in a hurry or not")
IN_A_HURRY = Text("in a hurry")
People = tuple[Person, ...]
Labelled = tuple[tuple[Text, str | Text], ...]


def shown(visit: Visit) -> Answer:
    """For whoever may hold a key."""
    keys = {each.person for each in visit.unit.concerns.recipients([person.id for person in visit.school.people])}
    document = Document(TITLE, (paragraph(INTRO), *_blocks(visit.school, on=visit.today, keys=keys)))
    return Answer(document=document, choices=((BACK_TO_LIST,),))


def _blocks(school: School, *, on: date, keys: Collection[str]) -> Iterator[Block]:
    rows = outline(school=school, on=on, keys=keys)
    for alike in _alike(rows):
        yield Heading((Span(Text("About")), Span(": "), *_whom(alike, rows)), 2)
        yield Facts(_people(alike[0]))
    yield Heading(says(Text("By what it is about")), 2)
    yield note(BY_TOPIC)
    yield Bullets(tuple(_with_card(topics, school) for topics in _same_card()))


def _alike(rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    """The rows in which the same people get the same, each group where its first one stood."""
    together: dict[tuple[People, ...], list[Row]] = {}
    for row in rows:
        together.setdefault(tuple(people for _, people in _columns(row)), []).append(row)
    return [tuple(each) for each in together.values()]


def _whom(alike: Sequence[Row], rows: Sequence[Row]) -> Iterator[Span]:
    """Whom a group is about. A year counts only about a pupil, and is said only where the other years differ."""
    for number, about in enumerate(dict.fromkeys(row.about for row in alike)):
        if number:
            yield Span("; ")
        yield Span(ABOUT[about])
        theirs = [row for row in alike if row.about is about]
        if len(theirs) < sum(row.about is about for row in rows):
            for row in theirs:
                yield from (Span(" – "), Span(_years(row)))


def _years(row: Row) -> Text:
    if row.years:
        return Text("years: {years}", {"years": ", ".join(year.code for year in row.years)})
    return Text("any other year, or none said")


def _columns(row: Row) -> tuple[tuple[Text, People], ...]:
    return (
        (AT_ONCE, row.readers),
        (FIRST, row.first),
        (FIRST_IN_A_HURRY, row.in_a_hurry),
        (Text("A key in reserve"), row.reserve),
        (Text("Left out, because away"), row.away),
        (Text("Left out, for want of a key"), row.no_key),
        (Text("Never"), row.others),
    )


def _people(row: Row) -> Labelled:
    """Only what there is somebody for; and where nobody may read it, that."""
    columns = [(label, people) for label, people in _columns(row) if people]
    if row.first == row.in_a_hurry:
        columns = [
            (FIRST_EITHER_WAY if label is FIRST else label, people)
            for label, people in columns
            if label is not FIRST_IN_A_HURRY
        ]
    nobody: Labelled = () if row.readers else ((AT_ONCE, NOT_TAKEN),)
    return nobody + tuple((label, _names(people)) for label, people in columns)


def _names(people: Collection[Person]) -> str:
    return ", ".join(person.name for person in people) or NOBODY


def _same_card() -> list[tuple[Topic, ...]]:
    """The topics, those together that give the same card and the same hurry."""
    together: dict[tuple[str, bool], list[Topic]] = {}
    for topic in LABELS:
        together.setdefault((cards_for(About.PUPIL, topic)[0], topic in HURRIES), []).append(topic)
    return [tuple(each) for each in together.values()]


def _with_card(topics: Sequence[Topic], school: School) -> Inline:
    named = [Span(LABELS[topic]) for topic in topics]
    listed = [span for each in named for span in (Span("; "), each)][1:]
    hurried = (Span(" – "), Span(IN_A_HURRY, strong=True)) if topics[0] in HURRIES else ()
    return (*listed, Span(": "), Span(_card(school, topics[0])), *hurried)


def _card(school: School, topic: Topic) -> str | Text:
    return guidance(cards_for(About.PUPIL, topic)[0], school=school).title


def table(school: School, *, on: date, keys: Collection[str]) -> str:
    """The same as Markdown. It has every column, for a sheet of paper is compared with last term's."""
    rows = outline(school=school, on=on, keys=keys)
    head = ["Whom it is about", *(str(label) for label, _ in _columns(rows[0]))]
    lines = [f"# {TITLE}: {school.name}, {on:%d/%m/%Y}", "", str(INTRO), "", *_lines(head)]
    for alike in _alike(rows):
        whom = "".join(str(span.text) for span in _whom(alike, rows))
        lines.append(_line(whom, *(_names(people) for _, people in _columns(alike[0]))))
    lines += ["", str(BY_TOPIC), "", *_lines(["What it is about", "Card about a pupil", "In a hurry"])]
    for topics in _same_card():
        named = "; ".join(str(LABELS[topic]) for topic in topics)
        lines.append(_line(named, str(_card(school, topics[0])), "yes" if topics[0] in HURRIES else "no"))
    return "\n".join(lines)


def _lines(head: list[str]) -> list[str]:
    return [_line(*head), "|" + "---|" * len(head)]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
