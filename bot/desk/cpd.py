"""A lead's own log of what they learnt: the list, and a form for one more."""

from bot.desk.visit import Visit, button, once_more
from bot.wire import Answer, Form, FormField, Kind, Look, Show
from pages import Block, Bullets, Document, Tone, note, paragraph, says
from school.sensitive import Sensitive
from school.words import Refusal, Text, counted
from staff import WHAT_LENGTH, CpdEntry, log_cpd

TITLE = Text("What you have learnt")
MOST_LISTED = 15


def listed(visit: Visit) -> Answer:
    """`/lollipop cpd`: one's own, the newest on top."""
    return _list(visit)


def _list(visit: Visit, said: Text | None = None) -> Answer:
    assert visit.person is not None
    found = visit.unit.learning.logged(person=visit.person.id, limit=MOST_LISTED)
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    if found:
        blocks.append(Bullets(tuple(says(_line(each)) for each in found)))
    else:
        blocks.append(paragraph(Text("Nothing yet. Courses, events, webinars and guidance that you read all count.")))
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    more = button(Text("Add something"), "cpd.form", Look.PRIMARY)
    return Answer(document=Document(TITLE, tuple(blocks)), choices=((more,),), show=show)


def _line(entry: CpdEntry) -> Text:
    values: dict[str, str | int | Text] = {"day": f"{entry.day:%d/%m/%Y}", "what": entry.what, "count": entry.minutes}
    return counted("{day}: {what} ({count} minute)", "{day}: {what} ({count} minutes)", values)


def form(visit: Visit) -> Answer:
    """What, when, and how long."""
    fields = (
        FormField(
            name="what",
            label=Text("What was it?"),
            kind=Kind.LONG_TEXT,
            hint=Text("Such as “Webinar on AI and images”. No child's name."),
            private=True,
            max_length=WHAT_LENGTH,
        ),
        FormField(
            name="day",
            label=Text("On which day?"),
            kind=Kind.LONG_TEXT,
            private=True,
            max_length=10,
            initial=f"{visit.today:%d/%m/%Y}",
        ),
        FormField(name="minutes", label=Text("How many minutes?"), kind=Kind.NUMBER),
    )
    made = Form(title=TITLE, submit=Text("Keep it"), verb="cpd.send", fields=fields)
    return Answer(form=made, show=Show.FORM)


def sent(visit: Visit) -> Answer:
    """The form came back."""
    assert visit.person is not None

    def typed(name: str) -> str:
        said = visit.incoming.words.get(name) or Sensitive(visit.incoming.args.get(name, ""))
        return said.reveal()

    try:
        log_cpd(
            what=typed("what"),
            day=typed("day"),
            minutes=typed("minutes"),
            person=visit.person,
            book=visit.unit.learning,
            evidence=visit.unit.evidence,
            on=visit.today,
            new_id=visit.house.new_id,
            now=visit.now,
        )
    except Refusal as refusal:
        return once_more(form(visit), refusal)
    return _list(visit, Text("It is in your log."))
