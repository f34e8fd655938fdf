"""A question on its way: what is said before it, when it may be taken as one, and what became of those before it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from bot.desk.visit import Visit, button
from bot.desk.whatnow import WHATNOW_BESIDE
from bot.unit import Conversation
from bot.wire import Answer, Choice, Form, FormField, Kind, Via
from pages import Block, Document, Heading, Tone, note, paragraph, says
from parents import Family, FamilyState
from safeguarding import is_urgent, says_nothing
from school.sensitive import Sensitive
from school.words import Text
from staff import ANSWERED_WITHIN, QUESTION_LENGTH, Asker, Question, QuestionState, QuestionStore, put_question

FLOW = "ask"
# After that the next message is no longer taken for the question: somebody may have forgotten that they began one.
OPEN_FOR = timedelta(minutes=30)
# Of what somebody asked: in the chat at a time, and in a copy of all that is kept.
SHOWN, ALL = 3, 1_000
TITLE = Text("Ask the school")
FOR_WHAT = Text("You can ask here about life online: apps, games, settings, what is right for which age.")
NOT_A_WORRY = Text(
    "A worry about a child doesn't go here: type /report, or call the school office. If anyone is in danger now, "
    "call 999."
)
WHEN = Text("The person who leads on e-safety answers, as a rule within {days} school days. Please leave names out.")
LONG_AGO = Text("These words can't be opened any more.")
TO_REPORT = button(Text("It is a worry about a child"), "report.start")


def asker_of(visit: Visit) -> tuple[Asker, str] | None:
    """Who asks, by an id of ours: staff, or a family that has joined. Anybody else may be a pupil."""
    if visit.person is not None:
        return Asker.STAFF, visit.person.id
    family = joined(visit)
    return (Asker.FAMILY, str(family.id)) if family else None


def joined(visit: Visit) -> Family | None:
    """The family of this chat, while it gets the school's news."""
    incoming = visit.incoming
    if incoming.via is not Via.TELEGRAM:
        return None
    family = visit.unit.families.by_address(via=incoming.via, address=incoming.sender)
    return family if family and family.state is FamilyState.ACTIVE else None


def before_asking() -> Document:
    """For what it is, for what it is not, and how soon."""
    soon = Text(WHEN.msgid, {"days": ANSWERED_WITHIN})
    return Document(TITLE, (paragraph(FOR_WHAT), note(NOT_A_WORRY, Tone.URGENT), note(soon, Tone.CALM)))


def begin(visit: Visit) -> Answer:
    """What became of the last ones, and the next message is the question."""
    visit.unit.conversations.keep(
        via=visit.incoming.via,
        address=visit.incoming.sender,
        conversation=Conversation(flow=FLOW, step="words", held={}, touched=visit.now),
    )
    write = Text("Send your question as your next message, at most {most} characters.", {"most": QUESTION_LENGTH})
    document = before_asking() + Document("", (paragraph(write), *theirs(visit)))
    return Answer(document=document, choices=((TO_REPORT,),))


def question_form(visit: Visit) -> Answer:
    """The same for staff, in a form."""
    made = Form(
        title=TITLE,
        submit=Text("Ask"),
        verb="ask.send",
        fields=(
            FormField(
                name="words",
                label=Text("Your question"),
                kind=Kind.LONG_TEXT,
                private=True,
                max_length=QUESTION_LENGTH,
            ),
        ),
        intro=before_asking() + Document("", tuple(theirs(visit))),
    )
    return Answer(document=made.intro, form=made)


def plain_questions(questions: QuestionStore, *, family: UUID) -> list[dict[str, str]]:
    """All that a family asked and was answered, in words, for the copy that it has a right to."""
    return [
        {
            "reference": each.reference,
            "asker": each.asker.value,
            "by": each.by,
            "lang": each.lang,
            "asked": each.asked.isoformat(),
            "state": each.state.value,
            "words": each.words.reveal(),
            "answer": each.answer.reveal() if each.answer else "",
        }
        for each in questions.of(Asker.FAMILY, str(family), limit=ALL)
    ]


def theirs(visit: Visit, *, limit: int = SHOWN) -> Iterator[Block]:
    """In this chat alone, and never in a message that comes by itself: a screen may be lying open."""
    known = asker_of(visit)
    found = visit.unit.questions.of(*known, limit=limit) if known else ()
    if found:
        yield Heading(says(Text("What you asked")), 3)
    for each in found:
        yield note(each.words.reveal() or LONG_AGO)
        yield _became(visit, each)


def _became(visit: Visit, question: Question) -> Block:
    day = {"date": f"{visit.school.calendar.local(question.settled or question.asked):%d/%m/%Y}"}
    match question.state:
        case QuestionState.OPEN:
            return paragraph(Text("Asked on {date}. It waits for an answer.", day))
        case QuestionState.CLOSED:
            return paragraph(Text("The school has read this. If you want to talk about it, please call the office."))
        case _:
            answer = question.answer.reveal() if question.answer else ""
            return note(answer or LONG_AGO, Tone.GOOD)


def is_asking(visit: Visit, standing: Conversation | None) -> bool:
    """Whether the next message of this chat is a question."""
    return standing is not None and standing.flow == FLOW and visit.now - standing.touched <= OPEN_FOR


def take_question(visit: Visit, said: Sensitive) -> Answer | None:
    """Kept, and thanks; None where it must not be: no words, a sign of danger, or nobody we know.

    The flow is over either way. Raises LongQuestionError or TooManyQuestionsError.
    """
    known = asker_of(visit)
    visit.unit.conversations.end(via=visit.incoming.via, address=visit.incoming.sender)
    if known is None or says_nothing(said) or is_urgent(said):
        return None
    asker, by = known
    put_question(
        Question(
            id=visit.house.new_id(visit.now),
            reference=visit.house.vault.reference(),
            asker=asker,
            by=by,
            lang=visit.incoming.lang,
            words=said,
            asked=visit.now,
        ),
        school=visit.school,
        questions=visit.unit.questions,
        outbox=visit.unit.outbox,
    )
    beside = (WHATNOW_BESIDE,) if visit.person is not None else ()
    return Answer(document=_thanks(visit), choices=((TO_REPORT, *beside),))


def _thanks(visit: Visit) -> Document:
    back = (
        Text("We write here when it is answered. The answer itself is shown only when you type /ask.")
        if visit.incoming.via is Via.TELEGRAM
        else Text("You hear in Slack when it is answered. The answer is shown when you type /lollipop ask.")
    )
    blocks = (
        note(Text("Your question is with the person who leads on e-safety."), Tone.GOOD),
        paragraph(Text(WHEN.msgid, {"days": ANSWERED_WITHIN})),
        paragraph(back),
        note(NOT_A_WORRY),
    )
    return Document(Text("Thank you for asking"), blocks)


def rows_of(*choices: Choice) -> tuple[tuple[Choice, ...], ...]:
    """One below the other."""
    return tuple((each,) for each in choices)
