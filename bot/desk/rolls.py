"""The roll of signatures, for whoever minds it: who has signed, who has not, a reminder in one tap, and paper."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.desk.classes import stands
from bot.desk.reminding import told
from bot.desk.signed_words import changed, doors
from bot.desk.visit import Visit, button, day_of, once_more
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Option, Show
from lessons import agreement_page, last_signed, signed_said
from pages import Block, Bullets, Document, Heading, Span, Tone, note, paragraph, says
from school.people import SAFEGUARDING_ROLES
from school.words import Refusal, Text, counted
from staff import (
    NoSuchDutyError,
    PaperDayError,
    SignLine,
    SignSheet,
    day_typed,
    documents_to_sign,
    lay_signs,
    remind_signers,
    sheets_to_sign,
    sign_on_paper,
)

TITLE = Text("Who has signed")
# docs.slack.dev/reference/block-kit/block-elements/select-menu-element
MOST_OPTIONS = 100
DAY = "%d/%m/%Y"
BEYOND = Text("Not on Slack, so give them the paper: {names}")
NOBODY = Text("Everybody has signed. There is nobody to remind.")


def shown(visit: Visit) -> Answer:
    """Each document with those who have signed and those who have not; classes below, without a name."""
    return _roll(visit)


def _sheets(visit: Visit) -> tuple[SignSheet, ...]:
    documents = documents_to_sign(visit.house.shelf)
    return sheets_to_sign(documents, school=visit.school, duties=visit.unit.duties, on=visit.today)


def _roll(visit: Visit, said: Sequence[Block] = ()) -> Answer:
    sheets = _sheets(visit)
    blocks: list[Block] = [*said]
    for sheet in sheets:
        blocks += [*_sheet(visit, sheet), *changed(visit, sheet)]
    blocks += _classes(visit)
    rows: list[tuple[Choice, ...]] = []
    waiting = [line for sheet in sheets for line in sheet.waiting]
    if waiting:
        rows.append((button(Text("Remind whoever has not signed"), "roll.remind", Look.PRIMARY),))
    if any(visit.person is None or line.person.id != visit.person.id for line in waiting):
        rows.append((button(Text("Somebody signed on paper"), "roll.paper"),))
    rows += doors(visit, sheets)
    if visit.house.open_web and visit.person is not None and visit.person.holds(*SAFEGUARDING_ROLES):
        rows.append((Choice(label=Text("Open the page"), href=visit.address("/roll")),))
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    return Answer(document=Document(TITLE, tuple(blocks)), choices=tuple(rows), show=show)


def _sheet(visit: Visit, sheet: SignSheet) -> Iterator[Block]:
    yield Heading((Span(Text("{title}", {"title": sheet.document.title})),), 3)
    values: dict[str, str | int | Text] = {
        "done": len(sheet.lines) - len(sheet.waiting),
        "of": len(sheet.lines),
        "version": sheet.document.version,
    }
    yield paragraph(Text("{done} of {of} have signed version {version} this school year.", values))
    signed = [line for line in sheet.lines if line.signed]
    late = [line for line in sheet.waiting if line.duty and line.duty.due < visit.today]
    in_time = [line for line in sheet.waiting if line not in late]
    groups = (
        (Text("Late: {names}"), [line.person.name for line in late]),
        (Text("Not yet: {names}"), [line.person.name for line in in_time]),
        (Text("Signed: {names}"), [_dated(visit, line) for line in signed if not line.on_paper]),
        (Text("Signed on paper: {names}"), [_dated(visit, line) for line in signed if line.on_paper]),
    )
    lines = [Text(words.msgid, {"names": ", ".join(names)}) for words, names in groups if names]
    yield Bullets(tuple(says(line) for line in lines))


def _dated(visit: Visit, line: SignLine) -> str:
    return f"{line.person.name} ({day_of(visit, line.signed)})" if line.signed else line.person.name


def _classes(visit: Visit) -> Iterator[Block]:
    """Pupils sign with their class on paper: the day and how many, never who."""
    yield Heading((Span(Text("Classes and their own agreements")),), 3)
    yield Bullets(
        tuple(
            says(
                signed_said(
                    last_signed(stands(visit, klass).this_year),
                    visit.house.shelf.get(agreement_page(klass), "en"),
                    class_name=klass.name,
                    calendar=visit.school.calendar,
                )
            )
            for klass in visit.school.classes
        )
    )


def reminded(visit: Visit) -> Answer:
    """A notice for each who has not signed. Nobody gets two on one day, whoever taps how often."""
    found = remind_signers(_sheets(visit), school=visit.school, outbox=visit.unit.outbox, now=visit.now)
    return _roll(visit, tuple(told(visit, found, beyond=BEYOND, nobody=NOBODY)))


def paper_form(visit: Visit) -> Answer:
    """Who signed what on paper, and on which day. Those whom no message reaches stand on top."""
    options = _on_paper(visit)
    if not options:
        return _roll(visit, (note(Text("There is nobody else who has not signed."), Tone.GOOD),))
    words = [Text("Keep the sheet: Lollipop keeps only who, which version and the day.")]
    if len(options) > MOST_OPTIONS:
        more = {"count": len(options) - MOST_OPTIONS}
        words.append(counted("{count} more is not listed yet.", "{count} more are not listed yet.", more))
    who = FormField(name="who", label=Text("Who signed what"), kind=Kind.CHOICE, options=options[:MOST_OPTIONS])
    day = FormField(
        name="day",
        label=Text("The day on the paper"),
        kind=Kind.LONG_TEXT,
        hint=Text("Such as {day}", {"day": f"{visit.today:{DAY}}"}),
        max_length=10,
        initial=f"{visit.today:{DAY}}",
    )
    intro = Document(TITLE, tuple(paragraph(each) for each in words))
    title = Text("Signed on paper")
    return Answer(
        form=Form(title=title, submit=Text("Keep"), verb="roll.paper.send", fields=(who, day), intro=intro),
        show=Show.FORM,
    )


def _on_paper(visit: Visit) -> tuple[Option, ...]:
    lines = [
        (line.person.slack is not None, line.person.name.casefold(), line, sheet)
        for sheet in _sheets(visit)
        for line in sheet.waiting
        if visit.person is None or line.person.id != visit.person.id
    ]
    lines.sort(key=lambda each: each[:2])
    return tuple(
        Option(
            value=f"{line.person.id}/{sheet.document.id}",
            label=Text("{name}: {title}", {"name": line.person.name, "title": sheet.document.title}),
        )
        for *_, line, sheet in lines
    )


def on_paper(visit: Visit) -> Answer:
    """The form came back. Raises nothing: what can't be kept is said above the form, with what was typed."""
    try:
        line, sheet = _kept(visit)
    except Refusal as refusal:
        again = paper_form(visit)
        return once_more(again, refusal) if again.form else again
    document = sheet.document
    values: dict[str, str | int | Text] = {"name": line.person.name, "title": document.title}
    values["version"] = document.version
    words = Text("Kept: {name} signed “{title}”, version {version}, on paper.", values)
    return _roll(visit, (note(words, Tone.GOOD),))


def _kept(visit: Visit) -> tuple[SignLine, SignSheet]:
    assert visit.person is not None
    who, _, document_id = visit.incoming.args.get("who", "").partition("/")
    lay_signs(
        documents_to_sign(visit.house.shelf),
        school=visit.school,
        duties=visit.unit.duties,
        new_id=lambda _: visit.house.new_id(visit.house.machine_clock.now()),
        now=visit.now,
        person=visit.school.person(who),
    )
    for sheet in _sheets(visit):
        for line in sheet.lines:
            if sheet.document.id == document_id and line.person.id == who and line.duty is not None:
                sign_on_paper(
                    line.duty,
                    sheet.document,
                    day=_day_on_paper(visit),
                    by=visit.person,
                    school=visit.school,
                    duties=visit.unit.duties,
                    editions=visit.unit.editions,
                    evidence=visit.unit.evidence,
                    now=visit.now,
                )
                return line, sheet
    raise NoSuchDutyError


def _day_on_paper(visit: Visit) -> date:
    """Raises PaperDayError."""
    day = day_typed(visit.incoming.args.get("day", ""))
    if day is not None:
        return day
    first = visit.school.calendar.year_began(visit.today)
    raise PaperDayError(first=f"{first:{DAY}}", today=f"{visit.today:{DAY}}")
