"""The roll on the web, for whoever minds it: a card for each person, one office or the late alone, and a table."""

from collections.abc import Iterable, Iterator

from bot.desk.meetings import CALLED
from bot.desk.request_words import ROLES
from bot.desk.visit import Visit, button, day_of
from bot.wire import Answer, Card, Choice, Look, Paper, Progress
from pages import Block, Bullets, Document, Heading, Inline, Span, Tone, note, paragraph, says
from school.people import Person, Role
from school.words import Text, counted
from staff import STAFF_MEETING, PersonRoll, RollItem, Sort, documents_to_sign, roll_by_person, sheets_to_sign

TITLE = Text("Who has finished what")
LATE = "late"
DAY = "%d/%m/%Y"
NAMES = {**ROLES, Role.VOLUNTEER: Text("Volunteer")}
SORTS = {Sort.SIGN: Text("Signature"), Sort.MODULE: Text("Training"), Sort.MEETING: Text("Meeting")}
HEAD = (
    *(Text("Name"), Text("Offices"), Text("Kind"), Text("What"), Text("How it stands")),
    *(Text("By"), Text("Finished on"), Text("On paper")),
)


def shown(visit: Visit) -> Answer:
    """Everybody, those who are late first; or one office, or the late alone, by the link that was followed."""
    rolls = _rolls(visit)
    asked = visit.incoming.args.get("r", "")
    here = [each for each in rolls if _meant(each, asked)]
    late = sum(bool(each.late) for each in here)
    blocks: list[Block] = []
    if not rolls:
        blocks.append(note(Text("Nobody has been asked for anything yet this school year.")))
    elif not here:
        blocks.append(note(Text("There is nobody to show here."), Tone.GOOD))
    elif late:
        values = {"count": late, "of": len(here)}
        blocks.append(paragraph(counted("{count} of {of} is late.", "{count} of {of} are late.", values)))
    else:
        blocks.append(note(Text("Nobody here is late."), Tone.GOOD))
    return Answer(
        document=Document(_title(asked), tuple(blocks)),
        both_ends=True,
        cards=tuple(_card(visit, each) for each in here),
        choices=(tuple(_filters(rolls)), _ways(asked)) if rolls else (),
    )


def _title(asked: str) -> Text:
    """With what is shown alone, so that nobody takes it for everybody."""
    if asked == LATE:
        return Text("Who has finished what: the late alone")
    if asked in set(Role):
        return Text("Who has finished what: {office}", {"office": NAMES[Role(asked)]})
    return TITLE


def _rolls(visit: Visit) -> tuple[PersonRoll, ...]:
    duties, shelf, on = visit.unit.duties, visit.house.shelf, visit.today
    sheets = sheets_to_sign(documents_to_sign(shelf), school=visit.school, duties=duties, on=on)
    return roll_by_person(sheets, title_of=shelf.title, school=visit.school, duties=duties, on=on)


def _meant(each: PersonRoll, asked: str) -> bool:
    if asked == LATE:
        return bool(each.late)
    return asked not in set(Role) or Role(asked) in each.person.roles


def _filters(rolls: Iterable[PersonRoll]) -> Iterator[Choice]:
    """Quiet links above everything else: all, the late, and each office that somebody here holds."""
    held = {role for each in rolls for role in each.person.roles}
    yield button(Text("Everybody"), "roll.people", Look.QUIET)
    yield button(Text("Late alone"), "roll.people", Look.QUIET, {"r": LATE})
    for role, name in NAMES.items():
        if role in held:
            yield button(name, "roll.people", Look.QUIET, {"r": role.value})


def _ways(asked: str) -> tuple[Choice, ...]:
    kept = {"r": asked} if asked else {}
    return (button(Text("Download it as a CSV"), "roll.table", Look.PRIMARY, kept),)


def _card(visit: Visit, roll: PersonRoll) -> Card:
    done = len(roll.finished)
    blocks: list[Block] = [Heading(says(roll.person.name), 3), paragraph(_offices(roll.person))]
    lines: list[Inline] = [(Span(Text("Late: "), strong=True), Span(_due(each))) for each in roll.late]
    lines += [(Span(Text("Not yet: "), strong=True), Span(_due(each))) for each in roll.to_come]
    if roll.finished:
        # Together, so that what is open stands out.
        together = _done(visit, roll.finished[0])
        for each in roll.finished[1:]:
            together = Text("{some}; {other}", {"some": together, "other": _done(visit, each)})
        lines.append((Span(Text("Finished: "), strong=True), Span(together)))
    blocks.append(Bullets(tuple(lines)))
    label = Text("What {name} has finished", {"name": roll.person.name})
    return Card(Document("", tuple(blocks)), progress=Progress(done=done, of=roll.asked, label=label))


def _offices(person: Person) -> Text:
    together: Text | None = None
    for role, name in NAMES.items():
        if role in person.roles:
            together = Text("{some}, {other}", {"some": together, "other": name}) if together else name
    return together or Text("No office")


def _due(item: RollItem) -> Text:
    values: dict[str, str | int | Text] = {"title": _titled(item)}
    if item.due is None:
        return Text("{title}, not asked yet", values)
    return Text("{title}, due by {day}", {**values, "day": f"{item.due:{DAY}}"})


def _done(visit: Visit, item: RollItem) -> Text:
    assert item.finished is not None
    values: dict[str, str | int | Text] = {"title": _titled(item), "day": day_of(visit, item.finished)}
    return Text("{title}, on paper, {day}", values) if item.on_paper else Text("{title}, {day}", values)


def _titled(item: RollItem) -> Text:
    """A meeting with its day, for there may be two of a kind."""
    if item.met:
        kind = CALLED.get(item.subject, CALLED[STAFF_MEETING])
        return Text("{kind}, {day}", {"kind": kind, "day": f"{item.met:{DAY}}"})
    return Text("{title}", {"title": item.title})


def table(visit: Visit) -> Answer:
    """The same as a file for a spreadsheet: a row for each person and thing, as it was filtered."""
    asked = visit.incoming.args.get("r", "")
    rows = tuple(row for each in _rolls(visit) if _meant(each, asked) for row in _rows(visit, each))
    return Answer(paper=Paper(name=f"roll-{visit.today.isoformat()}", head=HEAD, rows=rows))


def _rows(visit: Visit, roll: PersonRoll) -> Iterator[tuple[str | Text, ...]]:
    offices = _offices(roll.person)
    stands = (
        *((each, Text("late")) for each in roll.late),
        *((each, Text("not yet")) for each in roll.to_come),
        *((each, Text("finished")) for each in roll.finished),
    )
    for item, how in stands:
        finished = f"{visit.school.calendar.local(item.finished):%Y-%m-%d}" if item.finished else ""
        paper = Text("yes") if item.on_paper else ""
        due = item.due.isoformat() if item.due else ""
        yield roll.person.name, offices, SORTS[item.sort], _titled(item), how, due, finished, paper
