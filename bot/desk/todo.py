"""What waits for a member of staff: the list, a check's card, and its answer in one tap, with a note or without."""

from collections.abc import Iterator, Mapping

from bot.desk.release_words import blocks_of
from bot.desk.visit import Visit, button, id_carried, name_of, once_more
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Show
from pages import Block, Bullets, Document, Facts, Tone, note, paragraph, says
from school.people import Person
from school.sensitive import Sensitive
from school.words import Refusal, Text
from staff import (
    NOTE_LENGTH,
    Check,
    Duty,
    DutyState,
    NoSuchDutyError,
    Release,
    Rhythm,
    Sort,
    WrongMeanwhileError,
    answer_duty,
    checks_of,
    duty_for,
    minds,
    releases_of,
    tell_of_wrong,
    titles_of,
)

MOST_LISTED = 20
TITLE = Text("What waits for you")
NOT_OURS = Text("It doesn't concern us")
BACK = button(Text("Back to your list"), "todo")
# What opens each sort of duty.
OPENS: Mapping[Sort, str] = {
    Sort.CHECK: "todo.read",
    Sort.SIGN: "sign.read",
    Sort.MODULE: "training.open",
    Sort.SCENARIO: "training.open",
    Sort.SURVEY: "training.survey",
    Sort.MEETING: "inset.open",
}


def titled(visit: Visit, duty: Duty) -> str:
    """What a duty is called."""
    return titles_of(visit.house.shelf, policies=visit.unit.policies, releases=visit.unit.releases).of(duty)


def check_of(visit: Visit, duty: Duty) -> Check | None:
    """The check that a duty is for; None where it is not on the calendar any more."""
    every = checks_of(visit.unit.policies, visit.unit.releases)
    return next((check for check in every if check.id == duty.subject), None)


def release_of(visit: Visit, check: Check | None) -> Release | None:
    """The guidance that a check is about; None for any other."""
    if check is None or check.rhythm is not Rhythm.ONCE:
        return None
    return next((each for each in releases_of(visit.unit.releases) if each.check.id == check.id), None)


def listed(visit: Visit) -> Answer:
    """The first due on top; for whoever minds the others' work, what is late with colleagues below."""
    return _list(visit)


def _list(visit: Visit, said: Text | None = None) -> Answer:
    assert visit.person is not None
    mine = visit.unit.duties.waiting(person=visit.person.id)
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    if mine:
        blocks.append(Bullets(tuple(says(_line(visit, each)) for each in mine[:MOST_LISTED])))
    else:
        blocks.append(note(Text("Nothing waits for you."), Tone.GOOD))
    rows = [_opener(visit, each) for each in mine[:MOST_LISTED]]
    if others := _late_elsewhere(visit, visit.person):
        blocks.append(paragraph(Text("Late with colleagues, or wrong:")))
        blocks.append(Bullets(tuple(says(_theirs(visit, each)) for each in others)))
        rows += [_opener(visit, each) for each in others]
    pairs = tuple(tuple(rows[at : at + 2]) for at in range(0, len(rows), 2))
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    return Answer(document=Document(TITLE, tuple(blocks)), choices=pairs, show=show)


def _late_elsewhere(visit: Visit, person: Person) -> tuple[Duty, ...]:
    """Checks alone: signatures and training are chased with a roll, and nobody gives them for a colleague."""
    if not minds(person, school=visit.school, on=visit.today):
        return ()
    waiting = visit.unit.duties.waiting()
    theirs = [each for each in waiting if each.sort is Sort.CHECK and each.person != person.id]
    late = [each for each in theirs if each.due < visit.today or each.said is DutyState.WRONG]
    return tuple(late[:MOST_LISTED])


def _opener(visit: Visit, duty: Duty) -> Choice:
    look = Look.PRIMARY if duty.due < visit.today or duty.said is DutyState.WRONG else Look.PLAIN
    return button(Text("{title}", {"title": titled(visit, duty)}), OPENS[duty.sort], look, {"d": duty.id.hex})


def _line(visit: Visit, duty: Duty) -> Text:
    values: dict[str, str | int | Text] = {"title": titled(visit, duty), "day": f"{duty.due:%d/%m/%Y}"}
    if duty.said is DutyState.WRONG:
        return Text("{title}: something is wrong, and waits to be put right", values)
    if duty.due < visit.today:
        return Text("{title}: was due by {day}", values)
    return Text("{title}: by {day}", values)


def _theirs(visit: Visit, duty: Duty) -> Text:
    values: dict[str, str | int | Text] = {"line": _line(visit, duty), "name": name_of(visit, duty.person)}
    return Text("{line} ({name})", values)


def _meant(visit: Visit) -> Duty:
    """The duty that a button carries. Raises NoSuchDutyError."""
    assert visit.person is not None
    meant = id_carried(visit, "d")
    duty = duty_for(meant, person=visit.person, school=visit.school, duties=visit.unit.duties, on=visit.today)
    if duty.sort is not Sort.CHECK:
        # A signature and a module have cards of their own, with what comes before they are done.
        raise NoSuchDutyError
    return duty


def opened(visit: Visit) -> Answer:
    """What to look at, and the answers."""
    return shown(visit, _meant(visit))


def shown(visit: Visit, duty: Duty) -> Answer:
    """A duty's card, for whoever may answer it."""
    at = {"d": duty.id.hex}
    rows: tuple[tuple[Choice, ...], ...] = ()
    if duty.said is DutyState.WRONG:
        rows = ((button(Text("It is put right"), "todo.right", Look.PRIMARY, at),),)
    elif duty.waits and release_of(visit, check := check_of(visit, duty)):
        through = button(Text("Worked through"), "todo.well", Look.PRIMARY, at)
        noted = button(Text("Worked through, with a note"), "todo.note", args=at)
        rows = ((through, noted), (button(NOT_OURS, "todo.aside", args=at),))
    elif duty.waits:
        well = button(Text("All is well"), "todo.well", Look.PRIMARY, at)
        with_note = button(Text("All is well, with a note"), "todo.note", args=at)
        ways = (well, with_note) if check is None or check.note else (well,)
        rows = (ways, (button(Text("Something is wrong"), "todo.wrong", Look.DANGER, at),))
    title = Text("{title}", {"title": titled(visit, duty)})
    document = Document(title, tuple(_blocks(visit, duty)))
    return Answer(document=document, choices=(*rows, (BACK,)), show=Show.REPLACE)


def _blocks(visit: Visit, duty: Duty) -> Iterator[Block]:
    check = check_of(visit, duty)
    if check is not None:
        yield paragraph(check.ask)
        if release := release_of(visit, check):
            yield from blocks_of(release)
        elif check.steps:
            yield Bullets(tuple(says(each) for each in check.steps))
    facts: list[tuple[Text, str | Text]] = [(Text("By"), f"{duty.due:%d/%m/%Y}")]
    if duty.person != (visit.person.id if visit.person else ""):
        facts.append((Text("Asked of"), name_of(visit, duty.person)))
    if duty.said_at:
        facts.append((Text("Answered by"), name_of(visit, duty.said_by)))
        facts.append((Text("On"), f"{visit.school.calendar.local(duty.said_at):%d/%m/%Y}"))
    yield Facts(tuple(facts))
    if duty.note:
        yield note(duty.note, Tone.URGENT if duty.said is DutyState.WRONG else Tone.CALM)


def well(visit: Visit) -> Answer:
    """One tap: looked at, and all is well. A card from before puts nothing right that is said to be wrong since."""
    duty = _meant(visit)
    if duty.said is DutyState.WRONG:
        return shown(visit, duty)
    return _answered(visit, duty, DutyState.DONE, "")


def note_form(visit: Visit) -> Answer:
    """All is well, and a few words with it."""
    title = Text("All is well, with a note")
    if release_of(visit, check_of(visit, _meant(visit))):
        title = Text("Worked through, with a note")
    return _form(visit, title, "todo.note.send", optional=True)


def aside_form(visit: Visit) -> Answer:
    """It doesn't concern the school: why?"""
    return _form(visit, NOT_OURS, "todo.aside.send", optional=False)


def wrong_form(visit: Visit) -> Answer:
    """Something is wrong: what?"""
    return _form(visit, Text("Something is wrong"), "todo.wrong.send", optional=False)


def right_form(visit: Visit) -> Answer:
    """It is put right: how?"""
    return _form(visit, Text("It is put right"), "todo.note.send", optional=True)


def _form(visit: Visit, title: Text, verb: str, *, optional: bool) -> Answer:
    duty = _meant(visit)
    field = FormField(
        name="note",
        label=Text("A note"),
        kind=Kind.LONG_TEXT,
        hint=Text("In a few words. No child's name, no password."),
        private=True,
        optional=optional,
        max_length=NOTE_LENGTH,
    )
    intro = Document(title, (paragraph(Text("{title}", {"title": titled(visit, duty)})),))
    at = {"d": duty.id.hex, "was": duty.said.value}
    made = Form(title=title, submit=Text("Send it"), verb=verb, args=at, fields=(field,), intro=intro)
    return Answer(form=made, show=Show.FORM)


def noted(visit: Visit) -> Answer:
    """The note came back: all is well, or well again."""
    try:
        duty = _meant(visit)
        if duty.said is DutyState.WRONG and visit.incoming.args.get("was", duty.said) != duty.said:
            return once_more(right_form(visit), WrongMeanwhileError())
        return _answered(visit, duty, DutyState.DONE, _typed(visit))
    except Refusal as refusal:
        return once_more(note_form(visit), refusal)


def said_wrong(visit: Visit) -> Answer:
    """What is wrong came back. It stays on the list until it is put right, and whoever minds it is told."""
    try:
        return _answered(visit, _meant(visit), DutyState.WRONG, _typed(visit))
    except Refusal as refusal:
        return once_more(wrong_form(visit), refusal)


def put_aside(visit: Visit) -> Answer:
    """Why it doesn't concern the school came back. Of guidance alone: a check of ours concerns every school."""
    duty = _meant(visit)
    if release_of(visit, check_of(visit, duty)) is None:
        raise NoSuchDutyError
    try:
        return _answered(visit, duty, DutyState.ASIDE, _typed(visit))
    except Refusal as refusal:
        return once_more(aside_form(visit), refusal)


def _typed(visit: Visit) -> str:
    return (visit.incoming.words.get("note") or Sensitive("")).reveal()


def _answered(visit: Visit, duty: Duty, said: DutyState, typed: str) -> Answer:
    assert visit.person is not None
    check = check_of(visit, duty)
    answer_duty(
        duty,
        said=said,
        note=typed,
        clauses=check.clauses if check else (),
        person=visit.person,
        duties=visit.unit.duties,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    if said is DutyState.WRONG:
        unit, title = visit.unit, titled(visit, duty)
        tell_of_wrong(duty, title=title, by=visit.person, school=visit.school, outbox=unit.outbox, now=visit.now)
    words = {
        DutyState.DONE: Text("Thank you: {title} is done.", {"title": titled(visit, duty)}),
        DutyState.ASIDE: Text("Thank you. It is written down that this doesn't concern the school, and why."),
        DutyState.WRONG: Text("Thank you for saying so. It stays on the list until it is put right."),
    }
    return _list(visit, words[said])
