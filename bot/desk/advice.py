"""Questions at the desk: `/ask`, the queue of whoever leads on e-safety, and the FAQ that grows from the answers."""

from collections.abc import Mapping
from dataclasses import replace

from bot.desk.asks import ABOUT, ABOUT_ASKED, ABOUT_MISSING
from bot.desk.chats import words as sealed
from bot.desk.ladder import LADDER_BESIDE
from bot.desk.questions import LONG_AGO, asker_of, begin, question_form, rows_of, take_question
from bot.desk.reports import MissingWordsError, about_of, start, take
from bot.desk.visit import Visit, button, day_of, once_more, says_only
from bot.desk.whatnow import WHATNOW_BESIDE
from bot.wire import Answer, Choice, Form, FormField, Kind, Look, Option, Show, Via
from pages import Block, Bullets, Document, Facts, Heading, Tone, note, paragraph, says
from safeguarding import Level
from school.sensitive import Sensitive
from school.words import Refusal, Text
from staff import (
    ADVISERS,
    ANSWER_LENGTH,
    FAQ_ANSWER_LENGTH,
    FAQ_ASK_LENGTH,
    Asker,
    Question,
    QuestionState,
    answer_question,
    close_question,
    make_faq,
    question_for,
)

# Slack shows so many buttons below a message without a second one.
MOST_LISTED = 20
QUEUE = Text("Questions to the school")
LIST = button(Text("Back to the questions"), "ask.list")
FAQ_TITLE = Text("Questions that families and staff have asked")


def ask(visit: Visit) -> Answer:
    """`/ask`, or `/ask words`. Of whoever is not known the words are sealed as any others: it may be a pupil."""
    said = visit.incoming.words.get("words")
    if said:
        return take_question(visit, said) or sealed(visit)
    if asker_of(visit) is None:
        return start(visit)
    return replace(question_form(visit), show=Show.FORM) if visit.person else begin(visit)


def sent(visit: Visit) -> Answer:
    """The form came back."""
    said = visit.incoming.words.get("words") or Sensitive("")
    return replace(take_question(visit, said) or sealed(visit), show=Show.REPLACE)


def listed(visit: Visit) -> Answer:
    """Those that wait, the oldest first; the words show to whoever opens one."""
    found = visit.unit.questions.waiting(limit=MOST_LISTED)
    show = Show.REPLY if visit.incoming.args.get("topic") else Show.REPLACE
    if not found:
        return replace(says_only(Text("No question waits."), title=QUEUE, tone=Tone.GOOD), show=show)
    lines = Bullets(tuple(says(_line(visit, each)) for each in found))
    buttons = [
        button(Text("Open {reference}", {"reference": each.reference}), "ask.read", Look.PRIMARY, _ref(each))
        for each in found
    ]
    rows = tuple(tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4))
    return Answer(document=Document(QUEUE, (lines,)), choices=rows, show=show)


def _ref(question: Question) -> Mapping[str, str]:
    return {"ref": question.reference}


def _line(visit: Visit, question: Question) -> Text:
    values: dict[str, str | int | Text] = {"reference": question.reference, "day": day_of(visit, question.asked)}
    if question.asker is Asker.FAMILY:
        return Text("{reference}: a family asked on {day}", values)
    return Text("{reference}: a colleague asked on {day}", values)


def _found(visit: Visit) -> Question:
    return question_for(visit.incoming.args.get("ref", ""), questions=visit.unit.questions)


def opened(visit: Visit) -> Answer:
    """One with its words. Of a family nothing else is shown: no name, class or chat."""
    return _shown(visit, _found(visit))


def _shown(visit: Visit, question: Question) -> Answer:
    ref = _ref(question)
    rows = rows_of(LIST)
    if question.state is QuestionState.OPEN:
        rows = (
            (button(Text("Answer"), "ask.answer", Look.PRIMARY, ref),),
            (
                button(Text("It is a worry: pass it to safeguarding"), "ask.worry", Look.DANGER, ref),
                button(Text("Close without an answer"), "ask.close", args=ref),
            ),
            (LIST,),
        )
    elif question.state is QuestionState.ANSWERED and not question.faq:
        rows = rows_of(button(Text("Keep as a FAQ"), "faq.form", Look.PRIMARY, ref), LIST)
    return Answer(document=_read(visit, question), choices=rows, show=Show.REPLACE)


def _read(visit: Visit, question: Question) -> Document:
    asked = visit.school.person(question.by) if question.asker is Asker.STAFF else None
    who: str | Text = asked.name if asked else Text("A colleague")
    blocks: list[Block] = [
        Facts(
            (
                (Text("Asked by"), Text("A family") if question.asker is Asker.FAMILY else who),
                (Text("Asked on"), day_of(visit, question.asked)),
            )
        ),
        paragraph(question.words.reveal() or LONG_AGO),
    ]
    if question.answer is not None:
        blocks.append(note(question.answer.reveal() or LONG_AGO, Tone.GOOD))
    elif question.state is QuestionState.CLOSED:
        blocks.append(note(Text("Closed without an answer here.")))
    return Document(Text("Question {reference}", {"reference": question.reference}), tuple(blocks))


def answer_form(visit: Visit) -> Answer:
    """The question, and a field below it."""
    question = _found(visit)
    hint = (
        Text("Plain words: it is shown to one family, in their chat, and in the language that you write.")
        if question.asker is Asker.FAMILY
        else Text("It is shown to the colleague who asked.")
    )
    field = _field("answer", Text("Your answer"), ANSWER_LENGTH, hint)
    return _form(
        visit, question, title=Text("Answer"), submit=Text("Send the answer"), verb="ask.answer.send", of=(field,)
    )


def _field(name: str, label: Text, most: int, hint: Text | None = None) -> FormField:
    return FormField(name=name, label=label, kind=Kind.LONG_TEXT, hint=hint, private=True, max_length=most)


def _form(
    visit: Visit, question: Question, *, title: Text, submit: Text, verb: str, of: tuple[FormField, ...]
) -> Answer:
    made = Form(title=title, submit=submit, verb=verb, args=_ref(question), fields=of, intro=_read(visit, question))
    return Answer(form=made, show=Show.FORM)


def answered(visit: Visit) -> Answer:
    """Kept; whoever asked hears that there is an answer. What can't be taken leaves the form as it is."""
    assert visit.person is not None
    ref = visit.incoming.args.get("ref", "")
    try:
        question = answer_question(
            ref,
            answer=visit.incoming.words.get("answer") or Sensitive(""),
            person=visit.person,
            school=visit.school,
            questions=visit.unit.questions,
            outbox=visit.unit.outbox,
            evidence=visit.unit.evidence,
            now=visit.now,
        )
    except Refusal as refusal:
        return once_more(answer_form(visit), refusal)
    return _shown(visit, question)


def closed(visit: Visit) -> Answer:
    """No answer here: it was given in person, or there is nothing to answer."""
    assert visit.person is not None
    ref = visit.incoming.args.get("ref", "")
    return _shown(visit, close_question(ref, person=visit.person, questions=visit.unit.questions, now=visit.now))


def worry_form(visit: Visit) -> Answer:
    """Whom it is about decides who gets it, as with every concern that staff log."""
    question = _found(visit)
    about = FormField(
        name="about",
        label=ABOUT_ASKED[Level.KS3],
        kind=Kind.CHOICE,
        options=tuple(Option(value=about, label=label) for about, label in ABOUT[Level.KS3].items()),
        missing=ABOUT_MISSING[Level.KS3],
    )
    title = Text("Pass it to safeguarding")
    return _form(visit, question, title=title, submit=title, verb="ask.worry.send", of=(about,))


def passed_on(visit: Visit) -> Answer:
    """A concern in the words of the question, which is closed.

    Whoever asked is not written to: the worry may be about that very adult.
    """
    assert visit.person is not None
    question = _found(visit)
    if not question.words:
        raise MissingWordsError
    close_question(question.reference, person=visit.person, questions=visit.unit.questions, now=visit.now)
    who = "a family" if question.asker is Asker.FAMILY else "a colleague"
    said = Sensitive(
        f"(A question that {who} sent to the e-safety lead, {question.reference}, passed on as a worry)\n\n"
    )
    words = Sensitive(said.reveal() + question.words.reveal())
    about = about_of(visit.incoming.args.get("about", ""))
    return take(visit, words=words, about=about, show=Show.REPLACE, level=Level.KS3)


def faq_form(visit: Visit) -> Answer:
    """Two fields, empty on purpose: what a family wrote is not copied to where everybody reads."""
    anew = Text("Write it anew, for everybody: no name, no class, nothing by which somebody could be known.")
    fields = (
        _field("ask", Text("The question, in general words"), FAQ_ASK_LENGTH, anew),
        _field("answer", Text("The answer, in general words"), FAQ_ANSWER_LENGTH),
    )
    title = Text("Keep as a FAQ")
    return _form(visit, _found(visit), title=title, submit=title, verb="faq.keep", of=fields)


def faq_kept(visit: Visit) -> Answer:
    """It is on the list at once."""
    assert visit.person is not None
    words, ref = visit.incoming.words, visit.incoming.args.get("ref", "")
    try:
        make_faq(
            ref,
            ask=(words.get("ask") or Sensitive("")).reveal(),
            answer=(words.get("answer") or Sensitive("")).reveal(),
            person=visit.person,
            questions=visit.unit.questions,
            now=visit.now,
        )
    except Refusal as refusal:
        return once_more(faq_form(visit), refusal)
    return replace(faq(visit), show=Show.REPLACE)


def faq(visit: Visit) -> Answer:
    """For everybody; whoever leads on e-safety can take one off."""
    kept = visit.unit.questions.faqs()
    # The cards that answer what is asked most, for staff: whom to tell, and what may follow.
    cards = ((WHATNOW_BESIDE, LADDER_BESIDE),) if visit.person is not None and visit.incoming.via is Via.SLACK else ()
    if not kept:
        return replace(says_only(Text("No question has been kept here yet."), title=FAQ_TITLE), choices=cards)
    blocks: list[Block] = []
    for each in kept:
        blocks += [Heading(says(each.ask), 3), *(paragraph(part) for part in each.answer.split("\n") if part.strip())]
    rows: tuple[tuple[Choice, ...], ...] = ()
    if visit.person is not None and visit.incoming.via is Via.SLACK and visit.person.holds(*ADVISERS):
        rows = rows_of(*(_off(each.reference, each.ask) for each in kept[:MOST_LISTED]))
    return Answer(document=Document(FAQ_TITLE, tuple(blocks)), choices=(*cards, *rows))


def _off(reference: str, ask_: str) -> Choice:
    short = ask_ if len(ask_) <= 50 else f"{ask_[:49]}…"
    return button(Text("Take off: {question}", {"question": short}), "faq.off", args={"ref": reference})


def faq_off(visit: Visit) -> Answer:
    """Off the list."""
    visit.unit.questions.drop_faq(visit.incoming.args.get("ref", ""))
    return replace(faq(visit), show=Show.REPLACE)
