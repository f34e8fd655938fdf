"""Something unsuitable on a screen: calm steps at once, a form of choices, and a list for whoever owns the filter."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from bot.desk.doors import FOUND
from bot.desk.visit import Visit, button, name_of, once_more
from bot.desk.years import UNSAID, called, year_of
from bot.wire import Answer, Choice, Form, FormField, Look, Option, Show
from bot.wire import Kind as Takes
from pages import Block, Bullets, Document, Facts, Tone, note, paragraph, says
from school.sensitive import Sensitive
from school.words import Refusal, Text
from staff import (
    MARK_LENGTH,
    Dealt,
    Device,
    Find,
    Kind,
    Seen,
    When,
    deal_with,
    find_for,
    label_of,
    may_read_find,
    never_a_link,
    report_find,
    tidied,
)

One = TypeVar("One", bound=StrEnum)

STEPS = "found-steps"
MOST_LISTED = 20
TELL = button(Text("Tell whoever looks after the filter"), "found.form", Look.PRIMARY)
CONCERN = button(Text("Log a concern for a child"), "report.start")
KINDS: dict[Kind, Text] = {
    Kind.SEXUAL: Text("Sexual, with adults"),
    Kind.VIOLENT: Text("Violent or cruel"),
    Kind.HATE: Text("Hateful or extreme"),
    Kind.SELF_HARM: Text("About self-harm, suicide or eating too little"),
    Kind.SALES: Text("Gambling, drugs, weapons or other adult goods"),
    Kind.CONTACT: Text("A chat or a message from a stranger"),
    Kind.CHILD_ABUSE: Text("It could be a sexual picture of a child"),
    Kind.OTHER: Text("Something else"),
}
DEVICES: dict[Device, Text] = {
    Device.BOARD: Text("The class's big screen"),
    Device.TABLET: Text("A tablet of the school's"),
    Device.COMPUTER: Text("A laptop or computer of the school's"),
    Device.OWN: Text("Somebody's own device"),
    Device.OTHER: Text("Another screen"),
}
WHENS: dict[When, Text] = {
    When.NOW: Text("In the last hour"),
    When.TODAY: Text("Earlier today"),
    When.EARLIER: Text("Before today"),
}
ANSWERS: dict[Seen, Text] = {Seen.YES: Text("Yes"), Seen.NO: Text("No"), Seen.NOT_SURE: Text("I'm not sure")}
DEALT: dict[Dealt, Text] = {
    Dealt.PROVIDER: Text("Blocked by the filter's provider"),
    Dealt.OURSELVES: Text("Blocked in our own filter"),
    Dealt.BLOCKED_NOW: Text("It is blocked now; it had slipped through"),
    Dealt.REPORTED: Text("Reported to those whose business it is"),
    Dealt.NOTHING: Text("Looked into: nothing to block"),
}
MAY_BE_A_CRIME = Text(
    "It may be a crime to look at this page or to copy it. Don't open its address. The safeguarding lead calls the "
    "police, or reports it at report.iwf.org.uk."
)


class NotAllAnsweredError(Refusal):
    """An answer is missing, or is none of the choices."""

    text = Text("Please choose an answer to each question. Nothing you gave is lost.")


def steps(visit: Visit) -> Answer:
    """What to do now, before anything is filled in."""
    return Answer(document=visit.page(STEPS), choices=((TELL,), (CONCERN,)))


def form(visit: Visit) -> Answer:
    """Choices, an address and a label: no words about a child."""
    return Answer(form=_form(visit), show=Show.FORM)


def _form(visit: Visit) -> Form:
    title = Text("What turned up?")
    kept = Text(
        "Choose what fits. There is no room for a child's name or words on purpose: those belong in a concern, which "
        "only the safeguarding team can open."
    )
    return Form(
        title=title,
        submit=Text("Send it"),
        verb="found.send",
        intro=Document(title, (note(kept, Tone.CALM),)),
        fields=(
            _choice("kind", Text("What was it?"), KINDS),
            FormField(
                name="address",
                label=Text("Its address, if you know it"),
                kind=Takes.LONG_TEXT,
                hint=Text(
                    "From your notes; don't open it again. Leave it empty if you don't know. Nothing after a ? is kept."
                ),
                private=True,
                optional=True,
                max_length=2000,
            ),
            _choice("device", Text("On which screen?"), DEVICES),
            FormField(
                name="mark",
                label=Text("The number on the device, or of the room"),
                kind=Takes.LONG_TEXT,
                hint=Text("Such as iPad 14 or Room 3. Not whose it is."),
                private=True,
                optional=True,
                max_length=MARK_LENGTH,
            ),
            _choice("when", Text("When was it?"), WHENS),
            _year_field(visit),
            _choice("seen", Text("Did a child see it?"), ANSWERS),
            _choice("upset", Text("Is a child upset?"), ANSWERS),
        ),
    )


def _choice(name: str, label: Text, options: dict[One, Text]) -> FormField:
    return FormField(
        name=name,
        label=label,
        kind=Takes.CHOICE,
        options=tuple(Option(value=value, label=said) for value, said in options.items()),
    )


def _year_field(visit: Visit) -> FormField:
    return FormField(
        name="year",
        label=Text("Which year was there?"),
        kind=Takes.CHOICE,
        options=(
            *(Option(value=year.code, label=called(year)) for year in visit.school.years),
            Option(value=UNSAID, label=Text("Several, or no class")),
        ),
        initial=UNSAID,
        compact=True,
    )


def sent(visit: Visit) -> Answer:
    """Kept, and whoever has to know is told. What can't be taken is said above the form, which keeps what was typed."""
    try:
        find = _find(visit)
    except Refusal as refusal:
        return once_more(Answer(form=_form(visit), show=Show.FORM), refusal)
    report_find(
        find, school=visit.school, finds=visit.unit.finds, outbox=visit.unit.outbox, evidence=visit.unit.evidence
    )
    return _thanks(find)


def _find(visit: Visit) -> Find:
    """Raises NotAllAnsweredError, NoAddressError, LongAddressError or NoMarkError."""
    args, words = visit.incoming.args, visit.incoming.words
    address = (words.get("address") or Sensitive("")).reveal().strip()
    return Find(
        id=visit.house.new_id(visit.now),
        reference=visit.house.vault.reference(),
        at=visit.now,
        by=visit.person.id if visit.person else "",
        kind=_chosen(Kind, args.get("kind", "")),
        device=_chosen(Device, args.get("device", "")),
        when=_chosen(When, args.get("when", "")),
        seen=_chosen(Seen, args.get("seen", "")),
        upset=_chosen(Seen, args.get("upset", "")),
        address=tidied(address).address if address else "",
        mark=label_of((words.get("mark") or Sensitive("")).reveal()),
        year=year_of("" if args.get("year") == UNSAID else args.get("year", "")),
    )


def _chosen(kind: type[One], value: str) -> One:
    try:
        return kind(value)
    except ValueError as error:
        raise NotAllAnsweredError from error


def _thanks(find: Find) -> Answer:
    reference = {"reference": find.reference}
    if find.kind is Kind.CHILD_ABUSE:
        told = Text("The safeguarding lead is told of {reference}. Tell them in person too, now.", reference)
        blocks: list[Block] = [note(told, Tone.URGENT), paragraph(MAY_BE_A_CRIME)]
    else:
        told = Text("Whoever looks after the filter and the safeguarding lead are told of {reference}.", reference)
        blocks = [note(told, Tone.GOOD), paragraph(Text("You did the right thing. Leave the page closed."))]
    if find.upset is not Seen.NO or find.seen is not Seen.NO:
        blocks.append(paragraph(Text("For a child who saw it or is upset, log a concern: it is one tap.")))
    concern = button(CONCERN.label, CONCERN.verb, Look.PLAIN if find.upset is Seen.NO else Look.PRIMARY)
    return Answer(document=Document(Text("Thank you"), tuple(blocks)), choices=((concern,),), show=Show.REPLACE)


def listed(visit: Visit) -> Answer:
    """By reference and day, those that wait first; what it was shows to whoever opens it."""
    assert visit.person is not None
    found = [each for each in visit.unit.finds.newest(limit=MOST_LISTED) if may_read_find(each, person=visit.person)]
    title = Text("What has turned up")
    if not found:
        return Answer(document=Document(title, (note(Text("Nothing waits here."), Tone.GOOD),)), show=_where(visit))
    lines = Bullets(tuple(says(_line(visit, each)) for each in found))
    buttons = [
        button(
            Text("Open {reference}", {"reference": each.reference}),
            "found.read",
            Look.PLAIN if each.dealt else Look.PRIMARY,
            {"ref": each.reference},
        )
        for each in found
    ]
    rows = tuple(tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4))
    return Answer(document=Document(title, (lines,)), choices=rows, show=_where(visit))


def _where(visit: Visit) -> Show:
    return Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE


def _line(visit: Visit, find: Find) -> Text:
    values: dict[str, str | int | Text] = {"reference": find.reference, "day": _day(visit, find)}
    if find.dealt:
        return Text("{reference}, told on {day}: dealt with", values)
    return Text("{reference}, told on {day}: waits for you", values)


def _day(visit: Visit, find: Find) -> str:
    return f"{visit.school.calendar.local(find.at):%d/%m/%Y, %H:%M}"


def opened(visit: Visit) -> Answer:
    """One of them with all that is kept of it."""
    assert visit.person is not None
    find = find_for(visit.incoming.args.get("ref", ""), person=visit.person, finds=visit.unit.finds)
    return _shown(visit, find)


def _shown(visit: Visit, find: Find) -> Answer:
    title = Text("Found: {reference}", {"reference": find.reference})
    ref = {"ref": find.reference}
    deal: tuple[Choice, ...] = (button(Text("Mark as dealt with"), "found.deal", Look.PRIMARY, ref),)
    rows = ((FOUND,),) if find.dealt else (deal, (FOUND,))
    return Answer(document=Document(title, tuple(_blocks(visit, find))), choices=rows, show=Show.REPLACE)


def _blocks(visit: Visit, find: Find) -> Iterator[Block]:
    if find.kind is Kind.CHILD_ABUSE:
        yield note(MAY_BE_A_CRIME, Tone.URGENT)
    yield Facts(
        (
            (Text("What"), KINDS[find.kind]),
            # So that nobody opens it by a slip of the finger.
            (Text("Address"), never_a_link(find.address) or Text("not known")),
            (Text("Screen"), DEVICES[find.device]),
            (Text("Device or room"), find.mark or Text("not said")),
            (Text("When"), WHENS[find.when]),
            (Text("Year"), called(find.year) if find.year else Text("not said")),
            (Text("Seen by a child"), ANSWERS[find.seen]),
            (Text("A child is upset"), ANSWERS[find.upset]),
            (Text("Told by"), name_of(visit, find.by)),
            (Text("Told on"), _day(visit, find)),
        )
    )
    if find.dealt and find.dealt_at:
        values: dict[str, str | int | Text] = {
            "what": DEALT[find.dealt],
            "date": f"{visit.school.calendar.local(find.dealt_at):%d/%m/%Y}",
            "name": name_of(visit, find.dealt_by),
        }
        yield note(Text("{what}, on {date}, by {name}.", values), Tone.GOOD)


def deal_form(visit: Visit) -> Answer:
    """What was done about it."""
    assert visit.person is not None
    find = find_for(visit.incoming.args.get("ref", ""), person=visit.person, finds=visit.unit.finds)
    title = Text("Mark as dealt with")
    made = Form(
        title=title,
        submit=title,
        verb="found.deal.send",
        args={"ref": find.reference},
        fields=(_choice("how", Text("What was done?"), DEALT),),
        intro=Document(title, (paragraph(Text("Found: {reference}", {"reference": find.reference})),)),
    )
    return Answer(form=made, show=Show.FORM)


def dealt_with(visit: Visit) -> Answer:
    """It is dealt with: how, on which day and by whom."""
    assert visit.person is not None
    find = deal_with(
        visit.incoming.args.get("ref", ""),
        how=_chosen(Dealt, visit.incoming.args.get("how", "")),
        person=visit.person,
        finds=visit.unit.finds,
        evidence=visit.unit.evidence,
        now=visit.now,
    )
    return _shown(visit, find)
