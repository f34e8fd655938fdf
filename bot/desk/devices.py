"""The log of the school's devices: who has which, out and back in a tap, and the way to tell of one that is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.desk.register_words import (
    DAY,
    TITLES,
    hand_of,
    keeps,
    said_of,
    shown_as,
    ways,
)
from bot.desk.visit import Visit, button, id_carried, name_of, once_more
from bot.wire import Answer, Card, Choice, Form, FormField, Kind, Look, Option, Show, Via
from pages import Block, Document, Paragraph, Span, Tone, note, paragraph
from school.words import Refusal, Text, counted
from staff import Entry, NoSuchEntryError, Register, Where, bring_back, looked_over, lose, may_see, take_out, where_is

ON_A_PAGE = 8
EMPTY = "empty"
KEPT = Text(
    "The school's own devices, by the label on them. Pictures of pupils are taken on these alone. Nothing personal "
    "leaves school on one that isn't encrypted."
)
BREACH = button(Text("Tell of a lost device"), "breach", Look.DANGER)
ORDER = (Where.LOST, Where.OFF, Where.OUT, Where.HERE)


def listed(visit: Visit) -> Answer:
    """What is lost or out on top, then what is here."""
    return shown(visit)


def shown(visit: Visit, said: Text | None = None, tone: Tone = Tone.GOOD) -> Answer:
    """The list, with a line above it."""
    assert visit.person is not None
    person = visit.person
    every = visit.unit.registers.open(Register.DEVICE)
    found = sorted(
        (each for each in every if may_see(each, person=person)),
        key=lambda each: (each.holder != person.id, ORDER.index(where_is(each)), each.title.casefold()),
    )
    blocks: list[Block] = [note(said, tone)] if said else []
    blocks.append(paragraph(KEPT))
    blocks += _counted(len(found), len(every))
    document = Document(TITLES[Register.DEVICE], tuple(blocks))
    ends = _ends(visit)
    if visit.incoming.via is Via.WEB:
        cards = tuple(Card(Document("", tuple(_entry(visit, each))), (_buttons(visit, each),)) for each in found)
        return Answer(document=document, cards=cards, choices=(*ways(visit), *ends))
    given = visit.incoming.args.get("n", "0")
    start = int(given) if given.isdecimal() and int(given) < len(found) else 0
    here = found[start : start + ON_A_PAGE]
    drawn = replace(document, blocks=(*blocks, *(block for each in here for block in _entry(visit, each))))
    more = len(found) - start - len(here)
    at = {"n": str(start + ON_A_PAGE)}
    on = (
        ((button(Text("Show {count} more", {"count": min(more, ON_A_PAGE)}), "devices", args=at),),) if more > 0 else ()
    )
    return Answer(document=drawn, choices=(*(_buttons(visit, each) for each in here), *on, *ends), show=shown_as(visit))


def _counted(seen: int, every: int) -> Iterator[Block]:
    if not every:
        yield note(Text("There is nothing in the log yet."), Tone.CALM)
    elif seen < every:
        count = {"count": every - seen}
        yield paragraph(counted("{count} more is with a colleague.", "{count} more are with colleagues.", count))


def _ends(visit: Visit) -> tuple[tuple[Choice, ...], ...]:
    if not keeps(visit, Register.DEVICE):
        return ()
    kind = {"k": Register.DEVICE.value}
    rows: tuple[tuple[Choice, ...], ...] = (
        (
            button(Text("Add a device"), "registers.form", Look.PRIMARY, kind),
            button(Text("I have looked them over"), "registers.right", args=kind),
        ),
    )
    if visit.incoming.via is Via.WEB:
        rows += ((button(Text("Download it as a CSV"), "registers.paper", args=kind),),)
    return rows


def _buttons(visit: Visit, entry: Entry) -> tuple[Choice, ...]:
    at, label = {"e": entry.id.hex}, {"label": entry.title}
    theirs = keeps(visit, Register.DEVICE) or entry.holder == (visit.person.id if visit.person else "")
    change = (
        (button(Text("Open {label}", label), "registers.open", args={"e": entry.id.hex}),)
        if keeps(visit, Register.DEVICE)
        else ()
    )
    out = button(Text("Take {label}", label), "devices.do", Look.PRIMARY, {**at, "d": "out"})
    off = button(Text("Take {label} off site", label), "devices.do", args={**at, "d": "off"})
    back = button(Text("{label} is back", label), "devices.do", Look.PRIMARY, {**at, "d": "back"})
    gone = button(Text("{label} is lost", label), "devices.do", Look.DANGER, {**at, "d": "lost"})
    match where_is(entry):
        case Where.HERE:
            return (out, off, *((gone,) if keeps(visit, Register.DEVICE) else ()), *change)
        case Where.LOST:
            return (*((back,) if theirs else ()), *change)
        case Where.OFF:
            return (*((back, gone) if theirs else ()), *change)
        case _:
            mine = (off,) if visit.person and entry.holder == visit.person.id else ()
            return (*((back, *mine, gone) if theirs else ()), *change)


def _entry(visit: Visit, entry: Entry) -> Iterator[Block]:
    fields = entry.fields
    spans = [Span(entry.title, strong=True), Span(" – "), Span(said_of("sort", fields.get("sort", "")))]
    spans += [Span(", "), Span(fields["place"])] if fields.get("place") else []
    encrypted = Text("encrypted") if fields.get("encrypted") == "yes" else Text("not known to be encrypted")
    yield Paragraph((*spans, Span(", "), Span(encrypted)))
    yield from standing(visit, entry)


def standing(visit: Visit, entry: Entry) -> Iterator[Block]:
    """Where a device is, with whom, and since when; nothing where it is at its place."""
    where = where_is(entry)
    if where is Where.HERE:
        return
    since = entry.fields.get("since", "")
    values: dict[str, str | int | Text] = {
        "name": name_of(visit, entry.holder),
        "day": f"{date.fromisoformat(since):{DAY}}" if since else "",
    }
    if where is Where.LOST and not entry.holder:
        yield note(Text("Lost since {day}.", values), Tone.URGENT)
    elif where is Where.LOST:
        yield note(Text("Lost since {day}. Last with: {name}.", values), Tone.URGENT)
    elif where is Where.OFF:
        yield note(Text("Off site with {name} since {day}.", values), Tone.CALM)
    else:
        yield note(Text("With {name} since {day}.", values), Tone.PLAIN)


def done(visit: Visit) -> Answer:
    """One tap: taken, taken off site, back, or lost. Off site with one that isn't encrypted asks a question first."""
    try:
        return _done(visit, visit.incoming.args.get("d", ""))
    except Refusal as refusal:
        return replace(shown(visit, refusal.text, Tone.URGENT), refused=True)


def _done(visit: Visit, what: str) -> Answer:
    entry, hand = _meant(visit), hand_of(visit)
    label: dict[str, str | int | Text] = {"label": entry.title}
    match what:
        case "out":
            take_out(entry, hand=hand)
            return shown(visit, Text("You have {label} now. Bring it back with a tap.", label))
        case "off" if entry.fields.get("encrypted") != "yes" and where_is(entry) in {Where.HERE, Where.OUT}:
            return _empty_form(entry)
        case "off":
            take_out(entry, hand=hand, off_site=True)
            return shown(
                visit, Text("You have {label}, off site. It is encrypted: keep it locked and with you.", label)
            )
        case "back":
            bring_back(entry, hand=hand)
            return shown(visit, Text("{label} is back at its place. Thank you.", label))
        case "lost":
            lose(entry, hand=hand)
            return _lost(visit, entry)
        case _:
            raise NoSuchEntryError


def _meant(visit: Visit) -> Entry:
    """The device that a button carries, for whoever may see it. Raises NoSuchEntryError."""
    meant = id_carried(visit, "e")
    entry = visit.unit.registers.one(meant) if meant else None
    if entry is None or entry.register is not Register.DEVICE or visit.person is None:
        raise NoSuchEntryError
    return entry


def _lost(visit: Visit, entry: Entry) -> Answer:
    told = Text(
        "{label} is marked as lost. Now tell whoever has to know: it takes a minute, and the sooner the better. "
        "Nobody is blamed for saying so.",
        {"label": entry.title},
    )
    answer = shown(visit, told, Tone.URGENT)
    return replace(answer, choices=((BREACH,), *answer.choices))


def _empty_form(entry: Entry) -> Answer:
    """That nothing personal is on it, before it leaves school."""
    title = Text("Take it off site")
    field = FormField(
        name="empty",
        label=Text("Have you looked what is on it?"),
        kind=Kind.CHOICE,
        options=(Option(value=EMPTY, label=Text("Yes: nothing personal is on it, and no picture of a pupil")),),
        hint=Text("If there is, move it to the school's own storage first, or take one that is encrypted."),
    )
    why = Text("{label} isn't known to be encrypted.", {"label": entry.title})
    made = Form(
        title=title,
        submit=title,
        verb="devices.off",
        args={"e": entry.id.hex},
        fields=(field,),
        intro=Document(title, (note(why, Tone.CALM),)),
    )
    return Answer(form=made, show=Show.FORM)


def off_site(visit: Visit) -> Answer:
    """The question came back."""
    try:
        entry = _meant(visit)
    except Refusal as refusal:
        return replace(shown(visit, refusal.text, Tone.URGENT), refused=True)
    try:
        take_out(entry, hand=hand_of(visit), off_site=True, empty=visit.incoming.args.get("empty") == EMPTY)
    except Refusal as refusal:
        return once_more(_empty_form(entry), refusal)
    return shown(visit, Text("You have {label}, off site. Bring it back with a tap.", {"label": entry.title}))


def right(visit: Visit) -> Answer:
    """Whoever looks after them went through them all."""
    count = looked_over(hand=hand_of(visit))
    words = counted(
        "Kept: you have looked over {count} device.", "Kept: you have looked over {count} devices.", {"count": count}
    )
    return shown(visit, words)
