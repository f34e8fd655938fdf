"""Adding to a register, changing, reviewing and ending an entry: forms that keep what was typed."""

from collections.abc import Iterator
from dataclasses import replace

from bot.desk import devices, registers, role_list
from bot.desk.register_words import (
    ADD,
    ASKED,
    SAID,
    at_of,
    entry_meant,
    hand_of,
    register_meant,
    said_of,
    version_meant,
)
from bot.desk.visit import Visit, once_more
from bot.wire import Answer, Form, FormField, Kind, Option, Show
from pages import Document, Tone, paragraph
from school.sensitive import Sensitive
from school.words import Refusal, Text
from staff import (
    COLUMNS,
    LENGTHS,
    NOTE_LENGTH,
    OFFERED,
    ChangedMeanwhileError,
    Entry,
    Register,
    cell_of,
    drafted,
    may_own,
    take_over,
)

# docs.slack.dev/reference/block-kit/block-elements/select-menu-element
MOST_OPTIONS = 100
A_DAY = 10
HINTS = {
    "label": Text("The school's own label, such as iPad 14. No serial number, and no name."),
    "place": Text("Such as the trolley in Room 3. You may leave it empty."),
    "risk": Text("In a sentence. No pupil's name, please."),
    "does": Text("In a few sentences. No pupil's name, please."),
    "link": Text("It begins with https:// and opens for everybody on the staff."),
    "approved": Text("Such as 24/11/2026"),
    "review": Text("Such as 24/11/2026"),
}


def form(visit: Visit) -> Answer:
    """For a new entry, or for one that is there."""
    if "e" in visit.incoming.args:
        entry = entry_meant(visit)
        return _form(visit, entry.register, entry)
    return _form(visit, register_meant(visit), None)


def _form(visit: Visit, register: Register, entry: Entry | None) -> Answer:
    title = Text("Change it") if entry else ADD[register]
    args = {"e": entry.id.hex, "v": str(version_meant(visit) or entry.version)} if entry else {"k": register.value}
    fields = tuple(_fields(visit, register, entry))
    made = Form(title=title, submit=Text("Keep it"), verb="registers.save", args=args, fields=fields)
    return Answer(form=made, show=Show.FORM)


def _fields(visit: Visit, register: Register, entry: Entry | None) -> Iterator[FormField]:
    for name in COLUMNS[register]:
        initial = cell_of(entry, name) if entry else ""
        if name == "owner":
            yield _owner_field(visit, initial)
        elif name in OFFERED:
            options = tuple(Option(value=each, label=said_of(name, each)) for each in OFFERED[name])
            yield FormField(
                name=name,
                label=ASKED[name],
                kind=Kind.CHOICE,
                options=options,
                initial=initial,
                compact=name not in SAID,
            )
        else:
            yield FormField(
                name=name,
                label=ASKED[name],
                kind=Kind.LONG_TEXT,
                hint=HINTS.get(name),
                private=True,
                known=True,
                optional=name == "place",
                max_length=LENGTHS.get(name, A_DAY),
                initial=initial,
            )


def _owner_field(visit: Visit, initial: str) -> FormField:
    assert visit.person is not None
    people = {each.id: each for each in may_own(visit.school)}
    # Where there are more than a list holds, whoever owns it and whoever fills it in are among them.
    first = [each for each in dict.fromkeys((initial, visit.person.id)) if each in people]
    ids = list(dict.fromkeys((*first, *people)))[:MOST_OPTIONS]
    return FormField(
        name="owner",
        label=ASKED["owner"],
        kind=Kind.CHOICE,
        options=tuple(Option(value=each, label=Text("{name}", {"name": people[each].name})) for each in ids),
        initial=first[0] if first else "",
        compact=True,
    )


def saved(visit: Visit) -> Answer:
    """The form came back. What can't be taken is said above it, with what was typed."""
    entry = entry_meant(visit) if "e" in visit.incoming.args else None
    register = entry.register if entry else register_meant(visit)
    try:
        given = drafted(register, _typed(visit, register), school=visit.school, on=visit.today)
        hand = hand_of(visit)
        if entry:
            kept = hand.change(entry, given, was=version_meant(visit))
            return registers.entry_shown(visit, kept, Text("It is changed."))
        hand.add(register, given)
    except ChangedMeanwhileError as refusal:
        # Whoever has read so may send theirs all the same.
        return once_more(_form(_at_newest(visit, entry), register, entry), refusal)
    except Refusal as refusal:
        return once_more(_form(visit, register, entry), _by_label(refusal))
    return _list(visit, register, Text("It is in the register."))


def _by_label(refusal: Refusal) -> Refusal:
    """The same no, with a field called as the form calls it."""
    label = ASKED.get(str(refusal.text.values.get("field", "")))
    return Refusal(Text(refusal.text.msgid, {**refusal.text.values, "field": label})) if label else refusal


def _at_newest(visit: Visit, entry: Entry | None) -> Visit:
    """The same visit, as if it had looked at an entry as it is now."""
    args = {**visit.incoming.args, **(at_of(entry) if entry else {})}
    return replace(visit, incoming=replace(visit.incoming, args=args))


def _list(visit: Visit, register: Register, said: Text) -> Answer:
    return devices.shown(visit, said) if register is Register.DEVICE else registers.shown(visit, register, said)


def _typed(visit: Visit, register: Register) -> dict[str, str]:
    args, words = visit.incoming.args, visit.incoming.words
    return {name: (words.get(name) or Sensitive(args.get(name, ""))).reveal() for name in COLUMNS[register]}


def say_form(visit: Visit) -> Answer:
    """A note, with a review or with an end."""
    entry = entry_meant(visit)
    ends = visit.incoming.args.get("d") == "close"
    title = Text("End it") if ends else Text("Looked at again")
    field = FormField(
        name="note",
        label=Text("Why does it end?") if ends else Text("A note"),
        kind=Kind.LONG_TEXT,
        hint=Text("In a few words. No pupil's name, no password."),
        private=True,
        optional=not ends,
        max_length=NOTE_LENGTH,
    )
    args = {"e": entry.id.hex, "v": visit.incoming.args.get("v", ""), "d": "close" if ends else "review"}
    intro = Document(title, (paragraph(Text("{title}", {"title": entry.title})),))
    made = Form(title=title, submit=title, verb="registers.say.send", args=args, fields=(field,), intro=intro)
    return Answer(form=made, show=Show.FORM)


def said(visit: Visit) -> Answer:
    """Looked at again in one tap or with a note; or ended."""
    entry, hand = entry_meant(visit), hand_of(visit)
    typed = (visit.incoming.words.get("note") or Sensitive("")).reveal()
    tapped = "note" not in visit.incoming.words
    try:
        if visit.incoming.args.get("d") == "close":
            hand.close(entry, note=typed, was=version_meant(visit))
            return _list(visit, entry.register, Text("It is ended. What happened to it is kept."))
        kept = hand.review(entry, note=typed, was=version_meant(visit))
    except Refusal as refusal:
        if tapped:
            return replace(registers.entry_shown(visit, entry, refusal.text, Tone.URGENT), refused=True)
        stale = isinstance(refusal, ChangedMeanwhileError)
        return once_more(say_form(_at_newest(visit, entry) if stale else visit), refusal)
    words = Text("Kept: you have looked at it today. The next time is on {day}.", {"day": f"{kept.due:%d/%m/%Y}"})
    return registers.entry_shown(visit, kept, words)


def taken_over(visit: Visit) -> Answer:
    """A proposal is the school's own from now."""
    entry = take_over(visit.incoming.args.get("r", ""), hand=hand_of(visit))
    words = Text(
        "It is in your register, and yours to look at. Change its words and numbers so that they are true here."
    )
    return registers.entry_shown(visit, entry, words)


def right(visit: Visit) -> Answer:
    """All of it was looked at: the devices, or the parts."""
    return role_list.right(visit) if visit.incoming.args.get("k") == "roles" else devices.right(visit)


def paper(visit: Visit) -> Answer:
    """A register as a file."""
    return role_list.taken(visit) if visit.incoming.args.get("k") == "roles" else registers.taken(visit)
