"""The register of low-level concerns at the desk: any member of staff writes an entry, its reader alone opens it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.desk.doors import BACK_TO_LIST, LOG_LOW_LEVEL
from bot.desk.inbox import quoted, reader_of
from bot.desk.predicates import REGISTER_ROLES
from bot.desk.visit import Visit, button, name_of, once_more, says_only
from bot.wire import Answer, Card, Choice, Form, FormField, Kind, Look, Option, Show
from pages import Block, Bullets, Document, Facts, Heading, Paragraph, Span, Tone, note, paragraph, says
from safeguarding import (
    Account,
    LowLevel,
    NotForYouError,
    OpenedLowLevel,
    Whom,
    end_low_level,
    fit_to_share,
    guidance,
    log_low_level,
    make_allegation,
    open_register,
    read_low_level,
    share_register,
    surname,
)
from school.sensitive import Sensitive
from school.words import Refusal, Text

WHOM: dict[Whom, Text] = {
    Whom.ADULT: Text("Another adult who works or helps here"),
    Whom.HEAD: Text("The headteacher"),
    Whom.MYSELF: Text("Myself"),
}
CANNOT_READ = Text(
    "This can't be read: it was changed after it was written, or it was sealed to a key that you no longer use. Tell "
    "whoever looks after the computer.",
)
BACK = button(Text("Back to the register"), "lowlevel.list")
BY_PERSON = button(Text("Open the whole register, by person"), "lowlevel.people")


def _form() -> Form:
    return Form(
        title=Text("Log a low-level concern"),
        submit=Text("Send it to its reader"),
        verb="lowlevel.send",
        fields=(
            FormField(
                name="whom",
                label=Text("Whom is it about?"),
                kind=Kind.CHOICE,
                options=tuple(Option(value=whom, label=label) for whom, label in WHOM.items()),
            ),
            FormField(
                name="name",
                label=Text("The name of the adult"),
                kind=Kind.LONG_TEXT,
                hint=Text("First name and surname, so that it is clear who it is. Leave it empty if it is you."),
                private=True,
                optional=True,
                max_length=120,
            ),
            FormField(
                name="words",
                label=Text("What did you see or hear, and what made you uneasy?"),
                kind=Kind.LONG_TEXT,
                hint=Text("Say what happened, where and when, and who else was there. Small things count."),
                private=True,
            ),
        ),
    )


def form(visit: Visit) -> Answer:
    """What to know before writing, and the form."""
    return Answer(form=replace(_form(), intro=visit.page("lowlevel-intro")), show=Show.FORM)


def sent(visit: Visit) -> Answer:
    """Into the register. What can't be taken is said above the form, which keeps what was typed."""
    try:
        _keep(visit)
    except Refusal as refusal:
        return once_more(form(visit), refusal)
    thanks = Text(
        "Thank you. Only its reader can open it: the headteacher, or the chair of governors if it is about the "
        "headteacher.",
    )
    told = says_only(thanks, title=Text("It is in the register"), tone=Tone.GOOD, show=Show.REPLACE)
    harm = Text(
        "If you learn more, log that too. If it may be harm, don't wait: type /report, or tell the headteacher in "
        "person. You can always call the LADO or the NSPCC yourself.",
    )
    return replace(told, document=(told.document or Document("")) + Document("", (note(harm, Tone.PLAIN),)))


def _keep(visit: Visit) -> None:
    if visit.person is None:
        raise NotForYouError
    try:
        whom = Whom(visit.incoming.args.get("whom", ""))
    except ValueError:
        # Nobody is guessed at: a name is asked for, and whose it is decides who reads it.
        whom = Whom.ADULT
    log_low_level(
        Account(
            whom=whom,
            name=visit.incoming.words.get("name") or Sensitive(""),
            by=visit.person.id,
            via=visit.incoming.via,
            words=visit.incoming.words.get("words") or Sensitive(""),
        ),
        school=visit.school,
        concerns=visit.unit.concerns,
        register=visit.unit.register,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        entry_id=visit.house.new_id(visit.now),
        reference=visit.house.vault.reference(),
        now=visit.now,
    )


def _day(visit: Visit, entry: LowLevel) -> str:
    return f"{visit.school.calendar.local(entry.logged):%a %d %b %Y, %H:%M}"


def listed(visit: Visit) -> Answer:
    """The reader's entries by their dates: whom they are about shows only to whoever opens them."""
    reader, _ = reader_of(visit)
    entries = visit.unit.register.for_reader(reader.id)
    title = Text("Low-level concerns about adults")
    kept = note(
        Text(
            "You alone can open these. They stay until you end them: most schools do so when the adult leaves. "
            "Look through them each half-term for what comes again.",
        ),
        Tone.PLAIN,
    )
    if not entries:
        nothing = note(Text("There is nothing in the register."), Tone.GOOD)
        return Answer(document=Document(title, (nothing, kept)), choices=((LOG_LOW_LEVEL,), (BACK_TO_LIST,)))
    return Answer(
        document=Document(title, (kept,)),
        cards=tuple(_card(visit, entry) for entry in entries),
        choices=((BY_PERSON,), (LOG_LOW_LEVEL,), (BACK_TO_LIST,)),
    )


def _card(visit: Visit, entry: LowLevel) -> Card:
    state = Text("opened") if entry.opened else Text("new")
    facts = Facts(
        (
            (Text("Reference"), entry.reference),
            (Text("Written"), _day(visit, entry)),
            (Text("State"), state),
        ),
    )
    return Card(Document("", (facts,)), ((_open_button(entry),),))


def _open_button(entry: LowLevel) -> Choice:
    label = Text("Open {reference}", {"reference": entry.reference})
    look = Look.PLAIN if entry.opened else Look.PRIMARY
    return button(label, "lowlevel.read", look, {"ref": entry.reference})


def people(visit: Visit) -> Answer:
    """The whole register opened: each adult with what is written of them, those with the most first."""
    reader, key = reader_of(visit)
    found = open_register(
        concerns=visit.unit.concerns, register=visit.unit.register, person=reader.id, key=key, now=visit.now
    )
    title = Text("The register, by person")
    blocks: list[Block] = []
    cards: list[Card] = []
    closed = [each.entry for each in found if each.account is None]
    if closed:
        blocks += [note(CANNOT_READ, Tone.URGENT), Bullets(tuple(says(entry.reference) for entry in closed))]
    for names, entries in _by_person(found):
        lines = tuple(says(Text("{name}: {reference}, written {day}", _line(visit, each))) for each in entries)
        heading = Heading(says(Text("{names}: {count}", {"names": names, "count": len(entries)})), 2)
        buttons = tuple((_open_button(each.entry),) for each in entries)
        cards.append(Card(Document("", (heading, Bullets(lines))), buttons))
    together = Text(
        "Entries are put together by surname, as it was written. Two adults may share one, and one adult may stand "
        "under two: look closely.",
    )
    blocks.append(note(together, Tone.PLAIN))
    return Answer(
        document=Document(title, tuple(blocks)), cards=tuple(cards), choices=(*_sharing(visit, found), (BACK,))
    )


def _line(visit: Visit, each: OpenedLowLevel) -> dict[str, str]:
    return {"name": _name_in(each), "reference": each.entry.reference, "day": _day(visit, each.entry)}


def _name_in(each: OpenedLowLevel) -> str:
    return each.account.name.reveal() if each.account else ""


def _by_person(found: Sequence[OpenedLowLevel]) -> list[tuple[str, list[OpenedLowLevel]]]:
    """By surname, with every spelling that stands there; those with the most first."""
    grouped: dict[str, list[OpenedLowLevel]] = {}
    for each in found:
        if each.account is not None:
            grouped.setdefault(surname(_name_in(each)), []).append(each)
    named = [(" / ".join(dict.fromkeys(_name_in(each) for each in group)), group) for group in grouped.values()]
    return sorted(named, key=lambda group: (-len(group[1]), group[0].casefold()))


def _sharing(visit: Visit, found: Sequence[OpenedLowLevel]) -> Iterator[tuple[Choice, ...]]:
    """To another head or chair who may read some of it and cannot yet: the next one, before this one leaves."""
    reader, _ = reader_of(visit)
    others = [person for person in visit.school.people if person.holds(*REGISTER_ROLES) and person.id != reader.id]
    with_keys = {recipient.person for recipient in visit.unit.concerns.recipients([each.id for each in others])}
    for other in others:
        unread = [
            each
            for each in found
            if each.account is not None
            and other.id in with_keys
            and other.id not in visit.unit.register.readers(each.entry.id)
            and fit_to_share(each.account, to=other, school=visit.school)
        ]
        if unread:
            label = Text("Let {name} read {count} of these as well", {"name": other.name, "count": len(unread)})
            yield (button(label, "lowlevel.share", args={"to": other.id}),)


def shared(visit: Visit) -> Answer:
    """The other one reads what is theirs to read."""
    reader, key = reader_of(visit)
    count = share_register(
        visit.incoming.args.get("to", ""),
        school=visit.school,
        concerns=visit.unit.concerns,
        register=visit.unit.register,
        person=reader.id,
        key=key,
        now=visit.now,
    )
    said = Text("They can read {count} more now. What is about them stays closed to them.", {"count": count})
    return Answer(document=Document(Text("Shared"), (note(said, Tone.GOOD),)), choices=((BY_PERSON,), (BACK,)))


def opened(visit: Visit) -> Answer:
    """One entry with its words; the reading is recorded."""
    found = _read(visit)
    ref = {"ref": found.entry.reference}
    title = Text("Low-level concern {reference}", {"reference": found.entry.reference})
    steps = (button(Text("Make it an allegation"), "lowlevel.allege", Look.DANGER, ref),) if found.account else ()
    end = (button(Text("End it and destroy it"), "lowlevel.end", args=ref),)
    rows = tuple(row for row in (steps, end, (BY_PERSON,), (BACK,)) if row)
    return Answer(document=Document(title, tuple(_blocks(visit, found))), choices=rows)


def _read(visit: Visit) -> OpenedLowLevel:
    reader, key = reader_of(visit)
    return read_low_level(
        visit.incoming.args.get("ref", ""),
        concerns=visit.unit.concerns,
        register=visit.unit.register,
        person=reader.id,
        key=key,
        now=visit.now,
    )


def _blocks(visit: Visit, found: OpenedLowLevel) -> Iterator[Block]:
    if found.account is None:
        yield note(CANNOT_READ, Tone.URGENT)
        return
    account = found.account
    wrote = name_of(visit, account.by)
    yield Facts(
        (
            (Text("About"), account.name.reveal()),
            (Text("Written"), _day(visit, found.entry)),
            (Text("By"), Text("the adult themselves: {name}", {"name": wrote}) if _of_oneself(account) else wrote),
        ),
    )
    yield Heading(says(Text("Their own words")), 2)
    yield quoted(account.words)
    yield note(
        Text(
            "Has a child been harmed, or might they be? Is it a crime against a child, or is the adult unfit to work "
            "with children? Then make it an allegation. In doubt, ask the LADO first.",
        ),
        Tone.URGENT,
    )
    card = guidance("low-level", school=visit.school)
    yield Heading(says(card.title), 2)
    yield from card.blocks


def _of_oneself(account: Account) -> bool:
    return account.whom is Whom.MYSELF


def allege_asked(visit: Visit) -> Answer:
    """What becomes of it, before it does."""
    found = _read(visit)
    ref = {"ref": found.entry.reference}
    told = (
        paragraph(Text("It leaves the register and becomes a concern about an adult, with the same words.")),
        paragraph(Text("The clock of such a concern starts now, and the next person is told if nobody opens it.")),
        paragraph(Text("Talk to the LADO within one working day. Don't investigate, and don't tell the adult yet.")),
    )
    sure = button(Text("Yes, make it an allegation"), "lowlevel.allege.yes", Look.DANGER, ref)
    return _asked(Text("Make it an allegation?"), told, sure, ref)


def _asked(title: Text, told: Sequence[Block], sure: Choice, ref: dict[str, str]) -> Answer:
    back = button(Text("Back to what was written"), "lowlevel.read", args=ref)
    return Answer(document=Document(title, tuple(told)), choices=((sure,), (back,)))


def alleged(visit: Visit) -> Answer:
    """It is an ordinary concern about an adult now."""
    reader, key = reader_of(visit)
    reference = visit.house.vault.reference()
    if visit.receipt is None:
        return allege_asked(visit)
    make_allegation(
        visit.incoming.args.get("ref", ""),
        school=visit.school,
        concerns=visit.unit.concerns,
        register=visit.unit.register,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        receipt=visit.receipt,
        concern_id=visit.house.new_id(visit.now),
        new_reference=reference,
        person=reader.id,
        key=key,
        now=visit.now,
    )
    said = (Span(Text("It is concern {reference} now. Please open it and act on it.", {"reference": reference})),)
    document = Document(Text("It is an allegation now"), (Paragraph(said),))
    label = Text("Open {reference}", {"reference": reference})
    there = button(label, "inbox.read", Look.PRIMARY, {"ref": reference})
    return Answer(document=document, choices=((there,), (BACK,)))


def end_asked(visit: Visit) -> Answer:
    """That it cannot be undone."""
    found = _read(visit)
    ref = {"ref": found.entry.reference}
    told = (
        paragraph(Text("It is destroyed at once, and nobody can bring it back.")),
        paragraph(Text("Most schools keep such a record until the adult leaves. Your own policy goes first.")),
    )
    return _asked(Text("End it?"), told, button(Text("Yes, destroy it"), "lowlevel.end.yes", Look.DANGER, ref), ref)


def ended(visit: Visit) -> Answer:
    """It is gone."""
    reader, _ = reader_of(visit)
    end_low_level(
        visit.incoming.args.get("ref", ""),
        concerns=visit.unit.concerns,
        register=visit.unit.register,
        person=reader.id,
        now=visit.now,
    )
    document = Document(Text("It is destroyed"), (note(Text("Nothing of it is left here."), Tone.GOOD),))
    return Answer(document=document, choices=((BACK,),))
