"""What changed in guidance: each release with what became of it, a way to work through one, and a form for one more."""

from collections.abc import Sequence

from bot.desk import todo
from bot.desk.may import may
from bot.desk.release_words import SUMMARIES, blocks_of, day_or_month
from bot.desk.visit import Visit, button, day_of, name_of, once_more, says_only
from bot.wire import Answer, Card, Choice, Form, FormField, Kind, Look, Show, Via
from pages import Block, Bullets, Document, Heading, Tone, note, paragraph, says
from school.sensitive import Sensitive
from school.words import Refusal, Text, counted
from staff import (
    LINE_LENGTH,
    MOST_CHANGED,
    MOST_TO_DO,
    SOURCE_LENGTH,
    TITLE_LENGTH,
    DutyState,
    Worked,
    add_typed,
    asked_for,
    last_day,
    take_up,
    worked_through,
)

TITLE = Text("What changed in guidance")
# So many in a chat, the newest; the page has them all.
MOST_LISTED = 10
DAY_LENGTH = len("24/11/2026")


def listed(visit: Visit) -> Answer:
    """Open ones first, the newest on top; on the web with all their lines."""
    return _list(visit)


def _list(visit: Visit, said: Text | None = None) -> Answer:
    found = worked_through(visit.unit.releases, duties=visit.unit.duties)
    found = tuple(sorted(found, key=lambda each: not each.is_open))
    waits = sum(each.is_open for each in found)
    blocks: list[Block] = [note(said, Tone.GOOD)] if said else []
    if waits:
        words = counted("{count} of {all} waits.", "{count} of {all} wait.", {"count": waits, "all": len(found)})
        blocks.append(paragraph(words))
    else:
        blocks.append(note(Text("The school has worked through every release."), Tone.GOOD))
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    if visit.incoming.via is Via.WEB:
        if any(each.is_open and each.release.read == "summary" for each in found):
            blocks.append(note(SUMMARIES, Tone.CALM))
        cards = tuple(_card(visit, each) for each in found)
        return Answer(document=Document(TITLE, tuple(blocks)), cards=cards, choices=_new(visit))
    shown = found[:MOST_LISTED]
    blocks.append(Bullets(tuple(says(_line(visit, each)) for each in shown)))
    openers = [row for each in shown for row in _opener(visit, each)]
    pairs = tuple(tuple(openers[at : at + 2]) for at in range(0, len(openers), 2))
    return Answer(document=Document(TITLE, tuple(blocks)), choices=(*pairs, *_new(visit)), show=show)


def _card(visit: Visit, worked: Worked) -> Card:
    blocks: list[Block] = [Heading(says(worked.release.title), 2)]
    blocks.append(note(_state(visit, worked), Tone.CALM if worked.is_open else Tone.GOOD))
    if reason := _reason(worked):
        blocks.append(paragraph(reason))
    if worked.is_open:
        blocks += blocks_of(worked.release, warned=True)
    row = _opener(visit, worked)
    return Card(Document("", tuple(blocks)), (row,) if row else ())


def _reason(worked: Worked) -> str:
    """A note says what was done, or why nothing had to be."""
    return worked.duty.note if worked.duty else ""


def _opener(visit: Visit, worked: Worked) -> tuple[Choice, ...]:
    if not worked.is_open or worked.release.start > visit.today or not _works(visit):
        return ()
    label = Text("{title}", {"title": worked.release.title})
    return (button(label, "guidance.open", Look.PRIMARY, {"r": worked.release.id}),)


def _works(visit: Visit) -> bool:
    return may("guidance.open", incoming=visit.incoming, person=visit.person)


def _new(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    more = button(Text("Add one of your own"), "guidance.form")
    return ((more,),) if _works(visit) else ()


def _line(visit: Visit, worked: Worked) -> Text:
    release = worked.release
    dated = day_or_month(release.published) if release.published else f"{release.start:%d/%m/%Y}"
    return Text("{title} ({day}). {state}", {"title": release.title, "day": dated, "state": _state(visit, worked)})


def _state(visit: Visit, worked: Worked) -> Text:
    duty = worked.duty
    if duty is None:
        if worked.release.start > visit.today:
            return Text("Asked from {day} on.", {"day": f"{worked.release.start:%d/%m/%Y}"})
        return Text("Waits, and will be on the e-safety lead's list within days.")
    values: dict[str, str | int | Text] = {"name": name_of(visit, duty.person), "day": f"{duty.due:%d/%m/%Y}"}
    if duty.waits or duty.said_at is None:
        return Text("Waits for {name}, by {day}.", values)
    values = {"name": name_of(visit, duty.said_by), "day": day_of(visit, duty.said_at)}
    if duty.said is DutyState.ASIDE:
        return Text("Doesn't concern us, said {name} on {day}.", values)
    return Text("Worked through by {name} on {day}.", values)


def opened(visit: Visit) -> Answer:
    """A release as something to do: the duty that it is already, or will be from now on."""
    wanted = visit.incoming.args.get("r", "")
    worked = next((each for each in _every(visit) if each.release.id == wanted), None)
    if worked is None or worked.release.start > visit.today:
        return says_only(Text("That isn't on the list any more. Open it again: /lollipop guidance."), title=TITLE)
    if worked.duty is None:
        _take_up(visit, worked)
        worked = next(each for each in _every(visit) if each.release.id == wanted)
    assert worked.duty is not None
    return todo.shown(visit, worked.duty)


def _every(visit: Visit) -> Sequence[Worked]:
    return worked_through(visit.unit.releases, duties=visit.unit.duties)


def _take_up(visit: Visit, worked: Worked) -> None:
    assert visit.person is not None
    check = worked.release.check
    whose = next(iter(asked_for(check, school=visit.school, on=visit.today)), visit.person)
    take_up(
        worked.release,
        person=whose.id,
        due=last_day(check.within, on=visit.today, calendar=visit.school.calendar),
        duties=visit.unit.duties,
        new_id=visit.house.new_id(visit.now),
        now=visit.now,
    )


def form(visit: Visit) -> Answer:
    """One of the school's own: a council's letter, a new edition, a change in law."""

    def field(name: str, label: Text, hint: Text, most: int, *, optional: bool = False, initial: str = "") -> FormField:
        kind = Kind.LONG_TEXT
        return FormField(
            name=name,
            label=label,
            kind=kind,
            hint=hint,
            optional=optional,
            max_length=most,
            initial=initial,
            private=True,
        )

    lines = Text("A line for each, up to {count}.", {"count": MOST_CHANGED})
    to_do = Text("A line for each, up to {count}. They are the checklist.", {"count": MOST_TO_DO})
    day = Text("As 24/11/2026.")
    fields = (
        field("title", Text("What is it called?"), Text("Such as “Phones: the council's letter”"), TITLE_LENGTH),
        field("published", Text("Published on"), day, DAY_LENGTH, initial=f"{visit.today:%d/%m/%Y}"),
        field("in_force", Text("In force from"), day, DAY_LENGTH, optional=True),
        field("source", Text("Where did you read it?"), Text("Who published it"), SOURCE_LENGTH),
        field("address", Text("Its address on the web"), Text("If it has one"), 300, optional=True),
        field("changed", Text("What changed?"), lines, MOST_CHANGED * LINE_LENGTH),
        field("do", Text("What does a school do about it?"), to_do, MOST_TO_DO * LINE_LENGTH),
    )
    made = Form(title=Text("New guidance"), submit=Text("Keep it"), verb="guidance.send", fields=fields)
    return Answer(form=made, show=Show.FORM)


def sent(visit: Visit) -> Answer:
    """The form came back."""

    def typed(name: str) -> str:
        return (visit.incoming.words.get(name) or Sensitive("")).reveal()

    names = ("title", "published", "in_force", "source", "address", "changed", "do")
    try:
        kept = add_typed({name: typed(name) for name in names}, store=visit.unit.releases, on=visit.today)
    except Refusal as refusal:
        return once_more(form(visit), refusal)
    return _list(visit, Text("“{title}” is on the list, and is asked of the e-safety lead.", {"title": kept.title}))
