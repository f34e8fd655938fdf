"""Finding out who wrote, at the desk: one reader asks, a second person agrees, and each sees it once."""

from bot.desk.doors import BACK_TO_LIST
from bot.desk.inbox import case_page, quoted, reader_of
from bot.desk.visit import Visit, button, name_of, says_only
from bot.wire import Answer, Card, Form, FormField, Kind, Look, Via
from pages import Block, Document, Facts, Heading, Tone, note, paragraph, says
from safeguarding import (
    Identity,
    NoIdentityError,
    NothingToSendError,
    TooLongError,
    Uncovering,
    agree_to_uncover,
    ask_who_wrote,
    asked_of,
    may_ask,
    readable,
    refuse_to_uncover,
    see_who_wrote,
    take_back,
    waiting_for,
)
from school.sensitive import Sensitive
from school.words import Text

PLATFORMS: dict[str, Text] = {Via.SLACK: Text("Slack"), Via.TELEGRAM: Text("Telegram")}
TITLE = Text("Find out who wrote")
ONLY_IN_DANGER = Text(
    "Only where somebody may be in danger, and only if it can't wait for an answer. A second person has to agree, the "
    "other safeguarding people are told, and both of you stand in the log.",
)


def _reference(visit: Visit) -> str:
    return visit.incoming.args.get("ref", "")


def ask_form(visit: Visit) -> Answer:
    """Why, before anything is asked."""
    reader, _ = reader_of(visit)
    concern = readable(_reference(visit), concerns=visit.unit.concerns, person=reader.id)
    if not may_ask(concern, identities=visit.unit.identities, person=reader.id):
        raise NoIdentityError
    ref = {"ref": concern.reference}
    reason = FormField(
        name="words",
        label=Text("Who may be in danger, and why do you need to know who wrote?"),
        kind=Kind.LONG_TEXT,
        hint=Text("Whoever may agree reads this. It also stands as a note in the report."),
        private=True,
        max_length=2_000,
    )
    made = Form(
        title=TITLE,
        submit=Text("Ask a second person"),
        verb="identity.ask.send",
        args=ref,
        fields=(reason,),
        intro=Document(
            TITLE,
            (
                note(Text("If somebody is in danger now, call 999 first. Don't wait for this."), Tone.URGENT),
                paragraph(ONLY_IN_DANGER),
            ),
        ),
    )
    return Answer(form=made, choices=((button(Text("Back to the report"), "inbox.read", args=ref),),))


def asked(visit: Visit) -> Answer:
    """It waits for the second person. What can't be taken is said above the form, which keeps what was typed."""
    reader, key = reader_of(visit)
    words = visit.incoming.words.get("words") or Sensitive("")
    try:
        ask_who_wrote(
            _reference(visit),
            reason=words,
            school=visit.school,
            concerns=visit.unit.concerns,
            identities=visit.unit.identities,
            outbox=visit.unit.outbox,
            person=reader.id,
            key=key,
            now=visit.now,
        )
    except (NothingToSendError, TooLongError) as refusal:
        form = ask_form(visit)
        above = Document(TITLE, (note(refusal.text, Tone.URGENT),))
        return Answer(document=above, form=form.form, choices=form.choices, refused=True)
    said = Text("A second person has been told, and has to agree. Call them too: the request holds for a day.")
    return case_page(visit, note(said, Tone.GOOD))


def waiting(visit: Visit) -> Answer:
    """What this person may agree to."""
    reader, _ = reader_of(visit)
    found = waiting_for(reader.id, identities=visit.unit.identities, now=visit.now)
    title = Text("Asked of you")
    if not found:
        nothing = Document(title, (note(Text("Nobody asks anything of you now."), Tone.GOOD),))
        return Answer(document=nothing, choices=((BACK_TO_LIST,),))
    return Answer(
        document=Document(title), cards=tuple(_card(visit, each) for each in found), choices=((BACK_TO_LIST,),)
    )


def _card(visit: Visit, found: Uncovering) -> Card:
    look = button(Text("Look at what is asked"), "identity.look", Look.PRIMARY, {"ref": found.reference})
    return Card(Document("", (_facts(visit, found),)), ((look,),))


def _facts(visit: Visit, found: Uncovering) -> Facts:
    return Facts(
        (
            (Text("Reference"), found.reference),
            (Text("Asked by"), name_of(visit, found.asked_by)),
            (Text("Asked"), f"{visit.school.calendar.local(found.asked):%a %d %b %Y, %H:%M}"),
        ),
    )


def look(visit: Visit) -> Answer:
    """Who asks and why; not one word of the report, which may not be theirs to read."""
    reader, key = reader_of(visit)
    found = asked_of(
        _reference(visit),
        concerns=visit.unit.concerns,
        identities=visit.unit.identities,
        person=reader.id,
        now=visit.now,
    )
    reason = visit.unit.identities.reason(found.concern_id, person=reader.id, key=key)
    unread = note(Text("The reason can't be read. Please speak to whoever asks before you agree."), Tone.URGENT)
    ref = {"ref": found.reference}
    blocks: tuple[Block, ...] = (
        _facts(visit, found),
        Heading(says(Text("Why")), 2),
        quoted(reason) if reason is not None else unread,
        note(ONLY_IN_DANGER, Tone.URGENT),
        paragraph(
            Text("If you agree, you both see once which account wrote. If you are in doubt, speak to each other.")
        ),
    )
    rows = (
        (button(Text("I agree: show who wrote"), "identity.agree", Look.DANGER, ref),),
        (button(Text("I don't agree"), "identity.refuse", args=ref),),
        (BACK_TO_LIST,),
    )
    title = Text("Asked of you: {reference}", {"reference": found.reference})
    return Answer(document=Document(title, blocks), choices=rows)


def agreed(visit: Visit) -> Answer:
    """The second person sees it, and whoever asked may."""
    reader, key = reader_of(visit)
    identity = agree_to_uncover(
        _reference(visit),
        school=visit.school,
        concerns=visit.unit.concerns,
        identities=visit.unit.identities,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        person=reader.id,
        key=key,
        now=visit.now,
    )
    return _uncovered(visit, identity)


def seen(visit: Visit) -> Answer:
    """Whoever asked sees it, once."""
    reader, key = reader_of(visit)
    identity = see_who_wrote(
        _reference(visit),
        concerns=visit.unit.concerns,
        identities=visit.unit.identities,
        person=reader.id,
        key=key,
        now=visit.now,
    )
    return _uncovered(visit, identity)


def _uncovered(visit: Visit, identity: Identity) -> Answer:
    called = identity.called.reveal().strip()
    facts: tuple[tuple[Text, str | Text], ...] = (
        (Text("Reference"), _reference(visit)),
        (Text("Written on"), PLATFORMS.get(identity.via, Text("a chat app"))),
        (Text("Account number"), identity.address.reveal()),
        (Text("Name on the account"), called or Text("not given by the app")),
    )
    blocks: tuple[Block, ...] = (
        note(Text("This is shown to you once. Write down what you need now."), Tone.URGENT),
        Facts(facts),
        paragraph(
            Text(
                "It is an account, not a proof: somebody else may have used it, and a name may be made up. The police "
                "can ask the company whose it is. On Slack, whoever looks after your workspace can look the number up.",
            ),
        ),
        paragraph(Text("Use it only to keep somebody safe. The other safeguarding people have been told.")),
    )
    title = Text("Who wrote {reference}", {"reference": _reference(visit)})
    return Answer(document=Document(title, blocks), choices=((BACK_TO_LIST,),))


def refused(visit: Visit) -> Answer:
    """Whoever asked hears that it was not agreed to."""
    refuse_to_uncover(
        _reference(visit),
        school=visit.school,
        concerns=visit.unit.concerns,
        identities=visit.unit.identities,
        outbox=visit.unit.outbox,
        person=reader_of(visit)[0].id,
        now=visit.now,
    )
    said = Text("Nobody sees who wrote. Whoever asked has been told. Please speak to each other about what to do.")
    return Answer(document=says_only(said, title=TITLE).document, choices=((BACK_TO_LIST,),))


def taken_back(visit: Visit) -> Answer:
    """It is needed no more."""
    take_back(
        _reference(visit),
        concerns=visit.unit.concerns,
        identities=visit.unit.identities,
        person=reader_of(visit)[0].id,
        now=visit.now,
    )
    return case_page(visit, note(Text("Taken back. Nobody sees who wrote."), Tone.GOOD))
