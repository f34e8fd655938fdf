"""The registers of risks and of other policies: their lists, an entry with its trail, and each as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.desk.devices import standing
from bot.desk.may import may
from bot.desk.register_words import (
    ADD,
    DAY,
    LISTED,
    NAMED,
    TITLES,
    at_of,
    entry_meant,
    keeps,
    owner_of,
    register_meant,
    said_of,
    shown_as,
    trail,
    ways,
)
from bot.desk.role_list import alarm_lines
from bot.desk.visit import Visit, button
from bot.wire import Answer, Card, Choice, Look, Paper, Show, Via
from pages import Block, Bullets, Document, Facts, Heading, Paragraph, Span, Tone, note, paragraph, says
from school.words import Text, counted
from staff import COLUMNS, OFFERED, Entry, Register, Where, cell_of, still_proposed, where_is

# Five blocks of a risk each, and a message on Slack holds fifty.
ON_A_PAGE = 5
# From which likelihood times impact a risk is said to be high.
HIGH = 15
MEANS = {
    Register.RISK: Text(
        "What may go wrong online, how likely it is and how bad it would be, and what the school does about it. "
        "No pupil is named here."
    ),
    Register.POLICY: Text("The policies that e-safety hangs together with. Each opens with a tap on its name."),
}


def overview(visit: Visit) -> Answer:
    """Every register in a line, with the way to each."""
    registers = visit.unit.registers
    devices = registers.open(Register.DEVICE)
    out = sum(where_is(each) in {Where.OUT, Where.OFF} for each in devices)
    lost = sum(where_is(each) is Where.LOST for each in devices)
    values: dict[str, str | int | Text] = {"count": len(devices), "out": out, "lost": lost}
    lines = [
        counted("Devices: {count}. Out: {out}. Lost: {lost}.", "Devices: {count}. Out: {out}. Lost: {lost}.", values)
    ]
    doors = [button(TITLES[Register.DEVICE], "devices")]
    for register in (Register.RISK, Register.POLICY):
        if register is Register.RISK and not _may(visit, "risks"):
            continue
        found = registers.open(register)
        late = sum(_late(visit, each) for each in found)
        said: dict[str, str | int | Text] = {"title": TITLES[register], "count": len(found), "late": late}
        lines.append(Text("{title}: {count}. To be looked at again now: {late}.", said))
        doors.append(button(TITLES[register], LISTED[register]))
    blocks: list[Block] = [Bullets(tuple(says(each) for each in lines))]
    if _may(visit, "roles"):
        blocks += alarm_lines(visit)
        doors.append(button(Text("Who has which part"), "roles"))
    if visit.school.classes and _may(visit, "photos"):
        name: dict[str, str | int | Text] = {"name": visit.school.classes[0].name}
        blocks.append(paragraph(Text("Who may be in pictures: /lollipop photos {name}, in Slack.", name)))
    doors.append(button(Text("Checked sites"), "sites"))
    rows = tuple((each,) for each in doors)
    return Answer(document=Document(Text("The school's registers"), tuple(blocks)), choices=rows, show=shown_as(visit))


def _may(visit: Visit, verb: str) -> bool:
    return may(verb, incoming=visit.incoming, person=visit.person)


def risks(visit: Visit) -> Answer:
    """What is late first, then the highest."""
    return shown(visit, Register.RISK)


def policies(visit: Visit) -> Answer:
    """What is out of date first."""
    return shown(visit, Register.POLICY)


def shown(visit: Visit, register: Register, said: Text | None = None, tone: Tone = Tone.GOOD) -> Answer:
    """A register's list, with a line above it."""
    found = sorted(visit.unit.registers.open(register), key=lambda each: _order(visit, each))
    blocks: list[Block] = [note(said, tone)] if said else []
    blocks.append(paragraph(MEANS[register]))
    blocks += _gaps(visit, register, found)
    document, ends = Document(TITLES[register], tuple(blocks)), _ends(visit, register)
    if visit.incoming.via is Via.WEB:
        cards = tuple(Card(Document("", tuple(_entry(visit, each))), _open(visit, each)) for each in found)
        proposed = tuple(_proposals(visit, found)) if register is Register.RISK else ()
        if proposed:
            # Above the proposals, or else far below them.
            cards, ends = (*cards, Card(Document(""), ends)), ()
        return Answer(document=document, cards=(*cards, *proposed), choices=(*ways(visit), *ends))
    given = visit.incoming.args.get("n", "0")
    start = int(given) if given.isdecimal() and int(given) < len(found) else 0
    here = found[start : start + ON_A_PAGE]
    rows = [row for each in here for row in _open(visit, each)]
    pairs = [tuple(each[0] for each in rows[at : at + 2]) for at in range(0, len(rows), 2)]
    if (more := len(found) - start - len(here)) > 0:
        at = {"n": str(start + ON_A_PAGE)}
        label = Text("Show {count} more", {"count": min(more, ON_A_PAGE)})
        pairs.append((button(label, LISTED[register], args=at),))
    drawn = replace(document, blocks=(*blocks, *(block for each in here for block in _entry(visit, each))))
    if register is Register.RISK and keeps(visit, register) and not more:
        offered = _next_proposal(visit, found)
        drawn = replace(drawn, blocks=(*drawn.blocks, *offered[0]))
        ends = (*offered[1], *ends)
    return Answer(document=drawn, choices=(*pairs, *ends), show=shown_as(visit))


def _order(visit: Visit, entry: Entry) -> tuple[bool, int, date]:
    return not _late(visit, entry), -rating(entry), entry.due or date.max


def _late(visit: Visit, entry: Entry) -> bool:
    return entry.due is not None and entry.due <= visit.today


def rating(entry: Entry) -> int:
    """Likelihood times impact, 1 to 25; 0 for what is no risk."""
    fields = entry.fields
    return int(fields.get("likelihood", "0")) * int(fields.get("impact", "0"))


def _gaps(visit: Visit, register: Register, found: Sequence[Entry]) -> Iterator[Block]:
    if not found:
        yield note(Text("There is nothing in the register yet."), Tone.CALM)
    if register is not Register.POLICY or not keeps(visit, register):
        return
    there = {each.fields.get("area") for each in found}
    missing = [said_of("area", area) for area in OFFERED["area"] if area not in there and area != "other"]
    if missing:
        yield paragraph(Text("None here yet about:"))
        yield Bullets(tuple(says(each) for each in missing))


def _ends(visit: Visit, register: Register) -> tuple[tuple[Choice, ...], ...]:
    if not keeps(visit, register):
        return ()
    kind = {"k": register.value}
    add = (button(ADD[register], "registers.form", Look.PRIMARY, kind),)
    if visit.incoming.via is Via.WEB:
        return ((*add, button(Text("Download it as a CSV"), "registers.paper", args=kind)),)
    return (add,)


def _open(visit: Visit, entry: Entry) -> tuple[tuple[Choice, ...], ...]:
    if not keeps(visit, entry.register):
        return ()
    title = entry.title if len(entry.title) <= 60 else f"{entry.title[:59].rstrip()}…"
    look = Look.PRIMARY if _late(visit, entry) else Look.PLAIN
    return ((button(Text("Open: {title}", {"title": title}), "registers.open", look, {"e": entry.id.hex}),),)


def _entry(visit: Visit, entry: Entry) -> Iterator[Block]:
    """What it is, whose, and when it is looked at again."""
    fields = entry.fields
    if entry.register is Register.POLICY:
        area = said_of("area", fields.get("area", ""))
        yield Paragraph((Span(entry.title, strong=True, href=fields.get("link")), Span(" – "), Span(area)))
    else:
        yield Paragraph((Span(entry.title, strong=True),))
        yield paragraph(Text("What we do: {does}", {"does": fields.get("does", "")}))
        yield from _rated(entry)
    values: dict[str, str | int | Text] = {"name": owner_of(visit, entry), "day": f"{entry.due:{DAY}}"}
    if not _late(visit, entry):
        yield note(Text("{name} looks at it again by {day}.", values), Tone.PLAIN)
    elif entry.register is Register.POLICY:
        yield note(Text("Out of date: {name} was to look at it again by {day}.", values), Tone.URGENT)
    else:
        yield note(Text("Look at it again: it was due on {day}. It is with {name}.", values), Tone.URGENT)


def _rated(entry: Entry) -> Iterator[Block]:
    fields = entry.fields
    values: dict[str, str | int | Text] = {
        "likelihood": fields.get("likelihood", ""),
        "impact": fields.get("impact", ""),
        "all": rating(entry),
    }
    if rating(entry) >= HIGH:
        yield note(Text("High: likelihood {likelihood} times impact {impact} is {all}.", values), Tone.URGENT)
    else:
        yield paragraph(Text("Likelihood {likelihood} times impact {impact} is {all}.", values))
    if fields.get("legal") == "yes":
        yield paragraph(Text("It has a legal side."))


def _proposals(visit: Visit, found: Sequence[Entry]) -> Iterator[Card]:
    """What other schools have in theirs; one tap makes it the school's own."""
    if not keeps(visit, Register.RISK):
        return
    for at, each in enumerate(still_proposed(found)):
        blocks: list[Block] = []
        if not at:
            blocks.append(Heading((Span(Text("Proposals")),), 2))
            blocks.append(
                paragraph(Text("Not yet the school's own. Take over what fits, and change the words and numbers."))
            )
        blocks.append(Paragraph((Span(each.risk, strong=True),)))
        blocks.append(paragraph(each.does))
        take = button(Text("Take it over"), "registers.take", args={"r": each.id})
        yield Card(Document("", tuple(blocks)), ((take,),))


def _next_proposal(visit: Visit, found: Sequence[Entry]) -> tuple[tuple[Block, ...], tuple[tuple[Choice, ...], ...]]:
    """In a chat one at a time, with the way to another; all of them stand on the page."""
    proposed = still_proposed(found)
    if not proposed:
        return (), ()
    given = visit.incoming.args.get("p", "0")
    at = int(given) % len(proposed) if given.isdecimal() else 0
    one, count = proposed[at], {"count": len(proposed)}
    words = (Span(one.risk, strong=True), Span(". "), Span(one.does))
    told = counted(
        "A proposal, not yet the school's own:", "{count} proposals, not yet the school's own. One of them:", count
    )
    take = button(Text("Take it over"), "registers.take", args={"r": one.id})
    other = button(Text("Show me another"), "risks", args={"p": str(at + 1)})
    return (paragraph(told), Paragraph(words)), ((take, *((other,) if len(proposed) > 1 else ())),)


def opened(visit: Visit) -> Answer:
    """One entry with its trail, and what can be done with it."""
    return entry_shown(visit, entry_meant(visit))


def entry_shown(visit: Visit, entry: Entry, said: Text | None = None, tone: Tone = Tone.GOOD) -> Answer:
    """An entry's card, with a line above it."""
    blocks: list[Block] = [note(said, tone)] if said else []
    blocks.append(Facts(tuple(_facts(visit, entry))))
    blocks += standing(visit, entry) if entry.register is Register.DEVICE else ()
    blocks.append(Heading((Span(Text("What happened")),), 3))
    blocks += trail(visit, entry)
    at = at_of(entry)
    rows: list[tuple[Choice, ...]] = []
    if entry.due is not None:
        again = button(Text("Looked at again today"), "registers.say.send", Look.PRIMARY, {**at, "d": "review"})
        rows.append((again, button(Text("Looked at again, with a note"), "registers.say", args={**at, "d": "review"})))
    end = button(Text("End it"), "registers.say", args={**at, "d": "close"})
    rows.append((button(Text("Change it"), "registers.form", args=at), end))
    rows.append((button(Text("Back to the list"), LISTED[entry.register]),))
    title = Text("{title}", {"title": entry.title})
    return Answer(document=Document(title, tuple(blocks)), choices=tuple(rows), show=Show.REPLACE)


def _facts(visit: Visit, entry: Entry) -> Iterator[tuple[Text, str | Text]]:
    for name in COLUMNS[entry.register][1:] if entry.register is not Register.POLICY else COLUMNS[entry.register]:
        if name != "title":
            yield NAMED[name], _cell(visit, entry, name)


def _cell(visit: Visit, entry: Entry, name: str) -> str | Text:
    if name == "owner":
        return owner_of(visit, entry)
    value = cell_of(entry, name)
    return said_of(name, value) if name in OFFERED else value or Text("not said")


def taken(visit: Visit) -> Answer:
    """A register as a table. Devices have who has them as well."""
    register = register_meant(visit)
    columns = COLUMNS[register]
    head = tuple(NAMED[name] for name in columns)
    found = visit.unit.registers.open(register)
    rows = [tuple(_cell(visit, each, name) for name in columns) for each in found]
    if register is Register.DEVICE:
        head = (*head, Text("Who has it"), Text("Where"), Text("Since"))
        rows = [
            (*row, owner_of(visit, each), where_is(each).value, each.fields.get("since", ""))
            for row, each in zip(rows, found, strict=True)
        ]
    name = f"{LISTED[register]}-{visit.today.isoformat()}"
    return Answer(paper=Paper(name=name, head=head, rows=tuple(rows)))
