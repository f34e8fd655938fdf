"""Questions about life online to whoever leads on e-safety, their answers, and what is kept of them as a FAQ.

Never a worry about a child: the desk asks the list of danger signs before any words come here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from school.calendar import BeyondTheCalendarError
from school.evidence import Evidence, EvidenceBook
from school.notices import Notice, Outbox, To
from school.people import Person, Role
from school.school import School
from school.sensitive import Sensitive
from school.words import Refusal, Text

CLAUSE_STAFF, CLAUSE_FAMILY = "C26", "C20"
# Whose queue it is, and who has it while they are away.
ADVISERS = (Role.ESAFETY_LEAD, Role.HEAD)
# Characters: question and answer together fit in one message of a chat.
QUESTION_LENGTH, ANSWER_LENGTH = 1_000, 2_000
FAQ_ASK_LENGTH, FAQ_ANSWER_LENGTH = 200, 1_000
# As many as one asker may have waiting at once.
MOST_WAITING = 3
# As a sentence says, and no clock measures: school days.
ANSWERED_WITHIN = 5
QUESTION_KEPT = timedelta(days=90)
UNANSWERED_KEPT = timedelta(days=365)


class Asker(StrEnum):
    """Who asked."""

    FAMILY = "family"
    STAFF = "staff"


class QuestionState(StrEnum):
    """CLOSED has no answer: it was answered in person, or was a worry and went to safeguarding."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `by` is a family's or a member of staff's id of ours; `settled` is when it was answered or closed.

    `answer` is None and `settled_by` empty until then.
    """

    id: UUID
    reference: str
    asker: Asker
    by: str
    lang: str
    words: Sensitive
    asked: datetime
    state: QuestionState = QuestionState.OPEN
    answer: Sensitive | None = None
    settled: datetime | None = None
    settled_by: str = ""
    faq: bool = False


@dataclass(frozen=True, kw_only=True)
class Faq:
    """A question and an answer for everybody, written anew by `by`, without names."""

    reference: str
    ask: str
    answer: str
    kept: datetime
    by: str


class QuestionStore(Protocol):
    """Where a school's questions are kept, their words sealed by the server. The caller commits."""

    def add(self, question: Question) -> None:
        """A new one."""

    def by_reference(self, reference: str) -> Question | None:
        """One by its mark."""

    def waiting(self, *, limit: int) -> tuple[Question, ...]:
        """Those that are open, the oldest first."""

    def count_waiting(self) -> int:
        """How many are open."""

    def of(self, asker: Asker, by: str, *, limit: int) -> tuple[Question, ...]:
        """What somebody asked, the newest first."""

    def settle(self, reference: str, *, answer: Sensitive | None, by: str, now: datetime) -> bool:
        """Answered, or closed where there is no answer; False where it is open no more."""

    def forget(self, *, before: datetime, asked_before: datetime, limit: int) -> int:
        """Delete up to so many that were settled before then, or asked before then; how many there were."""

    def forget_of(self, asker: Asker, by: str) -> int:
        """Delete all that somebody asked; how many."""

    def keep_faq(self, faq: Faq) -> bool:
        """For everybody, under the reference of the question that it grew from; False where there is one."""

    def faqs(self) -> tuple[Faq, ...]:
        """All of them, the newest first."""

    def drop_faq(self, reference: str) -> bool:
        """Take one off; False where it is gone."""


class TooManyQuestionsError(Refusal):
    """Somebody has as many waiting as they may."""

    text = Text(
        "{most} questions of yours wait for an answer already, so this one was not kept. Please ask it again when one "
        "of them is answered. A worry about a child never waits: type /report, or call the office."
    )


class LongQuestionError(Refusal):
    """It has more characters than one may ask."""

    text = Text(
        "That is too long for a question: it has {length} characters, and the most is {most}. Nothing was kept."
    )


class NoSuchQuestionError(Refusal):
    """There is none by that reference."""

    text = Text("There is no such question any more. Look at the list again.")


class SettledError(Refusal):
    """Somebody has answered or closed it."""

    text = Text("Somebody has answered or closed this question already.")


class EmptyAnswerError(Refusal):
    """Nothing was written, or too much."""

    text = Text("Please write something in each field, {most} characters at most. Nothing you wrote is lost.")


def advisers(school: School, *, now: datetime) -> tuple[Person, ...]:
    """Who hears of a question: the e-safety lead, or the head while they are away; where nobody is in, the lead."""
    present = school.first_present(*ADVISERS, on=school.calendar.today(now))
    return present or next((people for role in ADVISERS if (people := school.holders(role))), ())


def put_question(question: Question, *, school: School, questions: QuestionStore, outbox: Outbox) -> int:
    """Keep it, and tell whoever advises that one waits; how many were told. The caller commits.

    The notice has no words and no name, and goes when staff are in. Raises LongQuestionError or TooManyQuestionsError.
    """
    if len(question.words) > QUESTION_LENGTH:
        raise LongQuestionError(length=len(question.words), most=QUESTION_LENGTH)
    theirs = questions.of(question.asker, question.by, limit=MOST_WAITING)
    if sum(each.state is QuestionState.OPEN for each in theirs) == MOST_WAITING:
        raise TooManyQuestionsError(most=MOST_WAITING)
    questions.add(question)
    try:
        due = school.calendar.next_staffed(question.asked)
    except BeyondTheCalendarError:
        due = question.asked
    return sum(
        outbox.leave(
            Notice(
                key=f"question:{question.id}:{person.id}",
                to=To.PERSON,
                recipient=person.id,
                page="question-waits",
                due=due,
            )
        )
        for person in advisers(school, now=question.asked)
    )


def question_for(reference: str, *, questions: QuestionStore) -> Question:
    """One by its mark. Raises NoSuchQuestionError."""
    found = questions.by_reference(reference)
    if found is None:
        raise NoSuchQuestionError
    return found


def answer_question(
    reference: str,
    *,
    answer: Sensitive,
    person: Person,
    school: School,
    questions: QuestionStore,
    outbox: Outbox,
    evidence: EvidenceBook,
    now: datetime,
) -> Question:
    """Keep the answer, and tell whoever asked that there is one; the question as it is now. The caller commits.

    Raises EmptyAnswerError, NoSuchQuestionError or SettledError.
    """
    _checked(answer.reveal(), most=ANSWER_LENGTH)
    found = _settled(reference, answer=answer, person=person, questions=questions, now=now)
    clause = CLAUSE_FAMILY if found.asker is Asker.FAMILY else CLAUSE_STAFF
    what = f"A question of a {'family' if found.asker is Asker.FAMILY else 'member of staff'} was answered"
    evidence.write(Evidence(clause=clause, kind="question.answered", when=now, what=what, by=person.id))
    family = found.asker is Asker.FAMILY
    outbox.leave(
        Notice(
            key=f"question-answered:{found.id}",
            to=To.FAMILY if family else To.PERSON,
            recipient=found.by,
            page="question-answered" if family else "question-answered-staff",
            due=school.calendar.next_open(now),
        )
    )
    return found


def close_question(reference: str, *, person: Person, questions: QuestionStore, now: datetime) -> Question:
    """Without an answer here; nobody is written to. Raises NoSuchQuestionError or SettledError."""
    return _settled(reference, answer=None, person=person, questions=questions, now=now)


def _settled(
    reference: str, *, answer: Sensitive | None, person: Person, questions: QuestionStore, now: datetime
) -> Question:
    question_for(reference, questions=questions)
    if not questions.settle(reference, answer=answer, by=person.id, now=now):
        raise SettledError
    return question_for(reference, questions=questions)


def make_faq(reference: str, *, ask: str, answer: str, person: Person, questions: QuestionStore, now: datetime) -> Faq:
    """For everybody, in words written anew. Raises EmptyAnswerError, NoSuchQuestionError or SettledError."""
    question_for(reference, questions=questions)
    made = Faq(
        reference=reference,
        ask=_checked(" ".join(ask.split()), most=FAQ_ASK_LENGTH),
        answer=_checked(answer, most=FAQ_ANSWER_LENGTH),
        kept=now,
        by=person.id,
    )
    if not questions.keep_faq(made):
        raise SettledError
    return made


def _checked(typed: str, *, most: int) -> str:
    said = typed.strip()
    if not said or len(said) > most:
        raise EmptyAnswerError(most=most)
    return said


def forget_questions(*, questions: QuestionStore, now: datetime, limit: int) -> int:
    """Delete what was settled 90 days ago, and what nobody answered for a year; how many. The caller commits."""
    return questions.forget(before=now - QUESTION_KEPT, asked_before=now - UNANSWERED_KEPT, limit=limit)
