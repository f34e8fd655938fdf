"""Meetings about the policy at the desk: a lead opens the roll, and each says in a tap that they were there."""

from datetime import date

from bot.desk.inset_pack import files
from bot.desk.visit import Visit, button, id_carried, once_more
from bot.wire import Answer, Form, FormField, Kind, Look, Option, Show
from pages import Block, Bullets, Document, Tone, note, paragraph, says
from school.sensitive import Sensitive
from school.words import Refusal, Text, counted
from staff import (
    INSET,
    STAFF_MEETING,
    Duty,
    DutyState,
    Meeting,
    NoSuchMeetingError,
    Sort,
    day_typed,
    meetings_of,
    open_roll,
    own_duty,
    say_there,
)

TITLE = Text("Meetings about the policy")
CALLED = {INSET: Text("INSET day"), STAFF_MEETING: Text("Staff meeting")}
MOST_LISTED, MOST_NAMES = 4, 15


def listed(visit: Visit) -> Answer:
    """`/lollipop inset`: the rolls, the newest on top, and a button for one more."""
    return _list(visit)


def _list(visit: Visit, said: Text | None = None) -> Answer:
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    found = meetings_of(school=visit.school, duties=visit.unit.duties, limit=MOST_LISTED)
    if found:
        blocks.append(Bullets(tuple(says(_line(each)) for each in found)))
    else:
        blocks.append(paragraph(Text("No roll has been opened yet.")))
    papers = files(visit)
    if papers:
        blocks.append(note(Text("Slides with this year's numbers, and a sheet to sign, are ready to take along.")))
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    more = button(Text("Open a roll"), "inset.form", Look.PRIMARY)
    rows = ((more,), papers) if papers else ((more,),)
    return Answer(document=Document(TITLE, tuple(blocks)), choices=rows, show=show)


def _line(meeting: Meeting) -> Text:
    values: dict[str, str | int | Text] = {
        "kind": CALLED.get(meeting.kind, Text("Staff meeting")),
        "day": f"{meeting.day:%d/%m/%Y}",
        "there": meeting.there,
        "read": meeting.read,
        "names": ", ".join(person.name for person in meeting.open[:MOST_NAMES]),
    }
    if not meeting.open:
        return Text("{kind}, {day}: {there} were there, {read} read it afterwards", values)
    return Text("{kind}, {day}: {there} were there, {read} read it afterwards; not yet: {names}", values)


def form(visit: Visit) -> Answer:
    """Which kind, and on which day."""
    options = tuple(Option(value=kind, label=label) for kind, label in CALLED.items())
    fields = (
        FormField(name="kind", label=Text("What was it?"), kind=Kind.CHOICE, options=options),
        FormField(
            name="day",
            label=Text("On which day?"),
            kind=Kind.LONG_TEXT,
            private=True,
            max_length=10,
            initial=f"{visit.today:%d/%m/%Y}",
        ),
    )
    made = Form(title=TITLE, submit=Text("Open the roll"), verb="inset.send", fields=fields)
    return Answer(form=made, show=Show.FORM)


def sent(visit: Visit) -> Answer:
    """The roll is opened: everybody on the staff is asked."""
    assert visit.person is not None
    try:
        asked = open_roll(
            visit.incoming.args.get("kind", ""),
            day=_day((visit.incoming.words.get("day") or Sensitive("")).reveal()),
            school=visit.school,
            shelf=visit.house.shelf,
            person=visit.person,
            duties=visit.unit.duties,
            evidence=visit.unit.evidence,
            new_id=visit.house.new_id,
            now=visit.now,
        )
    except Refusal as refusal:
        return once_more(form(visit), refusal)
    said = counted(
        "The roll is open: {count} colleague is asked.",
        "The roll is open: {count} colleagues are asked.",
        {"count": asked},
    )
    return _list(visit, said)


def _day(typed: str) -> date:
    day = day_typed(typed)
    if day is None:
        raise NoSuchMeetingError
    return day


def _mine(visit: Visit) -> Duty:
    assert visit.person is not None
    meant = id_carried(visit, "d")
    return own_duty(meant, person=visit.person, duties=visit.unit.duties, sorts=(Sort.MEETING,))


def opened(visit: Visit) -> Answer:
    """The card: which meeting, and whether they were there."""
    duty = _mine(visit)
    values: dict[str, str | int | Text] = {
        "kind": CALLED.get(duty.subject, Text("Staff meeting")),
        "day": f"{date.fromisoformat(duty.period):%d/%m/%Y}",
    }
    title, back = Text("{kind}, {day}", values), button(Text("Back to your list"), "todo")
    if duty.said is DutyState.DONE:
        done = note(Text("You have answered this. Thank you."), Tone.GOOD)
        return Answer(document=Document(title, (done,)), choices=((back,),), show=Show.REPLACE)
    at = {"d": duty.id.hex}
    there = button(Text("I was there"), "inset.there", Look.PRIMARY, at)
    away = button(Text("I couldn't be there"), "inset.away", args=at)
    asked = paragraph(Text("We talked about the e-safety policy. Were you there?"))
    return Answer(document=Document(title, (asked,)), choices=((there, away), (back,)), show=Show.REPLACE)


def away(visit: Visit) -> Answer:
    """What was talked about, to be read; and a tap that says so."""
    duty = _mine(visit)
    have_read = button(Text("I have read it"), "inset.read", Look.PRIMARY, {"d": duty.id.hex})
    back = button(Text("Back to your list"), "todo")
    return Answer(document=visit.page(duty.subject), choices=((have_read,), (back,)), show=Show.REPLACE)


def there(visit: Visit) -> Answer:
    """They were there."""
    return _said(visit, there=True)


def read(visit: Visit) -> Answer:
    """They have read it since."""
    return _said(visit, there=False)


def _said(visit: Visit, *, there: bool) -> Answer:
    assert visit.person is not None
    say_there(
        _mine(visit),
        there=there,
        person=visit.person,
        duties=visit.unit.duties,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    thanks = note(Text("Thank you. It is written down."), Tone.GOOD)
    back = button(Text("Back to your list"), "todo")
    return Answer(document=Document(TITLE, (thanks,)), choices=((back,),), show=Show.REPLACE)
