"""Bringing in alerts of filtering and monitoring systems: looked at first, and kept only when somebody says so.

What was brought comes with every step; the desk keeps nothing of it between two.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from bot.desk.inbox import reader_of
from bot.desk.visit import Visit, button
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Option
from pages import Block, Bullets, Document, Facts, Heading, Quote, Span, Tone, note, paragraph, says
from safeguarding import (
    MOST_ROWS,
    About,
    Alert,
    BroughtIn,
    Looked,
    NoRowsError,
    Part,
    Sheet,
    bring_in,
    guessed,
    letter_of,
    look,
    months_first,
    sheet_of,
)
from school.sensitive import Sensitive
from school.words import Text

CSV, LETTER = "csv", "letter"
LONGEST_SOURCE = 40
# So many are sealed and written in a twentieth of a second on a small machine; a child's report waits no longer.
AT_ONCE = 8
SHOWN = 3
NONE = ""
PARTS: Mapping[Part, Text] = {
    Part.TIME: Text("When it was"),
    Part.CLOCK: Text("The time of day, if that is in a column of its own"),
    Part.WHAT: Text("What was typed, searched for or seen"),
    Part.WHO: Text("Who it was"),
    Part.WHERE: Text("On which device"),
    Part.KIND: Text("What kind of alert"),
}
TITLE = Text("Bring in an alert")
CHANGED = Text("You changed something, so please look once more. Nothing has been kept yet.")


def asked(visit: Visit) -> Answer:
    """What to know before one brings a file. The page has the form for it."""
    reader_of(visit)
    said = (
        paragraph(
            Text(
                "Take a CSV file from your filtering or monitoring system, or paste the text of one alert e-mail. You "
                "see what is in it before anything is kept."
            )
        ),
        note(Text("At most {most} alerts at a time. One notice goes out for all of them.", {"most": MOST_ROWS})),
    )
    back = button(Text("Back to the list"), "inbox.list")
    return Answer(document=Document(TITLE, said), choices=((back,),))


def looked_at(visit: Visit) -> Answer:
    """What would be kept, by the columns as they are chosen or guessed."""
    return _looked_at(visit)


def kept(visit: Visit) -> Answer:
    """Keep what was shown; a few at a time."""
    args, sheet = visit.incoming.args, _sheet(visit)
    columns, start = _columns(visit, sheet), _number(args.get("at", "0"))
    if args.get("seen") != _choices(visit, columns):
        return _looked_at(visit, note(CHANGED, Tone.URGENT))
    part = replace(sheet, lines=sheet.lines[start : start + AT_ONCE], broken_at=None)
    done = _number(args.get("kept", "0")), _number(args.get("known", "0"))
    batch = UUID(args["batch"]) if "batch" in args else visit.house.new_id(visit.now)
    month_first = "month" in args
    looked = _look(visit, part, columns, month_first=month_first)
    # Until one of them is kept, nobody has been told of any.
    new = _bring_in(visit, looked.alerts, batch=batch, first=done[0] == 0)
    going = {
        "at": str(start + AT_ONCE),
        "batch": str(batch),
        "kept": str(done[0] + new.kept),
        "known": str(done[1] + new.known),
    }
    if start + AT_ONCE < len(sheet.lines):
        return Answer(go_on=going)
    counts = BroughtIn(kept=done[0] + new.kept, known=done[1] + new.known)
    return _told(counts, _look(visit, sheet, columns, month_first=month_first))


def _bring_in(visit: Visit, alerts: tuple[Alert, ...], *, batch: UUID, first: bool) -> BroughtIn:
    vault, school = visit.house.vault, visit.school.id
    return bring_in(
        alerts,
        about=_about(visit),
        source=_source(visit),
        by=reader_of(visit)[0].id,
        batch=batch,
        first=first,
        school=visit.school,
        concerns=visit.unit.concerns,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        mark=lambda known_by: vault.sender(school, via="alert", address=known_by.reveal()),
        receipt=vault.unheld,
        concern_id=lambda: visit.house.new_id(visit.now),
        reference=vault.reference,
        now=visit.now,
    )


def _told(counts: BroughtIn, looked: Looked) -> Answer:
    blocks: list[Block] = [
        note(Text("Kept: {count}. Whoever reads them has been told once.", {"count": counts.kept}), Tone.GOOD)
        if counts.kept
        else note(Text("Nothing new was kept, and nobody was told."))
    ]
    if counts.known:
        blocks.append(paragraph(Text("Here already, and not kept twice: {count}.", {"count": counts.known})))
    blocks += _bad(looked)
    blocks.append(note(Text("Delete the file from your downloads folder now, if you no longer need it."), Tone.URGENT))
    rows = ((button(Text("Back to the list"), "inbox.list", Look.PRIMARY), button(Text("Bring in another"), "alerts")),)
    return Answer(document=Document(Text("Alerts brought in"), tuple(blocks)), choices=rows)


def _looked_at(visit: Visit, *above: Block) -> Answer:
    reader_of(visit)
    sheet = _sheet(visit)
    columns = _columns(visit, sheet)
    month_first = months_first(sheet, columns, school=visit.school)
    looked = _look(visit, sheet, columns, month_first=month_first)
    marks = [_mark(visit, alert) for alert in looked.alerts]
    known = set(visit.unit.concerns.known_alerts(marks))
    new = [alert for alert, mark in zip(looked.alerts, marks, strict=True) if mark not in known]
    counts = Facts(
        (
            (Text("Can be kept"), str(len(new))),
            (Text("Here already"), str(len(looked.alerts) - len(new))),
            (Text("Can't be read"), str(len(looked.bad))),
        )
    )
    blocks = (*above, counts, *_bad(looked), *_first_of(visit, new))
    made = _form(visit, sheet, columns, count=len(new), month_first=month_first)
    return Answer(document=Document(Text("Look before you keep it"), blocks), form=made)


def _mark(visit: Visit, alert: Alert) -> str:
    return visit.house.vault.sender(visit.school.id, via="alert", address=alert.known_by.reveal())


def _bad(looked: Looked) -> list[Block]:
    if not looked.bad:
        return []
    lines = tuple((Span(Text("Line {number}: ", {"number": row.line})), Span(row.why)) for row in looked.bad)
    return [Heading(says(Text("What can't be kept")), 2), Bullets(lines)]


def _first_of(visit: Visit, alerts: list[Alert]) -> list[Block]:
    blocks: list[Block] = []
    for alert in alerts[:SHOWN]:
        at = f"{visit.school.calendar.local(alert.at):%a %d %b %Y, %H:%M}" if alert.at else Text("no time given")
        said = Text("Line {number}, {when}", {"number": alert.line, "when": at})
        blocks.append(Heading(says(said), 3))
        blocks.append(Quote(tuple(says(line) for line in alert.words.reveal().split("\n") if line.strip())))
    if blocks:
        blocks.insert(0, Heading(says(Text("The first of them, as they would be kept")), 2))
    return blocks


def _form(visit: Visit, sheet: Sheet, columns: Mapping[Part, int], *, count: int, month_first: bool) -> Form:
    which = Heading(says(Text("Which column is which?")), 2)
    names = tuple(Option(value=str(at), label=Text("{column}", {"column": name})) for at, name in enumerate(sheet.head))
    parts = tuple(
        FormField(
            name=_field(part),
            label=label,
            kind=Kind.CHOICE,
            options=(Option(value=NONE, label=Text("No column")), *names),
            initial=str(columns.get(part, NONE)),
            compact=True,
            above=Document("", (which,)) if part is Part.TIME else None,
        )
        for part, label in PARTS.items()
    )
    source = FormField(
        name="source",
        label=Text("Which system is it from?"),
        kind=Kind.LONG_TEXT,
        max_length=LONGEST_SOURCE,
        initial=_source(visit),
    )
    about = FormField(
        name="about",
        label=Text("Whom are they about?"),
        kind=Kind.CHOICE,
        options=tuple(Option(value=each, label=WHOM[each]) for each in WHOM),
        initial=_about(visit).value,
    )
    kind = {"kind": visit.incoming.args.get("kind", CSV)}
    month = {"month": "1"} if month_first else {}
    again = Choice(label=Text("Look again"), verb="alerts.look", args=kind)
    return Form(
        title=TITLE,
        submit=Text("Keep them ({count})", {"count": count}),
        verb="alerts.keep",
        args={**kind, **month, "seen": _choices(visit, columns)},
        fields=(source, about, *parts),
        also=(again,),
    )


WHOM: Mapping[About, Text] = {
    About.PUPIL: Text("Pupils"),
    About.ADULT: Text("A teacher or another adult at school"),
    About.HEAD: Text("The headteacher"),
    About.LEAD: Text("The safeguarding lead"),
    About.NOT_SURE: Text("I'm not sure"),
}


def _look(visit: Visit, sheet: Sheet, columns: Mapping[Part, int], *, month_first: bool) -> Looked:
    source, now = _source(visit), visit.now
    return look(sheet, columns, source=source, school=visit.school, now=now, month_first=month_first)


def _sheet(visit: Visit) -> Sheet:
    """Raises NoRowsError, TooManyRowsError."""
    brought = visit.incoming.words.get("sheet") or Sensitive("")
    if not brought:
        raise NoRowsError
    return (letter_of if visit.incoming.args.get("kind") == LETTER else sheet_of)(brought.reveal())


def _columns(visit: Visit, sheet: Sheet) -> dict[Part, int]:
    """As they were chosen; as they are guessed where nobody has chosen yet."""
    args = visit.incoming.args
    if not any(_field(part) in args for part in PARTS):
        return guessed(sheet.head)
    chosen = {part: args.get(_field(part), NONE) for part in PARTS}
    return {part: int(at) for part, at in chosen.items() if at.isdecimal() and int(at) < len(sheet.head)}


def _field(part: Part) -> str:
    return f"column-{part}"


def _choices(visit: Visit, columns: Mapping[Part, int]) -> str:
    """What was shown, in short: that file by those columns, and nothing else may be kept."""
    brought = visit.incoming.words.get("sheet") or Sensitive("")
    mark = visit.house.vault.sender(visit.school.id, via="alerts shown", address=brought.reveal())[:16]
    said = ",".join(f"{part}={at}" for part, at in sorted(columns.items()))
    return f"{mark};{said};{_about(visit)};{_source(visit)}"


def _source(visit: Visit) -> str:
    given = " ".join(visit.incoming.args.get("source", "").split())[:LONGEST_SOURCE]
    return given or str(Text("a monitoring system"))


def _about(visit: Visit) -> About:
    try:
        return About(visit.incoming.args.get("about", ""))
    except ValueError:
        return About.PUPIL


def _number(given: str) -> int:
    return int(given) if given.isdecimal() else 0
