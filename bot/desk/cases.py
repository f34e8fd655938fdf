"""A case at the desk: what a reader can do with an open report, each step by a button and at most one question."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.desk.inbox import case_page, reader_of
from bot.desk.papers import take_it_along
from bot.desk.visit import Visit, button
from bot.wire import Answer, Card, Choice, Form, FormField, Kind
from pages import Document, Tone, note, paragraph
from safeguarding import (
    agree_to_close,
    ask_to_close,
    assign,
    hand_over,
    readable,
    refer,
    reopen,
    reply,
)
from safeguarding import note as note_down
from school.sensitive import Sensitive
from school.words import Text

BACK = Text("Back to the report")


def _reference(visit: Visit) -> str:
    return visit.incoming.args.get("ref", "")


def _words(visit: Visit) -> Sensitive:
    return visit.incoming.words.get("words") or Sensitive("")


def _me(visit: Visit) -> str:
    return reader_of(visit)[0].id


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked before a step: `above` is said before it."""

    verb: str
    title: Text
    above: Text
    tone: Tone = Tone.CALM
    label: Text
    hint: Text
    submit: Text


def _asks(visit: Visit, question: Question) -> Answer:
    """For somebody who may open the case, with the way back."""
    concern = readable(_reference(visit), concerns=visit.unit.concerns, person=_me(visit))
    words = FormField(name="words", label=question.label, kind=Kind.LONG_TEXT, hint=question.hint, private=True)
    made = Form(
        title=question.title,
        submit=question.submit,
        verb=question.verb,
        args={"ref": concern.reference},
        fields=(words,),
        intro=Document(question.title, (note(question.above, question.tone),)),
    )
    return Answer(form=made, choices=((back(concern.reference),),))


def back(reference: str) -> Choice:
    """To the report, without doing anything."""
    return button(BACK, "inbox.read", args={"ref": reference})


def reply_asked(visit: Visit) -> Answer:
    """What to say to whoever reported."""
    return _asks(
        visit,
        Question(
            verb="inbox.reply.send",
            title=Text("Write to the person who reported"),
            label=Text("Your message"),
            submit=Text("Send it"),
            hint=Text(
                "Short and plain. Say what happens next. Ask with “tell me”, “explain” or “describe”, never “why”."
            ),
            above=Text("They read it with their receipt. Don't promise to keep a secret."),
        ),
    )


def replied(visit: Visit) -> Answer:
    """It waits behind the receipt."""
    reader, key = reader_of(visit)
    told = reply(
        _reference(visit),
        words=_words(visit),
        concerns=visit.unit.concerns,
        chats=visit.unit.chats,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        person=reader.id,
        key=key,
        now=visit.now,
    )
    said = (
        Text("Sent. They are told in their chat that something is waiting, and can read it with their receipt.")
        if told
        else Text("Sent. They can read it with their receipt. They have not asked to be told, so they have to look.")
    )
    return case_page(visit, note(said, Tone.GOOD))


def note_asked(visit: Visit) -> Answer:
    """What to write down for the other readers."""
    return _asks(
        visit,
        Question(
            verb="inbox.note.send",
            title=Text("Write a private note"),
            label=Text("Your note"),
            submit=Text("Keep it"),
            hint=Text("What you decided, and the reason."),
            above=Text("Only those who may open this report can read it. The sender can't."),
        ),
    )


def noted(visit: Visit) -> Answer:
    """It stands in the case."""
    note_down(_reference(visit), words=_words(visit), concerns=visit.unit.concerns, person=_me(visit), now=visit.now)
    return case_page(visit, note(Text("Kept."), Tone.GOOD))


def assign_asked(visit: Visit) -> Answer:
    """Whose it is to be: any of its readers."""
    concern = readable(_reference(visit), concerns=visit.unit.concerns, person=_me(visit))
    names = {person.id: person.name for person in visit.school.people}
    rows = tuple(
        (
            button(
                Text("{name} deals with it", {"name": names.get(each, each)}),
                "inbox.assign.to",
                args={"ref": concern.reference, "to": each},
            ),
        )
        for each in concern.readers
    )
    nobody = button(Text("Nobody yet"), "inbox.assign.to", args={"ref": concern.reference, "to": ""})
    title = Text("Who deals with it?")
    asked = Document(title, (paragraph(Text("Everybody who may open it still can.")),))
    return Answer(document=asked, choices=(*rows, (nobody,), (back(concern.reference),)))


def assigned(visit: Visit) -> Answer:
    """It is theirs."""
    assign(
        _reference(visit),
        to=visit.incoming.args.get("to", ""),
        concerns=visit.unit.concerns,
        person=_me(visit),
        now=visit.now,
    )
    return case_page(visit, note(Text("Done."), Tone.GOOD))


def refer_asked(visit: Visit) -> Answer:
    """Which service, and why."""
    return _asks(
        visit,
        Question(
            verb="inbox.refer.send",
            title=Text("It is with a service outside"),
            label=Text("Which service, whom you spoke to, and why"),
            submit=Text("Mark it as referred"),
            hint=Text("Such as children's services, the police or the LADO, with the date and any reference."),
            above=Text("This only writes it down. It calls nobody."),
        ),
    )


def referred(visit: Visit) -> Answer:
    """Marked so."""
    refer(_reference(visit), words=_words(visit), concerns=visit.unit.concerns, person=_me(visit), now=visit.now)
    return case_page(visit, note(Text("Marked as referred."), Tone.GOOD))


def hand_over_asked(visit: Visit) -> Answer:
    """Its files, to be put into the school's own records; then where it stands in them."""
    system: Mapping[str, str] = {"system": visit.school.reporting.record_system}
    asked = _asks(
        visit,
        Question(
            verb="inbox.hand_over.send",
            title=Text("It is in {system} now", system),
            label=Text("Its reference in {system}", system),
            submit=Text("I have copied it, and it is there"),
            hint=Text("And where, if that is not clear from the reference."),
            above=Text(
                "File it first: the words, the answers and your notes. Lollipop destroys its own copy after "
                "30 days. Until then you can open it again.",
            ),
            tone=Tone.URGENT,
        ),
    )
    said, files = take_it_along(visit, _reference(visit))
    form = asked.form
    document = form.intro if form else None
    step_by_step = replace(form, intro=None) if form else None
    return replace(asked, document=document, cards=(Card(Document("", said), files),), form=step_by_step)


def handed_over(visit: Visit) -> Answer:
    """Its copy here has an end."""
    end = hand_over(
        _reference(visit),
        words=_words(visit),
        concerns=visit.unit.concerns,
        evidence=visit.unit.evidence,
        person=_me(visit),
        now=visit.now,
    )
    day = f"{visit.school.calendar.local(end):%d/%m/%Y}"
    return case_page(visit, note(Text("Handed over. Our copy is destroyed on {day}.", {"day": day}), Tone.GOOD))


def close_asked(visit: Visit) -> Answer:
    """Why it is nothing."""
    return _asks(
        visit,
        Question(
            verb="inbox.close.send",
            title=Text("Close it without a record"),
            label=Text("Why this needs no record, such as a test or a joke that is known to be one"),
            submit=Text("Ask a second person to agree"),
            hint=Text("If you are not sure, hand it over instead."),
            above=Text("A second person who may open it has to agree."),
        ),
    )


def closing(visit: Visit) -> Answer:
    """It waits for the second person."""
    ask_to_close(_reference(visit), words=_words(visit), concerns=visit.unit.concerns, person=_me(visit), now=visit.now)
    return case_page(visit, note(Text("It is closed once a second person agrees."), Tone.GOOD))


def closed(visit: Visit) -> Answer:
    """The second person agrees."""
    agree_to_close(_reference(visit), concerns=visit.unit.concerns, person=_me(visit), now=visit.now)
    return case_page(visit, note(Text("Closed."), Tone.GOOD))


def reopened(visit: Visit) -> Answer:
    """It goes on."""
    reopen(_reference(visit), concerns=visit.unit.concerns, person=_me(visit), now=visit.now)
    return case_page(visit, note(Text("Open again."), Tone.GOOD))
