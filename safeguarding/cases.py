"""A case: the dialogue with whoever reported, private notes, and the way to its end in the school's own records.

Ours is a transit vault: a case is handed over to the record system, or closed by two people, and only then is it ever
destroyed, after a month in which somebody may still notice a mistake. The caller of every function commits.
"""

from datetime import datetime, timedelta

from safeguarding.chats import chat_of, say_in
from safeguarding.concerns import ENDS, Concern, ConcernStore, EntryKind, State
from safeguarding.followup import destroy_each, readable
from safeguarding.intake import refuse_unfit
from safeguarding.logbook import LOLLIPOP, SENDER, Act
from safeguarding.receipts import UnknownReceiptError, without_receipts
from safeguarding.triage import is_urgent
from safeguarding.watching import tell_of_more
from school.evidence import Evidence, EvidenceBook
from school.notices import Chats, Outbox
from school.school import School
from school.sensitive import SecretKey, Sensitive
from school.words import Refusal, Text

KEPT_AFTER_THE_END = timedelta(days=30)


class OverError(Refusal):
    """Something was asked of a case that is at its end."""

    text = Text("This case is over: it was handed over or closed. Reopen it first.")


class NotAReaderError(Refusal):
    """A case was to be given to somebody who holds no key to it."""

    text = Text("That person can't open this case, so it can't be theirs.")


class SecondPersonError(Refusal):
    """Whoever asked for a case to be closed tried to agree as well, or nobody has asked."""

    text = Text("A second person who can open this case has to agree. Please ask one of them to look at it.")


class NotReadYetError(Refusal):
    """Nobody has opened it, so nobody can have copied it or seen that it is nothing."""

    text = Text("Nobody has opened this report yet. Please read it first.")


def reply(
    reference: str,
    *,
    words: Sensitive,
    concerns: ConcernStore,
    chats: Chats,
    outbox: Outbox,
    evidence: EvidenceBook,
    person: str,
    key: SecretKey,
    now: datetime,
) -> bool:
    """A recipient writes to whoever reported; whether they are told in a chat of theirs that it waits.

    Raises NotForYouError, OverError, NothingToSendError, TooLongError.
    """
    concern = _open(reference, concerns=concerns, person=person)
    chat = chat_of(concern, concerns=concerns, chats=chats, person=person, key=key)
    _add(concern, kind=EntryKind.TO_SENDER, words=words, concerns=concerns, person=person, now=now)
    concerns.log.write(Act.REPLIED, actor=person, now=now, subject=concern.reference)
    evidence.write(Evidence(clause="C41", kind="concern.replied", when=now, what="A reporter was answered", by=person))
    if chat is None:
        return False
    say_in(chat, page="answer-waits", chats=chats, outbox=outbox)
    concerns.log.write(Act.TOLD, actor=LOLLIPOP, now=now, subject=concern.reference)
    return True


def note(reference: str, *, words: Sensitive, concerns: ConcernStore, person: str, now: datetime) -> None:
    """A recipient writes for the other readers alone. Raises as `reply`, but at its end a case takes notes still."""
    concern = readable(reference, concerns=concerns, person=person)
    _add(concern, kind=EntryKind.NOTE, words=words, concerns=concerns, person=person, now=now)
    concerns.log.write(Act.NOTED, actor=person, now=now, subject=concern.reference)


def add(
    lookup: bytes, *, words: Sensitive, school: School, concerns: ConcernStore, outbox: Outbox, now: datetime
) -> Concern:
    """Whoever holds the receipt adds to a report. A case that was over is open again, and is not destroyed.

    A receipt in the words is taken out of them, as `receive` does.
    Raises UnknownReceiptError, also for a draft, NothingToSendError, TooLongError, NoPlaceError.
    """
    concern = concerns.by_receipt(lookup)
    if concern is None or concern.state is State.DRAFT:
        raise UnknownReceiptError
    kept = without_receipts(words)
    number = _add(concern, kind=EntryKind.FROM_SENDER, words=kept, concerns=concerns, person="", now=now)
    # Asked anew, now that nobody else can change it: somebody may have handed it over at this moment.
    concern = concerns.by_receipt(lookup) or concern
    if concern.state in ENDS:
        concerns.mark(concern.id, state=State.OPENED, by=LOLLIPOP, now=now)
    concerns.log.write(Act.ADDED, actor=SENDER, now=now, subject=concern.reference)
    urgent = is_urgent(words)
    if urgent and not concern.urgent:
        concerns.hurry(concern.id, at=now)
    tell_of_more(concern, number=number, urgent=urgent, school=school, concerns=concerns, outbox=outbox, now=now)
    return concern


def assign(reference: str, *, to: str, concerns: ConcernStore, person: str, now: datetime) -> None:
    """Who deals with it; empty for nobody. Raises NotForYouError, OverError, NotAReaderError."""
    concern = _open(reference, concerns=concerns, person=person)
    if to and to not in concern.readers:
        raise NotAReaderError
    concerns.assign(concern.id, to=to)
    concerns.log.write(Act.ASSIGNED, actor=person, now=now, subject=concern.reference)


def refer(reference: str, *, words: Sensitive, concerns: ConcernStore, person: str, now: datetime) -> None:
    """It is with a service outside as well; the words say which and why. Raises as `reply`."""
    concern = _open(reference, concerns=concerns, person=person)
    _add(concern, kind=EntryKind.NOTE, words=words, concerns=concerns, person=person, now=now)
    concerns.mark(concern.id, state=State.REFERRED, by=person, now=now)
    concerns.log.write(Act.REFERRED, actor=person, now=now, subject=concern.reference)


def hand_over(
    reference: str, *, words: Sensitive, concerns: ConcernStore, evidence: EvidenceBook, person: str, now: datetime
) -> datetime:
    """It stands in the school's record system; the words say where. From when on ours is destroyed.

    Raises as `reply`, and NotReadYetError.
    """
    concern = _read(reference, concerns=concerns, person=person)
    _add(concern, kind=EntryKind.NOTE, words=words, concerns=concerns, person=person, now=now)
    concerns.mark(concern.id, state=State.TRANSFERRED, by=person, now=now)
    concerns.log.write(Act.HANDED_OVER, actor=person, now=now, subject=concern.reference)
    what = "A concern was handed over to the record system"
    evidence.write(Evidence(clause="C41", kind="concern.handed_over", when=now, what=what, by=person))
    return now + KEPT_AFTER_THE_END


def ask_to_close(reference: str, *, words: Sensitive, concerns: ConcernStore, person: str, now: datetime) -> None:
    """It is nothing, and the words say why; a second reader has to agree.

    Raises as `reply`, and NotReadYetError; SecondPersonError where there is no second reader.
    """
    concern = _read(reference, concerns=concerns, person=person)
    if len(concern.readers) < 2:
        raise SecondPersonError
    _add(concern, kind=EntryKind.NOTE, words=words, concerns=concerns, person=person, now=now)
    concerns.ask_to_close(concern.id, by=person)
    concerns.log.write(Act.CLOSE_ASKED, actor=person, now=now, subject=concern.reference)


def agree_to_close(reference: str, *, concerns: ConcernStore, person: str, now: datetime) -> None:
    """A second reader agrees. Raises NotForYouError, OverError, NotReadYetError, SecondPersonError."""
    concern = _read(reference, concerns=concerns, person=person)
    if not concern.close_asked_by or concern.close_asked_by == person:
        raise SecondPersonError
    concerns.mark(concern.id, state=State.CLOSED, by=person, now=now)
    concerns.log.write(Act.CLOSED, actor=person, now=now, subject=concern.reference)


def reopen(reference: str, *, concerns: ConcernStore, person: str, now: datetime) -> None:
    """It is not over after all. Raises NotForYouError. Nothing is done where it is open."""
    concern = readable(reference, concerns=concerns, person=person)
    if concern.state in ENDS:
        concerns.mark(concern.id, state=State.OPENED, by=person, now=now)
        concerns.log.write(Act.REOPENED, actor=person, now=now, subject=concern.reference)


def destroy_what_is_over(*, concerns: ConcernStore, now: datetime) -> int:
    """Cases that were handed over or closed long enough ago: keys first, then everything; how many."""
    return destroy_each(concerns.over(since=now - KEPT_AFTER_THE_END), concerns=concerns, now=now)


def _open(reference: str, *, concerns: ConcernStore, person: str) -> Concern:
    concern = readable(reference, concerns=concerns, person=person)
    if concern.state in ENDS:
        raise OverError
    return concern


def _read(reference: str, *, concerns: ConcernStore, person: str) -> Concern:
    concern = _open(reference, concerns=concerns, person=person)
    if concern.state is State.NEW:
        raise NotReadYetError
    return concern


def _add(
    concern: Concern, *, kind: EntryKind, words: Sensitive, concerns: ConcernStore, person: str, now: datetime
) -> int:
    refuse_unfit(words)
    return concerns.add_entry(concern.id, kind=kind, author=person, words=words, now=now)
