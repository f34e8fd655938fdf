"""Reports at the desk: one form for every channel, year by year where a platform asks for an age, a receipt at once."""

from bot.desk import topics
from bot.desk.asks import (
    ABOUT,
    ABOUT_ASKED,
    ABOUT_MISSING,
    RECEIPT_FOR,
    WORDS_ASKED,
    WORDS_HINT,
    WORDS_MISSING,
)
from bot.desk.doors import LOG_LOW_LEVEL
from bot.desk.hours import after_sending, before_writing, not_open_yet, to_read_on, when_somebody_looks
from bot.desk.origins import about_message, origin_here
from bot.desk.senders import identity_of
from bot.desk.visit import Visit, button
from bot.desk.waiting import WANTED_DONE, offer, this_chat
from bot.desk.wording import LEVEL, in_two, level_at, notice, other_levels, worded
from bot.desk.years import PARENT, UNSAID, called, is_family, may_here, too_young, year_of, years
from bot.unit import Conversation
from bot.wire import Answer, Choice, Form, FormField, Kind, Option, Show, Via
from pages import Document, Heading, Note, Paragraph, Span, Tone, note, paragraph, says
from safeguarding import (
    YEAR_GROUP,
    About,
    Level,
    Report,
    Wording,
    answer_here,
    beside,
    level_of,
    origin_answers,
    receive,
    topic_answers,
    topic_named,
)
from school.people import YearGroup
from school.sensitive import Sensitive
from school.words import Refusal, Text

Rows = tuple[tuple[Choice, ...], ...]

FLOW = "report"
YEAR = "year"
RATHER_NOT = Text("I'd rather not say")
ASK_AGAIN = Choice(label=Text("Ask about a worry you sent"), verb="report.status")

TELL_YES = "yes"
COME_BACK = Text(
    "We can't write to you, so please come back with your receipt. "
    "If an adult has written to you, you can read it there."
)


class MissingWordsError(Refusal):
    """A form that came back without its words."""

    text = WORDS_MISSING


def about_of(value: str) -> About:
    """By its word. Anything else is not a pupil: it may be about the very person who reads of pupils."""
    try:
        return About(value)
    except ValueError:
        return About.NOT_SURE


def _fields(visit: Visit, level: Level) -> tuple[FormField, ...]:
    return (
        FormField(
            name="about",
            label=ABOUT_ASKED[level],
            kind=Kind.CHOICE,
            options=tuple(Option(value=about, label=label) for about, label in ABOUT[level].items()),
            missing=ABOUT_MISSING[level],
        ),
        FormField(
            name="words",
            label=WORDS_ASKED[level] if not visit.person else Text("What did you see or hear?"),
            kind=Kind.LONG_TEXT,
            hint=WORDS_HINT[level]
            if not visit.person
            else Text("Use the child's own words where you can. Don't ask them any more questions."),
            private=True,
            missing=WORDS_MISSING,
        ),
        topics.field(level),
        *((_year_field(visit),) if visit.person and visit.school.routing else ()),
        *((_tell_field(),) if visit.incoming.via is Via.SLACK else ()),
    )


def _year_field(visit: Visit) -> FormField:
    """For staff, and only where it changes who reads it: a child who reports comes by a poster, or says no year."""
    given = year_of(visit.incoming.args.get("year", ""))
    return FormField(
        name="year",
        label=Text("Which year is the child in?"),
        kind=Kind.CHOICE,
        options=(
            *(Option(value=year.code, label=called(year)) for year in visit.school.years),
            Option(value=UNSAID, label=Text("I don't know, or more than one year")),
        ),
        hint=Text("Whoever leads that year reads it as well, if it is about a pupil."),
        initial=given.code if given is not None and given in visit.school.years else UNSAID,
    )


def _tell_field() -> FormField:
    """The last question, and answered already: many a computer is shared."""
    return FormField(
        name="tell",
        label=Text("May we write to you here when there is an answer?"),
        kind=Kind.CHOICE,
        options=(
            Option(value="no", label=Text("No, I will ask with my receipt")),
            Option(value=TELL_YES, label=Text("Yes, here in Slack")),
        ),
        hint=Text("We would only say that something is waiting. If others use this computer, it is safer to say no."),
        initial="no",
    )


def form(visit: Visit) -> Answer:
    """The whole form, with what to know before typing. In a chat, for a year that may report there."""
    if not may_here(visit, visit.incoming.args.get("year", "")):
        return too_young(visit)
    if closed := not_open_yet(visit):
        return closed
    year, level = year_of(visit.incoming.args.get("year", "")), level_at(visit)
    told = {"year": year.code} if year and not visit.person else {}
    if level is not level_of(year) and not visit.person:
        told[LEVEL] = level
    told |= about_message(visit)
    intro, more = _to_read(visit, level)
    if year and told and visit.incoming.via is Via.WEB:
        intro = intro + Document("", (note(Text("This is the form for {year}.", {"year": called(year)})),))
    title = Text("Log a concern for a child") if visit.person else Text("Tell someone")
    made = Form(
        title=title,
        submit=Text("Send it safely"),
        verb="report.send",
        # Staff read what a grown-up reads, whatever level no year gives them.
        fields=_fields(visit, Level.KS3 if visit.person else level),
        args=told,
        intro=intro,
        more=more,
    )
    # Staff type /report for an adult as well: what falls short of harm has a register of its own.
    doors = ((LOG_LOW_LEVEL,),) if visit.person else ()
    rows = (other_levels(visit, level), (ASK_AGAIN,)) if visit.incoming.via is Via.WEB else doors
    return Answer(document=intro, form=made, choices=rows, show=Show.FORM)


def _to_read(visit: Visit, level: Level) -> tuple[Document, Document | None]:
    """What stands above the fields; and what a page folds away there, for a phone has room for little."""
    if visit.person:
        return visit.page("report-intro-staff") + before_writing(visit, level), None
    intro = worded(visit, Wording.INTRO, level)
    if visit.incoming.via is not Via.WEB:
        return intro + before_writing(visit, level), None
    first, rest = in_two(intro)
    return first + when_somebody_looks(visit), rest + to_read_on(visit, level)


def start(visit: Visit) -> Answer:
    """`/report`: straight to the form for staff and on the web; a pupil in a chat is asked for their year first."""
    if visit.person or visit.incoming.via is Via.WEB:
        return form(visit)
    if closed := not_open_yet(visit):
        return closed
    if visit.incoming.via is Via.SLACK:
        which = FormField(
            name="year",
            label=Text("Which year are you in?"),
            kind=Kind.CHOICE,
            options=(
                *(Option(value=year.code, label=called(year)) for year in years(visit)),
                Option(value=UNSAID, label=RATHER_NOT),
            ),
        )
        made = Form(
            title=Text("Tell someone"),
            submit=Text("Go on"),
            verb="report.year",
            fields=(which,),
            args=about_message(visit),
        )
        return Answer(form=made, show=Show.FORM)
    allowed = visit.school.reporting.years_by_dm
    choices = [button(called(year), "report.year", args={"year": year.code}) for year in allowed]
    rows = (
        *((tuple(choices),) if choices else ()),
        (button(Text("Another year, or I'd rather not say"), "report.year", args={"year": ""}),),
        *(
            ((button(Text("I'm a parent or carer"), "report.year", args={"year": PARENT}),),)
            if is_family(visit)
            else ()
        ),
    )
    intro = visit.page("report-intro") + before_writing(visit)
    return Answer(document=intro + _asks(Text("Which year are you in?")), choices=rows)


def _asks(words: Text) -> Document:
    return Document("", (Heading(says(words), 3),))


def year_chosen(visit: Visit) -> Answer:
    """Old enough for this channel, or shown the way that is open to everybody."""
    return _chosen(visit, visit.incoming.args.get("year", ""), show=Show.REPLACE)


def by_poster(visit: Visit, year: YearGroup) -> Answer:
    """Somebody came with the code of a year's poster: as if they had chosen that year."""
    if closed := not_open_yet(visit):
        return closed
    return _chosen(visit, year.code, show=Show.REPLY)


def _chosen(visit: Visit, year: str, *, show: Show) -> Answer:
    if not may_here(visit, year):
        return too_young(visit, year_of(year), show=show)
    if visit.incoming.via is Via.SLACK:
        return form(visit)
    question, rows = about_question("report.about", y=year)
    adults = visit.page("report-adult")
    asked = Document(Text("Tell someone"), adults.blocks, adults.lang) + question
    level = level_of(year_of(year))
    if year != PARENT and level is not Level.KS2:
        # What they read before they gave their year was for everybody; it is on this message no more.
        intro = worded(visit, Wording.INTRO, level)
        asked = (Document(intro.title, intro.blocks, intro.lang) + notice(visit, level)) + asked
    return Answer(document=asked, choices=rows, show=show)


def about_question(verb: str, **args: str) -> tuple[Document, Rows]:
    """Whom it is about, with a button an answer; each leads to the verb with the answer as `a`.

    In the words for the eldest: only a chat asks it by itself, and a chat is for nobody younger.
    """
    answers = ABOUT[Level.KS3].items()
    rows = tuple((button(label, verb, args={**args, "a": about.value}),) for about, label in answers)
    return _asks(ABOUT_ASKED[Level.KS3]), rows


def about_chosen(visit: Visit) -> Answer:
    """In a chat, the next message is the report; for a year that may report there."""
    if not may_here(visit, visit.incoming.args.get("y", "")):
        return too_young(visit)
    about = about_of(visit.incoming.args.get("a", ""))
    year = year_of(visit.incoming.args.get("y", ""))
    held = {"about": about.value, LEVEL: level_of(year).value}
    if year is not None and beside(about, school=visit.school, year=year):
        # Only where it changes who reads it; gone with this step, and sealed along with the words (decision 0034).
        held[YEAR] = year.code
    visit.unit.conversations.keep(
        via=visit.incoming.via,
        address=visit.incoming.sender,
        conversation=Conversation(flow=FLOW, step="words", held=held, touched=visit.now),
    )
    return Answer(document=tell_us(), show=Show.REPLACE)


def tell_us() -> Document:
    """What is asked before the message that is the report."""
    return Document(
        Text("Tell someone"),
        (
            paragraph(Text("Tell us what happened, in your own words. Send it as one message.")),
            note(Text("You can tell, explain or describe it. Spelling doesn't matter.")),
            note(Text("If anyone is in danger now, call 999. Childline is free at any time: 0800 1111."), Tone.URGENT),
        ),
    )


def send(visit: Visit) -> Answer:
    """The form came back: seal it, tell the lead, thank the reporter with a receipt."""
    return take(
        visit,
        words=visit.incoming.words.get("words"),
        about=about_of(visit.incoming.args.get("about", "")),
        show=Show.REPLACE,
        level=level_at(visit),
        year=year_of(visit.incoming.args.get(YEAR, "")),
    )


def take(
    visit: Visit,
    *,
    words: Sensitive | None,
    about: About,
    show: Show,
    level: Level = Level.KS2,
    year: YearGroup | None = None,
) -> Answer:
    """Take a report whose words have arrived, by whatever way; `year` is the pupil's, where it was said."""
    if words is None or visit.receipt is None:
        raise MissingWordsError
    details = [("logged_by", visit.person.id)] if visit.person else []
    details += topic_answers(topic_named(visit.incoming.args.get("topic", "")))
    if year is not None:
        details.append((YEAR_GROUP, year.code))
    details += origin_answers(origin_here(visit))
    received = receive(
        Report(
            about=about,
            words=words,
            via=visit.incoming.via,
            details=tuple(details),
            by=visit.person.id if visit.person else "",
            identity=identity_of(visit),
            flood=visit.incoming.flood,
        ),
        school=visit.school,
        concerns=visit.unit.concerns,
        outbox=visit.unit.outbox,
        evidence=visit.unit.evidence,
        receipt=visit.receipt,
        concern_id=visit.house.new_id(visit.now),
        reference=visit.house.vault.reference(),
        now=visit.now,
    )
    visit.unit.conversations.end(via=visit.incoming.via, address=visit.incoming.sender)
    page = worded(visit, Wording.THANKS, level)
    # The code comes first: it is shown once, and on a phone what stands further down may never be seen.
    thanks = Document(page.title, receipt_note(received.receipt, level).blocks, page.lang) + page
    thanks = thanks + where_to_ask(visit) + after_sending(visit)
    asked, rows = _told_of_answers(visit, received.reference)
    if show is Show.REPLY:  # typed into a chat, where it still stands
        thanks = thanks + still_in_chat(visit)
    return Answer(document=thanks + asked, choices=rows, show=show, delete_incoming=True)


def _told_of_answers(visit: Visit, reference: str) -> tuple[Document, Rows]:
    """Whether to write to them here when there is an answer: asked in a chat, and answered in Slack's form already.

    A form's answer takes the place of the form, and a tap below it would take the place of the receipt.
    """
    match visit.incoming.via:
        case Via.TELEGRAM:
            return offer([reference])
        case Via.SLACK if visit.incoming.args.get("tell") == TELL_YES:
            concern = visit.unit.concerns.by_reference(reference)
            if concern is not None:
                answer_here(
                    concern, chat=this_chat(visit), concerns=visit.unit.concerns, chats=visit.unit.chats, now=visit.now
                )
            return Document("", (note(WANTED_DONE),)), ()
        case Via.WEB:
            return Document("", (note(COME_BACK),)), ((ASK_AGAIN,),)
        case _:
            return Document(""), ()


def still_in_chat(visit: Visit) -> Document:
    """What becomes of the message that the words came in. Slack lets no bot remove what somebody else wrote.

    Sources: core.telegram.org/bots/api#deletemessage; docs.slack.dev/reference/methods/chat.delete.
    """
    words = (
        Text(
            "We have tried to remove your message from this chat. If you can still see it, you can delete it yourself."
        )
        if visit.incoming.via is Via.TELEGRAM
        else Text(
            "We can't remove your message from this chat. You may delete it yourself. Slack may still keep a copy."
        )
    )
    return Document("", (note(words),))


def receipt_note(shown: str, level: Level = Level.KS2) -> Document:
    """The receipt, once, for the reporter's own eyes, and what it is for; `where_to_ask` says where."""
    code = (Span(Text("Your receipt")), Span(": "), Span(shown, strong=True))
    return Document("", (Note(code, Tone.GOOD), paragraph(RECEIPT_FOR[level])))


def where_to_ask(visit: Visit) -> Document:
    """The page that knows how a report stands; in a chat, that one may ask there as well."""
    address = visit.address("/report/receipt")
    # On the web it is only to be written down: a button beside it keeps the language, and a shared screen's clearing.
    href = None if visit.incoming.via is Via.WEB else address
    page = Paragraph((Span(Text("You can ask on this page:")), Span(" "), Span(address, href=href)))
    here = paragraph(Text("Or send the receipt here, with no other words. Then we tell you."))
    return Document("", (page,) if visit.incoming.via is Via.WEB else (page, here))
