"""The whole programme at a glance: pupils by year group, staff, parents and guidance. Numbers alone, and no names."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time

from bot.desk import coverage
from bot.desk.may import may
from bot.desk.visit import Visit, button
from bot.desk.years import called
from bot.wire import Answer, Card, Choice, Via
from curriculum import Framework, Share, YearRow, programme_by_year
from lessons import tags_of
from pages import (
    Block,
    Bullets,
    Column,
    Document,
    Grid,
    Heading,
    Inline,
    Key,
    Row,
    Shade,
    Square,
    note,
    paragraph,
    says,
)
from school.words import Text, counted
from staff import DutyState, Sort, all_modules, all_scenarios, roll, thought_about, worked_through

Values = dict[str, str | int | Text]
TITLE = Text("The programme at a glance")
PARTS_ARE = Text(
    "The four parts of digital resilience follow those of the UK Council for Internet Safety, in our own words. A "
    "lesson counts for each part that its statements work towards, so it may count for several."
)
NUMBERS_ONLY = Text("Counted from what was written down this school year. Nobody is named, and no child is counted.")
TRAINING = (
    Text("Training: {done} of {asked} modules that were asked for are done"),
    Text("Training: nothing has been asked for yet"),
)
ANSWERED: Mapping[Sort, tuple[Text, Text]] = {
    Sort.SIGN: (Text("Agreements: {done} of {asked} signed"), Text("Agreements: nothing has been asked for yet")),
    Sort.CHECK: (Text("Checks: {done} of {asked} answered"), Text("Checks: nothing has been asked for yet")),
}
WAITS, GOING, LATER, NOTHING = "waits", "going", "later", "nothing"
SIGNS: Mapping[str, tuple[str, Shade, Text]] = {
    WAITS: ("!", Shade.WAITS, Text("Some that are due were not taught")),
    GOING: ("✔", Shade.DONE, Text("Taught, and nothing waits")),
    LATER: ("·", Shade.LATER, Text("Not due yet")),
    NOTHING: ("–", Shade.NONE, Text("No lesson in the plan")),
}


def shown(visit: Visit) -> Answer:
    """`/lollipop programme`; on the web with a map of year groups."""
    rows, framework = _years(visit), visit.house.framework
    pupils = tuple(_summary(rows))
    rest = (tuple(_staff(visit)), tuple(_parents(visit)), (*_guidance(visit), note(NUMBERS_ONLY)))
    if visit.incoming.via is Via.WEB:
        # The map stands between pupils and the rest, as a card below it.
        title = Text("The online safety programme of {school}", {"school": visit.school.name})
        cards = tuple(Card(Document("", blocks), ()) for blocks in rest)
        grid = _grid(rows, framework)
        return Answer(document=Document(title, pupils), grid=grid, cards=cards, choices=_doors(visit))
    lines = Bullets(tuple(says(_line(row, framework)) for row in rows))
    document = Document(TITLE, (*pupils, lines, *(block for blocks in rest for block in blocks)))
    return Answer(document=document, choices=_doors(visit))


def _years(visit: Visit) -> tuple[YearRow, ...]:
    framework = visit.house.framework
    return programme_by_year(
        visit.school,
        plan=visit.house.plan,
        found=coverage.of_visit(visit),
        tags=tags_of(visit.house.shelf, framework),
        parts=[part.id for part in framework.resilience],
        progress=visit.unit.progress,
    )


def _summary(rows: Sequence[YearRow]) -> Iterator[Block]:
    yield Heading(says(Text("Pupils")), 3)
    values: Values = {
        "taught": sum(row.lessons.taught for row in rows),
        "planned": sum(row.lessons.planned for row in rows),
        "waiting": sum(row.lessons.waiting for row in rows),
    }
    yield paragraph(
        Text(
            "Over all classes {taught} of the year's {planned} lessons were taught; {waiting} that are due wait.",
            values,
        )
    )


def _line(row: YearRow, framework: Framework) -> Text:
    said = counted(
        "{year}, {count} class: {taught} of {planned} lessons taught, {waiting} wait",
        "{year}, {count} classes: {taught} of {planned} lessons taught, {waiting} wait",
        {"year": called(row.year), "count": row.classes, **_figures(row.lessons)},
    )
    for part, share in zip(framework.resilience, row.parts, strict=True):
        values: Values = {"said": said, "part": part.name, "taught": share.taught, "planned": share.planned}
        said = Text("{said}; {part} {taught}/{planned}", values)
    return said


def _figures(share: Share) -> Values:
    return {"taught": share.taught, "planned": share.planned, "waiting": share.waiting}


def _grid(rows: Sequence[YearRow], framework: Framework) -> Grid:
    return Grid(
        caption=Text("Lessons taught this school year out of those planned, by year group and part of resilience"),
        corner=Text("Year group"),
        columns=(
            Column(name=Text("All lessons")),
            *(Column(name=part.name) for part in framework.resilience),
        ),
        rows=tuple(_row(row) for row in rows),
        keys=tuple(Key(sign=sign, shade=shade, words=words) for sign, shade, words in SIGNS.values()),
        notes=(PARTS_ARE, coverage.DUE_MEANS),
    )


def _row(row: YearRow) -> Row:
    under = counted("{count} class", "{count} classes", {"count": row.classes})
    return Row(name=called(row.year), under=under, squares=tuple(map(_square, (row.lessons, *row.parts))))


def _square(share: Share) -> Square:
    sign, shade, means = SIGNS[_state(share)]
    if not share.planned:
        return Square(sign=sign, figures="", words=means, shade=shade)
    values: Values = {"state": means, **_figures(share)}
    words = Text("{state}: {taught} of {planned} taught, {waiting} wait", values)
    return Square(sign=sign, figures=f"{share.taught}/{share.planned}", words=words, shade=shade)


def _state(share: Share) -> str:
    if share.waiting:
        return WAITS
    if share.taught:
        return GOING
    return LATER if share.planned else NOTHING


def _staff(visit: Visit) -> Iterator[Block]:
    duties, shelf, on = visit.unit.duties, visit.house.shelf, visit.today
    modules = roll(all_modules(shelf), school=visit.school, duties=duties, on=on)
    asked_for, done = sum(each.asked for each in modules), sum(each.done for each in modules)
    lines: list[Inline] = [says(_of(*TRAINING, done, asked_for))]
    month = thought_about(all_scenarios(shelf), duties=duties, on=on)
    if month:
        values: Values = {"title": month.title, "asked": month.asked, "answered": month.answered}
        lines.append(says(Text("This month, “{title}”: {answered} of {asked} answered", values)))
    else:
        lines.append(says(Text("The month's scenario has not gone out yet")))
    since = _began(visit)
    for sort, (words, none) in ANSWERED.items():
        asked = [each for each in duties.of(sort, since=since) if each.said is not DutyState.DROPPED]
        lines.append(says(_of(words, none, sum(not each.waits for each in asked), len(asked))))
    yield Heading(says(Text("Staff")), 3)
    yield Bullets(tuple(lines))


def _of(words: Text, none: Text, done: int, asked: int) -> Text:
    """How many of how many; where nobody was asked yet, that."""
    return Text(words.msgid, {"done": done, "asked": asked}) if asked else none


def _parents(visit: Visit) -> Iterator[Block]:
    book = visit.unit.evidence.by_kind(since=_began(visit))

    def count(clause: str, begins: str) -> Values:
        found = sum(count for kind, (count, _) in book.get(clause, {}).items() if kind.startswith(begins))
        return {"count": found}

    yield Heading(says(Text("Parents and carers")), 3)
    yield Bullets(
        (
            says(
                counted(
                    "{count} newsletter went out", "{count} newsletters went out", count("C16", "newsletter.planned")
                )
            ),
            says(
                counted(
                    "{count} message of a campaign was planned",
                    "{count} messages of campaigns were planned",
                    count("C18", "campaign."),
                )
            ),
            says(
                counted(
                    "{count} lesson went home with a card",
                    "{count} lessons went home with a card",
                    count("C15", "home."),
                )
            ),
        )
    )


def _guidance(visit: Visit) -> Iterator[Block]:
    if not may("guidance", incoming=visit.incoming, person=visit.person):
        return
    found = worked_through(visit.unit.releases, duties=visit.unit.duties)
    values: Values = {"done": sum(not each.is_open for each in found), "all": len(found)}
    yield Heading(says(Text("Guidance")), 3)
    yield Bullets((says(Text("{done} of {all} changes in guidance are worked through", values)),))


def _began(visit: Visit) -> datetime:
    calendar = visit.school.calendar
    return datetime.combine(calendar.year_began(visit.today), time(), calendar.zone)


def _doors(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    """To what stands behind each number, for whoever may see it."""
    ways = (
        ("coverage", Text("Coverage by class")),
        ("training.roll", Text("Training roll")),
        ("guidance", Text("Changes in guidance")),
        ("evidence", Text("How the policy stands")),
    )
    seen = (button(label, verb) for verb, label in ways if may(verb, incoming=visit.incoming, person=visit.person))
    doors = tuple(seen)
    return (doors,) if doors else ()
